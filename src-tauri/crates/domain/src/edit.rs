//! What the user changes about a video, as a small text document. The source file itself is never touched.
//!
//! All times are microseconds of the source's own presentation time line; 0 is the first frame shown. Order of
//! effect: kept ranges are joined in play order, the picture is turned and mirrored, then framed, then captions
//! are drawn on it; speed applies last, to picture and sound. Undo is a plain history of documents.

use serde::{Deserialize, Deserializer, Serialize, de};

mod ranges;
mod timeline;
mod validation;

pub use validation::EditProblem;

/// The version of document that this Daypart writes, and the newest it reads.
pub const VERSION: u32 = 1;

/// More parts than anybody cuts by hand, few enough for one command line.
pub const PARTS_MAX: usize = 500;

/// One edit of one source. As JSON every field but `version` may be left out. A version or a field that is not
/// known is refused when reading: an edit that is followed only in part is worse than none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    #[serde(deserialize_with = "known_version")]
    pub version: u32,
    /// Kept parts in play order. Empty means everything. They do not overlap; each has `start_us < end_us`.
    #[serde(default)]
    pub ranges: Vec<KeptRange>,
    #[serde(default)]
    pub framing: Framing,
    #[serde(default)]
    pub turn: Turn,
    #[serde(default)]
    pub sound: SoundEdit,
    /// 0.25 ..= 4; 2 plays twice as fast.
    #[serde(default = "normal_speed")]
    pub speed: f64,
    #[serde(default)]
    pub cover: Option<Cover>,
    #[serde(default)]
    pub captions: Option<Captions>,
}

/// From `start_us` up to, not including, `end_us`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptRange {
    pub start_us: u64,
    pub end_us: u64,
    /// How this part alone comes into the frame; `None` follows [`Framing::fit`]. The shape is the whole edit's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
}

/// The shape of the result and how the picture is brought into it, where a part does not say otherwise. With
/// [`Aspect::Source`] no `fit` has an effect.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Framing {
    pub aspect: Aspect,
    pub fit: Fit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Aspect {
    #[default]
    #[serde(rename = "source")]
    Source,
    #[serde(rename = "portrait_9_16")]
    Portrait9x16,
    #[serde(rename = "square")]
    Square,
    #[serde(rename = "portrait_4_5")]
    Portrait4x5,
    #[serde(rename = "landscape_16_9")]
    Landscape16x9,
}

impl Aspect {
    /// Width and height in smallest whole numbers; `None` for the source's own shape.
    pub const fn ratio(self) -> Option<(u32, u32)> {
        match self {
            Aspect::Source => None,
            Aspect::Portrait9x16 => Some((9, 16)),
            Aspect::Square => Some((1, 1)),
            Aspect::Portrait4x5 => Some((4, 5)),
            Aspect::Landscape16x9 => Some((16, 9)),
        }
    }
}

/// How a picture of another shape comes into the frame.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fit {
    /// The largest window of the wanted shape, its centre as close to this point as the picture allows.
    /// 0 ..= 1 from left and from top of the upright source, before any turn of this edit.
    Fill {
        #[serde(default = "middle")]
        centre_x: f64,
        #[serde(default = "middle")]
        centre_y: f64,
    },
    /// The whole picture over a blurred, enlarged copy of itself.
    Blur,
    /// The whole picture over one colour.
    Colour { rgb: [u8; 3] },
}

impl Default for Fit {
    fn default() -> Self {
        Fit::Fill {
            centre_x: middle(),
            centre_y: middle(),
        }
    }
}

/// Turned clockwise from the upright source, then mirrored left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Turn {
    /// 0, 90, 180 or 270.
    pub rotate_deg: u16,
    pub mirrored: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SoundEdit {
    pub muted: bool,
    /// -60 ..= 12; 0 leaves the volume.
    pub volume_db: f64,
    /// Of the result, after the speed change.
    pub fade_in_ms: u32,
    pub fade_out_ms: u32,
    /// Bring the loudness to the usual level of the platforms (-14 LUFS, true peak at most -1 dB).
    pub normalise: bool,
    /// Index of the audio stream in the file, as ffmpeg counts; `None` takes the main one.
    pub track: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Cover {
    /// The source's frame at this time, framed like the video.
    At { at_us: u64 },
    /// A picture of the user's own.
    Image { path: String },
}

/// A caption file (SRT or WebVTT) timed on the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Captions {
    pub path: String,
    /// Drawn into the picture, instead of handed over beside the video.
    #[serde(default)]
    pub burned_in: bool,
}

impl Default for Edit {
    fn default() -> Self {
        Self {
            version: VERSION,
            ranges: Vec::new(),
            framing: Framing::default(),
            turn: Turn::default(),
            sound: SoundEdit::default(),
            speed: normal_speed(),
            cover: None,
            captions: None,
        }
    }
}

impl Edit {
    /// True when the document asks for nothing at all. A document whose only range is the whole video counts
    /// as an edit; the operations here never leave one behind.
    pub fn is_identity(&self) -> bool {
        *self == Self::default()
    }

    /// True when every frame that is shown is shown as it is in the source.
    pub fn keeps_picture(&self) -> bool {
        self.framing.aspect == Aspect::Source
            && self.turn == Turn::default()
            && !self.captions.as_ref().is_some_and(|captions| captions.burned_in)
    }

    /// How each part comes into the frame, in play order; a single one where no ranges are named. Never empty.
    pub fn fits(&self) -> Vec<Fit> {
        if self.ranges.is_empty() {
            return vec![self.framing.fit];
        }
        self.ranges.iter().map(|range| self.fit_of(range)).collect()
    }

    /// How this part comes into the frame.
    pub fn fit_of(&self, part: &KeptRange) -> Fit {
        part.fit.unwrap_or(self.framing.fit)
    }

    /// True when the sound that is kept sounds as it does in the source.
    pub fn keeps_sound(&self) -> bool {
        self.sound == SoundEdit::default()
    }

    /// True when every frame is shown, in the source's order and at the source's pace.
    pub fn keeps_time(&self) -> bool {
        self.ranges.is_empty() && !self.changes_speed()
    }

    pub fn changes_speed(&self) -> bool {
        (self.speed - normal_speed()).abs() > f64::EPSILON
    }
}

fn normal_speed() -> f64 {
    1.0
}

fn middle() -> f64 {
    0.5
}

fn known_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        version @ 1..=VERSION => Ok(version),
        other => Err(de::Error::custom(format!(
            "this edit is of version {other}; this Daypart reads versions up to {VERSION}"
        ))),
    }
}
