//! A rendition counts only when it has been read back: probed, decoded to its end without one error, and looked at
//! beside its source.

use std::path::Path;

use daypart_domain::{
    media_info::{Container, MediaInfo},
    problem::Problem,
    transcode_plan::{EncodeTarget, Rung},
};
use tokio_util::sync::CancellationToken;

use super::{
    Tools,
    arguments::Recipe,
    conversion::{Conversion, ConversionFault, run},
    lossless,
};
use crate::{
    arguments::{quiet_ffmpeg, safe_input, words},
    probe, problems,
    start_times::start_times,
};

mod likeness;

/// Sound and picture may part by so much, which nobody notices, against the source.
const OFFSET_TOLERANCE_US: u64 = 50_000;
/// An encode is cut by counting frames; its container rounds.
const ENCODED_TOLERANCE_MS: u64 = 100;

/// `gap_us`: how far apart sound and picture begin in the source.
pub(super) async fn verify(
    tools: &Tools<'_>,
    recipe: &Recipe<'_>,
    gap_us: u64,
    part: &Path,
    cancel: &CancellationToken,
) -> Result<MediaInfo, Problem> {
    let failed = |what: String| problems::verify_failed(recipe.source, what);
    let rendition = probe::probe(tools.toolbox, part, probe::Way::Quickest)
        .await
        .map_err(|problem| problems::verify_failed(recipe.source, &problem).detail(problem.message))?;
    if let Some(fault) = first_fault(recipe, &rendition) {
        return Err(failed(fault));
    }
    if let Some(fault) = offset_fault(tools, recipe, gap_us, part, &rendition).await? {
        return Err(failed(fault));
    }
    decode_whole(tools, recipe, part, cancel).await?;
    let shown = match (&recipe.plan.target, recipe.plan.parts.is_empty()) {
        (Some(target), _) => Some(target.clone()),
        // A cut by copying shows what it should only where its keyframes are true ones.
        (None, false) => Some(lossless::own_size(recipe.info)),
        (None, true) => None,
    };
    if let Some(shown) = shown
        && let Some(fault) = likeness::fault(tools, recipe, &shown, part, cancel).await?
    {
        return Err(failed(fault));
    }
    Ok(rendition)
}

/// What the rendition's own numbers have against it.
fn first_fault(recipe: &Recipe<'_>, rendition: &MediaInfo) -> Option<String> {
    if let Some(fault) = duration_fault(recipe, rendition) {
        return Some(fault);
    }
    if rendition.container != Container::Mp4 || rendition.index_first != Some(true) {
        return Some("it is not an MP4 with its index first".to_owned());
    }
    match (recipe.has_sound(), &rendition.audio) {
        (true, None) => return Some("its sound is missing".to_owned()),
        (false, Some(_)) => return Some("it has sound that was to be removed".to_owned()),
        _ => {}
    }
    if rendition.has_private_metadata {
        return Some("places or device names are still in it".to_owned());
    }
    match (recipe.plan.rung, &recipe.plan.target) {
        (Rung::Encode, Some(target)) => picture_fault(target, rendition),
        _ => {
            (rendition.video.codec != recipe.info.video.codec).then(|| "its video was not copied".to_owned())
        }
    }
}

fn duration_fault(recipe: &Recipe<'_>, rendition: &MediaInfo) -> Option<String> {
    let expected_ms = recipe.duration_us() / 1_000;
    // What the probe says of a whole source may be the container's guess; a cut is what was asked for.
    let tolerance_ms = if recipe.plan.parts.is_empty() {
        (expected_ms / 100).max(300)
    } else {
        ENCODED_TOLERANCE_MS
    };
    let differs = expected_ms > 0 && rendition.duration_ms.abs_diff(expected_ms) > tolerance_ms;
    differs.then(|| {
        format!(
            "it lasts {} ms instead of {expected_ms} ms",
            rendition.duration_ms
        )
    })
}

fn picture_fault(target: &EncodeTarget, rendition: &MediaInfo) -> Option<String> {
    let video = &rendition.video;
    let as_wanted = video.width_px == target.width_px
        && video.height_px == target.height_px
        && video.rotation_deg == 0
        && video.pixel_format == "yuv420p";
    (!as_wanted).then(|| {
        format!(
            "its picture is {} × {} {} instead of {} × {} yuv420p",
            video.width_px, video.height_px, video.pixel_format, target.width_px, target.height_px
        )
    })
}

/// An encode fills every gap, so its tracks begin together; a copy keeps what it copies where it is.
async fn offset_fault(
    tools: &Tools<'_>,
    recipe: &Recipe<'_>,
    gap_us: u64,
    part: &Path,
    rendition: &MediaInfo,
) -> Result<Option<String>, Problem> {
    let Some(audio) = &rendition.audio else {
        return Ok(None);
    };
    let expected_us = match recipe.plan.rung {
        _ if !recipe.plan.parts.is_empty() => 0,
        Rung::Remux => gap_us,
        // The sound is filled from the file's beginning; the picture stays where it is.
        Rung::AudioOnly => recipe.zero_us.unsigned_abs(),
        _ => 0,
    };
    let starts = start_times(tools.toolbox, part).await?;
    let found_us = starts.gap_us(rendition.video.stream_index, audio.stream_index);
    Ok((found_us.abs_diff(expected_us) > OFFSET_TOLERANCE_US)
        .then(|| format!("its sound and picture begin {found_us} µs apart instead of {expected_us} µs")))
}

async fn decode_whole(
    tools: &Tools<'_>,
    recipe: &Recipe<'_>,
    part: &Path,
    cancel: &CancellationToken,
) -> Result<(), Problem> {
    let mut arguments = quiet_ffmpeg();
    arguments.extend(words(["-xerror", "-progress", "pipe:1", "-stats_period", "0.25"]));
    arguments.extend(safe_input(part));
    arguments.extend(words(["-map", "0:v", "-map", "0:a?", "-f", "null", "-"]));
    let decode = Conversion {
        program: tools.ffmpeg,
        arguments,
        reads: Vec::new(),
        writes: None,
        stall_timeout: tools.stall_timeout,
        paused: tools.paused.clone(),
    };
    let said = run(decode, &|_| {}, cancel).await.map_err(|fault| match fault {
        ConversionFault::Cancelled => problems::cancelled(recipe.source),
        ConversionFault::Stalled => problems::stalled(recipe.source),
        ConversionFault::Failed { stderr } => problems::verify_failed(recipe.source, stderr),
        fault => problems::tool_failed(recipe.source, &fault),
    })?;
    match complaint(&said) {
        Some(complaint) => Err(problems::verify_failed(recipe.source, complaint)),
        None => Ok(()),
    }
}

/// A decoder may complain and ffmpeg still end well. What the null output says of a copy's odd time stamps is no
/// complaint about the pictures.
fn complaint(said: &str) -> Option<&str> {
    said.lines()
        .find(|line| !line.trim().is_empty() && !line.contains("non monotonically increasing dts"))
}
