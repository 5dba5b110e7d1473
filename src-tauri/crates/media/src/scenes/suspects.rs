//! Which groups of frames are worth decoding whole.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::index::{Sample, SampleTable};

use super::sketch::Sketch;

/// Neighbouring keyframes that differ by more have a cut, a fade or much movement between them.
const HISTOGRAM_DISTANCE_MIN: f32 = 0.3;
/// And by so much, with a keyframe where none had to be: a cut that the encoder has found.
const OWN_CUT_DISTANCE_MIN: f32 = 0.6;
const LARGE_TENTHS: u64 = 5;
const DARK_SHARE_MIN: f32 = 0.98;
/// A frame that repeats the one before takes next to nothing: fewer than one byte for so many pixels.
const PIXELS_PER_BYTE: u64 = 4000;
const STILL_MIN_US: u64 = 300_000;

/// When every frame or nearly every one is a keyframe, or hardly any is, comparing them first saves nothing; nor
/// when many of them (`alone`) need a process each, which costs as much as decoding some frames.
pub(super) fn keys_tell_nothing(keys: usize, alone: usize, frames: usize) -> bool {
    keys < 2 || keys * 3 + alone * 20 >= frames
}

/// What the keyframes say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Suspects {
    /// To be decoded whole: from a keyframe to a keyframe and what is shown before that (or to the end), ascending
    /// and apart from each other.
    pub runs: Vec<RangeInclusive<usize>>,
    /// Groups of frames, each from a keyframe to the next, that may hold a cut and nothing else: to be glanced at.
    pub groups: Vec<RangeInclusive<usize>>,
    /// Places of keyframes that begin a scene without looking further, and how they differ from the one before.
    pub cuts: Vec<(usize, f32)>,
}

/// `keys` are the places of all whole keyframes; one that could not be decoded (and is not in `sketches`) is
/// suspect. `pixels`: of a frame.
pub(super) fn find(
    table: &SampleTable,
    keys: &[usize],
    sketches: &BTreeMap<usize, Sketch>,
    pixels: u64,
) -> Suspects {
    let last = table.samples.len().saturating_sub(1);
    let ends = || keys.iter().copied().skip(1).chain([last]);
    let longest = keys
        .iter()
        .zip(ends())
        .map(|(start, end)| end - start)
        .max()
        .unwrap_or(0);
    let still = still_places(table, pixels);
    let mut found = Suspects::default();
    for (start, end) in keys.iter().copied().zip(ends()) {
        let group = Group { table, start, end };
        let first_still = still.partition_point(|place| *place < start);
        let is_still = still.get(first_still).is_some_and(|place| *place <= end);
        match (sketches.get(&start), sketches.get(&end)) {
            (Some(one), Some(next)) if !is_still && !is_dark(one) && !is_dark(next) => {
                let distance = one.histogram_distance(next);
                if distance < HISTOGRAM_DISTANCE_MIN {
                    continue;
                }
                if distance >= OWN_CUT_DISTANCE_MIN && group.ends_early(longest) && !group.has_large_frame() {
                    found.cuts.push((end, one.difference(next)));
                    continue;
                }
                found.groups.push(start..=with_frames_before(table, end));
                continue;
            }
            // What comes after the last keyframe is compared with nothing; a cut would have cost bytes.
            (Some(one), None) if !is_still && !is_dark(one) && end == last && !group.has_large_frame() => {
                continue;
            }
            _ => {}
        }
        found.runs.push(start..=with_frames_before(table, end));
    }
    found.runs = joined(found.runs);
    found
}

/// Runs that touch as one. `runs` may come in any order.
pub(super) fn joined(mut runs: Vec<RangeInclusive<usize>>) -> Vec<RangeInclusive<usize>> {
    runs.sort_by_key(|run| *run.start());
    let mut joined: Vec<RangeInclusive<usize>> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(last) if *last.end() >= *run.start() => *last = *last.start()..=*run.end().max(last.end()),
            _ => joined.push(run),
        }
    }
    joined
}

/// The frames from a keyframe to the next one or the end.
struct Group<'a> {
    table: &'a SampleTable,
    start: usize,
    end: usize,
}

impl Group<'_> {
    /// The next keyframe came before it had to: the encoder found a cut there.
    fn ends_early(&self, longest: usize) -> bool {
        (self.end - self.start) * 4 < longest * 3
    }

    /// A frame between that is nearly as large as a keyframe was made from nothing, too: a scene begins there, or
    /// everything moves.
    fn has_large_frame(&self) -> bool {
        let Some(samples) = self.table.samples.get(self.start..=self.end) else {
            return true;
        };
        let keys = samples.iter().filter(|sample| sample.is_key);
        let key_bytes = keys.map(|key| u64::from(key.size_bytes)).min().unwrap_or(0);
        samples
            .iter()
            .filter(|sample| !sample.is_key)
            .any(|sample| u64::from(sample.size_bytes) * 10 >= key_bytes * LARGE_TENTHS)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten frames a second; keyframes of 1000 bytes at these places, 100 bytes for all others.
    fn table(keys: &[usize], frames: usize) -> SampleTable {
        let samples = (0..frames)
            .map(|place| Sample {
                offset: 0,
                size_bytes: if keys.contains(&place) { 1000 } else { 100 },
                is_key: keys.contains(&place),
                is_hidden: false,
                description: 1,
                decode_ticks: place as i64,
                shown_ticks: place as i64,
            })
            .collect();
        SampleTable {
            timescale: 10,
            samples,
            shown: (0..frames as u32).collect(),
            end_ticks: frames as i64,
            start_us: 0,
        }
    }

    /// Plain pictures of this brightness.
    fn sketches(keys: &[usize], lumas: &[u8]) -> BTreeMap<usize, Sketch> {
        let plain = |luma: &u8| Sketch::new(vec![*luma; 64 * 36 * 3 / 2]);
        keys.iter().copied().zip(lumas.iter().map(plain)).collect()
    }

    #[test]
    fn only_groups_between_different_keyframes_are_decoded() {
        let keys = [0, 20, 40, 60];
        let found = find(
            &table(&keys, 80),
            &keys,
            &sketches(&keys, &[90, 90, 200, 200]),
            10_000,
        );
        assert_eq!(found.groups, [20..=40]);
        assert_eq!((found.runs, found.cuts), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_keyframe_before_its_time_is_a_cut_unless_something_large_stands_before_it() {
        let keys = [0, 20, 33, 53];
        let pictures = sketches(&keys, &[90, 90, 200, 200]);
        let mut table = table(&keys, 70);
        assert_eq!(find(&table, &keys, &pictures, 10_000).cuts, [(33, 275.0)]);
        table.samples[25].size_bytes = 700;
        assert_eq!(find(&table, &keys, &pictures, 10_000).groups, [20..=33]);
    }

    #[test]
    fn dark_keyframes_and_still_stretches_are_looked_at() {
        let keys = [0, 20, 40, 60];
        let dark = find(
            &table(&keys, 80),
            &keys,
            &sketches(&keys, &[90, 90, 20, 90]),
            10_000,
        );
        assert_eq!(dark.runs, [20..=60]);
        let mut table = table(&keys, 80);
        for sample in &mut table.samples[45..50] {
            sample.size_bytes = 30;
        }
        let still = find(&table, &keys, &sketches(&keys, &[90; 4]), 10_000);
        assert_eq!(still.runs, [40..=60]);
    }

    #[test]
    fn a_keyframe_that_did_not_come_out_is_no_reason_to_look_away() {
        let keys = [0, 20, 40, 60];
        let mut pictures = sketches(&keys, &[90; 4]);
        pictures.remove(&20);
        assert_eq!(find(&table(&keys, 80), &keys, &pictures, 10_000).runs, [0..=40]);
    }
}
