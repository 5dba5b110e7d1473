use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Rung, WireError};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineRequest {
    pub asset_id: String,
}

/// What is known of an asset over time. What is none is still being measured: `timeline_changed` follows.
///
/// Times are microseconds of the source's own presentation time line; 0 is the first shown frame. Lists ascend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Timeline {
    pub asset_id: String,
    /// Of the picture; never 0.
    pub duration_us: u64,
    /// The average, where the rate varies; never 0.
    pub frame_rate_fps: f64,
    /// As shown: rotated, with square pixels.
    pub width_px: u32,
    pub height_px: u32,
    pub has_sound: bool,
    /// Frames at which a copy can start.
    pub keyframes_us: Option<Vec<u64>>,
    /// The first frame of each scene but the first.
    pub scenes_us: Option<Vec<u64>>,
    pub black: Option<Vec<TimeSpan>>,
    pub freezes: Option<Vec<TimeSpan>>,
    /// Empty for an asset without sound.
    pub silences: Option<Vec<TimeSpan>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimeSpan {
    pub from_us: u64,
    pub to_us: u64,
}

/// More of the timeline or of the waveform has been measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineChanged {
    pub asset_id: String,
}

/// `slots` frames spread evenly over `from_us..to_us`: slot n stands for
/// `from_us + n × (to_us − from_us) / slots` and the time up to the next slot. `to_us` may lie beyond the end of the
/// asset: slots that begin there get no frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenStripRequest {
    pub asset_id: String,
    pub from_us: u64,
    pub to_us: u64,
    /// 1 to 400.
    pub slots: u32,
    /// Of the pictures; their width follows the asset's aspect.
    pub height_px: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenStripResponse {
    pub strip_id: String,
}

/// Decoding stops at once. An unknown or finished id is not an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CloseStripRequest {
    pub strip_id: String,
}

/// Frames of a strip as they are decoded, spread ones first. May arrive before the answer of `open_strip`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StripFrames {
    pub strip_id: String,
    pub frames: Vec<StripFrame>,
    /// No more will come.
    pub complete: bool,
    /// Why it ended early.
    pub error: Option<WireError>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StripFrame {
    pub slot: u32,
    /// The frame's true time, which may lie beside the slot's.
    pub at_us: u64,
    /// On the loopback preview server, token included.
    pub url: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaveformRequest {
    pub asset_id: String,
    pub from_us: u64,
    pub to_us: u64,
    /// 1 to 4096.
    pub buckets: u32,
    /// As in `SoundEdit`; none is the main track.
    #[serde(default)]
    pub track: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Waveform {
    /// Lowest, highest and root mean square of each bucket, −1 to 1; shorter than asked while it is not complete.
    pub buckets: Vec<[f32; 3]>,
    /// Of the whole asset; none until it has been heard to the end, and for silence.
    pub loudness_lufs: Option<f64>,
    pub true_peak_dbtp: Option<f64>,
    /// Otherwise `timeline_changed` says when there is more.
    pub complete: bool,
}

/// The frame that is shown at `at_us`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FrameRequest {
    pub asset_id: String,
    pub at_us: u64,
    pub height_px: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Frame {
    pub url: String,
    /// When this frame begins to be shown.
    pub at_us: u64,
}

/// A frame that would make a good cover, best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverSuggestion {
    pub at_us: u64,
    pub url: String,
    /// In a few words: "Sharp and bright".
    pub reason: String,
}

/// A file that will be made or sent, and for whom. Together they serve every destination once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlannedRendition {
    /// Publication ids.
    pub serves: Vec<String>,
    pub rung: Rung,
    /// One sentence per rule or edit that made it necessary; empty for `as_is`.
    pub reasons: Vec<String>,
    /// What the viewer will not get: "HDR", "the second audio track".
    pub lost: Vec<String>,
    /// None where it cannot be foretold.
    pub expected_bytes: Option<u64>,
    /// On this machine, learned from its own past runs.
    pub expected_ms: Option<u64>,
    /// One sentence for each thing that stands in the way at a destination and stays there.
    pub in_the_way: Vec<String>,
}
