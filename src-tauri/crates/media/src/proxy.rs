//! A copy of a clip for looking at, where the web view cannot play the clip itself. Never sent anywhere.
//!
//! Small H.264 of 8 bit with AAC beside it, upright, in normal dynamic range, at a constant rate, on the clip's own
//! time line: what is shown at a time of the copy is what the clip shows at that time.

mod cache;

use std::path::{Path, PathBuf};

use daypart_domain::{
    playback::{copy_frame_rate_fps, copy_size},
    problem::{ErrorCode, Problem},
    transcode_plan::{EncodeTarget, Rung, TranscodePlan},
};
use daypart_ports::{
    media::{EncodeObserver, EncodeProgress},
    timeline::Clip,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::cache::ProxyPlace;
use crate::{
    encode::{
        arguments::{
            EditLists, Recipe,
            proxy::{MAX_RATE_BPS, viewing},
        },
        conversion::{Conversion, ConversionFault, Report, run},
        part_file::PartFile,
        says_disk_full,
    },
    problems,
    start_times::start_times,
};

/// Left free on the disk beside the copy.
const SPARE_BYTES: u64 = 64 << 20;
const SOUND_RATE_BPS: u64 = 128_000;

/// Makes the copy in `folder`, or finds it there. Until it is whole it has another name.
pub(crate) async fn proxy(
    media: &crate::Media,
    clip: Clip<'_>,
    folder: &Path,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<PathBuf, Problem> {
    let place = ProxyPlace::of(folder, clip.identity, clip.info.video.stream_index);
    if place.find().await {
        return Ok(place.path().to_path_buf());
    }
    let ffmpeg = media.toolbox.ffmpeg()?;
    let starts = start_times(&media.toolbox, clip.path).await?;
    tokio::fs::create_dir_all(folder)
        .await
        .map_err(|error| problems::unwritable(place.path(), &error))?;
    let plan = plan(clip);
    let recipe = Recipe {
        plan: &plan,
        info: clip.info,
        source: clip.path,
        edit_lists: EditLists::Drop,
        zero_us: starts.zero_us(clip.info.video.stream_index),
        gain_db: 0.0,
    };
    check_space(folder, clip)?;
    let part = PartFile::beside(place.path());
    let Some(arguments) = viewing(&recipe, part.path()) else {
        return Err(Problem::bug("a copy without a picture"));
    };
    let (_never, paused) = watch::channel(false);
    let conversion = Conversion {
        program: &ffmpeg,
        arguments,
        reads: Vec::new(),
        writes: Some(part.path()),
        stall_timeout: media.stall_timeout,
        paused,
    };
    let on_progress = |report: Report| observer(progress(report, clip.info.duration_ms));
    run(conversion, &on_progress, cancel)
        .await
        .map_err(|fault| failed(clip.path, folder, &fault))?;
    part.rename_to(place.path())
        .await
        .map_err(|error| problems::unwritable(place.path(), &error))?;
    place.made_room().await;
    Ok(place.path().to_path_buf())
}

fn plan(clip: Clip<'_>) -> TranscodePlan {
    let (width_px, height_px) = copy_size(clip.info);
    TranscodePlan {
        rung: Rung::Encode,
        target: Some(EncodeTarget::whole(
            width_px,
            height_px,
            copy_frame_rate_fps(clip.info),
            MAX_RATE_BPS,
        )),
        ..TranscodePlan::default()
    }
}

fn check_space(folder: &Path, clip: Clip<'_>) -> Result<(), Problem> {
    let most_bytes = clip
        .info
        .duration_ms
        .saturating_mul(MAX_RATE_BPS + SOUND_RATE_BPS)
        / 8_000;
    let needed_bytes = most_bytes.saturating_add(SPARE_BYTES);
    let free_bytes = fs4::available_space(folder).map_err(|error| problems::unwritable(folder, &error))?;
    if free_bytes < needed_bytes {
        return Err(problems::disk_full(folder, Some(needed_bytes)));
    }
    Ok(())
}

fn progress(report: Report, total_ms: u64) -> EncodeProgress {
    let done_ms = report.done_ms.min(total_ms);
    let speed = report.done_ms as f64 / (report.worked.as_secs_f64() * 1_000.0);
    let speed = (speed.is_finite() && speed > 0.0).then_some(speed);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive time; the cast saturates"
    )]
    let remaining_ms = speed.map(|speed| ((total_ms - done_ms) as f64 / speed).round() as u64);
    EncodeProgress {
        done_ms,
        total_ms,
        speed,
        frames_done: report.frames,
        size_bytes: report.size_bytes,
        remaining_ms,
    }
}

fn failed(source: &Path, folder: &Path, fault: &ConversionFault) -> Problem {
    let code = ErrorCode::new("preview.copy_failed");
    let sentence = format!("No preview of “{}” could be made.", problems::name_of(source));
    match fault {
        ConversionFault::Cancelled => problems::cancelled(source),
        ConversionFault::Failed { stderr } if says_disk_full(stderr) => problems::disk_full(folder, None),
        ConversionFault::Failed { stderr } => match source.metadata() {
            Err(error) => problems::unopened(source, &error),
            Ok(_) => Problem::permanent(code, sentence)
                .fix("The frames can still be seen and cut. The file may be damaged: play it to its end elsewhere.")
                .detail(stderr.clone()),
        },
        fault => Problem::transient(code, sentence)
            .fix("Try again.")
            .caused_by(fault),
    }
}
