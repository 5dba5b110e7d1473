//! Whether a web view plays a clip by itself, or needs a copy made for looking at.
//!
//! What a web view decodes differs from machine to machine. Named here is what no machine can be trusted with; what
//! remains is tried, and a web view that gives up says so itself.

use crate::media_info::{Container, FrameRate, MediaInfo};

/// Enough to judge a picture by, little enough to make quickly and to play smoothly.
const COPY_LONG_SIDE_MAX_PX: u32 = 960;
/// Above this, decoding in software falls behind the clock (H.264 level 5.1 ends here).
const PIXELS_MAX: u64 = 4_096 * 2_304;
const FRAME_RATE_MAX_FPS: f64 = 60.0;

/// Why a web view is not given the file itself. Displayed as what cannot be played, to be put into a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaybackObstacle {
    #[error("{0} files")]
    Container(&'static str),
    #[error("{0} video")]
    VideoCodec(String),
    #[error("HDR video")]
    Hdr,
    #[error("{0}-bit video")]
    BitDepth(u8),
    #[error("video of the pixel format {0}")]
    PixelFormat(String),
    #[error("interlaced video")]
    Interlaced,
    #[error("video of {0} × {1}")]
    Size(u32, u32),
    #[error("{0} sound")]
    AudioCodec(String),
}

/// What keeps a web view from playing the file; `None` where it is worth a try.
pub fn obstacle(info: &MediaInfo) -> Option<PlaybackObstacle> {
    let video = &info.video;
    if !matches!(
        info.container,
        Container::Mp4 | Container::Mov | Container::Webm | Container::Matroska
    ) {
        return Some(PlaybackObstacle::Container(info.container.label()));
    }
    if !matches!(video.codec.as_str(), "h264" | "vp8" | "vp9" | "av1") {
        return Some(PlaybackObstacle::VideoCodec(video_name(&video.codec)));
    }
    if video.hdr {
        return Some(PlaybackObstacle::Hdr);
    }
    if video.bit_depth != 8 {
        return Some(PlaybackObstacle::BitDepth(video.bit_depth));
    }
    if !matches!(video.pixel_format.as_str(), "yuv420p" | "yuvj420p") {
        return Some(PlaybackObstacle::PixelFormat(video.pixel_format.clone()));
    }
    if video.interlaced {
        return Some(PlaybackObstacle::Interlaced);
    }
    if u64::from(video.coded_width_px) * u64::from(video.coded_height_px) > PIXELS_MAX {
        return Some(PlaybackObstacle::Size(video.width_px, video.height_px));
    }
    info.audio
        .as_ref()
        .filter(|audio| !matches!(audio.codec.as_str(), "aac" | "mp3" | "opus" | "vorbis" | "flac"))
        .map(|audio| PlaybackObstacle::AudioCodec(audio_name(&audio.codec)))
}

fn video_name(codec: &str) -> String {
    match codec {
        "hevc" => "HEVC".to_owned(),
        "prores" => "ProRes".to_owned(),
        "mpeg4" => "MPEG-4".to_owned(),
        "mpeg2video" => "MPEG-2".to_owned(),
        "dnxhd" => "DNxHD".to_owned(),
        "mjpeg" => "Motion JPEG".to_owned(),
        other => other.to_uppercase(),
    }
}

fn audio_name(codec: &str) -> String {
    match codec {
        "ac3" => "AC-3".to_owned(),
        "eac3" => "E-AC-3".to_owned(),
        pcm if pcm.starts_with("pcm_") => "PCM".to_owned(),
        other => other.to_uppercase(),
    }
}

/// The size of a copy for looking at: upright, square pixels, even sides, the long one at most 960, never enlarged.
pub fn copy_size(info: &MediaInfo) -> (u32, u32) {
    let (width, height) = (info.video.width_px.max(1), info.video.height_px.max(1));
    let long = width.max(height);
    let fitted = |side: u32| {
        let side = if long > COPY_LONG_SIDE_MAX_PX {
            let scaled = u64::from(side) * u64::from(COPY_LONG_SIDE_MAX_PX) / u64::from(long);
            u32::try_from(scaled).unwrap_or(COPY_LONG_SIDE_MAX_PX)
        } else {
            side
        };
        (side & !1).max(2)
    };
    (fitted(width), fitted(height))
}

/// The constant rate of a copy; `None` keeps the source's own.
pub fn copy_frame_rate_fps(info: &MediaInfo) -> Option<u32> {
    let video = &info.video;
    match video.average_frame_rate.map(FrameRate::frames_per_second) {
        Some(rate) if rate > FRAME_RATE_MAX_FPS + 0.5 => Some(60),
        Some(_) if !video.variable_frame_rate => None,
        Some(rate) if rate > 31.0 => Some(60),
        _ => Some(30),
    }
}
