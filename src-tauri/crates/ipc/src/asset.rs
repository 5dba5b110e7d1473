use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Finding, WireError};

/// A source file, used in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Asset {
    pub id: String,
    pub file_name: String,
    /// Full path as the user would write it.
    pub path: String,
    pub size_bytes: u64,
    pub added_at: Timestamp,
    pub state: AssetState,
    /// Set while `state` is `refused`: what is wrong with the file.
    pub error: Option<WireError>,
    /// Set as soon as the probe has measured the file and it is a video.
    pub media: Option<MediaInfo>,
    /// Set instead of `media` when the file is a picture.
    pub picture: Option<PictureInfo>,
    /// A still picture on the loopback preview server.
    pub poster_url: Option<String>,
    /// The file itself on the loopback preview server, with ranges.
    pub preview_url: Option<String>,
    /// One entry per platform Daypart knows.
    pub compliance: Vec<AssetCompliance>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AssetState {
    /// Being measured.
    Probing,
    Ready,
    /// Measured and found unusable.
    Refused,
}

/// What was measured in the file. Width and height are as shown, rotation applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MediaInfo {
    /// Short name: "MP4", "MOV", "WebM".
    pub container: String,
    pub duration_ms: u64,
    pub width_px: u32,
    pub height_px: u32,
    /// Clockwise rotation that was applied.
    pub rotation_deg: u16,
    /// None where the container does not say.
    pub frame_rate_fps: Option<f64>,
    pub variable_frame_rate: bool,
    /// Short name: "H.264".
    pub video_codec: String,
    pub pixel_format: String,
    pub bit_depth: u8,
    pub hdr: bool,
    /// Short name: "AAC"; none when the file is silent.
    pub audio_codec: Option<String>,
    pub audio_channels: Option<u16>,
    pub audio_sample_rate_hz: Option<u32>,
    /// Every audio track in the order of the file; empty when it is silent.
    pub audio_tracks: Vec<AudioTrack>,
    pub bit_rate_bps: Option<u64>,
    /// Index before the media data; none where the container has no such notion.
    pub index_first: Option<bool>,
    /// GPS position or device names are stored in the file.
    pub has_private_metadata: bool,
}

/// What was measured in a picture. Width and height are as shown, turned upright.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PictureInfo {
    /// Short name: "JPEG", "PNG", "WebP".
    pub format: String,
    pub width_px: u32,
    pub height_px: u32,
    /// EXIF's number, 1 to 8, of what was done to show it upright.
    pub orientation: u8,
    /// As the embedded profile calls itself; none means sRGB.
    pub colour_profile: Option<String>,
    /// None when it does not move.
    pub frame_count: Option<u32>,
    /// Of one round; none when it does not move.
    pub duration_ms: Option<u64>,
    /// GPS position or device names are stored in the file.
    pub has_private_metadata: bool,
}

/// A track that could be heard; a video is sent with one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AudioTrack {
    /// Among the streams of the file, as ffmpeg counts: what an edit's `sound.track` names.
    pub stream_index: u32,
    /// Heard unless an edit chooses another. One of them is.
    pub is_main: bool,
    /// Three letters as the file has them (ISO 639-2), for example "eng".
    pub language: Option<String>,
    /// What the file calls it.
    pub title: Option<String>,
    /// Short name: "AAC".
    pub codec: String,
    pub channels: u16,
}

/// Whether a platform would take the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetCompliance {
    /// Platform id, for example `tiktok`.
    pub platform: String,
    pub platform_name: String,
    pub verdict: Verdict,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Goes out as it is.
    AsIs,
    /// Goes out after Daypart has mended it.
    AfterConversion,
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddAssetsRequest {
    pub paths: Vec<String>,
}

/// What became of one path, in the order of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AddOutcome {
    Added { path: String, asset: Asset },
    AlreadyThere { path: String, asset: Asset },
    Refused { path: String, error: WireError },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AssetRequest {
    pub id: String,
}
