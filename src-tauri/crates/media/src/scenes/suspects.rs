//! Which groups of frames are worth decoding whole.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::index::{Sample, SampleTable};

use super::sketch::Sketch;

/// Neighbouring keyframes that differ by more have a cut, a fade or much movement between them.
const HISTOGRAM_DISTANCE_MIN: f32 = 0.3;
const DARK_SHARE_MIN: f32 = 0.98;
/// A frame that repeats the one before takes next to nothing: fewer than one byte for so many pixels.
const PIXELS_PER_BYTE: u64 = 4000;
const STILL_MIN_US: u64 = 300_000;

/// When every frame or nearly every one is a keyframe, or hardly any is, comparing them first saves nothing.
pub(super) fn keys_tell_nothing(keys: &[usize], frames: usize) -> bool {
    keys.len() < 2 || keys.len() * 3 >= frames
}

/// Runs from a keyframe to a keyframe and what is shown before that (or to the end), apart from each other. `keys` are the places of all whole
/// keyframes; one that could not be decoded (and is not in `sketches`) is suspect.
pub(super) fn runs(
    table: &SampleTable,
    keys: &[usize],
    sketches: &BTreeMap<usize, Sketch>,
    pixels: u64,
) -> Vec<RangeInclusive<usize>> {
    let last = table.samples.len().saturating_sub(1);
    let ends = keys.iter().copied().skip(1).chain([last]);
    let still = still_places(table, pixels);
    let mut found: Vec<RangeInclusive<usize>> = Vec::new();
    for (start, end) in keys.iter().copied().zip(ends) {
        let looks = match (sketches.get(&start), sketches.get(&end)) {
            (Some(one), Some(next)) => {
                one.histogram_distance(next) >= HISTOGRAM_DISTANCE_MIN || is_dark(one) || is_dark(next)
            }
            // What comes after the last keyframe is compared with nothing.
            _ => true,
        };
        let first_still = still.partition_point(|place| *place < start);
        let is_still = still.get(first_still).is_some_and(|place| *place <= end);
        if !looks && !is_still {
            continue;
        }
        let end = with_frames_before(table, end);
        match found.last_mut() {
            Some(run) if *run.end() >= start => *run = *run.start()..=end,
            _ => found.push(start..=end),
        }
    }
    found
}

/// The last of the frames that are decoded after a keyframe and shown before it, which belong to what came before.
fn with_frames_before(table: &SampleTable, key: usize) -> usize {
    let Some((first, after)) = table.samples.get(key..).and_then(<[Sample]>::split_first) else {
        return key;
    };
    let leading = after
        .iter()
        .take_while(|sample| !sample.is_key && sample.shown_ticks < first.shown_ticks)
        .count();
    key + leading
}

fn is_dark(sketch: &Sketch) -> bool {
    sketch.dark_share() >= DARK_SHARE_MIN
}

/// The places, ascending, of frames in long enough stretches of frames with next to no bytes.
fn still_places(table: &SampleTable, pixels: u64) -> Vec<usize> {
    let small_bytes = (pixels / PIXELS_PER_BYTE).max(64);
    let mut places = Vec::new();
    let mut stretch: Vec<(u64, usize)> = Vec::new();
    let mut close = |stretch: &mut Vec<(u64, usize)>| {
        if let (Some((first_us, _)), Some((last_us, _))) = (stretch.first(), stretch.last())
            && last_us - first_us >= STILL_MIN_US
        {
            places.extend(stretch.iter().map(|(_, place)| *place));
        }
        stretch.clear();
    };
    for (place, sample) in table.in_shown_order() {
        // A keyframe is never small; it does not end a stretch.
        if sample.is_key {
            continue;
        }
        if u64::from(sample.size_bytes) > small_bytes {
            close(&mut stretch);
        } else {
            stretch.push((table.at_us(sample), place));
        }
    }
    close(&mut stretch);
    places.sort_unstable();
    places
}
