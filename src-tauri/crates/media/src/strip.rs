//! The filmstrip: pictures of a clip along its time line, the first ones at once.
//!
//! In MP4 and MOV the frames are found in the index, and only their bytes are fed to ffmpeg, in a small movie made
//! for the purpose (MEDIA.md §4a); other containers, and what did not come out, are sought in the file itself.
//! Every picture is upright, with square pixels, and carries the time at which it is really shown.

use std::{collections::BTreeMap, path::Path};

use daypart_domain::{asset::FileIdentity, media_info::MediaInfo, problem::Problem};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{index::IndexFault, picture_pipe::PipeFault, problems, toolbox::MediaToolbox};

pub(crate) mod arguments;
mod cache;
mod choice;
pub(crate) mod excerpt;
mod fill;
pub(crate) mod film;
mod geometry;
mod hevc;
pub(crate) mod injection;
pub(crate) mod seeking;
mod sprite;

pub use cache::StripCache;

use arguments::Rendering;
use choice::Choice;
use film::Film;
use geometry::TileSize;

/// The file and what is known about it.
#[derive(Debug, Clone, Copy)]
pub struct Clip<'a> {
    pub path: &'a Path,
    pub info: &'a MediaInfo,
}

/// Which pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripRequest {
    /// The part of the time line; 0 is the first shown frame.
    pub from_us: u64,
    /// Exclusive; `None` is the end.
    pub to_us: Option<u64>,
    /// At most so many, spread evenly; all frames when there are fewer. Cut to 1..=600 and to 24 MiB of pixels.
    pub tiles: u32,
    /// Cut to 16..=360.
    pub tile_height_px: u32,
    pub precision: Precision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Keyframes near the places asked for, as far as there are any: for looking at the whole.
    Keyframes,
    /// The very frames that are shown at the places asked for: for cutting.
    Frames,
}

impl StripRequest {
    /// The whole clip at a glance.
    pub fn whole(tiles: u32, tile_height_px: u32) -> Self {
        Self {
            from_us: 0,
            to_us: None,
            tiles,
            tile_height_px,
            precision: Precision::Keyframes,
        }
    }

    /// A part in which single frames matter.
    pub fn window(from_us: u64, to_us: u64, tiles: u32, tile_height_px: u32) -> Self {
        Self {
            from_us,
            to_us: Some(to_us),
            tiles,
            tile_height_px,
            precision: Precision::Frames,
        }
    }
}

/// One picture, as soon as it is there.
#[derive(Debug, Clone)]
pub struct Tile {
    /// When the frame is shown; not the place that was asked for.
    pub at_us: u64,
    pub is_key: bool,
    pub width_px: u32,
    pub height_px: u32,
    /// Red, green, blue, row by row from the top.
    pub rgb: Vec<u8>,
}

/// All pictures in one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Strip {
    pub tile_width_px: u32,
    pub tile_height_px: u32,
    /// The n-th tile is in column `n % columns` and row `n / columns` of the sprite.
    pub columns: u32,
    /// Ascending in time, each time once.
    pub tiles: Vec<TileMark>,
    #[serde(skip)]
    pub sprite_jpeg: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileMark {
    pub at_us: u64,
    pub is_key: bool,
}

/// Makes the strip, telling each picture to `on_tile` as it comes: spread over the whole first, then between. A
/// strip that is in `cache` (which needs the file's identity) is returned at once, and `on_tile` hears nothing.
/// Cancelling ends every process at once. Frames that cannot be decoded are left out; no picture at all is an
/// error.
///
/// # Errors
/// `media.ffmpeg_missing`, `media.cancelled`, `media.strip_failed`, `file.missing`, `file.unreadable`.
pub async fn filmstrip(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    request: StripRequest,
    cache: Option<(&StripCache, &FileIdentity)>,
    on_tile: &(dyn Fn(&Tile) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<Strip, Problem> {
    let size = TileSize::of(&clip.info.video, request.tile_height_px);
    let request = StripRequest {
        tiles: size.bounded(request.tiles),
        tile_height_px: size.height_px,
        ..request
    };
    let place =
        cache.map(|(cache, identity)| cache.place_of(identity, clip.info.video.stream_index, request));
    if let Some(place) = &place
        && let Some(strip) = place.find().await
    {
        return Ok(strip);
    }
    let ffmpeg = toolbox.ffmpeg()?;
    let gathering = Gathering {
        ffmpeg: &ffmpeg,
        clip,
        request,
        rendering: Rendering::rgb(size.width_px, size.height_px, clip.info.video.hdr),
        cancel,
    };
    let mut gathered = Gathered {
        size,
        on_tile,
        tiles: BTreeMap::new(),
        last_words: String::new(),
        is_final: true,
    };
    match Film::open(clip.path, clip.info.video.stream_index).await {
        Ok(film) => fill::from_index(&gathering, film, &mut gathered).await?,
        Err(IndexFault::Io(error)) if clip.path.metadata().is_err() => {
            return Err(problems::unopened(clip.path, &error));
        }
        Err(fault) => {
            tracing::debug!(%fault, "the strip is sought");
            fill::by_seeking(&gathering, &mut gathered).await?;
        }
    }
    if cancel.is_cancelled() {
        return Err(cancelled(clip.path));
    }
    if gathered.tiles.is_empty() {
        return Err(no_picture(clip.path, &gathered.last_words));
    }
    let is_final = gathered.is_final;
    let strip = sprite::join(size, gathered.tiles).await?;
    if let Some(place) = place.filter(|_| is_final) {
        place.keep(&strip).await;
    }
    Ok(strip)
}

/// The times of all keyframes, ascending: marks to snap to, and where a cut needs no re-encoding. `None` when the
/// container has no index that can be read.
pub async fn keyframes_us(clip: Clip<'_>) -> Option<Vec<u64>> {
    let film = Film::open(clip.path, clip.info.video.stream_index).await.ok()?;
    Some(film.table.keyframes_us())
}

/// What all ways of getting pictures need.
struct Gathering<'a> {
    ffmpeg: &'a Path,
    clip: Clip<'a>,
    request: StripRequest,
    rendering: Rendering,
    cancel: &'a CancellationToken,
}

struct Gathered<'a> {
    size: TileSize,
    on_tile: &'a (dyn Fn(&Tile) + Send + Sync),
    tiles: BTreeMap<u64, Tile>,
    last_words: String,
    /// Asked again, the answer would be the same.
    is_final: bool,
}

impl Gathered<'_> {
    /// The first picture of a time counts.
    fn add(&mut self, at_us: u64, is_key: bool, rgb: Vec<u8>) {
        if let std::collections::btree_map::Entry::Vacant(place) = self.tiles.entry(at_us) {
            (self.on_tile)(place.insert(Tile {
                at_us,
                is_key,
                width_px: self.size.width_px,
                height_px: self.size.height_px,
                rgb,
            }));
        }
    }

    /// Goes on without those pictures, unless that is not the file's fault.
    fn endure(&mut self, path: &Path, outcome: Result<String, PipeFault>) -> Result<(), Problem> {
        match outcome {
            Ok(words) => {
                if !words.is_empty() {
                    self.last_words = words;
                }
                Ok(())
            }
            Err(PipeFault::Cancelled) => Err(cancelled(path)),
            Err(fault @ PipeFault::Start(_)) => Err(problems::tool_failed(path, &fault)),
            Err(fault @ (PipeFault::Read(_) | PipeFault::Stalled)) => {
                self.last_words = fault.to_string();
                self.is_final = false;
                Ok(())
            }
        }
    }
}

pub(crate) fn cancelled(path: &Path) -> Problem {
    Problem::transient(
        daypart_domain::problem::ErrorCode::new("media.cancelled"),
        format!("Looking through “{}” was cancelled.", problems::name_of(path)),
    )
}

fn no_picture(path: &Path, last_words: &str) -> Problem {
    if let Err(error) = path.metadata() {
        return problems::unopened(path, &error);
    }
    Problem::permanent(
        daypart_domain::problem::ErrorCode::new("media.strip_failed"),
        format!("No picture of “{}” could be decoded.", problems::name_of(path)),
    )
    .fix("Play the file to its end; if it does not play either, export it again and add the new export.")
    .detail(last_words.to_owned())
}
