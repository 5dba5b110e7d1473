//! A wall time without a calendar library.

use std::time::{SystemTime, UNIX_EPOCH};

/// `2026-11-21T08:24:15`, in UTC.
pub fn civil(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}",
        second % 60
    )
}

/// Days since 1970-01-01 as a date; counts in years that begin in March, so that a leap day is the last day of one.
fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn known_instants_are_written_as_the_calendar_says() {
        let check = |seconds, text: &str| assert_eq!(civil(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        check(0, "1970-01-01T00:00:00");
        check(951_827_696, "2000-02-29T12:34:56");
        check(1_795_249_463, "2026-11-21T08:24:23");
        check(4_107_542_399, "2100-02-28T23:59:59");
        check(4_107_542_400, "2100-03-01T00:00:00");
    }
}
