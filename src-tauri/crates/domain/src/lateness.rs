//! What happens to a publication whose time passed while this computer could not act.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Chosen per post, with a default in the settings; the default's default asks after an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "policy")]
pub enum LatenessPolicy {
    /// Publish when at most this late; else the user is asked.
    PublishWithin { late_ms: u64 },
    /// Always ask.
    Ask,
    /// Let it go; the publication ends as missed, and nobody is asked about it.
    Skip,
    /// Publish at the account's next free slot, however late that is.
    NextSlot,
}

impl Default for LatenessPolicy {
    fn default() -> Self {
        Self::PublishWithin { late_ms: 3_600_000 }
    }
}

/// Between two late publications of one account, unless the settings say otherwise.
pub const SPACING: Duration = Duration::from_secs(600);

/// Lateness up to this is ordinary work, not downtime: retries and slow uploads are not “missed”.
const ORDINARY: Duration = Duration::from_secs(120);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatenessVerdict {
    /// Not due yet, on time, or late within what the user allows.
    Publish,
    /// Moves to `Missed`; the user decides.
    Missed,
}

/// More than ordinary delay at `now`. `false` before the due time, also after a clock was set back.
pub fn is_late(due_at: Timestamp, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(due_at)).is_ok_and(|late| late > ORDINARY)
}

/// Judges a publication due at `due_at` that would go out at `at`. `started` says that work towards publishing had
/// begun in time.
pub fn judge(policy: LatenessPolicy, due_at: Timestamp, at: Timestamp, started: bool) -> LatenessVerdict {
    if started || !is_late(due_at, at) {
        return LatenessVerdict::Publish;
    }
    let late = at.duration_since(due_at);
    match policy {
        LatenessPolicy::NextSlot => LatenessVerdict::Publish,
        LatenessPolicy::PublishWithin { late_ms } if late.as_millis() <= i128::from(late_ms) => {
            LatenessVerdict::Publish
        }
        LatenessPolicy::PublishWithin { .. } | LatenessPolicy::Ask | LatenessPolicy::Skip => {
            LatenessVerdict::Missed
        }
    }
}

/// The next free slot: the earliest time from `from` on that is at least `spacing` away from every time in `taken`.
pub fn next_slot(from: Timestamp, taken: &[Timestamp], spacing: Duration) -> Timestamp {
    let mut taken = taken.to_vec();
    taken.sort_unstable();
    let spacing = SignedDuration::try_from(spacing).unwrap_or(SignedDuration::MAX);
    let mut slot = from;
    for time in taken {
        if slot.duration_since(time).abs() < spacing {
            slot = time.checked_add(spacing).unwrap_or(Timestamp::MAX);
        }
    }
    slot
}

/// A late publication, for [`settle_account`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    pub due_at: Timestamp,
    pub policy: LatenessPolicy,
}

/// What becomes of a late publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Due anew at this time.
    Slot(Timestamp),
    Missed,
}

/// Settles all late publications of one account at once, oldest first, so that they go out at least `spacing` apart
/// and apart from `taken`, the times of what the account has sent or will send. One answer each, in the order of
/// `late`. A policy that allows an hour counts the waiting for the slot into that hour.
pub fn settle_account(late: &[Late], taken: &[Timestamp], spacing: Duration, now: Timestamp) -> Vec<Settled> {
    let mut order: Vec<usize> = (0..late.len()).collect();
    order.sort_by_key(|index| late[*index].due_at);
    let mut taken = taken.to_vec();
    let mut settled = vec![Settled::Missed; late.len()];
    for index in order {
        let Late { due_at, policy } = late[index];
        let slot = next_slot(now, &taken, spacing);
        if judge(policy, due_at, slot, false) == LatenessVerdict::Publish {
            taken.push(slot);
            settled[index] = Settled::Slot(slot);
        }
    }
    settled
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

    #[test]
    fn the_next_slot_keeps_its_distance_on_both_sides() {
        let spacing = Duration::from_secs(600);
        assert_eq!(next_slot(at(1_000), &[], spacing), at(1_000));
        assert_eq!(next_slot(at(1_000), &[at(400), at(1_600)], spacing), at(1_000));
        assert_eq!(next_slot(at(1_000), &[at(1_500), at(500)], spacing), at(2_100));
        assert_eq!(next_slot(at(1_000), &[at(1_000), at(2_300)], spacing), at(1_600));
        assert_eq!(next_slot(at(1_000), &[at(1_000)], Duration::ZERO), at(1_000));
    }

    #[test]
    fn late_ones_of_an_account_go_out_apart_and_oldest_first() {
        let late = |due_at, policy| Late {
            due_at: at(due_at),
            policy,
        };
        let hour = LatenessPolicy::default();
        let settled = settle_account(
            &[
                late(9_000, hour),
                late(8_000, hour),
                late(8_500, LatenessPolicy::Ask),
                late(0, LatenessPolicy::NextSlot),
                // Allowed now, but not any more at the slot that is left.
                late(7_000, hour),
                late(8_600, LatenessPolicy::Skip),
            ],
            &[at(9_900)],
            Duration::from_secs(600),
            at(10_000),
        );
        assert_eq!(
            settled,
            [
                Settled::Slot(at(11_700)),
                Settled::Slot(at(11_100)),
                Settled::Missed,
                Settled::Slot(at(10_500)),
                Settled::Missed,
                Settled::Missed,
            ]
        );
    }

    #[test]
    fn an_old_document_of_a_policy_is_still_read() {
        let read: LatenessPolicy =
            serde_json::from_str(r#"{"policy":"publish_within","late_ms":5}"#).unwrap();
        assert_eq!(read, LatenessPolicy::PublishWithin { late_ms: 5 });
        let slot = serde_json::to_string(&LatenessPolicy::NextSlot).unwrap();
        assert_eq!(slot, r#"{"policy":"next_slot"}"#);
    }
}
