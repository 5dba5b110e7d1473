//! What the sign-ins of all platforms share.

use daypart_domain::problem::{PlatformWords, Problem, RetryClass, UserAction, codes as common};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use crate::codes;

/// What went on when the platform refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchange {
    Code,
    Refresh,
    Revoke,
}

/// Sorts an OAuth error (RFC 6749 §5.2; TikTok §2.8, YouTube §6). `name` is the platform's name for people.
pub fn refused(name: &str, exchange: Exchange, error: &str, words: PlatformWords) -> Problem {
    let problem = match (error, exchange) {
        ("invalid_grant", Exchange::Code) => Problem::needs_user(
            codes::AUTH_CODE,
            UserAction::Reconnect,
            format!("{name} did not accept the sign-in code: it was too old or already used."),
        )
        .fix("Connect again and finish in the browser within a few minutes."),
        ("invalid_grant", _) => Problem::needs_user(
            common::AUTH_REVOKED,
            UserAction::Reconnect,
            format!("{name} sign-in expired."),
        )
        .fix(format!("Reconnect {name}.")),
        ("access_denied", _) => denied(name),
        ("server_error" | "temporarily_unavailable", _) => unavailable(name),
        (
            "invalid_client"
            | "unauthorized_client"
            | "invalid_scope"
            | "invalid_request"
            | "redirect_uri_mismatch"
            | "deleted_client"
            | "unsupported_grant_type"
            | "unsupported_response_type",
            _,
        ) => Problem::needs_user(
            common::AUTH_CLIENT,
            UserAction::EnterCredentials,
            format!("{name} does not accept the app credentials or the redirect address."),
        )
        .fix("Check client id, client secret, redirect address and permissions in the developer portal."),
        _ => Problem::needs_user(
            codes::AUTH_PAGE,
            UserAction::Reconnect,
            format!("{name} refused the sign-in."),
        )
        .fix("Connect again; if it fails again, check the app in the developer portal."),
    };
    problem.words(words)
}

/// The user pressed Deny.
pub fn denied(name: &str) -> Problem {
    Problem::permanent(
        common::AUTH_DENIED,
        format!("You cancelled the connection to {name}."),
    )
    .fix("Connect again whenever you like.")
}

/// The platform has trouble; nothing happened that could not be repeated.
pub fn unavailable(name: &str) -> Problem {
    Problem::transient(codes::PLATFORM_UNAVAILABLE, format!("{name} is having trouble."))
        .fix("Daypart tries again by itself.")
}

/// An access token is no longer accepted. A refresh may help, and nothing happened.
pub fn expired(name: &str) -> Problem {
    Problem::new(
        common::AUTH_EXPIRED,
        RetryClass::Transient,
        format!("{name} asks for a new sign-in."),
    )
    .fix(format!("Reconnect {name} if this stays."))
}

/// A permission was not granted.
pub fn scope_missing(name: &str) -> Problem {
    Problem::needs_user(
        common::AUTH_SCOPE,
        UserAction::Reconnect,
        format!("A {name} permission is missing."),
    )
    .fix(format!("Reconnect {name} and allow everything it asks for."))
}

/// `now + seconds`, saturating: a platform may announce any number.
pub fn after(now: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    now.saturating_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}

/// A token that says something; an empty one counts as absent.
pub fn present(token: Option<String>) -> Option<SecretString> {
    token.filter(|token| !token.is_empty()).map(SecretString::from)
}

/// The new refresh token, or the old one where the platform sent none.
pub fn kept(new: Option<SecretString>, old: Option<&SecretString>) -> Option<SecretString> {
    new.filter(|token| !token.expose_secret().is_empty())
        .or_else(|| old.cloned())
}
