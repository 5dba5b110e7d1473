use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::WireError;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlaybackRequest {
    pub asset_id: String,
    /// This web view gave up on the file itself.
    pub refused: bool,
    /// Try what was stopped or failed once more.
    pub again: bool,
}

/// What a window can play of an asset. `why` says what it cannot play, as part of a sentence: "HEVC video".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Playback {
    /// The file, as it is.
    Itself {
        url: String,
    },
    /// A small copy on the same time line.
    Copy {
        url: String,
    },
    /// A copy is being made; `playback_changed` follows.
    Making {
        why: String,
        done_ms: u64,
        /// 0 in the first moment.
        total_ms: u64,
        /// Times real time; none until known.
        speed: Option<f64>,
        remaining_ms: Option<u64>,
    },
    /// The making was called off.
    Stopped {
        why: String,
    },
    Failed {
        why: String,
        error: WireError,
    },
}

/// At most as often as the encoder tells, some four times a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PlaybackChanged {
    pub asset_id: String,
    pub playback: Playback,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CaptionsFileRequest {
    pub path: String,
}

/// What a caption file holds. Times are the source's, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CaptionsFile {
    /// "SRT" or "WebVTT".
    pub format: String,
    pub cues: Vec<CaptionCue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CaptionCue {
    pub start_us: u64,
    pub end_us: u64,
    /// Plain text; lines are parted by a line feed.
    pub text: String,
}
