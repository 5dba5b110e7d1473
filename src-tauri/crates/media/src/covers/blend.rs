//! A frame in which one scene fades into another, or into black.

use super::look::Sketch;

/// How much the frames around must differ for it to be a transition, out of 255.
const CHANGE_MIN: f32 = 9.0;
/// So much of either must be visible at least.
const SHARE_MIN: f32 = 0.1;
/// How far beside the mixture the frame may lie, as a part of the way from one to the other. What moves lies farther
/// beside: a thing halfway between two places is not half of it in either place. A camera that pans by a sixth of the
/// picture in a second measures 0.15 to 0.25, a dissolve under such a pan up to 0.12.
const BESIDE_MAX: f32 = 0.14;

/// Whether `frame` is a mixture of `before` and `after`, as dissolves and fades are.
pub(super) fn is_blend(before: &Sketch, frame: &Sketch, after: &Sketch) -> bool {
    if before.difference(after) < CHANGE_MIN {
        return false;
    }
    let (mut along, mut way, mut gone) = (0.0_f32, 0.0_f32, 0.0_f32);
    for ((from, at), to) in before.0.iter().zip(&frame.0).zip(&after.0) {
        along += (at - from) * (to - from);
        way += (to - from).powi(2);
        gone += (at - from).powi(2);
    }
    let share = along / way;
    // Pythagoras: what is left of the step when the part along the way is taken out.
    let beside = ((gone - share * along).max(0.0) / way).sqrt();
    (SHARE_MIN..=1.0 - SHARE_MIN).contains(&share) && beside <= BESIDE_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(value: impl Fn(usize) -> f32) -> Sketch {
        Sketch((0..192).map(value).collect())
    }

    fn scene(seed: usize) -> Sketch {
        sketch(|place| ((place * 37 + seed * 101) * 2_654_435_761 % 251) as f32)
    }

    fn mixed(one: &Sketch, other: &Sketch, share: f32) -> Sketch {
        sketch(|place| one.0[place] * (1.0 - share) + other.0[place] * share)
    }

    #[test]
    fn halfway_between_two_scenes_is_a_blend() {
        let (one, other) = (scene(1), scene(2));
        for share in [0.2, 0.5, 0.8] {
            assert!(is_blend(&one, &mixed(&one, &other, share), &other), "{share}");
        }
    }

    #[test]
    fn a_fade_to_black_is_a_blend() {
        let (scene, black) = (scene(3), sketch(|_| 0.0));
        assert!(is_blend(&scene, &mixed(&scene, &black, 0.6), &black));
    }

    #[test]
    fn a_frame_beside_a_hard_cut_is_none() {
        let (one, other) = (scene(1), scene(2));
        assert!(!is_blend(&one, &one, &other));
        assert!(!is_blend(&one, &other, &other));
    }

    #[test]
    fn what_moves_is_none() {
        let bar = |from: usize| {
            sketch(|place| {
                if (from..from + 3).contains(&(place % 24)) {
                    250.0
                } else {
                    20.0
                }
            })
        };
        assert!(!is_blend(&bar(2), &bar(8), &bar(14)));
        assert!(!is_blend(&scene(1), &scene(5), &scene(2)));
    }

    #[test]
    fn a_still_scene_is_none() {
        let (one, other) = (scene(1), mixed(&scene(1), &scene(2), 0.02));
        assert!(!is_blend(&one, &mixed(&one, &other, 0.5), &other));
    }
}
