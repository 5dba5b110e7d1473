//! How much all transfers together may send per second, by the hour of the week.

use std::time::Duration;

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// With less than this a platform takes a transfer for dead.
pub const LIMIT_BYTES_PER_S_MIN: u64 = 10_000;

const MINUTES_A_DAY: u16 = 24 * 60;

/// Walls move by whole minutes; no rule is looked for more finely.
const STEP: Duration = Duration::from_secs(60);

/// How far back from its due time an upload is planned at most.
const AHEAD_MAX: Duration = Duration::from_secs(14 * 86_400);

/// The usual limit, and the hours that differ. `None` is no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BandwidthPlan {
    pub usual_bytes_per_s: Option<u64>,
    /// The first that fits counts.
    pub hours: Vec<BandwidthHours>,
    /// IANA name of the zone whose clock `hours` mean. An unknown one counts as UTC.
    pub zone: String,
}

/// A stretch of some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandwidthHours {
    /// 1 is Monday, 7 is Sunday: the day on which the stretch begins.
    pub days: Vec<u8>,
    /// Minutes since midnight. An end at or before the start is on the next day.
    pub from_minute: u16,
    pub to_minute: u16,
    pub limit_bytes_per_s: Option<u64>,
}

impl BandwidthPlan {
    /// The error is a sentence for the user.
    pub fn check(&self) -> Result<(), String> {
        let limits = self.hours.iter().map(|hours| hours.limit_bytes_per_s);
        let too_low = |limit: Option<u64>| limit.is_some_and(|limit| limit < LIMIT_BYTES_PER_S_MIN);
        if limits.chain([self.usual_bytes_per_s]).any(too_low) {
            return Err(format!(
                "A limit must be at least {} kB/s: with less, platforms give up on an upload.",
                LIMIT_BYTES_PER_S_MIN / 1_000
            ));
        }
        for hours in &self.hours {
            if hours.days.is_empty() || hours.days.iter().any(|day| !(1..=7).contains(day)) {
                return Err("Hours of the timetable need at least one day of the week.".into());
            }
            if hours.from_minute >= MINUTES_A_DAY || hours.to_minute > MINUTES_A_DAY {
                return Err("Hours of the timetable lie between 00:00 and 24:00.".into());
            }
        }
        if !self.hours.is_empty() && TimeZone::get(&self.zone).is_err() {
            return Err(format!("There is no time zone called “{}”.", self.zone));
        }
        Ok(())
    }

    /// Bytes per second for everything together at `at`; `None` is no limit.
    pub fn limit_at(&self, at: Timestamp) -> Option<u64> {
        if self.hours.is_empty() {
            return self.usual_bytes_per_s;
        }
        self.limit_in(at, &TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC))
    }

    fn limit_in(&self, at: Timestamp, zone: &TimeZone) -> Option<u64> {
        let wall = zone.to_datetime(at);
        let minute = u16::from(wall.hour().unsigned_abs()) * 60 + u16::from(wall.minute().unsigned_abs());
        let day = wall.weekday();
        self.hours
            .iter()
            .find(|hours| hours.contain(day, minute))
            .map_or(self.usual_bytes_per_s, |hours| hours.limit_bytes_per_s)
    }

    /// How long before `due_at` `size_bytes` have to be begun on a line of `line_bytes_per_s`, and whether a limit,
    /// rather than the line, decides it. At most two weeks.
    pub fn ahead(&self, due_at: Timestamp, size_bytes: u64, line_bytes_per_s: u64) -> (Duration, bool) {
        let line = line_bytes_per_s.max(1);
        if self.hours.is_empty() {
            let rate = self
                .usual_bytes_per_s
                .map_or(line, |limit| limit.min(line))
                .max(1);
            return (
                Duration::from_secs(size_bytes.div_ceil(rate)).min(AHEAD_MAX),
                rate < line,
            );
        }
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let (mut ahead, mut left, mut is_limited) = (Duration::ZERO, size_bytes, false);
        while left > 0 && ahead < AHEAD_MAX {
            let limit = self.limit_in(due_at - ahead - STEP, &zone);
            let rate = limit.map_or(line, |limit| limit.min(line)).max(1);
            is_limited |= rate < line;
            let sent = rate * STEP.as_secs();
            if sent >= left {
                ahead += Duration::from_secs(left.div_ceil(rate));
                break;
            }
            left -= sent;
            ahead += STEP;
        }
        (ahead, is_limited)
    }
}

impl BandwidthHours {
    fn contain(&self, day: Weekday, minute: u16) -> bool {
        let begins_on = |day: Weekday| {
            let number = day.to_monday_one_offset().unsigned_abs();
            self.days.contains(&number)
        };
        if self.from_minute < self.to_minute {
            return begins_on(day) && (self.from_minute..self.to_minute).contains(&minute);
        }
        (begins_on(day) && minute >= self.from_minute)
            || (begins_on(day.previous()) && minute < self.to_minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    /// Unlimited, but on weekdays from nine to five 1 MB/s, and from Saturday 22:00 to Sunday 06:00 2 MB/s.
    fn office() -> BandwidthPlan {
        BandwidthPlan {
            usual_bytes_per_s: None,
            hours: vec![
                BandwidthHours {
                    days: vec![1, 2, 3, 4, 5],
                    from_minute: 9 * 60,
                    to_minute: 17 * 60,
                    limit_bytes_per_s: Some(MB),
                },
                BandwidthHours {
                    days: vec![6],
                    from_minute: 22 * 60,
                    to_minute: 6 * 60,
                    limit_bytes_per_s: Some(2 * MB),
                },
            ],
            zone: "Europe/Berlin".into(),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_hours_are_those_of_the_users_clock() {
        let plan = office();
        // Friday 2026-11-20, 09:00 in Berlin.
        assert_eq!(plan.limit_at(at("2026-11-20T07:59:59Z")), None);
        assert_eq!(plan.limit_at(at("2026-11-20T08:00:00Z")), Some(MB));
        assert_eq!(plan.limit_at(at("2026-11-20T15:59:59Z")), Some(MB));
        assert_eq!(plan.limit_at(at("2026-11-20T16:00:00Z")), None);
        // In summer the same wall time is another hour of the day.
        assert_eq!(plan.limit_at(at("2026-07-03T07:00:00Z")), Some(MB));
        assert_eq!(plan.limit_at(at("2026-11-21T12:00:00Z")), None, "a Saturday");
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let plan = office();
        assert_eq!(plan.limit_at(at("2026-11-21T21:00:00Z")), Some(2 * MB));
        assert_eq!(plan.limit_at(at("2026-11-22T04:59:00Z")), Some(2 * MB));
        assert_eq!(plan.limit_at(at("2026-11-22T05:00:00Z")), None);
        assert_eq!(
            plan.limit_at(at("2026-11-22T21:30:00Z")),
            None,
            "Sunday night is another one"
        );
    }

    #[test]
    fn an_upload_is_begun_as_early_as_the_limits_on_its_way_ask() {
        let plan = office();
        let ten_o_clock = at("2026-11-20T09:00:00Z");
        // 3,600 s at 1 MB/s back to nine, the other 400 MB in 40 s before.
        assert_eq!(
            plan.ahead(ten_o_clock, 4_000 * MB, 10 * MB),
            (Duration::from_secs(3_640), true)
        );
        assert_eq!(
            plan.ahead(at("2026-11-20T07:00:00Z"), 4_000 * MB, 10 * MB),
            (Duration::from_secs(400), false)
        );
        let usual = BandwidthPlan {
            usual_bytes_per_s: Some(MB),
            ..Default::default()
        };
        assert_eq!(
            usual.ahead(ten_o_clock, 4_000 * MB, 10 * MB),
            (Duration::from_secs(4_000), true)
        );
    }

    #[test]
    fn timetables_that_mean_nothing_are_refused() {
        assert_eq!(office().check(), Ok(()));
        let mut slow = office();
        slow.hours[0].limit_bytes_per_s = Some(9_999);
        let mut no_day = office();
        no_day.hours[0].days.clear();
        let mut no_hour = office();
        no_hour.hours[0].from_minute = MINUTES_A_DAY;
        let mut nowhere = office();
        nowhere.zone = "Mars/Olympus".into();
        for broken in [slow, no_day, no_hour, nowhere] {
            assert!(broken.check().is_err(), "{broken:?}");
        }
    }
}
