//! One `trak`: what its tables say about time and place in the file.

use daypart_domain::media_info::FrameRate;

use super::index::{child, children, u32_at, u64_at};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct TrackTable {
    pub track_id: u32,
    pub protected: bool,
    pub has_edit_list: bool,
    /// Shown length: the sample times, less what an edit list hides. `None` without a table (fragmented files).
    pub duration_ms: Option<u64>,
    /// `None` without a table.
    pub pace: Option<Pace>,
    /// Where the last chunk starts.
    pub last_chunk_offset: Option<u64>,
    /// Media before the edit list's start, which players do not show.
    pub hidden_lead_in_ms: u64,
    /// Empty time before the track begins.
    pub late_start_ms: u64,
}

/// How frames follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pace {
    Constant(FrameRate),
    Variable,
}

pub(super) fn read(track: &[u8], movie_timescale: u32) -> TrackTable {
    let media = child(track, b"mdia").unwrap_or_default();
    let sample_table = child(media, b"minf")
        .and_then(|information| child(information, b"stbl"))
        .unwrap_or_default();
    // `tkhd` and `mdhd`: version and flags, two times of 32 or 64 bits, then the id or the timescale.
    let after_times = |header: &[u8]| u32_at(header, if header.first() == Some(&1) { 20 } else { 12 });
    let timescale = child(media, b"mdhd").and_then(after_times).unwrap_or(0).max(1);
    let times = child(sample_table, b"stts")
        .map(time_runs)
        .filter(|runs| !runs.is_empty());
    let edits = child(track, b"edts")
        .and_then(|edits| child(edits, b"elst"))
        .map(edit_list)
        .unwrap_or_default();
    let hidden_lead_in_ms = edits
        .iter()
        .find_map(|edit| edit.media_time)
        .map_or(0, |time| to_ms(time, timescale));
    let late_start_ms = edits
        .iter()
        .take_while(|edit| edit.media_time.is_none())
        .map(|edit| to_ms(edit.length, movie_timescale))
        .sum();
    let edited_ms: u64 = edits
        .iter()
        .filter(|edit| edit.media_time.is_some())
        .map(|edit| to_ms(edit.length, movie_timescale))
        .fold(0, u64::saturating_add);
    let duration_ms = times.as_deref().map(|runs| {
        let total = runs.iter().fold(0_u64, |sum, run| {
            sum.saturating_add(u64::from(run.count) * u64::from(run.delta))
        });
        let stored_ms = to_ms(total, timescale);
        let shown_ms = stored_ms.saturating_sub(hidden_lead_in_ms);
        if edited_ms > 0 {
            edited_ms.min(stored_ms)
        } else {
            shown_ms
        }
    });
    TrackTable {
        track_id: child(track, b"tkhd").and_then(after_times).unwrap_or(0),
        protected: child(sample_table, b"stsd").is_some_and(is_protected),
        has_edit_list: !edits.is_empty(),
        duration_ms,
        pace: times.as_deref().and_then(|runs| pace(runs, timescale)),
        last_chunk_offset: last_chunk_offset(sample_table),
        hidden_lead_in_ms,
        late_start_ms,
    }
}

fn to_ms(ticks: u64, timescale: u32) -> u64 {
    u64::try_from(u128::from(ticks) * 1000 / u128::from(timescale.max(1))).unwrap_or(u64::MAX)
}

/// So many frames of the same length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeRun {
    pub count: u32,
    pub delta: u32,
}

/// The runs really present; the count in the header is not believed.
fn time_runs(table: &[u8]) -> Vec<TimeRun> {
    table
        .get(8..)
        .unwrap_or_default()
        .chunks_exact(8)
        .take(
            u32_at(table, 4)
                .and_then(|count| usize::try_from(count).ok())
                .unwrap_or(0),
        )
        .filter_map(|run| {
            Some(TimeRun {
                count: u32_at(run, 0)?,
                delta: u32_at(run, 4)?,
            })
        })
        .collect()
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
    let frames: u64 = counted.iter().map(|run| u64::from(run.count)).sum();
    let mut seen = 0;
    let median = counted.iter().find_map(|run| {
        seen += u64::from(run.count);
        (seen * 2 >= frames && run.delta > 0).then_some(run.delta)
    })?;
    let tolerance = (median / 20).max(1);
    let (mut whole, mut deviating) = (0_u64, 0_u64);
    for run in &counted {
        let length = u64::from(run.count) * u64::from(run.delta);
        whole = whole.saturating_add(length);
        if run.delta.abs_diff(median) > tolerance {
            deviating = deviating.saturating_add(length);
        }
    }
    if deviating > whole / 20 {
        return Some(Pace::Variable);
    }
    Some(Pace::Constant(FrameRate {
        numerator: timescale,
        denominator: median,
    }))
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
    let body = table.get(8..).unwrap_or_default();
    let count = u32_at(table, 4)
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(0);
    body.chunks_exact(if long { 20 } else { 12 })
        .take(count)
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

/// Encrypted sample entries: Common Encryption and the older iTunes ones.
pub(crate) fn is_protected(descriptions: &[u8]) -> bool {
    children(descriptions.get(8..).unwrap_or_default())
        .any(|(name, _)| matches!(&name, b"encv" | b"enca" | b"enct" | b"drms" | b"drmi"))
}

fn last_chunk_offset(sample_table: &[u8]) -> Option<u64> {
    let short = child(sample_table, b"stco").map(|table| {
        let offsets = table.get(8..).unwrap_or_default().chunks_exact(4);
        offsets
            .filter_map(|offset| u32_at(offset, 0))
            .map(u64::from)
            .max()
    });
    let long = child(sample_table, b"co64").map(|table| {
        let offsets = table.get(8..).unwrap_or_default().chunks_exact(8);
        offsets.filter_map(|offset| u64_at(offset, 0)).max()
    });
    short.or(long).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(count: u32, delta: u32) -> TimeRun {
        TimeRun { count, delta }
    }

    #[test]
    fn rounding_to_milliseconds_is_still_a_constant_rate() {
        let runs: Vec<TimeRun> = (0..100).flat_map(|_| [run(2, 33), run(1, 34)]).collect();
        assert!(matches!(pace(&runs, 1000), Some(Pace::Constant(_))));
    }

    #[test]
    fn an_odd_last_frame_does_not_make_a_rate_variable() {
        let rate = FrameRate {
            numerator: 15360,
            denominator: 512,
        };
        assert_eq!(
            pace(&[run(249, 512), run(1, 1)], 15360),
            Some(Pace::Constant(rate))
        );
    }

    #[test]
    fn a_long_gap_in_a_short_clip_is_variable() {
        assert_eq!(
            pace(&[run(1, 16_610), run(40, 2_999)], 90_000),
            Some(Pace::Variable)
        );
    }

    #[test]
    fn one_dropped_frame_in_a_long_clip_is_not() {
        let runs = [run(500, 512), run(1, 1024), run(500, 512)];
        assert!(matches!(pace(&runs, 15_360), Some(Pace::Constant(_))));
    }

    #[test]
    fn a_phone_that_stretches_frames_in_the_dark_is_variable() {
        let runs = [run(20, 3000), run(5, 6000), run(10, 3000), run(3, 4500)];
        assert_eq!(pace(&runs, 90_000), Some(Pace::Variable));
    }

    #[test]
    fn a_count_beyond_the_table_is_not_believed() {
        let mut table = vec![0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xF0];
        table.extend([0, 0, 0, 2, 0, 0, 0, 10]);
        assert_eq!(time_runs(&table).len(), 1);
    }
}
