//! Which of many: the best, far from each other, no two alike.

use super::look::Sketch;

/// What is worth less than this part of the best is not worth mentioning.
const SHARE_OF_BEST_MIN: f32 = 0.45;
/// Out of 255: people take these for the same picture.
const ALIKE_BELOW: f32 = 3.0;

#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    /// Names it in what is returned.
    pub place: usize,
    pub at_us: u64,
    pub score: f32,
    pub sketch: &'a Sketch,
}

/// At most `most` places, best first, each `apart_us` from all others and unlike them.
pub(super) fn spread(mut candidates: Vec<Candidate<'_>>, most: usize, apart_us: u64) -> Vec<usize> {
    // Of equals the earlier.
    candidates.sort_by(|one, other| {
        other
            .score
            .total_cmp(&one.score)
            .then(one.at_us.cmp(&other.at_us))
    });
    let least = candidates.first().map_or(0.0, |best| best.score) * SHARE_OF_BEST_MIN;
    let mut chosen: Vec<Candidate<'_>> = Vec::new();
    for candidate in candidates {
        let stands_alone = chosen.iter().all(|other| {
            other.at_us.abs_diff(candidate.at_us) >= apart_us
                && other.sketch.difference(candidate.sketch) >= ALIKE_BELOW
        });
        if chosen.len() < most && candidate.score >= least && stands_alone {
            chosen.push(candidate);
        }
    }
    chosen.iter().map(|candidate| candidate.place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(frames: &[(u64, f32, f32)], most: usize) -> Vec<usize> {
        let sketches: Vec<Sketch> = frames
            .iter()
            .map(|(_, _, shade)| Sketch(vec![*shade; 4]))
            .collect();
        let candidates =
            frames
                .iter()
                .zip(&sketches)
                .enumerate()
                .map(|(place, ((at_us, score, _), sketch))| Candidate {
                    place,
                    at_us: *at_us,
                    score: *score,
                    sketch,
                });
        spread(candidates.collect(), most, 100)
    }

    #[test]
    fn the_best_come_first_and_no_more_than_wanted() {
        let frames = [(0, 0.7, 0.0), (500, 0.9, 50.0), (900, 0.8, 100.0)];
        assert_eq!(chosen(&frames, 6), [1, 2, 0]);
        assert_eq!(chosen(&frames, 2), [1, 2]);
        assert_eq!(chosen(&[], 6), [0; 0]);
    }

    #[test]
    fn neighbours_look_alikes_and_the_poor_are_left_out() {
        let neighbour = (560, 0.89, 90.0);
        let alike = (2_000, 0.88, 52.0);
        let poor = (3_000, 0.25, 200.0);
        assert_eq!(chosen(&[(500, 0.9, 50.0), neighbour, alike, poor], 6), [0]);
    }
}
