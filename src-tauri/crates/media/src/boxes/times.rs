//! How frames follow each other, and what an edit list shows of them.

use daypart_domain::media_info::FrameRate;

use super::index::{u32_at, u64_at};

/// How frames follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pace {
    Constant(FrameRate),
    /// With the average.
    Variable(FrameRate),
}

impl Pace {
    pub(crate) fn rate(self) -> FrameRate {
        match self {
            Pace::Constant(rate) | Pace::Variable(rate) => rate,
        }
    }

    pub(crate) fn is_variable(self) -> bool {
        matches!(self, Pace::Variable(_))
    }
}

/// So many frames of the same length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeRun {
    pub count: u32,
    pub delta: u32,
}

/// The runs really present in `stts`; the count in the header is not believed.
pub(super) fn time_runs(table: &[u8]) -> Vec<TimeRun> {
    table
        .get(8..)
        .unwrap_or_default()
        .chunks_exact(8)
        .take(counted(table))
        .filter_map(|run| {
            Some(TimeRun {
                count: u32_at(run, 0)?,
                delta: u32_at(run, 4)?,
            })
        })
        .collect()
}

/// What a table's header says that it holds.
fn counted(table: &[u8]) -> usize {
    u32_at(table, 4)
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(0)
}

pub(super) fn frames_in(runs: &[TimeRun]) -> u64 {
    runs.iter().map(|run| u64::from(run.count)).sum()
}

/// In ticks.
pub(super) fn length_of(runs: &[TimeRun]) -> u64 {
    runs.iter().fold(0, |sum, run| {
        sum.saturating_add(u64::from(run.count) * u64::from(run.delta))
    })
}

/// When the frame with this number begins, in ticks; the whole length for a number beyond the last.
pub(super) fn start_of(runs: &[TimeRun], frame: u64) -> u64 {
    let (mut before, mut ticks) = (0_u64, 0_u64);
    for run in runs {
        let count = u64::from(run.count).min(frame - before);
        ticks = ticks.saturating_add(count * u64::from(run.delta));
        before += count;
        if before == frame {
            break;
        }
    }
    ticks
}

/// Constant when frames that last clearly longer or shorter than the middle one (by more than one tick and a
/// twentieth: recorders round to their clock) take up less than a twentieth of the whole. The last frame often
/// carries a remainder and does not count.
pub(crate) fn pace(runs: &[TimeRun], timescale: u32) -> Option<Pace> {
    let mut counted: Vec<TimeRun> = runs.to_vec();
    if let Some(last) = counted.last_mut().filter(|_| runs.len() > 1) {
        last.count = last.count.saturating_sub(1);
    }
    counted.sort_by_key(|run| run.delta);
    let frames = frames_in(&counted);
    let mut seen = 0;
    let median = counted.iter().find_map(|run| {
        seen += u64::from(run.count);
        (seen * 2 >= frames && run.delta > 0).then_some(run.delta)
    })?;
    let tolerance = (median / 20).max(1);
    let (mut whole, mut deviating, mut alike, mut alike_frames) = (0_u64, 0_u64, 0_u64, 0_u64);
    for run in &counted {
        let length = u64::from(run.count) * u64::from(run.delta);
        whole = whole.saturating_add(length);
        if run.delta.abs_diff(median) > tolerance {
            deviating = deviating.saturating_add(length);
        } else {
            alike = alike.saturating_add(length);
            alike_frames += u64::from(run.count);
        }
    }
    if deviating > whole / 20 {
        return rate_of(frames_in(runs), length_of(runs), timescale).map(Pace::Variable);
    }
    rate_of(alike_frames, alike, timescale).map(|rate| Pace::Constant(usual(rate)))
}

/// `frames` in `ticks`, in lowest terms.
fn rate_of(frames: u64, ticks: u64, timescale: u32) -> Option<FrameRate> {
    let (mut numerator, mut denominator) = (u128::from(frames) * u128::from(timescale), u128::from(ticks));
    if numerator == 0 || denominator == 0 {
        return None;
    }
    let divisor = greatest_common_divisor(numerator, denominator);
    (numerator, denominator) = (numerator / divisor, denominator / divisor);
    while numerator > u128::from(u32::MAX) || denominator > u128::from(u32::MAX) {
        (numerator, denominator) = (numerator / 2, denominator / 2);
    }
    Some(FrameRate {
        numerator: u32::try_from(numerator).ok()?,
        denominator: u32::try_from(denominator).ok().filter(|value| *value > 0)?,
    })
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

/// Rates that cameras and editors mean. Between 30 and 30000/1001 lies one thousandth.
const USUAL_RATES: [(u32, u32); 14] = [
    (12, 1),
    (15, 1),
    (24_000, 1001),
    (24, 1),
    (25, 1),
    (30_000, 1001),
    (30, 1),
    (48, 1),
    (50, 1),
    (60_000, 1001),
    (60, 1),
    (120_000, 1001),
    (120, 1),
    (240, 1),
];

/// The usual rate within three tenths of a thousandth (clocks that round), else the rate itself.
fn usual(rate: FrameRate) -> FrameRate {
    USUAL_RATES
        .into_iter()
        .map(|(numerator, denominator)| FrameRate {
            numerator,
            denominator,
        })
        .find(|known| (known.frames_per_second() / rate.frames_per_second() - 1.0).abs() < 0.000_3)
        .unwrap_or(rate)
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Edit {
    /// In the movie's timescale.
    pub length: u64,
    /// In the track's timescale; `None` is an empty edit.
    pub media_time: Option<u64>,
}

pub(crate) fn edit_list(table: &[u8]) -> Vec<Edit> {
    let long = table.first() == Some(&1);
    table
        .get(8..)
        .unwrap_or_default()
        .chunks_exact(if long { 20 } else { 12 })
        .take(counted(table))
        .filter_map(|entry| {
            let (length, media_time) = if long {
                (
                    u64_at(entry, 0)?,
                    i64::from_be_bytes(u64_at(entry, 8)?.to_be_bytes()),
                )
            } else {
                let time = i32::from_be_bytes(u32_at(entry, 4)?.to_be_bytes());
                (u64::from(u32_at(entry, 0)?), i64::from(time))
            };
            Some(Edit {
                length,
                media_time: u64::try_from(media_time).ok(),
            })
        })
        .collect()
}

pub(super) fn to_ms(ticks: u64, timescale: u32) -> u64 {
    u64::try_from(u128::from(ticks) * 1000 / u128::from(timescale.max(1))).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(count: u32, delta: u32) -> TimeRun {
        TimeRun { count, delta }
    }

    fn rate(numerator: u32, denominator: u32) -> FrameRate {
        FrameRate {
            numerator,
            denominator,
        }
    }

    #[test]
    fn rounding_to_milliseconds_is_still_a_constant_rate_and_the_one_that_was_meant() {
        let runs: Vec<TimeRun> = (0..100).flat_map(|_| [run(2, 33), run(1, 34)]).collect();
        assert_eq!(pace(&runs, 1000), Some(Pace::Constant(rate(30, 1))));
    }

    #[test]
    fn an_odd_last_frame_does_not_make_a_rate_variable() {
        assert_eq!(
            pace(&[run(249, 512), run(1, 1)], 15_360),
            Some(Pace::Constant(rate(30, 1)))
        );
    }

    #[test]
    fn television_rates_are_kept_apart_from_whole_ones() {
        assert_eq!(
            pace(&[run(500, 1001)], 30_000),
            Some(Pace::Constant(rate(30_000, 1001)))
        );
        assert_eq!(
            pace(&[run(500, 3003)], 90_000),
            Some(Pace::Constant(rate(30_000, 1001)))
        );
    }

    #[test]
    fn a_long_gap_in_a_short_clip_is_variable() {
        let runs = [run(1, 16_610), run(40, 2_999)];
        let found = pace(&runs, 90_000).unwrap();
        assert!(found.is_variable());
        assert_eq!(found.rate(), rate(369_000, 13_657));
    }

    #[test]
    fn one_dropped_frame_in_a_long_clip_is_not() {
        let runs = [run(500, 512), run(1, 1024), run(500, 512)];
        assert_eq!(pace(&runs, 15_360), Some(Pace::Constant(rate(30, 1))));
    }

    #[test]
    fn a_phone_that_stretches_frames_in_the_dark_is_variable() {
        let runs = [run(20, 3000), run(5, 6000), run(10, 3000), run(3, 4500)];
        assert!(pace(&runs, 90_000).unwrap().is_variable());
    }

    #[test]
    fn a_count_beyond_the_table_is_not_believed() {
        let mut table = vec![0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xF0];
        table.extend([0, 0, 0, 2, 0, 0, 0, 10]);
        assert_eq!(time_runs(&table).len(), 1);
    }

    #[test]
    fn a_frame_begins_where_those_before_it_end() {
        let runs = [run(10, 3), run(5, 7)];
        assert_eq!(
            [0, 4, 10, 12, 15, 99].map(|frame| start_of(&runs, frame)),
            [0, 12, 30, 44, 65, 65]
        );
    }
}
