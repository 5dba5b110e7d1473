//! What a probe measured. Every number comes from the file, none from its name.

use serde::{Deserialize, Serialize};

/// The container, as found by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    Mp4,
    Mov,
    Webm,
    Matroska,
    Avi,
    MpegTs,
    MpegPs,
    Other,
}

impl Container {
    /// The MIME type to announce when the file is sent as it is; `None` when no platform takes it.
    pub const fn mime(self) -> Option<&'static str> {
        match self {
            Container::Mp4 => Some("video/mp4"),
            Container::Mov => Some("video/quicktime"),
            Container::Webm => Some("video/webm"),
            _ => None,
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Container::Mp4 => "MP4",
            Container::Mov => "MOV",
            Container::Webm => "WebM",
            Container::Matroska => "Matroska",
            Container::Avi => "AVI",
            Container::MpegTs => "MPEG-TS",
            Container::MpegPs => "MPEG-PS",
            Container::Other => "another container",
        }
    }
}

/// A frame rate as the container states it: `numerator / denominator` frames per second, both positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameRate {
    pub numerator: u32,
    pub denominator: u32,
}

impl FrameRate {
    pub fn frames_per_second(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator.max(1))
    }
}

/// The video track that counts: not an attached picture, largest area, default flag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoTrack {
    /// Index of the stream in the file, as ffmpeg counts.
    pub stream_index: u32,
    /// ffprobe's codec name, e.g. `h264`, `hevc`, `vp9`.
    pub codec: String,
    pub profile: Option<String>,
    /// As stored, before rotation and pixel aspect.
    pub coded_width_px: u32,
    pub coded_height_px: u32,
    /// As a person sees it: rotated and with square pixels.
    pub width_px: u32,
    pub height_px: u32,
    /// Clockwise rotation to show it upright: 0, 90, 180 or 270.
    pub rotation_deg: u16,
    /// Once turned, shown flipped left to right.
    #[serde(default)]
    pub mirrored: bool,
    pub square_pixels: bool,
    pub pixel_format: String,
    pub bit_depth: u8,
    pub hdr: bool,
    pub interlaced: bool,
    pub average_frame_rate: Option<FrameRate>,
    /// True when frame times differ by more than rounding.
    pub variable_frame_rate: bool,
    pub bit_rate_bps: Option<u64>,
}

/// One audio track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudioTrack {
    pub stream_index: u32,
    pub codec: String,
    pub channels: u16,
    pub sample_rate_hz: u32,
    pub bit_rate_bps: Option<u64>,
    /// Three letters (ISO 639-2), as the file has them; `None` when it does not say.
    #[serde(default)]
    pub language: Option<String>,
    /// What the file calls the track.
    #[serde(default)]
    pub title: Option<String>,
}

/// The result of a probe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MediaInfo {
    pub container: Container,
    pub size_bytes: u64,
    /// Of the video track, never the container's claim alone. Only what can be shown counts: a file cut short ends
    /// where its data does.
    pub duration_ms: u64,
    /// How much longer the file claims to be than its data reaches: above 0, it was cut short.
    #[serde(default)]
    pub missing_ms: u64,
    /// The stream carries no times: its length and rate are reckoned from the number of frames.
    #[serde(default)]
    pub times_are_reckoned: bool,
    pub video: VideoTrack,
    /// The track that counts: default flag, else the first.
    pub audio: Option<AudioTrack>,
    pub audio_track_count: u32,
    /// Every audio track in file order, the one in `audio` among them; empty in records made before it was kept.
    #[serde(default)]
    pub audio_tracks: Vec<AudioTrack>,
    /// How much later than the picture the sound begins; negative when it begins before.
    #[serde(default)]
    pub audio_offset_ms: i64,
    /// MP4/MOV: the index stands before the media data. `None` for other containers.
    pub index_first: Option<bool>,
    pub has_edit_list: bool,
    /// Picture before the edit list's start: stored, not shown, and shown again by a copy that drops the list.
    #[serde(default)]
    pub hidden_lead_in_ms: u64,
    /// GPS position or device names are stored in the file.
    pub has_private_metadata: bool,
}

impl MediaInfo {
    /// Every audio track that is known of, in file order; the main one alone in records made before all were kept.
    pub fn known_audio_tracks(&self) -> &[AudioTrack] {
        if self.audio_tracks.is_empty() {
            self.audio.as_slice()
        } else {
            &self.audio_tracks
        }
    }

    /// The audio track with this index among the streams of the file, as ffmpeg counts.
    pub fn audio_track(&self, stream_index: u32) -> Option<&AudioTrack> {
        self.known_audio_tracks()
            .iter()
            .find(|track| track.stream_index == stream_index)
    }
}
