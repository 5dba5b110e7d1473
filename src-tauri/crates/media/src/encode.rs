//! Renditions: converted beside their place, verified, then renamed into it.

pub(crate) mod arguments;
pub(crate) mod conversion;
pub(crate) mod hardware_first;
mod lossless;
mod loudness;
pub(crate) mod part_file;
mod passes;
pub(crate) mod pauses;
mod smart;
mod timing;
mod verify;
pub(crate) mod work_folder;

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use daypart_domain::{
    media_info::MediaInfo,
    problem::Problem,
    transcode_plan::{Rung, TranscodePlan},
};
use daypart_ports::media::EncodeObserver;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::{
    arguments::{EditLists, Pass, Recipe, lossless::Piece},
    conversion::ConversionFault,
    part_file::PartFile,
    passes::Passes,
    pauses::Pauses,
    work_folder::WorkFolder,
};
use crate::{captions::drawing::Drawing, problems, toolbox::MediaToolbox};

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

/// What every run of one conversion needs.
pub(crate) struct Tools<'a> {
    toolbox: &'a MediaToolbox,
    ffmpeg: &'a Path,
    stall_timeout: Duration,
    paused: watch::Receiver<bool>,
    /// To be drawn, and to be compared with.
    captions: Option<&'a Drawing>,
}

pub(crate) async fn encode(
    toolbox: &MediaToolbox,
    stall_timeout: Duration,
    pauses: &Pauses,
    order: Order<'_>,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<MediaInfo, Problem> {
    refuse_impossible(order)?;
    let ffmpeg = toolbox.ffmpeg()?;
    let stamp = stamp(order.source).await?;
    if stamp.0 != order.info.size_bytes {
        return Err(problems::changed(order.source));
    }
    let captions = Drawing::prepare(toolbox, order.plan, order.out).await?;
    let drawing_plan = match &captions {
        Some(drawing) => Some(drawing.carried_by(order.plan).await?),
        None => None,
    };
    let order = Order {
        plan: drawing_plan.as_ref().unwrap_or(order.plan),
        ..order
    };
    let running = pauses.enter(order.out);
    let tools = Tools {
        toolbox,
        ffmpeg: &ffmpeg,
        stall_timeout,
        paused: running.paused(),
        captions: captions.as_ref(),
    };
    let timing = timing::timing(toolbox, order).await?;
    let mut recipe = Recipe {
        plan: order.plan,
        info: order.info,
        source: order.source,
        edit_lists: timing.edit_lists,
        zero_us: timing.zero_us,
        gain_db: order.plan.sound.gain_db,
    };
    check_space(order, &recipe)?;
    recipe.gain_db = loudness::gain_db(&tools, recipe, cancel).await?;
    let known = Known {
        stamp,
        gap_us: timing.gap_us,
    };
    if lossless::is_asked_for(order.plan) {
        // Its tracks are made anew, each from its own beginning.
        recipe.edit_lists = EditLists::Drop;
        let pieces = arguments::lossless::copied_parts(&recipe);
        match finish(&tools, order, recipe, known, Some(&pieces), observer, cancel).await {
            Err(problem) if lossless::may_be_encoded_instead(&problem) => {
                tracing::info!(details = ?problem.details, "a lossless cut did not pass its check");
            }
            finished => return finished,
        }
        let plan = lossless::encoded_instead(order.plan, order.info);
        let order = Order { plan: &plan, ..order };
        recipe.plan = &plan;
        return finish(&tools, order, recipe, known, None, observer, cancel).await;
    }
    if let Some(cut) = smart::smart_cut(order).await? {
        let plan = TranscodePlan {
            parts: cut.parts,
            ..order.plan.clone()
        };
        let order = Order { plan: &plan, ..order };
        let recipe = Recipe {
            plan: &plan,
            ..recipe
        };
        match finish(&tools, order, recipe, known, Some(&cut.pieces), observer, cancel).await {
            Err(problem) if lossless::may_be_encoded_instead(&problem) => {
                tracing::info!(details = ?problem.details, "a smart cut did not pass its check");
            }
            finished => return finished,
        }
    }
    finish(&tools, order, recipe, known, None, observer, cancel).await
}

/// What was seen of the source before the conversion.
#[derive(Clone, Copy)]
struct Known {
    stamp: (u64, Option<SystemTime>),
    /// How far apart sound and picture begin.
    gap_us: u64,
}

/// Converts, as a whole or in pieces, checks and puts in place.
async fn finish(
    tools: &Tools<'_>,
    order: Order<'_>,
    recipe: Recipe<'_>,
    known: Known,
    pieces: Option<&[Piece]>,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<MediaInfo, Problem> {
    check_space(order, &recipe)?;
    // From here on the guard removes the part file on every way out but the rename.
    let part = PartFile::beside(order.out);
    let converted = match pieces {
        Some(pieces) => {
            lossless::convert(tools, order, &recipe, pieces, part.path(), observer, cancel).await?
        }
        None => convert(tools, order, &recipe, part.path(), observer, cancel).await?,
    };
    settle(order, known.stamp, converted).await?;
    let verified = verify::verify(tools, &recipe, known.gap_us, part.path(), cancel).await?;
    part.rename_to(order.out)
        .await
        .map_err(|error| problems::unwritable(order.out, &error))?;
    Ok(verified)
}

fn refuse_impossible(order: Order<'_>) -> Result<(), Problem> {
    if order.plan.rung == Rung::AsIs {
        return Err(Problem::bug("asked to convert a file that is sent as it is"));
    }
    let cut = !order.plan.parts.is_empty();
    if order.plan.rung != Rung::Encode && cut && !lossless::is_asked_for(order.plan) {
        return Err(Problem::bug("asked to cut without encoding"));
    }
    Ok(())
}

/// All passes. The outer error is one of ours, the inner one ffmpeg's.
async fn convert(
    tools: &Tools<'_>,
    order: Order<'_>,
    recipe: &Recipe<'_>,
    part: &Path,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<Result<(), ConversionFault>, Problem> {
    let two_passes =
        order.plan.rung == Rung::Encode && order.plan.target.as_ref().is_some_and(|target| target.two_passes);
    if !two_passes {
        let passes = Passes::new(tools, recipe, part, 1, observer, cancel);
        return passes.run(Pass::Only).await;
    }
    let work = WorkFolder::beside(order.out).map_err(|error| problems::unwritable(order.out, &error))?;
    let log = work.file("pass");
    let mut passes = Passes::new(tools, recipe, part, 2, observer, cancel);
    let first = passes.run(Pass::First { log: &log }).await?;
    if first.is_err() {
        return Ok(first);
    }
    passes.next();
    passes.run(Pass::Second { log: &log }).await
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
pub(crate) fn says_disk_full(stderr: &str) -> bool {
    [
        "No space left on device",
        "Disk quota exceeded",
        "There is not enough space on the disk",
    ]
    .iter()
    .any(|words| stderr.contains(words))
}

fn check_space(order: Order<'_>, recipe: &Recipe<'_>) -> Result<(), Problem> {
    let folder = order.out.parent().unwrap_or(order.out);
    let needed_bytes = expected_bytes(order, recipe).saturating_add(SPARE_BYTES);
    let free_bytes = fs4::available_space(folder).map_err(|error| problems::unwritable(order.out, &error))?;
    if free_bytes < needed_bytes {
        return Err(problems::disk_full(folder, Some(needed_bytes)));
    }
    Ok(())
}

/// At most this much is written: a copy is as large as its source, an encode as its highest rate allows.
fn expected_bytes(order: Order<'_>, recipe: &Recipe<'_>) -> u64 {
    let duration_ms = recipe.duration_us() / 1_000;
    let audio_bps = u64::from(order.plan.sound.bit_rate_bps);
    let of_rate = |rate_bps: u64| duration_ms.saturating_mul(rate_bps) / 8_000;
    match (order.plan.rung, &order.plan.target) {
        (Rung::Encode, Some(target)) => of_rate(target.max_rate_bps.saturating_add(audio_bps)),
        (Rung::AudioOnly, _) => order.info.size_bytes.saturating_add(of_rate(audio_bps)),
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
