//! TikTok's codes and reasons, sorted into classes (§6).

use daypart_domain::problem::{PlatformWords, Problem, RetryClass, UserAction, codes as common};
use jiff::Timestamp;

use super::{NAME, wire::ErrorEnvelope};
use crate::{codes, http::Reply, oauth, redaction::redact_known};

const DAY_S: u64 = 24 * 60 * 60;
/// The window is a sliding minute and no `Retry-After` comes; half of it frees half of the calls.
const THROTTLE_S: u64 = 30;

/// What an API answer says, when it is not `ok`.
pub fn words(reply: &Reply, secrets: &[&str]) -> PlatformWords {
    let error = reply.json::<ErrorEnvelope>().map(|envelope| envelope.error);
    let fallback = || String::from_utf8_lossy(reply.bytes()).into_owned();
    let message = error
        .as_ref()
        .map_or_else(fallback, |error| error.message.clone());
    PlatformWords {
        http_status: Some(reply.status),
        code: error.as_ref().map(|error| redact_known(&error.code, secrets)),
        message: Some(redact_known(&message, secrets)).filter(|message| !message.is_empty()),
        request_id: error.and_then(|error| error.log_id),
    }
}

/// The error table of the API.
pub fn api_problem(words: PlatformWords, now: Timestamp) -> Problem {
    let wait = |seconds| RetryClass::RateLimited {
        until: oauth::after(now, seconds),
    };
    let code = words.code.clone().unwrap_or_default();
    let problem = match code.as_str() {
        "invalid_param" | "invalid_params" => edit("TikTok refused the post settings.")
            .fix("Check caption, visibility and the file, then try again."),
        "invalid_file_upload" => file("The file does not meet TikTok's rules."),
        "app_version_check_failed" => Problem::needs_user(
            codes::APP_NOT_APPROVED,
            UserAction::CheckPlatform,
            "TikTok asks for a newer TikTok app on your phone.",
        )
        .fix("Update the TikTok app to 31.8 or newer."),
        "scope_permission_missed" | "scope_not_authorized" => oauth::scope_missing(NAME),
        "invalid_publish_id" => {
            Problem::permanent(codes::POST_UNKNOWN, "TikTok no longer knows this upload.")
        }
        "token_not_authorized_for_specified_publish_id" => Problem::permanent(
            codes::POST_UNKNOWN,
            "This upload belongs to another TikTok account.",
        )
        .fix("Connect the account it was started with."),
        "access_token_invalid" => oauth::expired(NAME),
        "spam_risk_too_many_posts" => Problem::new(
            codes::QUOTA_ACCOUNT,
            wait(DAY_S),
            "Daily posting limit of this TikTok account reached.",
        )
        .fix("Daypart goes on tomorrow; or post in the TikTok app."),
        "spam_risk_too_many_pending_share" => Problem::new(
            codes::QUOTA_ACCOUNT,
            wait(DAY_S),
            "Too many drafts are waiting in TikTok.",
        )
        .fix("Finish or discard drafts in the TikTok app."),
        "spam_risk_user_banned_from_posting" => banned(),
        "reached_active_user_cap" => Problem::new(
            codes::QUOTA_APP,
            wait(DAY_S),
            "The app reached TikTok's daily limit of users.",
        )
        .fix("Daypart goes on tomorrow."),
        "unaudited_client_can_only_post_to_private_accounts" => Problem::needs_user(
            codes::APP_NOT_APPROVED,
            UserAction::CheckPlatform,
            "TikTok has not audited the app yet, so it may only post to private accounts.",
        )
        .fix("Set the TikTok account to private and choose “Only me”."),
        "privacy_level_option_mismatch" => Problem::needs_user(
            codes::OPTION_UNAVAILABLE,
            UserAction::EditPost,
            "TikTok does not offer that visibility to this account now.",
        )
        .fix("Choose who can view this video again."),
        "url_ownership_unverified" => edit("TikTok has not verified the media address."),
        "rate_limit_exceeded" => {
            Problem::new(codes::QUOTA_RATE, wait(THROTTLE_S), "TikTok asks to go slower.")
        }
        "internal_error" => oauth::unavailable(NAME),
        _ => by_status(words.http_status, now),
    };
    problem.words(words)
}

/// For answers without a code that the table knows.
fn by_status(status: Option<u16>, now: Timestamp) -> Problem {
    match status {
        Some(500..) => oauth::unavailable(NAME),
        Some(401) => oauth::expired(NAME),
        Some(429) => Problem::new(
            codes::QUOTA_RATE,
            RetryClass::RateLimited {
                until: oauth::after(now, THROTTLE_S),
            },
            "TikTok asks to go slower.",
        ),
        _ => Problem::permanent(
            codes::PLATFORM_UNEXPECTED,
            "TikTok refused without a reason Daypart knows.",
        )
        .fix("Look at the log of the post."),
    }
}

/// `fail_reason` of E6.
pub fn fail_reason(reason: &str, now: Timestamp) -> Problem {
    let problem = match reason {
        "file_format_check_failed" => file("TikTok could not use the file format."),
        "duration_check_failed" => file("TikTok refused the video's duration."),
        "frame_rate_check_failed" => file("TikTok refused the video's frame rate."),
        "picture_size_check_failed" => file("TikTok refused the size of the picture."),
        "internal" | "video_pull_failed" | "photo_pull_failed" => oauth::unavailable(NAME),
        "publish_cancelled" => Problem::permanent(codes::POST_REFUSED, "The post was cancelled at TikTok."),
        "auth_removed" => Problem::needs_user(
            common::AUTH_REVOKED,
            UserAction::Reconnect,
            "TikTok access was removed while the video was being processed.",
        )
        .fix("Reconnect TikTok and send the post again."),
        "spam_risk_too_many_posts" => Problem::new(
            codes::QUOTA_ACCOUNT,
            RetryClass::RateLimited {
                until: oauth::after(now, DAY_S),
            },
            "Daily posting limit of this TikTok account reached.",
        ),
        "spam_risk_text" => {
            edit("TikTok finds the caption risky.").fix("Change the caption and send it again.")
        }
        "spam_risk" | "spam_risk_user_banned_from_posting" => banned(),
        other => Problem::permanent(codes::POST_REFUSED, format!("TikTok refused the post ({other}).")),
    };
    problem.words(PlatformWords {
        code: Some(reason.to_owned()),
        ..PlatformWords::default()
    })
}

fn edit(message: &str) -> Problem {
    Problem::needs_user(codes::POST_REFUSED, UserAction::EditPost, message)
}

fn file(message: &str) -> Problem {
    Problem::needs_user(codes::FILE_REFUSED, UserAction::ReplaceFile, message)
        .fix("Let Daypart convert it, or choose another file.")
}

fn banned() -> Problem {
    Problem::permanent(
        codes::ACCOUNT_BLOCKED,
        "TikTok has blocked posting for this account.",
    )
    .fix("Look at the account's notices in the TikTok app.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(code: &str, status: u16) -> RetryClass {
        let words = PlatformWords {
            http_status: Some(status),
            code: Some(code.into()),
            ..PlatformWords::default()
        };
        api_problem(words, Timestamp::UNIX_EPOCH).retry
    }

    fn needs(action: UserAction) -> RetryClass {
        RetryClass::NeedsUser { action }
    }

    fn until(second: i64) -> RetryClass {
        RetryClass::RateLimited {
            until: Timestamp::from_second(second).unwrap(),
        }
    }

    #[test]
    fn every_row_of_the_error_table_has_its_class() {
        use UserAction::{CheckPlatform, EditPost, Reconnect, ReplaceFile};
        for (code, status, expected) in [
            ("invalid_param", 400, needs(EditPost)),
            ("invalid_params", 400, needs(EditPost)),
            ("invalid_file_upload", 400, needs(ReplaceFile)),
            ("app_version_check_failed", 400, needs(CheckPlatform)),
            ("scope_permission_missed", 400, needs(Reconnect)),
            ("invalid_publish_id", 400, RetryClass::Permanent),
            (
                "token_not_authorized_for_specified_publish_id",
                400,
                RetryClass::Permanent,
            ),
            ("access_token_invalid", 401, RetryClass::Transient),
            ("scope_not_authorized", 401, needs(Reconnect)),
            ("spam_risk_too_many_posts", 200, until(86_400)),
            ("spam_risk_too_many_posts", 403, until(86_400)),
            ("spam_risk_too_many_pending_share", 403, until(86_400)),
            ("spam_risk_user_banned_from_posting", 403, RetryClass::Permanent),
            ("reached_active_user_cap", 403, until(86_400)),
            (
                "unaudited_client_can_only_post_to_private_accounts",
                403,
                needs(CheckPlatform),
            ),
            ("privacy_level_option_mismatch", 403, needs(EditPost)),
            ("rate_limit_exceeded", 429, until(30)),
            ("internal_error", 500, RetryClass::Transient),
            ("something_new", 503, RetryClass::Transient),
            ("something_new", 400, RetryClass::Permanent),
        ] {
            assert_eq!(class(code, status), expected, "{code} {status}");
        }
    }

    #[test]
    fn every_fail_reason_has_its_class() {
        use UserAction::{EditPost, Reconnect, ReplaceFile};
        for (reason, expected) in [
            ("file_format_check_failed", needs(ReplaceFile)),
            ("duration_check_failed", needs(ReplaceFile)),
            ("frame_rate_check_failed", needs(ReplaceFile)),
            ("picture_size_check_failed", needs(ReplaceFile)),
            ("internal", RetryClass::Transient),
            ("publish_cancelled", RetryClass::Permanent),
            ("auth_removed", needs(Reconnect)),
            ("spam_risk_too_many_posts", until(86_400)),
            ("spam_risk_text", needs(EditPost)),
            ("spam_risk", RetryClass::Permanent),
            ("spam_risk_user_banned_from_posting", RetryClass::Permanent),
            ("a_new_reason", RetryClass::Permanent),
        ] {
            assert_eq!(
                fail_reason(reason, Timestamp::UNIX_EPOCH).retry,
                expected,
                "{reason}"
            );
        }
    }
}
