//! Frames that would make good covers: sharp, well lit, a face if there is one, and not in the middle of a transition.
//!
//! Looks twice. First at pictures spread over the whole clip, mostly keyframes, which cost little; then, around the
//! best of them, at the very frames, where a better moment is chosen and blends of two scenes are seen as such.

use std::sync::{Mutex, PoisonError};

use daypart_domain::problem::Problem;
use daypart_ports::timeline::{CoverSuggestion, Picture};
use image::codecs::jpeg::JpegEncoder;
use tokio_util::sync::CancellationToken;

use crate::{
    scenes::SceneMarks,
    strip::{self, Clip, StripRequest, Tile, filmstrip},
    toolbox::MediaToolbox,
};

mod blend;
mod choice;
mod faces;
mod framed;
mod look;
mod own;
mod rating;
mod surroundings;

pub use framed::framed_cover;
pub use own::own_cover;

use blend::is_blend;
use choice::{Candidate, spread};
use faces::FaceFinder;
use look::{Look, luma_of};
use rating::{Scale, rate};

/// As many as are told at most.
pub const SUGGESTIONS_MAX: usize = 6;
const SHORTLIST_MAX: usize = 9;
const PICTURES: u32 = 36;
/// Enough to tell sharp from soft and to find the face of somebody in a corner.
const HEIGHT_MAX_PX: u32 = 360;
/// Frames looked at around a place, the outermost only to compare with.
const FRAMES_AROUND: u32 = 5;
/// Two suggestions lie at least so far apart, and at least a share of the clip.
const APART_MIN_US: u64 = 500_000;
const APART_SHARE: u64 = 12;
const QUALITY_PERCENT: u8 = 82;

/// At most [`SUGGESTIONS_MAX`] frames, best first, spread over the clip. None when nothing can be seen in the clip,
/// which is an answer and not an error. `marks` are what [`crate::scenes::find_scenes`] found; without them frames
/// right beside a cut may be suggested. Cancelling ends every process at once.
///
/// # Errors
/// As [`filmstrip`].
pub async fn suggest_covers(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    marks: &SceneMarks,
    cancel: &CancellationToken,
) -> Result<Vec<CoverSuggestion>, Problem> {
    let duration_us = clip.info.duration_ms.saturating_mul(1_000).max(1);
    let apart_us = (duration_us / APART_SHARE).max(APART_MIN_US);
    let height_px = clip.info.video.height_px.min(HEIGHT_MAX_PX);
    let whole = StripRequest::whole(PICTURES, height_px);
    let glimpses = pictures(toolbox, clip, whole, cancel).await?;
    let glimpses = looked_at(clip, glimpses, Faces::All, cancel).await?;
    let scale = Scale::of(glimpses.iter().map(|frame| &frame.look));
    let shortlist = spread(rated(&glimpses, &scale), SHORTLIST_MAX, apart_us / 2);

    let mut moments = Vec::new();
    for place in shortlist {
        let Some(glimpse) = glimpses.get(place) else {
            continue;
        };
        let Some(around_us) = surroundings::of(glimpse.tile.at_us, marks, duration_us) else {
            continue;
        };
        let window = StripRequest::window(around_us.start, around_us.end, FRAMES_AROUND, height_px);
        let around = match pictures(toolbox, clip, window, cancel).await {
            Ok(tiles) => tiles,
            Err(problem) if cancel.is_cancelled() => return Err(problem),
            // One damaged place is not the whole clip.
            Err(problem) => {
                tracing::debug!(%problem, at_us = glimpse.tile.at_us, "no closer look");
                continue;
            }
        };
        let around = looked_at(clip, around, Faces::None, cancel).await?;
        moments.extend(best_moment(around, &scale));
    }
    moments.sort_by_key(|tile| tile.at_us);
    moments.dedup_by_key(|tile| tile.at_us);
    let moments = looked_at(clip, moments, Faces::All, cancel).await?;
    let chosen = spread(rated(&moments, &scale), SUGGESTIONS_MAX, apart_us);
    tokio::task::spawn_blocking(move || {
        chosen
            .iter()
            .filter_map(|place| moments.get(*place))
            .map(|frame| suggestion(frame, &scale))
            .collect()
    })
    .await
    .map_err(|error| Problem::bug("the thread that compresses covers died").caused_by(&error))?
}

/// A picture and what can be said of it.
struct Frame {
    tile: Tile,
    look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Faces {
    All,
    None,
}

async fn pictures(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    request: StripRequest,
    cancel: &CancellationToken,
) -> Result<Vec<Tile>, Problem> {
    let seen = Mutex::new(Vec::new());
    let keep = |tile: &Tile| {
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(tile.clone());
    };
    filmstrip(toolbox, clip, request, None, &keep, cancel).await?;
    let mut tiles = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    tiles.sort_by_key(|tile| tile.at_us);
    Ok(tiles)
}

async fn looked_at(
    clip: Clip<'_>,
    tiles: Vec<Tile>,
    faces: Faces,
    cancel: &CancellationToken,
) -> Result<Vec<Frame>, Problem> {
    let stop = cancel.clone();
    let looked = tokio::task::spawn_blocking(move || {
        let mut finder = (faces == Faces::All).then(FaceFinder::new).flatten();
        let mut frames = Vec::with_capacity(tiles.len());
        for tile in tiles {
            if stop.is_cancelled() {
                break;
            }
            let luma = luma_of(&tile.rgb);
            let mut look = Look::at(&tile.rgb, &luma, tile.width_px, tile.height_px);
            if !look.shows_nothing() {
                look.face_share = finder
                    .as_mut()
                    .and_then(|finder| finder.largest_share(&luma, tile.width_px, tile.height_px));
            }
            frames.push(Frame { tile, look });
        }
        frames
    })
    .await
    .map_err(|error| Problem::bug("the thread that judges frames died").caused_by(&error))?;
    if cancel.is_cancelled() {
        return Err(strip::cancelled(clip.path));
    }
    Ok(looked)
}

fn rated<'a>(frames: &'a [Frame], scale: &Scale) -> Vec<Candidate<'a>> {
    frames
        .iter()
        .enumerate()
        .filter(|(_, frame)| !frame.look.shows_nothing())
        .map(|(place, frame)| Candidate {
            place,
            at_us: frame.tile.at_us,
            score: rate(&frame.look, scale).score,
            sketch: &frame.look.sketch,
        })
        .collect()
}

/// The best of frames that follow each other, none that mixes what is before and after it. The outermost are not
/// chosen where there are others: nobody knows what is beyond them.
fn best_moment(around: Vec<Frame>, scale: &Scale) -> Option<Tile> {
    let (first, last) = (
        around.first()?.look.sketch.clone(),
        around.last()?.look.sketch.clone(),
    );
    let is_long = around.len() >= 3;
    let inner = if is_long {
        1..around.len() - 1
    } else {
        0..around.len()
    };
    around
        .into_iter()
        .enumerate()
        .filter(|(place, frame)| inner.contains(place) && !frame.look.shows_nothing())
        .filter(|(_, frame)| !is_long || !is_blend(&first, &frame.look.sketch, &last))
        .map(|(_, frame)| (rate(&frame.look, scale).score, frame.tile))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, tile)| tile)
}

fn suggestion(frame: &Frame, scale: &Scale) -> Result<CoverSuggestion, Problem> {
    let Tile {
        at_us,
        width_px,
        height_px,
        rgb,
        ..
    } = &frame.tile;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY_PERCENT)
        .encode(rgb, *width_px, *height_px, image::ExtendedColorType::Rgb8)
        .map_err(|error| Problem::bug("a cover could not be compressed").caused_by(&error))?;
    Ok(CoverSuggestion {
        picture: Picture { at_us: *at_us, jpeg },
        merits: rate(&frame.look, scale).merits,
    })
}
