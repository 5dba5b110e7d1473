//! What happens to a publication whose time passed while this computer could not act.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Chosen per post; the default asks after an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "policy")]
pub enum LatenessPolicy {
    /// Publish when at most this late; else the user is asked.
    PublishWithin { late_ms: u64 },
    /// Always ask.
    Ask,
    /// Let it go; the publication ends as missed.
    Skip,
}

impl Default for LatenessPolicy {
    fn default() -> Self {
        Self::PublishWithin { late_ms: 3_600_000 }
    }
}

/// Lateness below this is ordinary work, not downtime: retries and slow uploads are not “missed”.
const ORDINARY: Duration = Duration::from_secs(120);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatenessVerdict {
    /// Not due yet, on time, or late within what the user allows.
    Publish,
    /// Moves to `Missed`; the user decides.
    Missed,
}

/// Judges at `now` a publication due at `due_at`. `started` says that work towards publishing had begun in time.
pub fn judge(policy: LatenessPolicy, due_at: Timestamp, now: Timestamp, started: bool) -> LatenessVerdict {
    let late = now.duration_since(due_at);
    if late.is_negative()
        || late <= jiff::SignedDuration::try_from(ORDINARY).unwrap_or(jiff::SignedDuration::ZERO)
    {
        return LatenessVerdict::Publish;
    }
    match policy {
        _ if started => LatenessVerdict::Publish,
        LatenessPolicy::PublishWithin { late_ms } if late.as_millis() <= i128::from(late_ms) => {
            LatenessVerdict::Publish
        }
        LatenessPolicy::PublishWithin { .. } | LatenessPolicy::Ask | LatenessPolicy::Skip => {
            LatenessVerdict::Missed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn an_hour_is_allowed_by_default_and_not_more() {
        let policy = LatenessPolicy::default();
        assert_eq!(judge(policy, at(0), at(3_600), false), LatenessVerdict::Publish);
        assert_eq!(judge(policy, at(0), at(3_601), false), LatenessVerdict::Missed);
    }

    #[test]
    fn a_clock_set_back_makes_nothing_late() {
        assert_eq!(
            judge(LatenessPolicy::Ask, at(10_000), at(0), false),
            LatenessVerdict::Publish
        );
    }

    #[test]
    fn ask_and_skip_allow_only_ordinary_delay() {
        for policy in [LatenessPolicy::Ask, LatenessPolicy::Skip] {
            assert_eq!(judge(policy, at(0), at(100), false), LatenessVerdict::Publish);
            assert_eq!(judge(policy, at(0), at(200), false), LatenessVerdict::Missed);
        }
    }
}
