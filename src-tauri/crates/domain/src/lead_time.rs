//! How long before its due time an upload starts.

use std::time::Duration;

use jiff::Timestamp;

use crate::{bandwidth::BandwidthPlan, capabilities::Capabilities, transfer::SendingPlan};

/// Assumed until an upload has been measured: a slow domestic uplink.
const UPLINK_BYTES_PER_S: u64 = 1_000_000;

/// Always allowed for sign-in refresh, settings read-back and a retry or two.
const MARGIN: Duration = Duration::from_secs(90);

/// Twice the time the bytes need at `uplink_bytes_per_s` (or the assumed rate), plus a margin, but at most
/// two thirds of the platform's staging lifetime, so that a staged upload is still alive when it is due.
pub fn lead_time(size_bytes: u64, uplink_bytes_per_s: Option<u64>, capabilities: &Capabilities) -> Duration {
    let rate = uplink_bytes_per_s
        .filter(|rate| *rate > 0)
        .unwrap_or(UPLINK_BYTES_PER_S);
    let needed = Duration::from_secs(2 * size_bytes / rate) + MARGIN;
    match capabilities.staging_lifetime {
        Some(lifetime) => needed.min(lifetime * 2 / 3),
        None => needed,
    }
}

/// What an upload goes over.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// `None` until something was sent over it.
    pub measured_bytes_per_s: Option<u64>,
    pub limits: &'a BandwidthPlan,
}

impl Line<'_> {
    fn bytes_per_s(&self) -> u64 {
        self.measured_bytes_per_s
            .filter(|rate| *rate > 0)
            .unwrap_or(UPLINK_BYTES_PER_S)
    }

    /// What is told about an upload that starts at `starts_at`.
    pub fn sending_plan(
        &self,
        size_bytes: u64,
        starts_at: Timestamp,
        due_at: Timestamp,
        now: Timestamp,
    ) -> SendingPlan {
        // What is due now goes as soon as it can, and is not late for that.
        let end = if due_at > now { due_at } else { now };
        let (takes, is_limited) = self.limits.ahead(end, size_bytes, self.bytes_per_s());
        let seconds = takes.as_secs().max(1);
        SendingPlan {
            starts_at,
            size_bytes,
            rate_bytes_per_s: (size_bytes / seconds).clamp(1, self.bytes_per_s()),
            is_measured: self.measured_bytes_per_s.is_some(),
            is_limited,
            is_too_late: due_at > now && starts_at + takes > due_at,
        }
    }
}

/// [`lead_time`] on a line whose limits depend on the hour: twice the time that the bytes need before `due_at`, plus
/// the margin, within the same bound.
pub fn lead_time_on(
    size_bytes: u64,
    due_at: Timestamp,
    line: Line<'_>,
    capabilities: &Capabilities,
) -> Duration {
    let (needed, _) = line
        .limits
        .ahead(due_at - MARGIN, size_bytes.saturating_mul(2), line.bytes_per_s());
    let needed = needed + MARGIN;
    match capabilities.staging_lifetime {
        Some(lifetime) => needed.min(lifetime * 2 / 3),
        None => needed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    fn plan(limit: Option<u64>, measured: Option<u64>, wait_s: i64) -> SendingPlan {
        let limits = BandwidthPlan {
            usual_bytes_per_s: limit,
            ..Default::default()
        };
        let line = Line {
            measured_bytes_per_s: measured,
            limits: &limits,
        };
        let now = Timestamp::UNIX_EPOCH;
        let due_at = Timestamp::from_second(wait_s).unwrap();
        line.sending_plan(600 * MB, now, due_at, now)
    }

    #[test]
    fn what_was_measured_is_expected_again_and_a_limit_counts_first() {
        let measured = plan(None, Some(8 * MB), 3_600);
        assert_eq!((measured.takes_s(), measured.is_limited), (75, false));
        let limited = plan(Some(2 * MB), Some(8 * MB), 3_600);
        assert_eq!((limited.takes_s(), limited.is_limited), (300, true));
        let unknown = plan(None, None, 3_600);
        assert_eq!((unknown.takes_s(), unknown.is_measured), (600, false));
    }

    #[test]
    fn a_limit_that_makes_a_post_late_says_so() {
        assert!(!plan(Some(MB), None, 601).is_too_late);
        assert!(plan(Some(MB), None, 599).is_too_late);
        assert!(
            !plan(Some(MB), None, 0).is_too_late,
            "now means as soon as it can"
        );
    }
}
