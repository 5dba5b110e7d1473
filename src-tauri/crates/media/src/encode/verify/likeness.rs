//! Does the rendition show what the source shows, edited in the same way?

use std::{ffi::OsString, io::Read as _, path::Path};

use daypart_domain::{
    edit::KeptRange,
    media_info::FrameRate,
    problem::Problem,
    transcode_plan::{EncodeTarget, TranscodePlan},
};
use tokio_util::sync::CancellationToken;

use crate::{
    confine::Allowance,
    encode::{
        Tools, arguments,
        arguments::{Recipe, SCARCE_RATE_BPS},
        passes,
    },
    pipe_run::{PipeFault, PipeRun, run_pipe},
    problems,
};

/// Frames are looked at in so many places, evenly spread.
const PLACES: u64 = 5;
const FRAMES_PER_PLACE: u64 = 8;
/// One frame in eight may be off by one where rates differ; a whole place may not be wrong.
const MAY_DIFFER_PERCENT: usize = 15;
/// What x264 leaves of any picture, seen at a quarter of its size, when quality decides and when the size cap does.
/// Far above what another picture, a black one or a shifted one reaches.
const FLOOR: f64 = 0.90;
const SCARCE_FLOOR: f64 = 0.80;
const ANSWER_MAX_BYTES: u64 = 1 << 20;

/// `None` when it does.
pub(super) async fn fault(
    tools: &Tools<'_>,
    recipe: &Recipe<'_>,
    target: &EncodeTarget,
    part: &Path,
    cancel: &CancellationToken,
) -> Result<Option<String>, Problem> {
    let places = places(recipe, arguments::frame_rate(target, recipe.info));
    // Letters are drawn on both, so that they are compared too.
    let drawn = match tools.captions {
        Some(drawing) => Some(
            drawing
                .compared_on(target, &places.of_source, recipe.plan.speed)
                .await?,
        ),
        None => None,
    };
    let compared_plan = drawn.map(|target| TranscodePlan {
        target: Some(target),
        ..recipe.plan.clone()
    });
    let recipe = &Recipe {
        plan: compared_plan.as_ref().unwrap_or(recipe.plan),
        ..*recipe
    };
    let target = compared_plan
        .as_ref()
        .and_then(|plan| plan.target.as_ref())
        .unwrap_or(target);
    let run = PipeRun {
        program: tools.ffmpeg,
        arguments: compare(recipe, target, &places, part)
            .map_err(|error| problems::tool_failed(recipe.source, &error))?,
        reads: passes::reads(recipe),
        feed: None,
        allowance: Allowance::Stream,
        stall_timeout: tools.stall_timeout,
    };
    let read = |stdout: &mut dyn std::io::Read| {
        let mut text = String::new();
        stdout
            .take(ANSWER_MAX_BYTES)
            .read_to_string(&mut text)
            .map(|_| text)
    };
    let end = run_pipe(run, read, cancel).await.map_err(|fault| match fault {
        PipeFault::Cancelled => problems::cancelled(recipe.source),
        PipeFault::Stalled => problems::stalled(recipe.source),
        fault => problems::tool_failed(recipe.source, &fault),
    })?;
    let likenesses = likenesses(&end.read.unwrap_or_default());
    let floor = if target.max_rate_bps < SCARCE_RATE_BPS || target.two_passes {
        SCARCE_FLOOR
    } else {
        FLOOR
    };
    Ok(match low(likenesses) {
        None => Some(format!(
            "it could not be compared with its source: {}",
            end.stderr
        )),
        Some(low) if low < floor => Some(format!("its picture is unlike the source's: SSIM {low:.3}")),
        Some(low) => {
            tracing::debug!(ssim = low, "the rendition was compared with its source");
            None
        }
    })
}

/// The same stretches on the source's time line and on the result's.
#[derive(Debug, Clone, PartialEq, Default)]
struct Places {
    of_source: Vec<KeptRange>,
    of_result: Vec<KeptRange>,
    /// Which part of the plan each lies in.
    parts: Vec<usize>,
}

fn places(recipe: &Recipe<'_>, rate: FrameRate) -> Places {
    let speed = recipe.plan.speed;
    let frame_us = 1e6 / rate.frames_per_second();
    let whole = [KeptRange::new(
        0,
        recipe.info.duration_ms.saturating_mul(1_000).max(1),
    )];
    let parts: &[KeptRange] = if recipe.plan.parts.is_empty() {
        &whole
    } else {
        &recipe.plan.parts
    };
    let length_us: u64 = parts.iter().map(KeptRange::length_us).sum();
    let mut places = Places::default();
    for place in 0..PLACES {
        // From a frame of the result back to the source.
        let wanted_us = length_us as f64 / speed * (place as f64 + 0.5) / PLACES as f64;
        let frame = (wanted_us / frame_us).floor();
        let result_us = frame * frame_us;
        let Some((part, source_us, left_us)) = source_at(parts, result_us * speed) else {
            continue;
        };
        let frames = (left_us / (frame_us * speed))
            .floor()
            .min(FRAMES_PER_PLACE as f64);
        if frames < 1.0 {
            continue;
        }
        places.of_source.push(range(source_us, frames * frame_us * speed));
        places.of_result.push(range(result_us, frames * frame_us));
        places.parts.push(part);
    }
    places
}

/// In which of the joined parts `kept_us` lies, where in the source, and how much of the part is left from there.
fn source_at(parts: &[KeptRange], kept_us: f64) -> Option<(usize, f64, f64)> {
    let mut left_us = kept_us;
    for (number, part) in parts.iter().enumerate() {
        let length_us = part.length_us() as f64;
        if left_us < length_us {
            return Some((number, part.start_us as f64 + left_us, length_us - left_us));
        }
        left_us -= length_us;
    }
    None
}

fn range(start_us: f64, length_us: f64) -> KeptRange {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive times; the cast saturates"
    )]
    let whole = |time_us: f64| time_us.round() as u64;
    KeptRange::new(whole(start_us), whole(start_us + length_us))
}

fn compare(
    recipe: &Recipe<'_>,
    target: &EncodeTarget,
    places: &Places,
    part: &Path,
) -> Result<Vec<OsString>, arguments::TooManyJumps> {
    let mut plan = recipe.plan.clone();
    plan.parts.clone_from(&places.of_source);
    let source = Recipe {
        plan: &plan,
        ..*recipe
    };
    let mut shown = target.clone();
    // A place is framed as the part that it lies in.
    if !target.part_frames.is_empty() {
        let frame_of = |part: &usize| target.part_frames.get(*part).copied().unwrap_or_default();
        shown.part_frames = places.parts.iter().map(frame_of).collect();
    }
    arguments::comparing(&source, &shown, &places.of_result, part)
}

/// `n:1 Y:0.99 U:0.99 V:0.99 All:0.987 (18.9)` per frame.
fn likenesses(text: &str) -> Vec<f64> {
    text.lines()
        .filter_map(|line| {
            let (_, all) = line.split_once("All:")?;
            all.split_whitespace().next()?.parse().ok()
        })
        .collect()
}

/// What all but the few that may differ reach.
fn low(mut likenesses: Vec<f64>) -> Option<f64> {
    likenesses.sort_by(f64::total_cmp);
    likenesses
        .get(likenesses.len() * MAY_DIFFER_PERCENT / 100)
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_frame_may_differ_and_a_whole_place_may_not() {
        let mut frames = vec![0.98; 35];
        frames.extend([0.2; 5]);
        assert_eq!(low(frames.clone()), Some(0.98));
        frames[..3].fill(0.2);
        assert_eq!(low(frames), Some(0.2));
        assert_eq!(low(Vec::new()), None);
    }

    #[test]
    fn ffmpegs_lines_are_read() {
        let text = "n:1 Y:0.9 U:0.8 V:0.7 All:0.987654 (18.9)\nn:2 Y:1 U:1 V:1 All:1.000000 (inf)\nnoise\n";
        assert_eq!(likenesses(text), [0.987_654, 1.0]);
    }

    #[test]
    fn a_time_of_the_result_leads_back_to_its_part_of_the_source() {
        let parts = [KeptRange::new(5_000, 6_000), KeptRange::new(1_000, 3_000)];
        assert_eq!(source_at(&parts, 500.0), Some((0, 5_500.0, 500.0)));
        assert_eq!(source_at(&parts, 1_000.0), Some((1, 1_000.0, 2_000.0)));
        assert_eq!(source_at(&parts, 3_000.0), None);
    }
}
