//! From the source's time line to that of the result.

use super::Cue;
use crate::edit::{Edit, KeptRange};

/// What is left of a caption for less than a frame is a flicker.
const FLICKER_US: u64 = 40_000;

/// The captions of the edited video: what was cut away is gone, the rest is shown when its picture is.
/// Ordered by start; may be empty.
pub fn for_edit(cues: &[Cue], edit: &Edit, duration_us: u64) -> Vec<Cue> {
    retimed(cues, &edit.kept(duration_us), edit.speed)
}

/// As [`for_edit`], for parts in play order at a speed. No parts keep everything. Parts that follow each other in the
/// source part no caption.
pub fn retimed(cues: &[Cue], parts: &[KeptRange], speed: f64) -> Vec<Cue> {
    let everything = [KeptRange::new(0, u64::MAX)];
    let parts = if parts.is_empty() { &everything[..] } else { parts };
    let mut found: Vec<Cue> = Vec::new();
    let mut before_us = 0_u64;
    let mut previous: Option<&KeptRange> = None;
    for part in parts {
        let goes_on = previous.is_some_and(|previous| previous.end_us == part.start_us);
        for cue in cues {
            let start_us = cue.start_us.max(part.start_us);
            let end_us = cue.end_us.min(part.end_us);
            if start_us >= end_us {
                continue;
            }
            let in_result = |source_us: u64| before_us.saturating_add(source_us - part.start_us);
            let whole = Cue {
                start_us: in_result(start_us),
                end_us: in_result(end_us),
                text: cue.text.clone(),
            };
            let crosses = goes_on && cue.start_us < part.start_us;
            let began = crosses
                .then(|| {
                    found
                        .iter_mut()
                        .find(|known| known.end_us == whole.start_us && known.text == whole.text)
                })
                .flatten();
            match began {
                Some(known) => known.end_us = whole.end_us,
                None => found.push(whole),
            }
        }
        before_us = before_us.saturating_add(part.length_us());
        previous = Some(part);
    }
    for cue in &mut found {
        cue.start_us = scaled(cue.start_us, speed);
        cue.end_us = scaled(cue.end_us, speed);
    }
    found.retain(|cue| cue.end_us.saturating_sub(cue.start_us) >= FLICKER_US);
    found.sort_by_key(|cue| cue.start_us);
    found
}

fn scaled(time_us: u64, speed: f64) -> u64 {
    if speed == 1.0 {
        return time_us;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive time far below 285 years; the cast back saturates"
    )]
    {
        (time_us as f64 / speed).round() as u64
    }
}
