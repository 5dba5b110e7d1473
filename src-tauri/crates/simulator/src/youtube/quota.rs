//! Quota buckets of a project, by Pacific day.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::call::Refusal;
use crate::world::World;
use crate::youtube::errors::{daily_uploads_used, quota_exceeded};

/// Takes `units` from the project's general bucket. A refused call takes nothing.
pub(crate) fn charge(world: &mut World, client: &str, units: i64) -> Result<(), Refusal> {
    let limit = world.youtube.settings().units_per_day;
    if take(world, client, "units", units, limit) {
        Ok(())
    } else {
        Err(quota_exceeded())
    }
}

/// Takes one call from the project's upload bucket.
pub(crate) fn charge_upload(world: &mut World, client: &str) -> Result<(), Refusal> {
    let limit = world.youtube.settings().uploads_per_day;
    if take(world, client, "uploads", 1, limit) {
        Ok(())
    } else {
        Err(daily_uploads_used())
    }
}

fn take(world: &mut World, client: &str, bucket: &str, amount: i64, limit: i64) -> bool {
    let key = format!("{client}/{}/{bucket}", pacific_day(world.now_ms));
    let used = world.youtube.quota.get(&key).copied().unwrap_or(0);
    if used + amount > limit {
        return false;
    }
    world.youtube.quota.put(key, used + amount);
    true
}

/// The date in Los Angeles, daylight saving applied.
fn pacific_day(now_ms: i64) -> String {
    // Spelled out so that no time zone database is needed.
    let zone = TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(zone).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::pacific_day;

    #[test]
    fn the_day_turns_at_pacific_midnight_in_summer_and_winter() {
        let day = |text: &str| pacific_day(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        assert_eq!(day("2026-11-21T07:59:59Z"), "2026-11-20");
        assert_eq!(day("2026-11-21T08:00:00Z"), "2026-11-21");
        assert_eq!(day("2026-07-01T06:59:59Z"), "2026-06-30");
        assert_eq!(day("2026-07-01T07:00:00Z"), "2026-07-01");
    }
}
