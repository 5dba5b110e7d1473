//! Groups of frames seen by the frames that others are made from: half of the work, and enough to tell most cuts.

use std::ops::RangeInclusive;

use crate::index::SampleTable;

use super::marks::{self, Steps};

/// Frames left out make the difference between two that are seen as many times larger; a step that stands out by less may
/// be a cut among much movement.
const STANDS_OUT_TIMES: f32 = 1.5;

/// What a glance tells.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Glance {
    /// Cuts between two frames that follow each other, and how strong they are.
    pub cuts: Vec<(u64, f32)>,
    /// Of the groups, those that must be seen frame by frame.
    pub unclear: Vec<RangeInclusive<usize>>,
}

/// `groups`: from a keyframe to the next one, ascending. `seen`: what was seen of them.
pub(super) fn judge(table: &SampleTable, groups: &[RangeInclusive<usize>], seen: &[Steps]) -> Glance {
    let shown_us: Vec<u64> = table
        .in_shown_order()
        .map(|(_, sample)| table.at_us(sample))
        .collect();
    let rank = |at_us: u64| shown_us.partition_point(|shown| *shown < at_us);
    let mut glance = Glance::default();
    let mut doubtful_us = Vec::new();
    let mut seen_us = Vec::new();
    for run in seen {
        seen_us.extend(run.steps.iter().map(|step| step.at_us));
        let dark = run.steps.iter().filter(|step| step.is_dark());
        doubtful_us.extend(dark.map(|step| step.at_us));
        let certain = marks::outstanding(&run.steps, marks::CUT_TIMES_USUAL);
        for (place, strength) in marks::outstanding(&run.steps, STANDS_OUT_TIMES) {
            let (Some(before), Some(step)) = (
                place.checked_sub(1).and_then(|b| run.steps.get(b)),
                run.steps.get(place),
            ) else {
                continue;
            };
            let follows = rank(step.at_us) == rank(before.at_us) + 1;
            if follows && certain.iter().any(|(other, _)| *other == place) {
                glance.cuts.push((step.at_us, strength));
            } else {
                doubtful_us.push(step.at_us);
            }
        }
    }
    for group in groups {
        let samples = table.samples.get(group.clone()).unwrap_or_default();
        // The last of them may be shown before the keyframe that it is decoded after.
        let times_us = || samples.iter().map(|sample| table.at_us(sample));
        let (Some(from_us), Some(to_us)) = (times_us().next(), times_us().max()) else {
            continue;
        };
        // A step belongs to the group that it ends in, the one to the next keyframe to the group before that.
        let is_doubtful = doubtful_us
            .iter()
            .any(|at_us| *at_us > from_us && *at_us <= to_us);
        let is_seen = seen_us
            .iter()
            .filter(|at_us| (from_us..=to_us).contains(*at_us))
            .count()
            > 1;
        if is_doubtful || !is_seen {
            glance.unclear.push(group.clone());
        }
    }
    glance
}

#[cfg(test)]
mod tests {
    use super::{super::marks::Step, *};
    use crate::index::Sample;

    /// Two groups of ten frames, ten a second.
    fn table() -> SampleTable {
        let sample = |number: i64| Sample {
            offset: 0,
            size_bytes: 1,
            is_key: number % 10 == 0,
            is_hidden: false,
            description: 1,
            decode_ticks: number,
            shown_ticks: number,
        };
        SampleTable {
            timescale: 10,
            samples: (0..21).map(sample).collect(),
            shown: (0..21).collect(),
            end_ticks: 21,
            start_us: 0,
        }
    }

    fn seen(frames: &[(u64, f32)]) -> Vec<Steps> {
        let steps = frames.iter().map(|(frame, difference)| Step {
            at_us: frame * 100_000,
            difference: (*frame > 0).then_some(*difference),
            dark_share: 0.0,
        });
        vec![Steps {
            steps: steps.collect(),
            to_us: 2_100_000,
        }]
    }

    const GROUPS: [RangeInclusive<usize>; 2] = [0..=10, 10..=20];

    #[test]
    fn a_cut_between_neighbours_is_certain() {
        let glance = judge(
            &table(),
            &GROUPS,
            &seen(&[
                (0, 0.0),
                (3, 2.0),
                (6, 2.0),
                (9, 2.0),
                (10, 50.0),
                (13, 2.0),
                (20, 2.0),
            ]),
        );
        assert_eq!(glance.cuts, [(1_000_000, 50.0)]);
        assert_eq!(glance.unclear, []);
    }

    #[test]
    fn where_exactly_is_looked_up_in_that_group_alone() {
        let glance = judge(
            &table(),
            &GROUPS,
            &seen(&[
                (0, 0.0),
                (3, 2.0),
                (10, 2.0),
                (13, 2.0),
                (16, 50.0),
                (19, 2.0),
                (20, 2.0),
            ]),
        );
        assert_eq!(glance.cuts, []);
        assert_eq!(glance.unclear, [10..=20]);
    }

    #[test]
    fn a_step_among_much_movement_and_a_group_that_did_not_come_out_are_looked_at() {
        let glance = judge(
            &table(),
            &GROUPS,
            &seen(&[(0, 0.0), (3, 9.0), (4, 20.0), (7, 9.0), (9, 9.0)]),
        );
        assert_eq!(glance.cuts, []);
        assert_eq!(glance.unclear, GROUPS);
    }
}
