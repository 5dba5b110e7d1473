//! Carries out one planned rendition, without a data folder.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use daypart_domain::{
    delivery_spec::DeliverySpec,
    media_info::MediaInfo,
    problem::{ErrorCode, Problem, UserAction, codes},
    transcode_plan::{PlannedRendition, Rung},
};
use daypart_media::Media;
use daypart_ports::media::{EncodeObserver, EncodeProgress, MediaEncoder};
use tokio_util::sync::CancellationToken;

use crate::{MeasuredClip, Output, tools_plan::refusals};

/// Makes `rendition` of `clip` at `output` and returns what it measures. A file that is sent as it is is copied
/// byte by byte. Cancelled or failed, it leaves nothing behind.
///
/// # Errors
/// `media.refused` when something stands in the way at one of `specs`, or the result would not be taken there;
/// else as [`MediaEncoder::encode`] and [`Output::keep`].
pub async fn convert(
    clip: &MeasuredClip,
    rendition: &PlannedRendition,
    specs: &[&DeliverySpec],
    output: Output,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<MediaInfo, Problem> {
    let obstacles = rendition.obstacles.iter().map(|obstacle| &obstacle.sentence);
    if let Some(refused) = refused(obstacles.cloned().collect()) {
        return Err(refused);
    }
    let made = if rendition.plan.rung == Rung::AsIs {
        copy(clip, output.draft(), observer, cancel).await?;
        clip.info.clone()
    } else {
        let draft = output.draft();
        Media::default()
            .encode(&clip.path, &clip.info, &rendition.plan, &draft, observer, cancel)
            .await?
    };
    if let Some(refused) = refused(refusals(&made, specs)) {
        return Err(refused);
    }
    output.keep().await?;
    Ok(made)
}

fn refused(sentences: Vec<String>) -> Option<Problem> {
    let (first, others) = sentences.split_first()?;
    let problem = Problem::permanent(ErrorCode::new("media.refused"), first.clone())
        .fix("Choose another file, or change this one outside Daypart.");
    Some(
        others
            .iter()
            .fold(problem, |problem, other| problem.detail(other.clone())),
    )
}

async fn copy(
    clip: &MeasuredClip,
    draft: PathBuf,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<(), Problem> {
    let (source, expected_bytes, cancel) = (clip.path.clone(), clip.info.size_bytes, cancel.clone());
    let copied = tokio::task::spawn_blocking(move || copy_bytes(&source, &draft, &cancel))
        .await
        .map_err(|error| Problem::bug("the thread that copies a file died").caused_by(&error))?;
    let copied_bytes = copied.map_err(|error| {
        Problem::transient(
            ErrorCode::new("file.unreadable"),
            format!("“{}” could not be copied.", clip.path.display()),
        )
        .fix("Check that both disks still answer and that there is room, then try again.")
        .caused_by(&error)
    })?;
    if copied_bytes != expected_bytes {
        return Err(Problem::needs_user(
            codes::FILE_CHANGED,
            UserAction::ReplaceFile,
            format!("“{}” changed while it was copied.", clip.path.display()),
        )
        .fix("Wait until it is complete, then try again."));
    }
    observer(EncodeProgress {
        done_ms: clip.info.duration_ms,
        total_ms: clip.info.duration_ms,
        speed: None,
        frames_done: 0,
        size_bytes: copied_bytes,
        remaining_ms: Some(0),
    });
    Ok(())
}

fn copy_bytes(source: &Path, draft: &Path, cancel: &CancellationToken) -> std::io::Result<u64> {
    let (mut from, mut to) = (File::open(source)?, File::create(draft)?);
    let mut block = vec![0; 1 << 20];
    let mut copied_bytes = 0;
    loop {
        if cancel.is_cancelled() {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        match from.read(&mut block) {
            Ok(0) => return Ok(copied_bytes),
            Ok(length) => {
                to.write_all(block.get(..length).unwrap_or_default())?;
                copied_bytes += u64::try_from(length).unwrap_or(0);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
