//! Times as people type them.

/// Reads `75`, `75.5`, `1:15.5` or `0:01:15.500` as microseconds. Seconds may have up to six decimals; minutes and
/// seconds after a colon stay below 60.
///
/// # Errors
/// A sentence for whoever typed it.
pub fn parse(text: &str) -> Result<u64, String> {
    parts_us(text).ok_or_else(|| "write it as SECONDS, MINUTES:SECONDS or H:MM:SS, e.g. 1:15.5".to_owned())
}

fn parts_us(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    if decimals.is_empty() || decimals.len() > 6 {
        return None;
    }
    let fraction_us = digits(decimals)? * 10_u64.pow(6 - u32::try_from(decimals.len()).ok()?);
    let parts: Vec<u64> = whole.split(':').map(digits).collect::<Option<_>>()?;
    let (first, others) = parts.split_first()?;
    if others.len() > 2 || others.iter().any(|part| *part >= 60) {
        return None;
    }
    let seconds = others
        .iter()
        .try_fold(*first, |sum, part| sum.checked_mul(60)?.checked_add(*part))?;
    seconds.checked_mul(1_000_000)?.checked_add(fraction_us)
}

fn digits(text: &str) -> Option<u64> {
    text.chars()
        .all(|c| c.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

/// `0:01.500000`: typed in again it is the same time.
pub fn exact(time_us: u64) -> String {
    let whole = clock(time_us / 1_000_000 * 1_000);
    format!("{whole}.{:06}", time_us % 1_000_000)
}

/// `0:01`, `12:05`, `1:02:03`, rounded to the second.
pub fn clock(time_ms: u64) -> String {
    let seconds = (time_ms + 500) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_time_is_read() {
        for (text, time_us) in [
            ("0", 0),
            ("75", 75_000_000),
            ("75.5", 75_500_000),
            ("0.033333", 33_333),
            ("1:15.5", 75_500_000),
            ("0:01:15.500", 75_500_000),
            ("90:00", 5_400_000_000),
        ] {
            assert_eq!(parse(text), Ok(time_us), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "-1",
            "+1",
            "1.",
            ".5",
            "1:60",
            "1:2:3:4",
            "soon",
            "1,5",
            "1.0000001",
            "99999999999999999999",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_exact_time_can_be_typed_in_again() {
        assert_eq!(exact(75_033_333), "1:15.033333");
        for time_us in [0, 75_033_333, 3_599_999_999, 7_200_000_001] {
            assert_eq!(parse(&exact(time_us)), Ok(time_us));
        }
    }

    #[test]
    fn a_time_is_shown_as_on_a_clock() {
        assert_eq!(
            [499, 61_500, 3_723_000].map(clock),
            ["0:00", "1:02", "1:02:03"].map(str::to_owned)
        );
    }
}
