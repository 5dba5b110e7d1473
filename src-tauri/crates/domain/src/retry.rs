//! Whether and when to try again. The class of the error decides; nothing else does.

use std::time::Duration;

use jiff::Timestamp;

use crate::problem::{Problem, RetryClass, codes};

/// Failures that count before the user is asked.
pub const COUNTED_ATTEMPTS_MAX: u32 = 5;

/// How long to wait before looking for the network again when nothing announces it.
const OFFLINE_RECHECK: Duration = Duration::from_secs(30);

/// What to do after a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextTry {
    /// Run again then; `counted` says whether this failure was an attempt.
    At { at: Timestamp, counted: bool },
    /// Stop and put it to the user.
    AskUser,
    /// Stop for good.
    GiveUp,
    /// Read the other side before anything else.
    Reconcile,
}

/// The delay before counted attempt `failures + 1`: 1, 2, 4, 8 minutes, then 8, plus up to a fifth of jitter.
/// `jitter` is in `0.0..1.0`.
pub fn backoff(failures: u32, base: Duration, jitter: f64) -> Duration {
    let doubled = base.saturating_mul(1 << failures.min(3));
    doubled + doubled.mul_f64(jitter.clamp(0.0, 1.0) / 5.0)
}

/// Decides from the class of `problem`. `failures` counts those before this one.
pub fn next_try(problem: &Problem, failures: u32, now: Timestamp, base: Duration, jitter: f64) -> NextTry {
    match &problem.retry {
        RetryClass::Transient if problem.code == codes::NETWORK_OFFLINE => NextTry::At {
            at: now + OFFLINE_RECHECK.min(base),
            counted: false,
        },
        RetryClass::Transient if failures + 1 >= COUNTED_ATTEMPTS_MAX => NextTry::AskUser,
        RetryClass::Transient => NextTry::At {
            at: now + backoff(failures, base, jitter),
            counted: true,
        },
        RetryClass::RateLimited { until } => NextTry::At {
            at: (*until).max(now + Duration::from_secs(1)),
            counted: false,
        },
        RetryClass::NeedsUser { .. } | RetryClass::Bug => NextTry::AskUser,
        RetryClass::Permanent => NextTry::GiveUp,
        RetryClass::InDoubt => NextTry::Reconcile,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ErrorCode;

    const MINUTE: Duration = Duration::from_secs(60);

    fn transient() -> Problem {
        Problem::transient(ErrorCode::new("test"), "x")
    }

    #[test]
    fn transient_faults_wait_one_two_four_eight_minutes_and_then_ask() {
        let now = Timestamp::UNIX_EPOCH;
        let waits: Vec<_> = (0..4)
            .map(
                |failures| match next_try(&transient(), failures, now, MINUTE, 0.0) {
                    NextTry::At { at, counted: true } => at.as_second() / 60,
                    other => panic!("{other:?}"),
                },
            )
            .collect();
        assert_eq!(waits, [1, 2, 4, 8]);
        assert_eq!(next_try(&transient(), 4, now, MINUTE, 0.0), NextTry::AskUser);
    }

    #[test]
    fn waiting_for_the_network_or_a_quota_is_not_an_attempt() {
        let now = Timestamp::UNIX_EPOCH;
        let offline = Problem::transient(codes::NETWORK_OFFLINE, "x");
        assert!(matches!(
            next_try(&offline, 99, now, MINUTE, 0.0),
            NextTry::At { counted: false, .. }
        ));
        let until = now + Duration::from_secs(86_400);
        let limited = Problem::new(ErrorCode::new("quota"), RetryClass::RateLimited { until }, "x");
        assert_eq!(
            next_try(&limited, 99, now, MINUTE, 0.0),
            NextTry::At {
                at: until,
                counted: false
            }
        );
    }

    #[test]
    fn a_doubt_is_never_retried() {
        let doubt = Problem::in_doubt(ErrorCode::new("lost"), "x");
        assert_eq!(
            next_try(&doubt, 0, Timestamp::UNIX_EPOCH, MINUTE, 0.5),
            NextTry::Reconcile
        );
    }

    #[test]
    fn jitter_adds_at_most_a_fifth() {
        assert_eq!(backoff(0, MINUTE, 1.0), Duration::from_secs(72));
    }
}
