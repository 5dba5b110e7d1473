use daypart_domain::problem::{
    PlatformWords, Problem, RetryClass as DomainRetryClass, UserAction as DomainUserAction,
};

use crate::{RetryClass, UserAction, WireError};

impl From<Problem> for WireError {
    fn from(problem: Problem) -> Self {
        let Problem {
            code,
            message,
            fix,
            retry,
            platform_words,
            mut details,
        } = problem;
        let (retry, action, until) = match retry {
            DomainRetryClass::Transient => (RetryClass::Transient, None, None),
            DomainRetryClass::RateLimited { until } => (RetryClass::RateLimited, None, Some(until)),
            DomainRetryClass::NeedsUser { action } => (RetryClass::NeedsUser, Some(action.into()), None),
            DomainRetryClass::Permanent => (RetryClass::Permanent, None, None),
            DomainRetryClass::InDoubt => (RetryClass::InDoubt, None, None),
            DomainRetryClass::Bug => (RetryClass::Bug, None, None),
        };
        if let Some(words) = platform_words {
            details.push(words_line(words));
        }
        Self {
            code: code.as_str().to_owned(),
            message,
            fix,
            retry,
            action,
            until,
            details,
        }
    }
}

/// The platform's own words as one line for "Details".
fn words_line(words: PlatformWords) -> String {
    let PlatformWords {
        http_status,
        code,
        message,
        request_id,
    } = words;
    let parts = [
        http_status.map(|status| format!("HTTP {status}")),
        code.map(|code| format!("code {code}")),
        message.map(|message| format!("“{message}”")),
        request_id.map(|id| format!("request {id}")),
    ];
    format!(
        "The platform said: {}",
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    )
}

impl From<DomainUserAction> for UserAction {
    fn from(action: DomainUserAction) -> Self {
        match action {
            DomainUserAction::Reconnect => Self::Reconnect,
            DomainUserAction::EditPost => Self::EditPost,
            DomainUserAction::ReplaceFile => Self::ReplaceFile,
            DomainUserAction::EnterCredentials => Self::EnterCredentials,
            DomainUserAction::UnlockKeychain => Self::UnlockKeychain,
            DomainUserAction::InstallFfmpeg => Self::InstallFfmpeg,
            DomainUserAction::FreeDisk => Self::FreeDisk,
            DomainUserAction::CheckPlatform => Self::CheckPlatform,
            DomainUserAction::CheckClock => Self::CheckClock,
            DomainUserAction::Retry => Self::Retry,
        }
    }
}

#[cfg(test)]
mod tests {
    use daypart_domain::problem::codes;

    use super::*;

    #[test]
    fn the_platforms_words_end_up_in_the_details() {
        let problem = Problem::permanent(codes::UPLOAD_GONE, "TikTok no longer knows this upload.")
            .detail("PUT chunk 3")
            .words(PlatformWords {
                http_status: Some(404),
                code: None,
                message: None,
                request_id: Some("L9".into()),
            });
        let error = WireError::from(problem);
        assert_eq!(error.code, "upload.gone");
        assert_eq!(error.retry, RetryClass::Permanent);
        assert_eq!(
            error.details,
            ["PUT chunk 3", "The platform said: HTTP 404, request L9"]
        );
    }

    #[test]
    fn what_the_user_has_to_do_travels_as_an_action() {
        let problem = Problem::needs_user(
            codes::AUTH_REVOKED,
            DomainUserAction::Reconnect,
            "Sign-in expired.",
        );
        let error = WireError::from(problem);
        assert_eq!(
            (error.retry, error.action),
            (RetryClass::NeedsUser, Some(UserAction::Reconnect))
        );
    }
}
