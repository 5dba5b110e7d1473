//! Wall times around clock changes.

use daypart_domain::schedule::LocalSchedule;
use jiff::{Timestamp, civil};
use proptest::prelude::*;

fn resolve(wall: &str, zone: &str) -> LocalSchedule {
    LocalSchedule::resolve(wall.parse().unwrap(), zone).unwrap()
}

#[test]
fn the_wall_time_and_the_zone_decide_the_instant() {
    let cases = [
        // An ordinary summer and winter day.
        ("2026-07-01T18:00", "Europe/Berlin", "2026-07-01T16:00:00Z"),
        ("2026-12-01T18:00", "Europe/Berlin", "2026-12-01T17:00:00Z"),
        // Skipped by the clock change: moves forward by the gap, to 03:30.
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00Z"),
        ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00Z"),
        // Occurs twice: the first.
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"),
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z"),
        // Beside the change, nothing moves.
        ("2026-03-29T01:59", "Europe/Berlin", "2026-03-29T00:59:00Z"),
        ("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00Z"),
        ("2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00:00Z"),
        // Half hours, a half-hour change, and the far side of the date line.
        ("2026-06-01T09:00", "Asia/Kolkata", "2026-06-01T03:30:00Z"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z"),
        ("2026-06-01T09:00", "Pacific/Kiritimati", "2026-05-31T19:00:00Z"),
    ];
    for (wall, zone, instant) in cases {
        let schedule = resolve(wall, zone);
        let expected: Timestamp = instant.parse().unwrap();
        assert_eq!(schedule.instant, expected, "{wall} in {zone}");
        let typed: civil::DateTime = wall.parse().unwrap();
        assert_eq!((schedule.wall, schedule.zone.as_str()), (typed, zone), "as typed");
    }
}

#[test]
fn nine_in_the_morning_stays_nine_in_the_morning_across_the_change() {
    let before = resolve("2026-10-24T09:00", "Europe/Berlin").instant;
    let after = resolve("2026-10-25T09:00", "Europe/Berlin").instant;
    assert_eq!(after.as_second() - before.as_second(), 25 * 3600);
}

#[test]
fn an_unknown_zone_is_told_by_name() {
    let problem = LocalSchedule::resolve(civil::date(2026, 1, 1).at(9, 0, 0, 0), "Mars/Olympus").unwrap_err();
    assert_eq!(problem.code.as_str(), "schedule.zone");
    assert!(problem.message.contains("Mars/Olympus"));
    let problem = LocalSchedule::at(Timestamp::UNIX_EPOCH, "Mars/Olympus").unwrap_err();
    assert_eq!(problem.code.as_str(), "schedule.zone");
}

#[test]
fn a_time_beyond_the_calendar_is_told() {
    let problem = LocalSchedule::resolve(civil::DateTime::MAX, "America/New_York").unwrap_err();
    assert_eq!(problem.code.as_str(), "schedule.time");
}

fn zones() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Africa/Casablanca",
        "Pacific/Chatham",
    ])
}

/// Whole seconds from 2020 to 2037.
fn instants() -> impl Strategy<Value = Timestamp> {
    (1_577_836_800_i64..2_114_380_800).prop_map(|second| Timestamp::from_second(second).unwrap())
}

proptest! {
    #[test]
    fn an_instant_shown_on_the_wall_and_typed_again_is_itself_or_its_earlier_twin(instant in instants(), zone in zones()) {
        let shown = LocalSchedule::at(instant, zone).unwrap();
        let again = LocalSchedule::resolve(shown.wall, zone).unwrap();
        prop_assert!(again.instant <= instant);
        // Clock changes of more than an hour and a half do not happen in these zones.
        prop_assert!(instant.as_second() - again.instant.as_second() <= 5400);
        prop_assert_eq!(LocalSchedule::at(again.instant, zone).unwrap().wall, shown.wall);
    }

    #[test]
    fn a_typed_time_is_shown_as_typed_or_later_by_a_gap(instant in instants(), offset in -7200_i64..7200, zone in zones()) {
        let near = LocalSchedule::at(instant, zone).unwrap().wall;
        let typed = near.checked_add(jiff::SignedDuration::from_secs(offset)).unwrap();
        let resolved = LocalSchedule::resolve(typed, zone).unwrap();
        let shown = LocalSchedule::at(resolved.instant, zone).unwrap().wall;
        prop_assert!(shown >= typed);
        prop_assert!(shown.duration_since(typed) <= jiff::SignedDuration::from_secs(5400));
    }

    #[test]
    fn a_schedule_survives_storage(instant in instants(), zone in zones()) {
        let schedule = LocalSchedule::at(instant, zone).unwrap();
        let text = serde_json::to_string(&schedule).unwrap();
        prop_assert_eq!(serde_json::from_str::<LocalSchedule>(&text).unwrap(), schedule);
    }
}
