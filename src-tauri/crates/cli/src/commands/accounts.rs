//! `daypart accounts …`

use clap::Subcommand;
use daypart_domain::{
    account::AccountHealth,
    account_check::AccountCheck,
    platform::Realm,
    problem::{ErrorCode, Problem, UserAction},
};
use daypart_engine::EngineEvent;
use secrecy::SecretString;

use crate::{
    exit::ExitCode,
    output,
    session::{Session, looking},
    target::{self, PlatformName},
};

#[derive(Subcommand)]
pub enum Accounts {
    /// Connected accounts.
    List {
        #[arg(long)]
        json: bool,
    },
    /// Look at accounts now: is each sign-in still good, and until when?
    Check {
        /// practice-tiktok, youtube:NAME or an account id; all when left out.
        account: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Connect an account through the browser, e.g. practice-tiktok or youtube.
    Connect { platform: String },
    /// Revoke an account at the platform and forget its tokens.
    Disconnect {
        /// practice-tiktok, youtube:NAME or an account id.
        account: String,
    },
    /// Keep your own developer keys for a real platform in the keychain.
    Keys {
        platform: String,
        #[arg(long)]
        client_id: String,
        /// File whose first line is the client secret; a secret does not belong on a command line.
        #[arg(long)]
        client_secret_file: std::path::PathBuf,
    },
}

impl Accounts {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        looking("daypart accounts", async |session| match self {
            Self::List { json } => list(session, json).await,
            Self::Check { account, json } => check(session, account.as_deref(), json).await,
            Self::Connect { platform } => connect(session, &platform).await,
            Self::Disconnect { account } => disconnect(session, &account).await,
            Self::Keys {
                platform,
                client_id,
                client_secret_file,
            } => keys(session, &platform, &client_id, &client_secret_file).await,
        })
        .await
    }
}

async fn list(session: &Session, json: bool) -> Result<ExitCode, Problem> {
    if json {
        output::print_json(&daypart_app::wire::accounts(session.engine()).await?)?;
        return Ok(ExitCode::Done);
    }
    let accounts = session.engine().accounts().await?;
    if accounts.is_empty() {
        output::print_line("No accounts yet. Connect one with: daypart accounts connect practice-tiktok");
    }
    for account in accounts {
        let health = match &account.health {
            AccountHealth::Connected => "connected".to_owned(),
            AccountHealth::NeedsReconnect(problem) => {
                format!("needs to be connected again: {}", problem.message)
            }
        };
        let look = looked(session.engine().account_check(account.id).await?.as_ref());
        output::print_line(&format!(
            "{}  {}  {health}{look}",
            account.id,
            target::label(&account)
        ));
    }
    Ok(ExitCode::Done)
}

/// When the account was last looked at, and until when its sign-in lasts.
fn looked(check: Option<&AccountCheck>) -> String {
    let Some(check) = check else {
        return String::new();
    };
    let answered = check.answered_at.map(|at| format!(", last checked {at:.0}"));
    let ends = check.sign_in_ends_at.map(|at| format!(", sign-in ends {at:.0}"));
    let problem = check
        .problem
        .as_ref()
        .map(|problem| format!(", last look failed: {}", problem.message));
    [answered, ends, problem].into_iter().flatten().collect()
}

async fn check(session: &Session, name: Option<&str>, json: bool) -> Result<ExitCode, Problem> {
    let accounts = session.engine().accounts().await?;
    let chosen = match name {
        Some(name) => vec![target::find(name, &accounts)?],
        None => accounts.iter().collect(),
    };
    let mut codes = Vec::new();
    for account in &chosen {
        let check = session.engine().check_account(account.id).await?;
        codes.extend(check.problem.as_ref().map(ExitCode::of));
    }
    if json {
        let mut told = daypart_app::wire::accounts(session.engine()).await?;
        told.retain(|told| chosen.iter().any(|account| account.id.to_string() == told.id));
        output::print_json(&told)?;
    } else {
        for account in chosen {
            let account = session.engine().account(account.id).await?;
            let health = match &account.health {
                AccountHealth::Connected => "connected",
                AccountHealth::NeedsReconnect(_) => "needs to be connected again",
            };
            let look = looked(session.engine().account_check(account.id).await?.as_ref());
            output::print_line(&format!("{}  {health}{look}", target::label(&account)));
        }
    }
    Ok(ExitCode::gravest(codes))
}

async fn connect(session: &Session, platform: &str) -> Result<ExitCode, Problem> {
    let PlatformName { platform, realm } = PlatformName::parse(platform);
    let engine = session.engine();
    let mut news = engine.subscribe();
    let started = engine.begin_connect(&platform, realm).await?;
    eprintln!("Allow Daypart in your browser:");
    output::print_line(&started.authorize_url);
    loop {
        match news.recv().await {
            Ok(EngineEvent::ConnectFinished { connect_id, outcome }) if connect_id == started.connect_id => {
                let account = engine.account(outcome?).await?;
                output::print_line(&format!("connected {}", target::label(&account)));
                return Ok(ExitCode::Done);
            }
            Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
            Err(_) => return Err(Problem::bug("the engine ended during a sign-in")),
        }
    }
}

async fn disconnect(session: &Session, name: &str) -> Result<ExitCode, Problem> {
    let accounts = session.engine().accounts().await?;
    let account = target::find(name, &accounts)?;
    session.engine().disconnect_account(account.id).await?;
    session.app.pictures().forget(account.id).await;
    output::print_line(&format!("disconnected {}", target::label(account)));
    Ok(ExitCode::Done)
}

async fn keys(
    session: &Session,
    platform: &str,
    client_id: &str,
    secret_file: &std::path::Path,
) -> Result<ExitCode, Problem> {
    let PlatformName { platform, realm } = PlatformName::parse(platform);
    if realm == Realm::Practice {
        return Err(Problem::permanent(
            ErrorCode::new("usage.practice_keys"),
            "Practice platforms have built-in keys.",
        ));
    }
    let text = std::fs::read_to_string(secret_file).map_err(|error| {
        Problem::needs_user(
            ErrorCode::new("file.unreadable"),
            UserAction::EnterCredentials,
            "The file with the client secret cannot be read.",
        )
        .caused_by(&error)
    })?;
    let secret = SecretString::from(text.lines().next().unwrap_or_default().to_owned());
    session
        .engine()
        .set_client_credentials(&platform, client_id, secret)
        .await?;
    output::print_line(&format!("keys for {platform} kept"));
    Ok(ExitCode::Done)
}
