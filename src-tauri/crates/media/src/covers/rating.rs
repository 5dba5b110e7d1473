//! From what a frame looks like to how good a cover it makes.

use daypart_ports::timeline::CoverMerit;

use super::look::Look;

/// Scenes of one clip differ tenfold by what they show; blurring takes a hundred times away.
const BLURRED_SHARE_LOG: f32 = 2.0;
const SHARP_FROM: f32 = 0.75;
const WELL_LIT_FROM: f32 = 0.95;
/// "Quite colourful" of the scale that [`Look::colourfulness`] is measured on begins at 45.
const COLOURFUL: f32 = 55.0;
const COLOURS_FROM: f32 = 0.8;
const CONTRASTY: f32 = 60.0;
const CONTRAST_FROM: f32 = 0.9;
/// How much better a face makes a frame, from a small one to one that fills a third.
const FACE_BONUS: (f32, f32) = (0.35, 0.7);
const FACE_LARGE_SHARE: f32 = 0.33;

/// What counts as sharp in this clip.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    sharpest: f32,
}

impl Scale {
    /// The sharpness that nine of ten frames do not reach: a single frame of noise sets no measure.
    pub fn of<'a>(looks: impl Iterator<Item = &'a Look>) -> Self {
        let mut sharpness: Vec<f32> = looks
            .filter(|look| !look.shows_nothing())
            .map(|look| look.sharpness)
            .collect();
        sharpness.sort_by(f32::total_cmp);
        let place = sharpness.len().saturating_sub(1) * 9 / 10;
        Self {
            sharpest: sharpness.get(place).copied().unwrap_or(0.0).max(f32::EPSILON),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rating {
    /// Above 0; comparable within one clip.
    pub score: f32,
    /// What speaks for it, the most important first.
    pub merits: Vec<CoverMerit>,
}

pub(super) fn rate(look: &Look, scale: &Scale) -> Rating {
    let share = (look.sharpness / scale.sharpest).max(f32::EPSILON);
    let sharp = (1.0 + share.log10() / BLURRED_SHARE_LOG).clamp(0.0, 1.0);
    let lit = rising(look.brightness, 25.0, 75.0).min(1.0 - rising(look.brightness, 195.0, 245.0));
    let contrast = (look.contrast / CONTRASTY).min(1.0);
    let colour = (look.colourfulness / COLOURFUL).min(1.0);
    // Multiplied, because a blurred frame is no cover however well lit it is.
    let base = (0.2 + 0.8 * sharp) * (0.25 + 0.75 * lit) * (0.6 + 0.25 * contrast + 0.15 * colour);
    let bonus = look.face_share.map_or(0.0, |share| {
        let (small, large) = FACE_BONUS;
        small + (large - small) * (share / FACE_LARGE_SHARE).min(1.0)
    });
    let merits = [
        (look.face_share.is_some(), CoverMerit::Face),
        (sharp >= SHARP_FROM, CoverMerit::Sharp),
        (lit >= WELL_LIT_FROM, CoverMerit::WellLit),
        (colour >= COLOURS_FROM, CoverMerit::StrongColours),
        (contrast >= CONTRAST_FROM, CoverMerit::StrongContrast),
    ];
    Rating {
        score: base * (1.0 + bonus),
        merits: merits
            .into_iter()
            .filter_map(|(is_so, merit)| is_so.then_some(merit))
            .collect(),
    }
}

/// 0 up to `from`, 1 from `to` on.
fn rising(value: f32, from: f32, to: f32) -> f32 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::look::Sketch;
    use super::*;

    fn look() -> Look {
        Look {
            brightness: 120.0,
            contrast: 40.0,
            sharpness: 400.0,
            colourfulness: 30.0,
            face_share: None,
            sketch: Sketch(vec![0.0]),
        }
    }

    fn score(change: impl Fn(&mut Look)) -> f32 {
        let mut changed = look();
        change(&mut changed);
        rate(&changed, &Scale { sharpest: 400.0 }).score
    }

    #[test]
    fn what_makes_a_frame_worse_makes_its_score_lower() {
        let fine = score(|_| ());
        assert!(score(|look| look.sharpness = 5.0) < 0.5 * fine, "blurred");
        assert!(score(|look| look.brightness = 30.0) < 0.5 * fine, "dark");
        assert!(score(|look| look.brightness = 238.0) < 0.5 * fine, "washed out");
        assert!(score(|look| look.contrast = 12.0) < fine, "foggy");
        assert!(score(|look| look.colourfulness = 2.0) < fine, "grey");
    }

    #[test]
    fn a_face_outweighs_colours_but_not_blur() {
        let face = |look: &mut Look| look.face_share = Some(0.2);
        let colours = score(|look| (look.colourfulness, look.contrast) = (90.0, 70.0));
        assert!(score(face) > colours);
        let blurred_face = score(|look| {
            face(look);
            look.sharpness = 5.0;
        });
        assert!(blurred_face < score(|_| ()));
        assert!(score(|look| look.face_share = Some(0.3)) > score(|look| look.face_share = Some(0.1)));
    }

    #[test]
    fn merits_are_told_from_the_most_important_on() {
        let mut best = look();
        (best.face_share, best.colourfulness, best.contrast) = (Some(0.2), 80.0, 70.0);
        let rating = rate(&best, &Scale { sharpest: 400.0 });
        let all = [
            CoverMerit::Face,
            CoverMerit::Sharp,
            CoverMerit::WellLit,
            CoverMerit::StrongColours,
            CoverMerit::StrongContrast,
        ];
        assert_eq!(rating.merits, all);
        (best.face_share, best.sharpness) = (None, 5.0);
        assert_eq!(rate(&best, &Scale { sharpest: 400.0 }).merits, all[2..]);
    }

    #[test]
    fn one_frame_of_noise_sets_no_measure() {
        let mut looks = vec![look(); 20];
        looks[3].sharpness = 90_000.0;
        assert_eq!(Scale::of(looks.iter()).sharpest, 400.0);
        assert!(Scale::of([].into_iter()).sharpest > 0.0);
    }
}
