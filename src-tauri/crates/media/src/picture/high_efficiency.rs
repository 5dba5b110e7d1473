//! HEIC and AVIF: pictures in MP4's container, decoded by the same codecs as videos.
//!
//! Which of them an ffmpeg can open differs from version to version, and phones store theirs in tiles that most
//! versions hand out one by one. So each is tried: it counts when a whole picture of the right size comes out.

use std::{ffi::OsString, fs::File, io::Read as _, path::Path};

use daypart_domain::{
    picture_info::{PictureFormat, PictureInfo, upright_size},
    problem::Problem,
};
use serde::Deserialize;

use super::{embedded, refuse_too_large};
use crate::{
    arguments::{file_url, quiet_ffmpeg, safe_input, safe_opening, words},
    probe::blocking,
    problems,
    tool::{self, Bounds, Finished, ToolError},
    toolbox::MediaToolbox,
};

/// The boxes that describe the picture stand before it.
const DESCRIPTION_MAX_BYTES: u64 = 1 << 20;
const ANSWER_MAX_BYTES: usize = 4 << 20;
const JPEG_MAX_BYTES: usize = 8 << 20;
/// Enough to see that the decoder is there.
const TRIAL_LONG_SIDE_PX: u32 = 64;

pub(super) async fn measure(
    toolbox: &MediaToolbox,
    path: &Path,
    format: PictureFormat,
    size_bytes: u64,
) -> Result<PictureInfo, Problem> {
    let owned = path.to_path_buf();
    let description = blocking(move || Description::read(&owned)).await??;
    let undecodable = |detail: String| problems::picture_undecodable(path, format.label(), detail);
    if let Some(claimed) = description.size {
        refuse_too_large(path, claimed, size_bytes)?;
    }
    let (width_px, height_px) = largest_stream(toolbox, path).await?.map_err(undecodable)?;
    if let Some((claimed_width_px, claimed_height_px)) = description.size {
        let turned = (height_px, width_px);
        let claimed = (claimed_width_px, claimed_height_px);
        if claimed != (width_px, height_px) && claimed != turned {
            return Err(undecodable(format!(
                "{width_px} × {height_px} of {claimed_width_px} × {claimed_height_px} come out: it is stored in tiles"
            )));
        }
    }
    refuse_too_large(path, (width_px, height_px), size_bytes)?;
    small_jpeg(toolbox, path, TRIAL_LONG_SIDE_PX)
        .await
        .map_err(undecodable)?;
    let (width_px, height_px) = upright_size(description.orientation, width_px, height_px);
    Ok(PictureInfo {
        format,
        size_bytes,
        width_px,
        height_px,
        orientation: description.orientation,
        colour_profile: description.colour_profile,
        animation: None,
        has_private_metadata: description.is_private,
    })
}

/// The picture as stored, not turned, shrunk to `long_side_px`; the error is what ffmpeg said.
pub(super) async fn small_jpeg(
    toolbox: &MediaToolbox,
    path: &Path,
    long_side_px: u32,
) -> Result<Vec<u8>, String> {
    let ffmpeg = toolbox.ffmpeg().map_err(|problem| problem.to_string())?;
    let mut arguments = quiet_ffmpeg();
    arguments.extend(safe_opening());
    arguments.extend([OsString::from("-noautorotate"), "-i".into(), file_url(path)]);
    let scale = format!(
        "scale='min({long_side_px},iw)':'min({long_side_px},ih)':force_original_aspect_ratio=decrease:out_range=pc,\
         format=yuvj420p"
    );
    arguments.extend(words(["-an", "-sn", "-dn", "-frames:v", "1", "-vf"]));
    arguments.push(scale.into());
    arguments.extend(words(["-c:v", "mjpeg", "-q:v", "3", "-f", "mjpeg", "pipe:1"]));
    let finished = run(toolbox, &ffmpeg, &arguments, JPEG_MAX_BYTES)
        .await
        .map_err(|error| error.to_string())?;
    if finished.success && !finished.stdout.is_empty() {
        Ok(finished.stdout)
    } else {
        Err(finished.stderr)
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
}

#[derive(Deserialize)]
struct Stream {
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
}

/// Its size as stored; a thumbnail beside the picture is smaller. The inner error is what ffprobe said.
async fn largest_stream(toolbox: &MediaToolbox, path: &Path) -> Result<Result<(u32, u32), String>, Problem> {
    let mut arguments = words(["-v", "error", "-of", "json", "-show_streams"]);
    arguments.extend(safe_input(path));
    let ffprobe = toolbox.ffprobe()?;
    let finished = match run(toolbox, &ffprobe, &arguments, ANSWER_MAX_BYTES).await {
        Ok(finished) => finished,
        Err(ToolError::TimedOut) => return Err(problems::probe_timeout(path)),
        Err(error) => return Err(problems::tool_failed(path, &error)),
    };
    let answer = serde_json::from_slice::<Answer>(&finished.stdout);
    let largest = answer
        .iter()
        .flat_map(|answer| &answer.streams)
        .map(|stream| (stream.width, stream.height))
        .max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
        .filter(|(width, height)| *width > 0 && *height > 0);
    Ok(largest.ok_or(finished.stderr))
}

async fn run(
    toolbox: &MediaToolbox,
    program: &Path,
    arguments: &[OsString],
    stdout_max_bytes: usize,
) -> Result<Finished, ToolError> {
    let bounds = Bounds {
        timeout: toolbox.look_timeout(),
        stdout_max_bytes,
    };
    tool::run(program, arguments, bounds).await
}

/// What the boxes say, which not every ffmpeg passes on.
#[derive(Debug, Default, PartialEq, Eq)]
struct Description {
    /// Of the whole picture, as stored: the largest of its parts.
    size: Option<(u32, u32)>,
    orientation: u8,
    colour_profile: Option<String>,
    is_private: bool,
}

impl Description {
    fn read(path: &Path) -> Result<Self, Problem> {
        let unopened = |error| problems::unopened(path, &error);
        let mut start = Vec::new();
        let file = File::open(path).map_err(unopened)?;
        file.take(DESCRIPTION_MAX_BYTES)
            .read_to_end(&mut start)
            .map_err(unopened)?;
        let exif = embedded::exif(path);
        Ok(Self {
            is_private: exif.as_ref().is_some_and(embedded::is_private),
            ..Self::in_boxes(&start)
        })
    }

    /// Properties are found by their names: each has its own shape, and no other box of a picture repeats it.
    fn in_boxes(start: &[u8]) -> Self {
        let sizes = boxes(start, b"ispe", 20).filter_map(|content| {
            let number = |at: usize| content.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
            Some((number(4)?, number(8)?))
        });
        let size = sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height));
        // Quarter turns against the clock (ISO/IEC 23008-12, 6.5.10).
        let quarters = boxes(start, b"irot", 9)
            .next()
            .and_then(|content| content.first())
            .map_or(0, |angle| angle & 3);
        let profile = start
            .windows(8)
            .position(|window| window == b"colrprof" || window == b"colrrICC")
            .and_then(|at| start.get(at + 8..));
        Self {
            size,
            orientation: [1, 8, 3, 6][usize::from(quarters)],
            colour_profile: profile.and_then(embedded::profile_name),
            is_private: false,
        }
    }
}

/// The contents of every box of this name that has exactly this many bytes, head included.
fn boxes<'a>(start: &'a [u8], name: &'a [u8; 4], size_bytes: u8) -> impl Iterator<Item = &'a [u8]> {
    let head: Vec<u8> = [&[0, 0, 0, size_bytes], name.as_slice()].concat();
    start
        .windows(8)
        .enumerate()
        .filter(move |(_, window)| *window == head)
        .filter_map(move |(at, _)| start.get(at + 8..at + usize::from(size_bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(8 + content.len()).unwrap().to_be_bytes();
        [&size, name.as_slice(), content].concat()
    }

    #[test]
    fn the_largest_part_is_the_picture_and_its_turn_is_exifs() {
        let size = |width: u32, height: u32| {
            let numbers = [[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat();
            property(b"ispe", &numbers)
        };
        let tiles = [size(512, 512), size(4032, 3024), size(320, 240)].concat();
        let seen = Description::in_boxes(&tiles);
        assert_eq!((seen.size, seen.orientation), (Some((4032, 3024)), 1));
        for (quarters, orientation) in [(0, 1), (1, 8), (2, 3), (3, 6)] {
            let turned = [tiles.clone(), property(b"irot", &[quarters])].concat();
            assert_eq!(Description::in_boxes(&turned).orientation, orientation);
        }
        assert_eq!(Description::in_boxes(b"nothing").size, None);
    }
}
