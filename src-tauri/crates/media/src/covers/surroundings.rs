//! The stretch around a place in which a better moment may be looked for: the same scene, away from its ends.

use std::ops::Range;

use crate::scenes::SceneMarks;

const LENGTH_US: u64 = 800_000;
/// Players and encoders blur what is right beside a cut.
const FROM_CUT_US: u64 = 150_000;

/// `None` within black, and where the scene is too short to stay clear of its cuts.
pub(super) fn of(at_us: u64, marks: &SceneMarks, duration_us: u64) -> Option<Range<u64>> {
    if marks
        .black
        .iter()
        .any(|black| (black.from_us..black.to_us).contains(&at_us))
    {
        return None;
    }
    let next = marks.cuts_us.partition_point(|cut| *cut <= at_us);
    let begins_us = next
        .checked_sub(1)
        .and_then(|before| marks.cuts_us.get(before))
        .map_or(0, |cut| cut + FROM_CUT_US);
    let ends_us = marks
        .cuts_us
        .get(next)
        .map_or(duration_us, |cut| cut.saturating_sub(FROM_CUT_US));
    let from_us = at_us.saturating_sub(LENGTH_US / 2).max(begins_us);
    let to_us = (from_us + LENGTH_US).min(ends_us);
    let from_us = to_us.saturating_sub(LENGTH_US).max(begins_us);
    (from_us < to_us).then_some(from_us..to_us)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenes::Stretch;

    #[test]
    fn it_stays_within_the_scene_and_the_clip() {
        let marks = SceneMarks {
            cuts_us: vec![2_000_000, 5_000_000, 5_200_000],
            black: vec![Stretch {
                from_us: 8_000_000,
                to_us: 9_000_000,
            }],
            frozen: Vec::new(),
        };
        for (at_us, around) in [
            (1_000_000, Some(600_000..1_400_000)),
            (0, Some(0..800_000)),
            (1_950_000, Some(1_050_000..1_850_000)),
            (2_000_000, Some(2_150_000..2_950_000)),
            (5_100_000, None),
            (8_000_000, None),
            (9_990_000, Some(9_200_000..10_000_000)),
        ] {
            assert_eq!(of(at_us, &marks, 10_000_000), around, "{at_us}");
        }
    }
}
