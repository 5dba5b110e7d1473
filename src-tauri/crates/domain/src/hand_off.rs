//! When a platform can be given the time to hold.

use std::time::Duration;

use jiff::Timestamp;

use crate::capabilities::NativeSchedule;

/// Kept free before a platform's shortest lead, so that a slow answer does not turn a hand-off into a refusal.
const MARGIN: Duration = Duration::from_secs(60);

/// True when a final call made at `call_at` may ask the platform to publish at `due_at`.
pub fn is_possible(schedule: NativeSchedule, due_at: Timestamp, call_at: Timestamp) -> bool {
    let lead = due_at.duration_since(call_at);
    let Ok(lead) = Duration::try_from(lead) else {
        return false;
    };
    lead >= schedule.lead_min + MARGIN && schedule.lead_max.is_none_or(|lead_max| lead <= lead_max)
}

/// When sending should start so that the platform can hold `due_at`, given that it takes `needed`; never before
/// `now`. `None`: too late for it, or this platform holds nothing.
pub fn starts_at(
    schedule: Option<NativeSchedule>,
    due_at: Timestamp,
    needed: Duration,
    now: Timestamp,
) -> Option<Timestamp> {
    let schedule = schedule?;
    let earliest = match schedule.lead_max {
        Some(lead_max) => (due_at - lead_max).max(now),
        None => now,
    };
    is_possible(schedule, due_at, earliest + needed).then_some(earliest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: NativeSchedule = NativeSchedule {
        lead_min: Duration::from_secs(600),
        lead_max: Some(Duration::from_secs(30 * 86_400)),
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_platform_holds_a_time_within_its_window_only() {
        let due = at(40 * 86_400);
        assert!(is_possible(HELD, due, at(40 * 86_400 - 660)));
        assert!(
            !is_possible(HELD, due, at(40 * 86_400 - 659)),
            "a minute is kept free"
        );
        assert!(is_possible(HELD, due, at(10 * 86_400)));
        assert!(!is_possible(HELD, due, at(10 * 86_400 - 1)));
        assert!(!is_possible(HELD, due, due + Duration::from_secs(1)));
    }

    #[test]
    fn sending_starts_at_once_or_when_the_window_opens() {
        let needed = Duration::from_secs(100);
        assert_eq!(starts_at(Some(HELD), at(10_000), needed, at(0)), Some(at(0)));
        assert_eq!(
            starts_at(Some(HELD), at(40 * 86_400), needed, at(0)),
            Some(at(10 * 86_400))
        );
        assert_eq!(starts_at(Some(HELD), at(750), needed, at(0)), None);
        assert_eq!(starts_at(None, at(10_000), needed, at(0)), None);
    }
}
