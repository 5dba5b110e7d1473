//! Which frames make a strip, and in which order they are wanted.

use std::ops::Range;

use crate::index::Sample;

use super::{Precision, film::Film};

/// A frame of the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    /// In the order of decoding.
    pub place: usize,
    pub at_us: u64,
    pub is_key: bool,
}

/// Distinct frames in the order of showing, at most `tiles` (at least 1). Each of so many equal stretches of the
/// window is given the frame shown in its middle, or the keyframe nearest to it if that is less than a stretch
/// away and keyframes will do. Fewer frames than that are all taken.
pub(super) fn choose(film: &Film, window_us: Range<u64>, tiles: u32, precision: Precision) -> Vec<Choice> {
    let table = &film.table;
    let shown: Vec<Choice> = table
        .in_shown_order()
        .filter(|(_, sample)| film.is_whole(sample))
        .map(|(place, sample)| choice(film, place, sample))
        .collect();
    let covering = |at_us: u64| {
        shown
            .partition_point(|frame| frame.at_us <= at_us)
            .saturating_sub(1)
    };
    let inside = shown
        .get(covering(window_us.start)..shown.partition_point(|frame| frame.at_us < window_us.end))
        .unwrap_or_default();
    if inside.len() <= usize::try_from(tiles).unwrap_or(usize::MAX) {
        return inside.to_vec();
    }
    let keys: Vec<Choice> = shown.iter().filter(|frame| frame.is_key).copied().collect();
    let span_us = window_us.end.saturating_sub(window_us.start);
    let stretch_us = (span_us / u64::from(tiles)).max(1);
    let mut chosen: Vec<Choice> = middles(window_us.start, span_us, tiles)
        .filter_map(|at_us| {
            let key = nearest(&keys, at_us).filter(|key| key.at_us.abs_diff(at_us) <= stretch_us);
            match (precision, key) {
                (Precision::Keyframes, Some(key)) => Some(key),
                _ => shown.get(covering(at_us)).copied(),
            }
        })
        .collect();
    chosen.sort_by_key(|frame| frame.at_us);
    chosen.dedup();
    chosen
}

/// The middles of `tiles` equal stretches.
pub(super) fn middles(from_us: u64, span_us: u64, tiles: u32) -> impl Iterator<Item = u64> {
    (0..u128::from(tiles)).map(move |number| {
        let into = u128::from(span_us) * (2 * number + 1) / (2 * u128::from(tiles.max(1)));
        from_us.saturating_add(u64::try_from(into).unwrap_or(u64::MAX))
    })
}

fn choice(film: &Film, place: usize, sample: &Sample) -> Choice {
    Choice {
        place,
        at_us: film.table.at_us(sample),
        is_key: sample.is_key,
    }
}

fn nearest(keys: &[Choice], at_us: u64) -> Option<Choice> {
    let after = keys.partition_point(|key| key.at_us < at_us);
    let around = [after.checked_sub(1), Some(after)];
    around
        .into_iter()
        .filter_map(|place| keys.get(place?))
        .min_by_key(|key| key.at_us.abs_diff(at_us))
        .copied()
}

/// Spread over the whole first, then between: about eight, then twice as many, and so on.
pub(super) fn coarse_to_fine<T: Copy>(all: &[T]) -> Vec<T> {
    let widest = all.len().div_ceil(8).next_power_of_two();
    let mut ordered: Vec<T> = all.iter().step_by(widest).copied().collect();
    let mut step = widest;
    while step > 1 {
        ordered.extend(all.iter().skip(step / 2).step_by(step).copied());
        step /= 2;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_eight_are_spread_and_all_come_once() {
        let ordered = coarse_to_fine(&(0..60).collect::<Vec<_>>());
        assert_eq!(ordered[..8], [0, 8, 16, 24, 32, 40, 48, 56]);
        assert_eq!(ordered[8..16], [4, 12, 20, 28, 36, 44, 52, 2]);
        let mut sorted = ordered;
        sorted.sort_unstable();
        assert_eq!(sorted, (0..60).collect::<Vec<_>>());
    }

    #[test]
    fn few_or_none_keep_their_order() {
        assert_eq!(coarse_to_fine(&[1, 2, 3]), [1, 2, 3]);
        assert_eq!(coarse_to_fine::<u8>(&[]), [0_u8; 0]);
    }

    #[test]
    fn the_middles_of_stretches() {
        assert_eq!(middles(100, 60, 3).collect::<Vec<_>>(), [110, 130, 150]);
    }
}
