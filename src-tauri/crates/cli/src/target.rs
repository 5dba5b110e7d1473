//! How accounts are named on the command line: `practice-youtube`, `youtube`, `practice-tiktok:Ada`, or an id.

use daypart_domain::{
    account::Account,
    platform::{PlatformId, Realm},
    problem::{ErrorCode, Problem, UserAction},
};

/// A platform and its realm, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformName {
    pub platform: PlatformId,
    pub realm: Realm,
}

impl PlatformName {
    /// `practice-` in front means the practice realm.
    pub fn parse(text: &str) -> Self {
        match text.strip_prefix("practice-") {
            Some(platform) => Self {
                platform: PlatformId::new(platform),
                realm: Realm::Practice,
            },
            None => Self {
                platform: PlatformId::new(text),
                realm: Realm::Real,
            },
        }
    }
}

/// Finds the one account that `text` names.
///
/// # Errors
/// `target.unknown` when there is none, `target.several` when there are more; both list what there is.
pub fn find<'a>(text: &str, accounts: &'a [Account]) -> Result<&'a Account, Problem> {
    if let Some(account) = accounts.iter().find(|account| account.id.to_string() == text) {
        return Ok(account);
    }
    let (name, who) = match text.split_once(':') {
        Some((name, who)) => (name, Some(who)),
        None => (text, None),
    };
    let wanted = PlatformName::parse(name);
    let found: Vec<&Account> = accounts
        .iter()
        .filter(|account| account.platform == wanted.platform && account.realm == wanted.realm)
        .filter(|account| who.is_none_or(|who| account.display_name == who || account.remote_user_id == who))
        .collect();
    match found[..] {
        [account] => Ok(account),
        [] => Err(needs(
            "target.unknown",
            format!("No connected account is called “{text}”."),
            accounts,
        )
        .fix(format!("Connect one with: daypart accounts connect {name}"))),
        _ => Err(needs(
            "target.several",
            format!("“{text}” names several accounts."),
            accounts,
        )
        .fix(format!(
            "Name one: {name}:NAME, or its id from: daypart accounts list"
        ))),
    }
}

fn needs(code: &'static str, message: String, accounts: &[Account]) -> Problem {
    let mut problem = Problem::needs_user(ErrorCode::new(code), UserAction::Reconnect, message);
    problem.details = accounts
        .iter()
        .map(|account| format!("connected: {} ({})", label(account), account.id))
        .collect();
    problem
}

/// An account for people; practice is always said.
pub fn label(account: &Account) -> String {
    match account.realm {
        Realm::Practice => format!("practice-{}:{}", account.platform, account.display_name),
        Realm::Real => format!("{}:{}", account.platform, account.display_name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn practice_is_part_of_the_name_and_never_assumed() {
        assert_eq!(PlatformName::parse("practice-youtube").realm, Realm::Practice);
        assert_eq!(PlatformName::parse("youtube").realm, Realm::Real);
        assert_eq!(
            PlatformName::parse("practice-youtube").platform,
            PlatformId::from_static("youtube")
        );
    }
}
