//! A rendition counts only when it has been read back: probed, and decoded to its end without one error.

use std::{path::Path, time::Duration};

use daypart_domain::{
    media_info::{Container, MediaInfo},
    problem::Problem,
    transcode_plan::Rung,
};
use tokio_util::sync::CancellationToken;

use super::{
    Order,
    conversion::{Conversion, ConversionFault, run},
};
use crate::{
    arguments::{quiet_ffmpeg, safe_input, words},
    probe, problems,
    toolbox::MediaToolbox,
};

pub(super) async fn verify(
    toolbox: &MediaToolbox,
    stall_timeout: Duration,
    order: Order<'_>,
    part: &Path,
    cancel: &CancellationToken,
) -> Result<MediaInfo, Problem> {
    let rendition = probe::probe(toolbox, part, probe::Way::Quickest)
        .await
        .map_err(|problem| problems::verify_failed(order.source, &problem).detail(problem.message))?;
    if let Some(fault) = first_fault(order, &rendition) {
        return Err(problems::verify_failed(order.source, fault));
    }
    decode_whole(toolbox, stall_timeout, order, part, cancel).await?;
    Ok(rendition)
}

/// What the rendition's own numbers have against it.
fn first_fault(order: Order<'_>, rendition: &MediaInfo) -> Option<String> {
    let tolerance_ms = (order.info.duration_ms / 100).max(300);
    if order.info.duration_ms > 0 && rendition.duration_ms.abs_diff(order.info.duration_ms) > tolerance_ms {
        return Some(format!(
            "it lasts {} ms instead of {} ms",
            rendition.duration_ms, order.info.duration_ms
        ));
    }
    if rendition.container != Container::Mp4 || rendition.index_first != Some(true) {
        return Some("it is not an MP4 with its index first".to_owned());
    }
    if order.info.audio.is_some() != rendition.audio.is_some() {
        return Some("its sound is missing".to_owned());
    }
    if rendition.has_private_metadata {
        return Some("places or device names are still in it".to_owned());
    }
    match (order.plan.rung, &order.plan.target) {
        (Rung::Encode, Some(target)) => {
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
        _ => (rendition.video.codec != order.info.video.codec).then(|| "its video was not copied".to_owned()),
    }
}

async fn decode_whole(
    toolbox: &MediaToolbox,
    stall_timeout: Duration,
    order: Order<'_>,
    part: &Path,
    cancel: &CancellationToken,
) -> Result<(), Problem> {
    let ffmpeg = toolbox.ffmpeg()?;
    let mut arguments = quiet_ffmpeg();
    arguments.extend(words(["-xerror", "-progress", "pipe:1", "-stats_period", "0.25"]));
    arguments.extend(safe_input(part));
    arguments.extend(words(["-map", "0:v", "-map", "0:a?", "-f", "null", "-"]));
    let decode = Conversion {
        program: &ffmpeg,
        arguments,
        writes: None,
        stall_timeout,
    };
    run(decode, &|_, _| {}, cancel)
        .await
        .map_err(|fault| match fault {
            ConversionFault::Cancelled => problems::cancelled(order.source),
            ConversionFault::Stalled => problems::stalled(order.source),
            ConversionFault::Failed { stderr } => problems::verify_failed(order.source, stderr),
            fault => problems::tool_failed(order.source, &fault),
        })
}
