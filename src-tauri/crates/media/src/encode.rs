//! Renditions: converted beside their place, verified, then renamed into it.

pub(crate) mod arguments;
mod conversion;
pub(crate) mod part_file;
mod timing;
mod verify;

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use daypart_domain::{
    media_info::MediaInfo,
    problem::Problem,
    transcode_plan::{Rung, TranscodePlan},
};
use daypart_ports::media::{EncodeObserver, EncodeProgress};
use tokio_util::sync::CancellationToken;

use self::{
    conversion::{Conversion, ConversionFault, run},
    part_file::PartFile,
};
use crate::{problems, toolbox::MediaToolbox};

/// Left free on the disk beside the rendition.
const SPARE_BYTES: u64 = 16 << 20;

/// What to convert, how, and where to.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    pub source: &'a Path,
    pub info: &'a MediaInfo,
    pub plan: &'a TranscodePlan,
    pub out: &'a Path,
}

pub(crate) async fn encode(
    toolbox: &MediaToolbox,
    stall_timeout: Duration,
    order: Order<'_>,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<MediaInfo, Problem> {
    if order.plan.rung == Rung::AsIs {
        return Err(Problem::bug("asked to convert a file that is sent as it is"));
    }
    let ffmpeg = toolbox.ffmpeg()?;
    let stamp = stamp(order.source).await?;
    if stamp.0 != order.info.size_bytes {
        return Err(problems::changed(order.source));
    }
    check_space(order)?;
    let edit_lists = timing::edit_lists(toolbox, order).await?;
    // From here on the guard removes the part file on every way out but the rename.
    let part = PartFile::beside(order.out);
    let conversion = Conversion {
        program: &ffmpeg,
        arguments: arguments::arguments(order.plan, order.info, edit_lists, order.source, part.path()),
        writes: Some(part.path()),
        stall_timeout,
    };
    let total_ms = order.info.duration_ms;
    let on_progress = |done_ms: u64, speed: Option<f64>| {
        observer(EncodeProgress {
            done_ms: done_ms.min(total_ms),
            total_ms,
            speed,
        });
    };
    let converted = run(conversion, &on_progress, cancel).await;
    settle(order, stamp, converted).await?;
    let verified = verify::verify(toolbox, stall_timeout, order, part.path(), cancel).await?;
    part.rename_to(order.out)
        .await
        .map_err(|error| problems::unwritable(order.out, &error))?;
    Ok(verified)
}

/// Gives a failed conversion its true cause, and a seemingly good one of a file that changed its refusal.
async fn settle(
    order: Order<'_>,
    before: (u64, Option<SystemTime>),
    converted: Result<(), ConversionFault>,
) -> Result<(), Problem> {
    let fault = converted.err();
    match &fault {
        Some(ConversionFault::Cancelled) => return Err(problems::cancelled(order.source)),
        Some(ConversionFault::Failed { stderr }) if says_disk_full(stderr) => {
            return Err(
                problems::disk_full(order.out.parent().unwrap_or(order.out), None).detail(stderr.clone())
            );
        }
        _ => {}
    }
    if stamp(order.source).await? != before {
        return Err(problems::changed(order.source));
    }
    match fault {
        None => Ok(()),
        Some(ConversionFault::Stalled) => Err(problems::stalled(order.source)),
        Some(ConversionFault::Failed { stderr }) => Err(problems::encode_failed(order.source, &stderr)),
        Some(fault) => Err(problems::tool_failed(order.source, &fault)),
    }
}

async fn stamp(source: &Path) -> Result<(u64, Option<SystemTime>), Problem> {
    match tokio::fs::metadata(source).await {
        Ok(metadata) => Ok((metadata.len(), metadata.modified().ok())),
        Err(error) => Err(problems::unopened(source, &error)),
    }
}

/// ENOSPC and EDQUOT in the C locale, which is what an empty environment gives.
fn says_disk_full(stderr: &str) -> bool {
    [
        "No space left on device",
        "Disk quota exceeded",
        "There is not enough space on the disk",
    ]
    .iter()
    .any(|words| stderr.contains(words))
}

fn check_space(order: Order<'_>) -> Result<(), Problem> {
    let folder = order.out.parent().unwrap_or(order.out);
    let needed_bytes = expected_bytes(order).saturating_add(SPARE_BYTES);
    let free_bytes = fs4::available_space(folder).map_err(|error| problems::unwritable(order.out, &error))?;
    if free_bytes < needed_bytes {
        return Err(problems::disk_full(folder, Some(needed_bytes)));
    }
    Ok(())
}

/// At most this much is written: a copy is as large as its source, an encode as its highest rate allows.
fn expected_bytes(order: Order<'_>) -> u64 {
    const AUDIO_BPS: u64 = 128_000;
    let of_rate = |rate_bps: u64| order.info.duration_ms.saturating_mul(rate_bps) / 8_000;
    match (order.plan.rung, &order.plan.target) {
        (Rung::Encode, Some(target)) => of_rate(target.max_rate_bps.saturating_add(AUDIO_BPS)),
        (Rung::AudioOnly, _) => order.info.size_bytes.saturating_add(of_rate(AUDIO_BPS)),
        _ => order.info.size_bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::says_disk_full;

    #[test]
    fn a_full_disk_is_recognised_in_ffmpegs_words() {
        assert!(says_disk_full(
            "[mp4 @ 0x55] x\nav_interleaved_write_frame(): No space left on device"
        ));
        assert!(!says_disk_full("Conversion failed!"));
    }
}
