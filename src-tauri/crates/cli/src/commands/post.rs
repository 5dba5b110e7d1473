//! `daypart post FILE --to ACCOUNT`

use clap::Args;
use daypart_domain::{
    account::Account,
    asset::AssetState,
    options::{OptionKind, OptionValue},
    post::{Content, Destination},
    problem::{ErrorCode, Problem, UserAction},
    transcode_plan::Wishes,
};
use daypart_engine::{PostDraft, ScheduleWhen};
use jiff::civil;

use crate::{
    destinations::read_edit,
    exit::ExitCode,
    follow, output,
    session::{Session, within},
    target,
    wish_options::{Quality, WishOptions},
};

use super::add::add_and_measure;

#[derive(Args)]
pub struct Post {
    /// The video; it stays where it is.
    file: String,
    /// Accounts: practice-youtube, youtube, practice-tiktok:NAME or an account id. Repeat for several.
    #[arg(long = "to", required = true, value_name = "ACCOUNT", value_delimiter = ',')]
    to: Vec<String>,
    /// The shared caption.
    #[arg(long, default_value = "")]
    caption: String,
    /// A text for one destination only: ACCOUNT.FIELD=TEXT, e.g. practice-youtube.title=Hello
    #[arg(long = "text", value_name = "ACCOUNT.FIELD=TEXT")]
    texts: Vec<String>,
    /// A platform option: ACCOUNT.OPTION=VALUE, e.g. practice-tiktok.privacy_level=SELF_ONLY
    #[arg(long = "option", value_name = "ACCOUNT.OPTION=VALUE")]
    options: Vec<String>,
    /// An edit document (JSON): what to cut, crop, turn or change in the sound.
    #[arg(long, value_name = "FILE")]
    edit: Option<std::path::PathBuf>,
    #[command(flatten)]
    wishes: WishOptions,
    /// Of new video.
    #[arg(long, value_enum, default_value = "standard")]
    quality: Quality,
    /// Local time, e.g. 2026-12-24T18:00. Without it the post goes out now.
    #[arg(long)]
    at: Option<civil::DateTime>,
    /// Time zone of --at, e.g. Europe/Berlin. Default: this computer's.
    #[arg(long, requires = "at")]
    zone: Option<String>,
    /// Record the post and return; whoever owns the data folder next does the work.
    #[arg(long)]
    detach: bool,
    #[arg(long)]
    json: bool,
}

impl Post {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        within("daypart post", async |session| self.post(session).await).await
    }

    async fn post(&self, session: &mut Session) -> Result<ExitCode, Problem> {
        let accounts = session.engine().accounts().await?;
        let destinations = self
            .to
            .iter()
            .map(|name| self.destination(session, name, &accounts))
            .collect::<Result<Vec<_>, _>>()?;
        let asset = add_and_measure(session, &self.file).await?;
        if let AssetState::Refused(problem) = asset.state {
            return Err(problem);
        }
        let engine = session.engine();
        let draft = PostDraft {
            id: None,
            asset_id: Some(asset.id),
            edit: self.edit.as_deref().map(read_edit).transpose()?,
            wishes: self.wishes.wishes(self.quality, Wishes::sending()),
            caption: self.caption.clone(),
            destinations,
            planned: None,
        };
        let post = engine.save_post(&draft).await?.post.id;
        let when = match self.at {
            None => ScheduleWhen::Now,
            Some(wall) => ScheduleWhen::At {
                wall,
                zone: self.zone.clone().unwrap_or_else(system_zone),
            },
        };
        if let Err(problem) = engine.schedule_post(post, &when).await {
            // Nothing was planned; a draft that nobody asked for is not left behind.
            engine.delete_post(post).await?;
            return Err(problem);
        }
        eprintln!("post {post}");
        let overview = if self.detach {
            engine.post(post).await?
        } else {
            follow::until_settled(session, post, self.json).await?
        };
        if self.json {
            let engine = session.engine();
            output::print_json(&daypart_app::wire::post(engine, overview.clone()).await?)?;
        } else {
            for publication in &overview.publications {
                let account = session.engine().account(publication.account_id).await?;
                output::print_publication(session, &account, publication);
            }
        }
        Ok(ExitCode::gravest(
            overview.publications.iter().map(ExitCode::of_publication),
        ))
    }

    fn destination(
        &self,
        session: &Session,
        name: &str,
        accounts: &[Account],
    ) -> Result<Destination, Problem> {
        let account = target::find(name, accounts)?;
        let mut content = Content::default();
        for text in &self.texts {
            if let Some((field, text)) = assigned(text, name)? {
                content.text.insert(field.to_owned(), text.to_owned());
            }
        }
        for option in &self.options {
            if let Some((key, value)) = assigned(option, name)? {
                content
                    .options
                    .insert(key.to_owned(), option_value(session, account, key, value)?);
            }
        }
        Ok(Destination {
            account_id: account.id,
            content,
        })
    }
}

/// Splits `ACCOUNT.KEY=VALUE`; `None` when it is meant for another account.
fn assigned<'a>(text: &'a str, account: &str) -> Result<Option<(&'a str, &'a str)>, Problem> {
    let malformed = || {
        Problem::needs_user(
            ErrorCode::new("usage.assignment"),
            UserAction::Retry,
            format!("“{text}” cannot be read."),
        )
        .fix("Write it as ACCOUNT.NAME=VALUE, e.g. practice-youtube.title=Hello")
    };
    let (left, value) = text.split_once('=').ok_or_else(malformed)?;
    let (whose, key) = left.rsplit_once('.').ok_or_else(malformed)?;
    Ok((whose == account).then_some((key, value)))
}

fn option_value(
    session: &Session,
    account: &Account,
    key: &str,
    value: &str,
) -> Result<OptionValue, Problem> {
    let capabilities = session.engine().capabilities(account)?;
    let unknown = || {
        let known: Vec<_> = capabilities.options.iter().map(|option| option.key).collect();
        Problem::needs_user(
            ErrorCode::new("usage.option"),
            UserAction::Retry,
            format!("{} has no option “{key}”.", capabilities.name),
        )
        .fix(format!("Its options are: {}", known.join(", ")))
    };
    let spec = capabilities
        .options
        .iter()
        .find(|option| option.key == key)
        .ok_or_else(unknown)?;
    match spec.kind {
        OptionKind::Toggle { .. } => match value {
            "true" | "yes" | "on" => Ok(OptionValue::Toggle(true)),
            "false" | "no" | "off" => Ok(OptionValue::Toggle(false)),
            _ => Err(Problem::needs_user(
                ErrorCode::new("usage.option"),
                UserAction::Retry,
                format!("“{key}” is either true or false."),
            )),
        },
        OptionKind::Tags { .. } => Ok(OptionValue::Tags(
            value
                .split(',')
                .map(|tag| tag.trim().to_owned())
                .filter(|tag| !tag.is_empty())
                .collect(),
        )),
        OptionKind::Choice { .. } | OptionKind::AccountChoice | OptionKind::Text { .. } => {
            Ok(OptionValue::Text(value.to_owned()))
        }
    }
}

fn system_zone() -> String {
    jiff::tz::TimeZone::system()
        .iana_name()
        .unwrap_or("UTC")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_belongs_to_one_account() {
        assert_eq!(
            assigned("practice-youtube.title=a=b", "practice-youtube").unwrap(),
            Some(("title", "a=b"))
        );
        assert_eq!(
            assigned("practice-youtube.title=x", "practice-tiktok").unwrap(),
            None
        );
        assert!(assigned("title", "practice-tiktok").is_err());
    }
}
