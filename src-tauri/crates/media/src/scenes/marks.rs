//! From differences between frames to marks.

use super::{SceneMarks, Stretch, sketch::Sketch};

/// Below it nothing is a cut.
const CUT_MIN: f32 = 12.0;
/// And a cut stands out so many times from what is usual around it.
pub(super) const CUT_TIMES_USUAL: f32 = 4.0;
/// How many differences to either side are asked what is usual.
const AROUND: usize = 15;
/// A repeated frame says nothing about what is usual.
const REPEATED_MAX: f32 = 0.1;
const SCENE_MIN_US: u64 = 600_000;
const DARK_SHARE_MIN: f32 = 0.98;
const BLACK_MIN_US: u64 = 300_000;
/// As ffmpeg's freezedetect: a thousandth of the range.
const STILL_MAX: f32 = 0.25;
/// A keyframe in the middle of a still picture draws it anew, and a little differently: in one step, or in some with
/// frames made from both sides. More than half of so many frames to either side are still.
const REDRAWN_MAX: f32 = 3.0;
const REDRAWN_AROUND: usize = 4;
const FROZEN_MIN_US: u64 = 2_000_000;

/// A frame and how it differs from the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub at_us: u64,
    /// `None` for the first of a run.
    pub difference: Option<f32>,
    pub dark_share: f32,
}

impl Step {
    pub(super) fn between(at_us: u64, before: Option<&Sketch>, sketch: &Sketch) -> Self {
        Self {
            at_us,
            difference: before.map(|before| before.difference(sketch)),
            dark_share: sketch.dark_share(),
        }
    }

    pub(super) fn is_dark(&self) -> bool {
        self.dark_share >= DARK_SHARE_MIN
    }
}

/// Frames that follow each other.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// Ascending in time.
    pub steps: Vec<Step>,
    /// When the last of them ends, as far as it is known.
    pub to_us: u64,
}

/// The marks of runs that follow each other with gaps in which nothing happens, and of cuts known already, with their
/// strength.
pub(super) fn find(runs: &[Steps], known_cuts: Vec<(u64, f32)>) -> SceneMarks {
    let mut cuts = known_cuts;
    cuts.extend(runs.iter().flat_map(|run| self::cuts(&run.steps)));
    cuts.sort_by_key(|(at_us, _)| *at_us);
    SceneMarks {
        cuts_us: spaced(cuts),
        black: runs.iter().flat_map(black).collect(),
        frozen: runs.iter().flat_map(frozen).collect(),
    }
}

fn cuts(run: &[Step]) -> Vec<(u64, f32)> {
    outstanding(run, CUT_TIMES_USUAL)
        .into_iter()
        .filter_map(|(place, difference)| Some((run.get(place)?.at_us, difference)))
        .collect()
}

/// Places of the steps that may be cuts and are so many times larger than what is usual around them, and their differences.
pub(super) fn outstanding(run: &[Step], times_usual: f32) -> Vec<(usize, f32)> {
    let differences: Vec<f32> = run.iter().map(|step| step.difference.unwrap_or(0.0)).collect();
    differences
        .iter()
        .enumerate()
        .filter(|(place, difference)| {
            **difference >= CUT_MIN && **difference >= times_usual * usual(&differences, *place)
        })
        .map(|(place, difference)| (place, *difference))
        .collect()
}

/// The median around `place`, without `place` itself and repeated frames; 0 when there is nothing else.
fn usual(differences: &[f32], place: usize) -> f32 {
    let from = place.saturating_sub(AROUND);
    let mut around: Vec<f32> = differences
        .iter()
        .enumerate()
        .skip(from)
        .take(2 * AROUND + 1)
        .filter(|(other, difference)| *other != place && **difference > REPEATED_MAX)
        .map(|(_, difference)| *difference)
        .collect();
    around.sort_by(f32::total_cmp);
    around.get(around.len() / 2).copied().unwrap_or(0.0)
}

/// Of cuts too close to each other the strongest stays.
fn spaced(cuts: Vec<(u64, f32)>) -> Vec<u64> {
    let mut kept: Vec<(u64, f32)> = Vec::new();
    for (at_us, strength) in cuts {
        match kept.last_mut() {
            Some(before) if at_us - before.0 < SCENE_MIN_US => {
                if strength > before.1 {
                    *before = (at_us, strength);
                }
            }
            _ => kept.push((at_us, strength)),
        }
    }
    kept.into_iter().map(|(at_us, _)| at_us).collect()
}

/// From the first dark frame to the first that is not any more.
fn black(run: &Steps) -> Vec<Stretch> {
    let ends = run.steps.iter().skip(1).map(|step| step.at_us).chain([run.to_us]);
    let dark = run.steps.iter().zip(ends).filter(|(step, _)| step.is_dark());
    joined(dark.map(|(step, to_us)| (step.at_us, to_us)), BLACK_MIN_US)
}

/// From the first of equal frames to the first that differs.
fn frozen(run: &Steps) -> Vec<Stretch> {
    let difference = |place: usize| run.steps.get(place).and_then(|step| step.difference);
    let is_still = |place: usize| difference(place).is_some_and(|difference| difference <= STILL_MAX);
    let is_redrawn = |place: usize| {
        let around = place.saturating_sub(REDRAWN_AROUND)..=place + REDRAWN_AROUND;
        let still = around.filter(|other| is_still(*other)).count();
        still > REDRAWN_AROUND && difference(place).is_some_and(|difference| difference <= REDRAWN_MAX)
    };
    let equal = (1..run.steps.len()).filter(|place| is_still(*place) || is_redrawn(*place));
    let spans = equal.filter_map(|place| {
        let to_us = run.steps.get(place + 1).map_or(run.to_us, |next| next.at_us);
        Some((run.steps.get(place - 1)?.at_us, to_us))
    });
    joined(spans, FROZEN_MIN_US)
}

/// Spans in order that touch or overlap, as one; those that are long enough.
fn joined(spans: impl Iterator<Item = (u64, u64)>, min_us: u64) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for (from_us, to_us) in spans {
        match found.last_mut() {
            Some(stretch) if stretch.to_us >= from_us => stretch.to_us = to_us,
            _ => found.push(Stretch { from_us, to_us }),
        }
    }
    found.retain(|stretch| stretch.to_us.saturating_sub(stretch.from_us) >= min_us);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten frames a second.
    fn run(differences: &[f32]) -> Steps {
        let steps: Vec<Step> = (0_u64..)
            .zip(differences)
            .map(|(number, difference)| Step {
                at_us: number * 100_000,
                difference: (number > 0).then_some(*difference),
                dark_share: 0.0,
            })
            .collect();
        let to_us = steps.len() as u64 * 100_000;
        Steps { steps, to_us }
    }

    #[test]
    fn a_cut_stands_out_from_what_is_around_it() {
        let mut calm = vec![1.0; 40];
        calm[20] = 30.0;
        assert_eq!(find(&[run(&calm)], Vec::new()).cuts_us, [2_000_000]);
        let mut wild = vec![10.0; 40];
        wild[20] = 30.0;
        assert_eq!(find(&[run(&wild)], Vec::new()).cuts_us, [0_u64; 0]);
    }

    #[test]
    fn repeated_frames_do_not_make_every_movement_a_cut() {
        let doubled: Vec<f32> = (0..60)
            .map(|number| if number % 3 == 0 { 14.0 } else { 0.0 })
            .collect();
        assert_eq!(find(&[run(&doubled)], Vec::new()).cuts_us, [0_u64; 0]);
    }

    #[test]
    fn of_two_cuts_in_half_a_second_the_stronger_stays() {
        let mut flash = vec![1.0; 40];
        (flash[20], flash[22]) = (30.0, 50.0);
        assert_eq!(find(&[run(&flash)], Vec::new()).cuts_us, [2_200_000]);
    }

    #[test]
    fn black_and_frozen_stretches_have_a_least_length() {
        let mut steps = run(&[5.0; 60]);
        for step in &mut steps.steps[10..14] {
            step.dark_share = 1.0;
        }
        for step in &mut steps.steps[20..22] {
            step.dark_share = 1.0;
        }
        for step in &mut steps.steps[31..] {
            step.difference = Some(0.0);
        }
        // Drawn anew by a keyframe.
        steps.steps[40].difference = Some(2.0);
        let marks = find(&[steps], Vec::new());
        assert_eq!(
            marks.black,
            [Stretch {
                from_us: 1_000_000,
                to_us: 1_400_000
            }]
        );
        assert_eq!(
            marks.frozen,
            [Stretch {
                from_us: 3_000_000,
                to_us: 6_000_000
            }]
        );
    }
}
