//! YouTube's reasons, sorted into classes (§6).

use daypart_domain::problem::{PlatformWords, Problem, RetryClass, UserAction, codes as common};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::{
    NAME,
    wire::{ErrorEnvelope, VideoStatus},
};
use crate::{codes, http::Reply, oauth, redaction::redact_known};

const DAY_S: u64 = 24 * 60 * 60;
const HOUR_S: u64 = 60 * 60;
const THROTTLE_S: u64 = 20;

/// What an answer says, when it is not a success. Bodies may be JSON, text or HTML.
pub fn words(reply: &Reply, secrets: &[&str]) -> PlatformWords {
    let error = reply.json::<ErrorEnvelope>().map(|envelope| envelope.error);
    let reason = error.as_ref().and_then(|error| {
        let listed = error.errors.first().map(|entry| entry.reason.clone());
        listed
            .filter(|reason| !reason.is_empty())
            .or_else(|| error.status.clone())
    });
    let message = match &error {
        Some(error) => error.message.clone(),
        None => String::from_utf8_lossy(reply.bytes()).into_owned(),
    };
    PlatformWords {
        http_status: Some(reply.status),
        code: reason.map(|reason| redact_known(&reason, secrets)),
        message: Some(redact_known(&message, secrets)).filter(|message| !message.is_empty()),
        request_id: reply.header("x-guploader-uploadid").map(str::to_owned),
    }
}

/// The error table. The three daily refusals are kept apart: the project's units, the project's uploads, and the
/// channel's own limit (§7).
pub fn api_problem(words: PlatformWords, now: Timestamp) -> Problem {
    let reason = words.code.clone().unwrap_or_default();
    let status = words.http_status.unwrap_or_default();
    let daily_uploads = status == 429
        && words
            .message
            .as_deref()
            .is_some_and(|message| message.contains("Video Uploads per day"));
    let problem = match reason.as_str() {
        _ if daily_uploads => wait(
            codes::QUOTA_APP,
            next_pacific_midnight(now),
            "Daily upload quota of this app at YouTube is used up.",
        )
        .fix("Daypart goes on after midnight Pacific time."),
        "quotaExceeded" | "dailyLimitExceeded" => wait(
            codes::QUOTA_APP,
            next_pacific_midnight(now),
            "The app's daily YouTube quota is used up.",
        )
        .fix("Daypart goes on after midnight Pacific time."),
        "uploadLimitExceeded" => wait(
            codes::QUOTA_ACCOUNT,
            oauth::after(now, DAY_S),
            "This channel reached its YouTube upload limit.",
        )
        .fix("Daypart goes on in 24 hours; verifying the channel raises the limit."),
        "uploadRateLimitExceeded" => wait(
            codes::QUOTA_ACCOUNT,
            oauth::after(now, HOUR_S),
            "Too many thumbnails for YouTube just now.",
        ),
        "rateLimitExceeded" | "userRateLimitExceeded" => throttled(now),
        "authError" | "UNAUTHENTICATED" => oauth::expired(NAME),
        "youtubeSignupRequired" => no_channel(),
        "insufficientPermissions" => oauth::scope_missing(NAME),
        "invalidTitle" => edit("YouTube refused the title: empty, too long, or with < or >."),
        "invalidDescription" => edit("YouTube refused the description: over 5000 bytes, or with < or >."),
        "invalidTags" => edit("YouTube refused the tags: together they exceed 500 characters."),
        "invalidCategoryId" => edit("YouTube does not accept this category. Pick another one."),
        "invalidPublishAt" => edit("YouTube does not accept the scheduled time."),
        "invalidVideoMetadata"
        | "invalidRecordingDetails"
        | "invalidRecordingDate"
        | "defaultLanguageNotSet"
        | "unexpectedPart"
        | "invalidFilename" => edit("YouTube refused the texts or options of the post."),
        "forbiddenPrivacySetting" | "forbiddenLicenseSetting" | "forbiddenEmbedSetting" => {
            edit("YouTube does not allow this setting for the channel.")
        }
        "mediaBodyRequired" => file("YouTube found the file empty or unreadable."),
        "failedPrecondition" => file("YouTube did not take the file."),
        "authenticatedUserAccountClosed"
        | "authenticatedUserAccountSuspended"
        | "channelClosed"
        | "channelSuspended" => Problem::permanent(
            codes::ACCOUNT_BLOCKED,
            "The YouTube channel is closed or suspended.",
        )
        .fix("Look at the channel's status in YouTube Studio."),
        "forbidden" => Problem::permanent(
            codes::ACCOUNT_BLOCKED,
            "YouTube does not allow this for the channel.",
        )
        .fix("Check the channel's verification and the app's permissions."),
        "accessNotConfigured" => Problem::needs_user(
            codes::APP_NOT_APPROVED,
            UserAction::EnterCredentials,
            "The YouTube Data API is not enabled for this app.",
        )
        .fix("Enable it in the Google Cloud console, then try again."),
        "videoNotFound" | "playlistNotFound" => {
            Problem::permanent(codes::POST_UNKNOWN, "Not found on YouTube.")
        }
        _ => by_status(status, now),
    };
    problem.words(words)
}

/// What YouTube called the reason of a refusal; empty when it named none.
pub fn reason(problem: &Problem) -> &str {
    let words = problem.platform_words.as_ref();
    words.and_then(|words| words.code.as_deref()).unwrap_or_default()
}

/// For answers without a reason that the table knows.
fn by_status(status: u16, now: Timestamp) -> Problem {
    match status {
        401 => oauth::expired(NAME),
        408 | 500 | 502..=504 => oauth::unavailable(NAME),
        429 => throttled(now),
        _ => Problem::permanent(
            codes::PLATFORM_UNEXPECTED,
            "YouTube refused without a reason Daypart knows.",
        )
        .fix("Look at the log of the post."),
    }
}

/// A video that YouTube did not keep; `None` while there is nothing wrong with it.
pub fn lost_video(status: &VideoStatus) -> Option<Problem> {
    let (reason, problem) = match status.upload_status.as_str() {
        "rejected" => {
            let reason = status.rejection_reason.clone().unwrap_or_default();
            let problem = match reason.as_str() {
                "duplicate" => Problem::permanent(
                    codes::POST_REFUSED,
                    "YouTube says this file is already on the channel.",
                ),
                "length" => file("YouTube refused the length of the video."),
                _ => Problem::permanent(
                    codes::POST_REFUSED,
                    format!("YouTube rejected the video ({reason})."),
                )
                .fix("Look at the video in YouTube Studio."),
            };
            (reason, problem)
        }
        "failed" => {
            let reason = status.failure_reason.clone().unwrap_or_default();
            let problem = file(&format!("YouTube could not process the file ({reason})."));
            (reason, problem)
        }
        _ => return None,
    };
    Some(problem.words(PlatformWords {
        code: Some(reason),
        ..PlatformWords::default()
    }))
}

pub fn no_channel() -> Problem {
    Problem::needs_user(
        codes::ACCOUNT_WITHOUT_CHANNEL,
        UserAction::CheckPlatform,
        "This Google account has no YouTube channel.",
    )
    .fix("Create a channel on YouTube, or connect another account.")
}

/// When Google's daily buckets are filled again (§7).
fn next_pacific_midnight(now: Timestamp) -> Timestamp {
    let in_a_day = oauth::after(now, DAY_S);
    let Ok(pacific) = TimeZone::get("America/Los_Angeles") else {
        return in_a_day;
    };
    let midnight = now
        .to_zoned(pacific)
        .checked_add(1.day())
        .and_then(|tomorrow| tomorrow.start_of_day());
    midnight.map_or(in_a_day, |midnight| midnight.timestamp())
}

fn throttled(now: Timestamp) -> Problem {
    wait(
        codes::QUOTA_RATE,
        oauth::after(now, THROTTLE_S),
        "YouTube asks to go slower.",
    )
}

fn wait(code: daypart_domain::problem::ErrorCode, until: Timestamp, message: &str) -> Problem {
    Problem::new(code, RetryClass::RateLimited { until }, message)
}

fn edit(message: &str) -> Problem {
    Problem::needs_user(codes::POST_REFUSED, UserAction::EditPost, message)
}

fn file(message: &str) -> Problem {
    Problem::needs_user(codes::FILE_REFUSED, UserAction::ReplaceFile, message)
        .fix("Let Daypart convert it to MP4 (H.264, AAC), or choose another file.")
}

/// `auth.revoked` gets the hint that explains most of them.
pub fn explain_revoked(problem: Problem) -> Problem {
    if problem.code == common::AUTH_REVOKED {
        problem.fix(
            "Reconnect YouTube. Apps whose consent screen is in “Testing” lose every sign-in after 7 days.",
        )
    } else {
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn problem(reason: &str, status: u16, message: &str) -> Problem {
        let words = PlatformWords {
            http_status: Some(status),
            code: Some(reason.into()).filter(|reason: &String| !reason.is_empty()),
            message: Some(message.into()),
            request_id: None,
        };
        api_problem(words, at("2026-11-21T12:00:00Z"))
    }

    #[test]
    fn the_three_daily_refusals_are_kept_apart() {
        let midnight = RetryClass::RateLimited {
            until: at("2026-11-22T08:00:00Z"),
        };
        let units = problem("quotaExceeded", 403, "");
        let uploads = problem(
            "rateLimitExceeded",
            429,
            "Quota exceeded for 'Video Uploads per day'",
        );
        let channel = problem("uploadLimitExceeded", 400, "");
        assert_eq!((units.code, units.retry), (codes::QUOTA_APP, midnight.clone()));
        assert_eq!((uploads.code, uploads.retry), (codes::QUOTA_APP, midnight));
        let in_a_day = RetryClass::RateLimited {
            until: at("2026-11-22T12:00:00Z"),
        };
        assert_eq!((channel.code, channel.retry), (codes::QUOTA_ACCOUNT, in_a_day));
    }

    #[test]
    fn the_pacific_day_follows_daylight_saving() {
        assert_eq!(
            next_pacific_midnight(at("2026-07-01T12:00:00Z")),
            at("2026-07-02T07:00:00Z")
        );
        assert_eq!(
            next_pacific_midnight(at("2026-11-21T07:59:59Z")),
            at("2026-11-21T08:00:00Z")
        );
    }

    #[test]
    fn a_short_throttle_is_not_taken_for_a_daily_quota() {
        let expected = RetryClass::RateLimited {
            until: at("2026-11-21T12:00:20Z"),
        };
        for status in [403, 429] {
            assert_eq!(problem("rateLimitExceeded", status, "slow down").retry, expected);
        }
    }

    #[test]
    fn every_row_of_the_error_table_has_its_class() {
        use UserAction::{CheckPlatform, EditPost, EnterCredentials, Reconnect, ReplaceFile};
        let needs = |action| RetryClass::NeedsUser { action };
        for (reason, status, expected) in [
            ("authError", 401, RetryClass::Transient),
            ("UNAUTHENTICATED", 401, RetryClass::Transient),
            ("youtubeSignupRequired", 401, needs(CheckPlatform)),
            ("insufficientPermissions", 403, needs(Reconnect)),
            ("invalidTitle", 400, needs(EditPost)),
            ("invalidDescription", 400, needs(EditPost)),
            ("invalidTags", 400, needs(EditPost)),
            ("invalidCategoryId", 400, needs(EditPost)),
            ("invalidPublishAt", 400, needs(EditPost)),
            ("unexpectedPart", 400, needs(EditPost)),
            ("mediaBodyRequired", 400, needs(ReplaceFile)),
            ("forbidden", 403, RetryClass::Permanent),
            ("forbiddenPrivacySetting", 403, needs(EditPost)),
            ("channelSuspended", 403, RetryClass::Permanent),
            ("accessNotConfigured", 403, needs(EnterCredentials)),
            ("videoNotFound", 404, RetryClass::Permanent),
            ("backendError", 500, RetryClass::Transient),
            ("", 503, RetryClass::Transient),
            ("", 501, RetryClass::Permanent),
            ("", 418, RetryClass::Permanent),
        ] {
            assert_eq!(problem(reason, status, "").retry, expected, "{reason} {status}");
        }
    }
}
