//! The poster: one upright frame, quickly.

use std::{ffi::OsString, path::Path};

use daypart_domain::{
    media_info::{MediaInfo, VideoTrack},
    problem::Problem,
};

use crate::{
    arguments::{file_url, quiet_ffmpeg, safe_opening, words},
    encode::part_file::PartFile,
    problems,
    tool::{self, Bounds},
    toolbox::MediaToolbox,
};

const LONG_SIDE_PX: u32 = 640;
/// A 640 px JPEG of noise has a few hundred kilobytes.
const JPEG_MAX_BYTES: usize = 8 << 20;
/// Mean luma under which a frame counts as black (limited-range black is 16).
const BLACK_BELOW: u64 = 24;
/// Where to look, in hundredths of the length; the first frame that is not black wins.
const PLACES_PERCENT: [u64; 3] = [10, 35, 65];

pub(crate) async fn poster(
    toolbox: &MediaToolbox,
    path: &Path,
    info: &MediaInfo,
    out: &Path,
) -> Result<(), Problem> {
    let ffmpeg = toolbox.ffmpeg()?;
    let mut best: Option<(u64, Vec<u8>)> = None;
    let mut last_words = String::new();
    let keyframes = PLACES_PERCENT.map(|percent| Seek::Keyframe {
        at_ms: info.duration_ms * percent / 100,
    });
    for seek in keyframes.into_iter().chain([Seek::FirstFrame]) {
        if seek == Seek::FirstFrame && best.is_some() {
            break;
        }
        let bounds = Bounds {
            timeout: toolbox.look_timeout(),
            stdout_max_bytes: JPEG_MAX_BYTES,
        };
        match tool::run(&ffmpeg, &arguments(path, info, seek), bounds).await {
            Ok(finished) if !finished.stdout.is_empty() => {
                let luma = mean_luma(&finished.stdout);
                if best.as_ref().is_none_or(|(known, _)| luma > *known) {
                    best = Some((luma, finished.stdout));
                }
                if luma >= BLACK_BELOW {
                    break;
                }
            }
            Ok(finished) => last_words = finished.stderr,
            Err(error) => last_words = error.to_string(),
        }
    }
    let Some((_, jpeg)) = best else {
        return match tokio::fs::metadata(path).await {
            Err(error) => Err(problems::unopened(path, &error)),
            Ok(_) => Err(problems::poster_failed(path, last_words)),
        };
    };
    let part = PartFile::beside(out);
    tokio::fs::write(part.path(), &jpeg)
        .await
        .map_err(|error| problems::unwritable(out, &error))?;
    part.rename_to(out)
        .await
        .map_err(|error| problems::unwritable(out, &error))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seek {
    /// The keyframe before this time: nothing else is decoded.
    Keyframe { at_ms: u64 },
    /// For files without a usable keyframe.
    FirstFrame,
}

fn arguments(path: &Path, info: &MediaInfo, seek: Seek) -> Vec<OsString> {
    let mut arguments = quiet_ffmpeg();
    arguments.extend(safe_opening());
    if let Seek::Keyframe { at_ms } = seek {
        let seconds = format!("{}.{:03}", at_ms / 1000, at_ms % 1000);
        arguments.extend(words([
            "-flags",
            "low_delay",
            "-skip_frame",
            "nokey",
            "-noaccurate_seek",
            "-ss",
        ]));
        arguments.push(seconds.into());
    }
    arguments.extend([OsString::from("-i"), file_url(path)]);
    arguments.extend(words(["-map"]));
    arguments.push(format!("0:{}", info.video.stream_index).into());
    arguments.extend(words(["-an", "-sn", "-dn", "-frames:v", "1", "-vf"]));
    arguments.push(filters(&info.video).into());
    arguments.extend(words(["-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg", "pipe:1"]));
    arguments
}

/// ffmpeg turns the picture upright by itself, before these.
fn filters(video: &VideoTrack) -> String {
    let (width_px, height_px) = fitted(video.width_px, video.height_px);
    let tone = if video.hdr {
        "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=pc,"
    } else {
        ""
    };
    format!("scale={width_px}:{height_px}:out_range=pc,{tone}setsar=1,format=yuvj420p")
}

/// Both sides even and at least 2, the longer at most [`LONG_SIDE_PX`], never enlarged.
fn fitted(width_px: u32, height_px: u32) -> (u32, u32) {
    let long_side = width_px.max(height_px).max(1);
    let shrunk = |side_px: u32| {
        let side = u64::from(side_px) * u64::from(LONG_SIDE_PX.min(long_side)) / u64::from(long_side);
        (u32::try_from(side).unwrap_or(LONG_SIDE_PX) & !1).max(2)
    };
    (shrunk(width_px), shrunk(height_px))
}

/// 255 when the picture cannot be read: then it is not the blackness that is wrong with it.
fn mean_luma(jpeg: &[u8]) -> u64 {
    let Ok(picture) = image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg) else {
        return 255;
    };
    let luma = picture.into_luma8();
    let samples = luma.as_raw();
    let sum: u64 = samples.iter().map(|sample| u64::from(*sample)).sum();
    // Full-range black is 0; the limit is stated for limited range, so lift it.
    16 + sum * 219 / 255 / u64::try_from(samples.len()).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_side_is_640_and_small_pictures_stay() {
        assert_eq!(fitted(1920, 1080), (640, 360));
        assert_eq!(fitted(1080, 1920), (360, 640));
        assert_eq!(fitted(641, 361), (640, 360));
        assert_eq!(fitted(176, 144), (176, 144));
        assert_eq!(fitted(7680, 10), (640, 2));
        assert_eq!(fitted(1, 1), (2, 2));
    }
}
