//! What an encoder is told, as plain data.

use serde::{Deserialize, Serialize};

use crate::edit::Turn;

/// The picture of `Rung::Encode`. In this order: the upright source with square pixels, progressive, is cropped,
/// turned clockwise, mirrored, fitted whole into `width_px` × `height_px`, what its shape leaves free is filled
/// with the background, captions are drawn last. A picture whose shape is the target's within one percent is
/// stretched to it: evenness costs a pixel, never a black line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncodeTarget {
    /// Even, and within the spec's bounds; the size of the result, after the turn.
    pub width_px: u32,
    pub height_px: u32,
    /// `None` keeps the source's constant rate.
    pub frame_rate_fps: Option<u32>,
    pub max_rate_bps: u64,
    /// `None` keeps the whole picture.
    #[serde(default)]
    pub crop: Option<CropWindow>,
    #[serde(default)]
    pub turn: Turn,
    #[serde(default)]
    pub background: Background,
    /// A caption file, timed on the source, to be drawn into the picture.
    #[serde(default)]
    pub captions_path: Option<String>,
    /// How each kept part comes into the frame, one for each part of the plan in play order, where they differ;
    /// `crop` and `background` count for nothing then. Empty where those hold for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub part_frames: Vec<PartFrame>,
    /// The size cap binds: two passes spend `max_rate_bps` where it is needed.
    #[serde(default)]
    pub two_passes: bool,
    #[serde(default, skip_serializing_if = "Quality::is_standard")]
    pub quality: Quality,
    /// `None` encodes in software. Never with two passes or a smart cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<HardwareEncoder>,
}

/// How much detail new video keeps, against how large it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// About half of the usual size, at most 8 Mbit/s; takes the longest.
    Smaller,
    #[default]
    Standard,
    /// As much as the destination's limits allow.
    Best,
}

impl Quality {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_standard(&self) -> bool {
        *self == Self::Standard
    }
}

/// An encoder for H.264 in this machine's hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HardwareEncoder {
    Nvenc,
    QuickSync,
    Vaapi,
    Amf,
    VideoToolbox,
}

impl HardwareEncoder {
    /// As its maker calls it.
    pub const fn label(self) -> &'static str {
        match self {
            HardwareEncoder::Nvenc => "NVENC",
            HardwareEncoder::QuickSync => "Quick Sync",
            HardwareEncoder::Vaapi => "VA-API",
            HardwareEncoder::Amf => "AMF",
            HardwareEncoder::VideoToolbox => "VideoToolbox",
        }
    }
}

impl EncodeTarget {
    /// The whole picture, unturned, in this size.
    pub fn whole(width_px: u32, height_px: u32, frame_rate_fps: Option<u32>, max_rate_bps: u64) -> Self {
        Self {
            width_px,
            height_px,
            frame_rate_fps,
            max_rate_bps,
            crop: None,
            turn: Turn::default(),
            background: Background::default(),
            captions_path: None,
            part_frames: Vec::new(),
            two_passes: false,
            quality: Quality::default(),
            hardware: None,
        }
    }

    /// The same target for one part alone: in its frame, and without what is drawn over the whole result.
    #[must_use]
    pub fn framed_as(&self, frame: PartFrame) -> Self {
        Self {
            crop: frame.crop,
            background: frame.background,
            part_frames: Vec::new(),
            captions_path: None,
            ..self.clone()
        }
    }
}

/// How one part comes into the frame that all parts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PartFrame {
    pub crop: Option<CropWindow>,
    pub background: Background,
}

/// A window on the upright source with square pixels (the size a probe calls `width_px` × `height_px`), before
/// any turn of the edit. Even numbers, wholly inside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CropWindow {
    pub x_px: u32,
    pub y_px: u32,
    pub width_px: u32,
    pub height_px: u32,
}

/// What shows where the picture's shape leaves the frame free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    #[default]
    Black,
    /// A blurred copy of the picture that fills the frame.
    Blur,
    Colour {
        rgb: [u8; 3],
    },
}

/// The sound of the result. The default changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SoundTarget {
    /// The source's sound is left out; of the rest only `silence_if_none` counts then.
    pub removed: bool,
    /// Index of the audio stream to take, as ffmpeg counts; `None` takes the main one.
    pub track: Option<u32>,
    /// The user's volume; or, where the sound is to be normalised and its loudness was known when planning, the way
    /// to -14 LUFS.
    pub gain_db: f64,
    /// Hold true peaks under -1 dB after the gain.
    pub limit_peaks: bool,
    /// The loudness is to be -14 LUFS and was not known when planning: measure the kept sound and apply what is
    /// missing, at most 12 dB. `gain_db` is 0 then.
    pub measure_first: bool,
    /// In milliseconds of the result, after the speed change.
    pub fade_in_ms: u32,
    pub fade_out_ms: u32,
    /// For a track that is encoded.
    pub bit_rate_bps: u32,
    /// Where no sound is kept there is a silent track, for destinations that refuse a video without one.
    pub silence_if_none: bool,
}

impl Default for SoundTarget {
    fn default() -> Self {
        Self {
            removed: false,
            track: None,
            gain_db: 0.0,
            limit_peaks: false,
            measure_first: false,
            fade_in_ms: 0,
            fade_out_ms: 0,
            bit_rate_bps: 128_000,
            silence_if_none: false,
        }
    }
}

impl SoundTarget {
    /// True when the samples themselves change, so that a copy of the track will not do.
    pub fn changes_samples(&self) -> bool {
        !self.removed
            && (self.gain_db != 0.0
                || self.limit_peaks
                || self.measure_first
                || self.fade_in_ms > 0
                || self.fade_out_ms > 0)
    }
}
