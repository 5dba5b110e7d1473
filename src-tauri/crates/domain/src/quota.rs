//! What a platform allows in a stretch of time, counted from our own record and predicted for what is planned.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};

use crate::problem::{ErrorCode, Problem, RetryClass};

/// The code of a refusal that counts for the whole client id, not for one account.
pub const OF_CLIENT: ErrorCode = ErrorCode::new("quota.app");

/// Whose posts are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuotaScope {
    Account,
    /// Every account that was connected with the same developer keys.
    Client,
}

/// The stretch of time in which posts are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaWindow {
    /// The time before each post, e.g. the last 24 hours.
    Rolling(Duration),
    /// From midnight to midnight in California, where Google and others count.
    PacificDay,
}

/// A known quota of a platform. What a platform really allows may differ: a quota advises, it never blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Completes “15 in 24 h:”.
    pub label: &'static str,
    pub posts: u32,
    pub scope: QuotaScope,
    pub window: QuotaWindow,
    pub source: &'static str,
}

/// One planned post among the others of its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Sent or planned within the window of the planned time, without the planned post itself.
    pub used: u32,
    pub allowed: u32,
    /// The first time from the planned one on at which there is room; `None` while there is.
    pub frees_at: Option<Timestamp>,
}

impl Quota {
    /// What this quota says about a post at `at`. `others` are the times at which the other posts of the scope were
    /// or will be sent, in any order.
    pub fn forecast(&self, at: Timestamp, others: &[Timestamp]) -> Forecast {
        let used = self.window.count(at, others);
        Forecast {
            used,
            allowed: self.posts,
            frees_at: (used >= self.posts).then(|| self.frees_at(at, others)),
        }
    }

    fn frees_at(&self, at: Timestamp, others: &[Timestamp]) -> Timestamp {
        let mut at = at;
        // Each turn leaves one post, or one day of posts, behind.
        for _ in 0..=others.len() {
            if self.window.count(at, others) < self.posts {
                break;
            }
            at = self.window.next_change(at, others);
        }
        at
    }
}

impl QuotaWindow {
    /// How many of `times` count together with a post at `at`.
    pub fn count(self, at: Timestamp, times: &[Timestamp]) -> u32 {
        let (from, to) = self.around(at);
        let counted = times.iter().filter(|time| from < **time && **time <= to).count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    }

    /// The earliest time that counts together with a post at `at`, for reading the record.
    pub fn begins(self, at: Timestamp) -> Timestamp {
        self.around(at).0
    }

    /// For people: `24 h`, `day in California`.
    pub fn words(self) -> String {
        match self {
            Self::Rolling(window) => format!("{} h", window.as_secs() / 3_600),
            Self::PacificDay => "day in California".to_owned(),
        }
    }

    /// After the first, up to and with the second.
    fn around(self, at: Timestamp) -> (Timestamp, Timestamp) {
        match self {
            Self::Rolling(window) => (at - window, at),
            Self::PacificDay => {
                let (midnight, next) = pacific_day(at);
                let instant = SignedDuration::from_micros(1);
                (midnight - instant, next - instant)
            }
        }
    }

    /// When the count of `at` can next be lower.
    fn next_change(self, at: Timestamp, times: &[Timestamp]) -> Timestamp {
        match self {
            Self::Rolling(window) => {
                let begins = at - window;
                let first = times.iter().filter(|time| begins < **time && **time <= at).min();
                first.map_or(at, |first| *first + window)
            }
            Self::PacificDay => pacific_day(at).1,
        }
    }
}

/// Midnight before (or at) and midnight after `at` in California; a day of UTC when the zone is not known here.
fn pacific_day(at: Timestamp) -> (Timestamp, Timestamp) {
    let zone = TimeZone::get("America/Los_Angeles").unwrap_or(TimeZone::UTC);
    let zoned = at.to_zoned(zone);
    let midnight = zoned.start_of_day();
    let next = midnight
        .as_ref()
        .ok()
        .and_then(|midnight| midnight.date().checked_add(1.day()).ok())
        .and_then(|date| date.to_zoned(zoned.time_zone().clone()).ok());
    match (midnight, next) {
        (Ok(midnight), Some(next)) => (midnight.timestamp(), next.timestamp()),
        _ => (
            at - SignedDuration::from_hours(24),
            at + SignedDuration::from_hours(24),
        ),
    }
}

/// Whose later posts have to wait after this refusal, and until when; `None` for a problem that is no limit.
pub fn limit_in(problem: &Problem) -> Option<(QuotaScope, Timestamp)> {
    let RetryClass::RateLimited { until } = problem.retry else {
        return None;
    };
    let scope = if problem.code == OF_CLIENT {
        QuotaScope::Client
    } else {
        QuotaScope::Account
    };
    Some((scope, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn quota(posts: u32, window: QuotaWindow) -> Quota {
        Quota {
            label: "posts",
            posts,
            scope: QuotaScope::Account,
            window,
            source: "test",
        }
    }

    const DAY: QuotaWindow = QuotaWindow::Rolling(Duration::from_secs(86_400));

    #[test]
    fn a_rolling_day_frees_up_when_its_first_post_is_a_day_old() {
        let others = [at("2026-11-21T08:00:00Z"), at("2026-11-21T09:00:00Z")];
        let forecast = quota(2, DAY).forecast(at("2026-11-21T20:00:00Z"), &others);
        assert_eq!((forecast.used, forecast.allowed), (2, 2));
        assert_eq!(forecast.frees_at, Some(at("2026-11-22T08:00:00Z")));
    }

    #[test]
    fn what_is_planned_for_the_time_at_which_it_frees_up_counts_there() {
        let others = [
            at("2026-11-21T08:00:00Z"),
            at("2026-11-21T09:00:00Z"),
            at("2026-11-22T07:00:00Z"),
        ];
        let forecast = quota(2, DAY).forecast(at("2026-11-21T20:00:00Z"), &others);
        assert_eq!(forecast.frees_at, Some(at("2026-11-22T09:00:00Z")));
    }

    #[test]
    fn with_room_left_there_is_nothing_to_wait_for() {
        let forecast = quota(2, DAY).forecast(at("2026-11-21T20:00:00Z"), &[at("2026-11-20T08:00:00Z")]);
        assert_eq!((forecast.used, forecast.frees_at), (0, None));
    }

    #[test]
    fn a_pacific_day_ends_at_midnight_there_also_when_the_clocks_change() {
        let window = QuotaWindow::PacificDay;
        let sent = [at("2026-11-20T08:00:00Z")];
        // Midnight in California is 08:00 UTC in winter, so this is the same day's last second.
        assert_eq!(window.count(at("2026-11-21T07:59:59Z"), &sent), 1);
        assert_eq!(window.count(at("2026-11-21T08:00:00Z"), &sent), 0);
        assert_eq!(window.count(at("2026-11-20T07:59:59Z"), &sent), 0);
        let full = quota(1, window).forecast(at("2026-11-20T20:00:00Z"), &sent);
        assert_eq!(full.frees_at, Some(at("2026-11-21T08:00:00Z")));
        // The day on which the clocks go back there has 25 hours.
        let autumn = quota(1, window).forecast(at("2026-11-01T20:00:00Z"), &[at("2026-11-01T07:00:00Z")]);
        assert_eq!(autumn.frees_at, Some(at("2026-11-02T08:00:00Z")));
    }

    #[test]
    fn a_refusal_of_the_whole_app_holds_back_every_account() {
        let until = at("2026-11-22T08:00:00Z");
        let refused = |code| Problem::new(code, RetryClass::RateLimited { until }, "x");
        assert_eq!(limit_in(&refused(OF_CLIENT)), Some((QuotaScope::Client, until)));
        let of_account = refused(ErrorCode::new("quota.account"));
        assert_eq!(limit_in(&of_account), Some((QuotaScope::Account, until)));
        assert_eq!(limit_in(&Problem::transient(OF_CLIENT, "x")), None);
    }
}
