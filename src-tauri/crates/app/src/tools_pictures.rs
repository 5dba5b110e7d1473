//! Pictures of a clip, without a data folder.

use std::path::Path;

use daypart_domain::{media_info::MediaInfo, problem::Problem};
use daypart_media::{
    MediaToolbox, Still, covers,
    scenes::{SceneMarks, find_scenes},
    strip::{self, Clip, Strip, StripRequest, Tile},
};
use daypart_ports::timeline::CoverSuggestion;
use tokio_util::sync::CancellationToken;

/// At most `frames` pictures of `height_px` along the clip, telling each as it comes.
///
/// # Errors
/// As [`strip::filmstrip`].
pub async fn filmstrip(
    path: &Path,
    info: &MediaInfo,
    frames: u32,
    height_px: u32,
    on_picture: &(dyn Fn() + Send + Sync),
    cancel: &CancellationToken,
) -> Result<Strip, Problem> {
    let on_tile = |_: &Tile| on_picture();
    let request = StripRequest::whole(frames, height_px);
    let toolbox = MediaToolbox::locate();
    strip::filmstrip(&toolbox, Clip { path, info }, request, None, &on_tile, cancel).await
}

/// The frame that is shown at `at_us`, in the clip's own size unless `height_px` is smaller.
///
/// # Errors
/// As [`daypart_media::still`].
pub async fn still(
    path: &Path,
    info: &MediaInfo,
    at_us: u64,
    height_px: Option<u32>,
    cancel: &CancellationToken,
) -> Result<Still, Problem> {
    daypart_media::still(
        &MediaToolbox::locate(),
        Clip { path, info },
        at_us,
        height_px,
        cancel,
    )
    .await
}

/// Where the clip is cut, black or frozen.
///
/// # Errors
/// As [`find_scenes`].
pub async fn scenes(
    path: &Path,
    info: &MediaInfo,
    cancel: &CancellationToken,
) -> Result<SceneMarks, Problem> {
    find_scenes(&MediaToolbox::locate(), Clip { path, info }, cancel).await
}

/// Frames that would make good covers, best first; none when nothing can be seen in the clip.
///
/// # Errors
/// As [`find_scenes`] and [`covers::suggest_covers`].
pub async fn suggest_covers(
    path: &Path,
    info: &MediaInfo,
    cancel: &CancellationToken,
) -> Result<Vec<CoverSuggestion>, Problem> {
    let (toolbox, clip) = (MediaToolbox::locate(), Clip { path, info });
    let marks = find_scenes(&toolbox, clip, cancel).await?;
    covers::suggest_covers(&toolbox, clip, &marks, cancel).await
}
