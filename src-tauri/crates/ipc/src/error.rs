use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The one shape in which a failure reaches the UI.
///
/// `code` is stable and is what the UI maps to wording and an action; nobody matches on `message`.
/// Contains no secret: the core redacts before it builds this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireError {
    /// Stable, for example `file.changed`.
    pub code: String,
    /// What happened, to which file and at which account, as one sentence for the user.
    pub message: String,
    /// What the user can do about it.
    pub fix: Option<String>,
    /// Whether and when trying again makes sense.
    pub retry: RetryClass,
    /// With `needs_user`: what the button does.
    pub action: Option<UserAction>,
    /// With `rate_limited`: not before this instant.
    pub until: Option<Timestamp>,
    /// The cause chain and the platform's own words, outermost first, for the log and "Details".
    pub details: Vec<String>,
}

/// What the user can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UserAction {
    Reconnect,
    EditPost,
    ReplaceFile,
    EnterCredentials,
    UnlockKeychain,
    InstallFfmpeg,
    FreeDisk,
    CheckPlatform,
    CheckClock,
    Retry,
}

/// The class alone decides whether something is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RetryClass {
    /// Tried again by itself.
    Transient,
    /// Tried again by itself after `until`.
    RateLimited,
    /// Waits until the user has done something.
    NeedsUser,
    /// The same attempt would fail again.
    Permanent,
    /// It is unknown whether it happened: never repeated blindly.
    InDoubt,
    /// A mistake in Daypart.
    Bug,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_a_wire_error_is_pinned() {
        let error = WireError {
            code: "rate_limit_exceeded".into(),
            message: "TikTok asked to slow down.".into(),
            fix: None,
            retry: RetryClass::RateLimited,
            action: None,
            until: Some("2026-11-21T18:00:00Z".parse().unwrap()),
            details: vec!["429 from video/init, log_id L2".into()],
        };
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(
            json,
            r#"{"code":"rate_limit_exceeded","message":"TikTok asked to slow down.","fix":null,"retry":"rate_limited","action":null,"until":"2026-11-21T18:00:00Z","details":["429 from video/init, log_id L2"]}"#
        );
        assert_eq!(serde_json::from_str::<WireError>(&json).unwrap(), error);
    }

    #[test]
    fn every_retry_class_has_its_pinned_name() {
        let names: Vec<String> = [
            RetryClass::Transient,
            RetryClass::RateLimited,
            RetryClass::NeedsUser,
            RetryClass::Permanent,
            RetryClass::InDoubt,
            RetryClass::Bug,
        ]
        .iter()
        .map(|class| serde_json::to_string(class).unwrap())
        .collect();
        assert_eq!(
            names.join(" "),
            r#""transient" "rate_limited" "needs_user" "permanent" "in_doubt" "bug""#
        );
    }
}
