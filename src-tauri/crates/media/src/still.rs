//! One frame of a clip as a picture of its own: exactly the one shown at a time, upright, with square pixels.

use std::{collections::HashSet, path::Path};

use daypart_domain::problem::{ErrorCode, Problem};
use image::codecs::jpeg::JpegEncoder;
use tokio_util::sync::CancellationToken;

use crate::{
    index::IndexFault,
    picture_pipe::PipeFault,
    problems,
    strip::{
        Clip,
        arguments::{Care, Rendering},
        film::Film,
        injection::{self, Decoding},
        seeking::Seeker,
    },
    toolbox::MediaToolbox,
};

/// Platforms compress a cover again: it is sent with next to no loss.
const QUALITY_PERCENT: u8 = 92;
const HEIGHT_MIN_PX: u32 = 16;
/// Where there is no index, the frame that is shown began at most so long ago; tried one after the other.
const LOOKED_BACK_US: [u64; 2] = [1_000_000, 15_000_000];

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Still {
    /// When it begins to be shown; not the time that was asked for.
    pub at_us: u64,
    pub width_px: u32,
    pub height_px: u32,
    pub jpeg: Vec<u8>,
}

/// A frame's pixels, as a person sees them.
pub(crate) struct RawFrame {
    pub at_us: u64,
    pub width_px: u32,
    pub height_px: u32,
    /// Three bytes each, line by line.
    pub rgb: Vec<u8>,
}

/// The frame that is shown at `at_us`, after the end the last one; in the clip's own size, or as high as
/// `height_px` says, never larger than it is. Cancelling ends every process at once.
///
/// # Errors
/// `media.ffmpeg_missing`, `media.cancelled`, `media.still_failed`, `file.missing`, `file.unreadable`.
pub async fn still(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    at_us: u64,
    height_px: Option<u32>,
    cancel: &CancellationToken,
) -> Result<Still, Problem> {
    compress(raw_frame(toolbox, clip, at_us, height_px, cancel).await?).await
}

/// As [`still`], before it is compressed.
pub(crate) async fn raw_frame(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    at_us: u64,
    height_px: Option<u32>,
    cancel: &CancellationToken,
) -> Result<RawFrame, Problem> {
    let ffmpeg = toolbox.ffmpeg()?;
    let (width_px, height_px) = size(clip, height_px);
    let rendering = Rendering::still(width_px, height_px, clip.info.video.hdr);
    let eye = Eye {
        ffmpeg: &ffmpeg,
        clip,
        rendering: &rendering,
        cancel,
    };
    let found = match Film::open(clip.path, clip.info.video.stream_index).await {
        Ok(film) => match eye.decode(&film, at_us).await {
            Ok(None) => eye.seek(at_us).await,
            found => found,
        },
        Err(IndexFault::Io(error)) if clip.path.metadata().is_err() => {
            return Err(problems::unopened(clip.path, &error));
        }
        Err(_) => eye.seek(at_us).await,
    };
    match found {
        Ok(Some((at_us, rgb))) => Ok(RawFrame {
            at_us,
            width_px,
            height_px,
            rgb,
        }),
        Ok(None) => Err(failed(clip.path, "no picture came")),
        Err(PipeFault::Cancelled) => Err(cancelled(clip.path)),
        Err(fault @ PipeFault::Start(_)) => Err(problems::tool_failed(clip.path, &fault)),
        Err(fault) => Err(failed(clip.path, &fault.to_string())),
    }
}

/// As a person sees the video.
fn size(clip: Clip<'_>, height_px: Option<u32>) -> (u32, u32) {
    let video = &clip.info.video;
    let (width, height) = (
        u64::from(video.width_px.max(1)),
        u64::from(video.height_px.max(1)),
    );
    let Some(wanted) = height_px.filter(|wanted| *wanted < video.height_px) else {
        return (video.width_px.max(1), video.height_px.max(1));
    };
    let wanted = wanted.max(HEIGHT_MIN_PX);
    let scaled = (u64::from(wanted) * width + height / 2) / height;
    (u32::try_from(scaled).unwrap_or(u32::MAX).max(1), wanted)
}

struct Eye<'a> {
    ffmpeg: &'a Path,
    clip: Clip<'a>,
    rendering: &'a Rendering,
    cancel: &'a CancellationToken,
}

type Found = Result<Option<(u64, Vec<u8>)>, PipeFault>;

impl Eye<'_> {
    /// Feeds the frame and those before it since its keyframe.
    async fn decode(&self, film: &Film, at_us: u64) -> Found {
        let table = &film.table;
        let whole = || table.in_shown_order().filter(|(_, sample)| film.is_whole(sample));
        let begun = whole().take_while(|(_, sample)| table.at_us(sample) <= at_us);
        let Some((place, sample)) = begun.last().or_else(|| whole().next()) else {
            return Ok(None);
        };
        let begins_us = table.at_us(sample);
        let decoding = Decoding {
            ffmpeg: self.ffmpeg,
            rendering: self.rendering,
            care: Care::Exact,
        };
        let runs = vec![table.decoding_start(place)..=place];
        let mut found = None;
        injection::decode(
            decoding,
            film,
            injection::portions(film, &runs),
            Some(HashSet::from([place])),
            &mut |_, rgb| found = Some((begins_us, rgb)),
            self.cancel,
        )
        .await?;
        Ok(found)
    }

    /// Lets ffmpeg read on until a frame comes that is shown too late; the one before it counts.
    async fn seek(&self, at_us: u64) -> Found {
        let seeker = Seeker {
            ffmpeg: self.ffmpeg,
            clip: self.clip,
            rendering: self.rendering,
            cancel: self.cancel,
        };
        let mut origin = match seeker.origin().await {
            Ok(origin) => origin,
            Err((_, Some(fault))) => return Err(fault),
            Err((words, None)) => {
                tracing::debug!(%words, "not even the first frame came");
                return Ok(None);
            }
        };
        let from_places = LOOKED_BACK_US.map(|back_us| at_us.saturating_sub(back_us));
        for from_us in from_places.into_iter().chain([0]) {
            let mut last = None;
            seeker
                .pass(
                    &origin,
                    (from_us, at_us.saturating_add(1), 0),
                    &mut |at_us, rgb| {
                        last = Some((at_us, rgb));
                    },
                )
                .await?;
            if last.is_some() {
                return Ok(last);
            }
        }
        Ok(origin.rgb.take().map(|rgb| (0, rgb)))
    }
}

async fn compress(frame: RawFrame) -> Result<Still, Problem> {
    let RawFrame {
        at_us,
        width_px,
        height_px,
        rgb,
    } = frame;
    let compressed = tokio::task::spawn_blocking(move || {
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY_PERCENT)
            .encode(&rgb, width_px, height_px, image::ExtendedColorType::Rgb8)
            .map(|()| jpeg)
    })
    .await
    .map_err(|error| Problem::bug("the thread that compresses a picture died").caused_by(&error))?;
    let jpeg =
        compressed.map_err(|error| Problem::bug("a picture could not be compressed").caused_by(&error))?;
    Ok(Still {
        at_us,
        width_px,
        height_px,
        jpeg,
    })
}

fn cancelled(path: &Path) -> Problem {
    Problem::transient(
        ErrorCode::new("media.cancelled"),
        format!("Looking into “{}” was cancelled.", problems::name_of(path)),
    )
}

fn failed(path: &Path, detail: &str) -> Problem {
    if let Err(error) = path.metadata() {
        return problems::unopened(path, &error);
    }
    Problem::permanent(
        ErrorCode::new("media.still_failed"),
        format!(
            "No picture of “{}” could be decoded at this time.",
            problems::name_of(path)
        ),
    )
    .fix("Choose another time; if none works, export the video again.")
    .detail(detail.to_owned())
}
