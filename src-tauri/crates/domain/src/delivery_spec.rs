//! A platform's media limits, as data, each with its source, its date and how sure it is.

use crate::media_info::Container;

mod account;

pub use account::{ACCOUNT_SOURCE, AccountLimits, AccountRule};

/// How sure a number is, and with that how grave it is to be outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The platform's own documents, description or published source say so.
    Stated,
    /// Several third parties say so; the platform was not read, or is silent.
    Reported,
    /// Sources disagree, or nobody tried. Warns, never refuses.
    Unverified,
    /// The platform recommends it and takes other values too.
    Advised,
}

impl Certainty {
    pub const fn label(self) -> &'static str {
        match self {
            Certainty::Stated => "stated",
            Certainty::Reported => "reported by third parties",
            Certainty::Unverified => "not confirmed",
            Certainty::Advised => "recommended",
        }
    }
}

/// A limit and where it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit<T> {
    pub value: T,
    pub source: &'static str,
    /// Year and month of the state of the source; empty where there is none to name.
    pub as_of: &'static str,
    pub certainty: Certainty,
}

impl<T> Limit<T> {
    /// The source as a finding names it: with its date, and with a mark where it is not certain.
    pub fn cited(&self) -> String {
        let mut text = self.source.to_owned();
        if !self.as_of.is_empty() {
            text = format!("{text}, as of {}", self.as_of);
        }
        if matches!(self.certainty, Certainty::Reported | Certainty::Unverified) {
            text = format!("{text} ({})", self.certainty.label());
        }
        text
    }
}

/// A document that limits are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    pub title: &'static str,
    /// Year and month, e.g. `2026-11`.
    pub as_of: &'static str,
}

impl Document {
    pub const fn states<T: Copy>(self, value: T) -> Limit<T> {
        self.limit(value, Certainty::Stated)
    }

    pub const fn reports<T: Copy>(self, value: T) -> Limit<T> {
        self.limit(value, Certainty::Reported)
    }

    pub const fn leaves_open<T: Copy>(self, value: T) -> Limit<T> {
        self.limit(value, Certainty::Unverified)
    }

    pub const fn advises<T: Copy>(self, value: T) -> Limit<T> {
        self.limit(value, Certainty::Advised)
    }

    const fn limit<T: Copy>(self, value: T, certainty: Certainty) -> Limit<T> {
        Limit {
            value,
            source: self.title,
            as_of: self.as_of,
            certainty,
        }
    }
}

/// A shape, width to height, in whole numbers above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    pub width: u32,
    pub height: u32,
}

impl Ratio {
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    pub fn value(self) -> f64 {
        f64::from(self.width) / f64::from(self.height.max(1))
    }
}

/// What makes a platform show a video in its short form without being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortForm {
    /// As people call it, with its article: `a Short`.
    pub name: &'static str,
    /// Square or vertical, and at most this long.
    pub duration_max_ms: u64,
    /// Longer ones are blocked when somebody claims a part of them.
    pub claims_block_above_ms: Option<u64>,
}

/// How a platform takes pictures as posts of their own, through the interface that a program can use. Covers of
/// videos are another matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureIntake {
    /// Videos only.
    Never,
    /// It fetches them from a public web address; a file on this computer cannot be sent.
    FromAddress,
    /// Files are taken. Daypart does not send them yet.
    FromFile,
}

/// What a platform takes at one placement. Bounds are inclusive. `None` means that no limit is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeliverySpec {
    /// Stable, e.g. `instagram_reels`.
    pub id: &'static str,
    /// For people: `Instagram Reels`.
    pub name: &'static str,
    /// Version of this table, so that a stored plan can tell which rules it was made for.
    pub version: u32,
    pub account_rule: AccountRule,
    pub pictures: Option<Limit<PictureIntake>>,

    pub containers: Limit<&'static [Container]>,
    pub size_min_bytes: Option<Limit<u64>>,
    /// Above this a source disagrees with another; up to `size_max_bytes` it is a warning.
    pub size_doubtful_bytes: Option<Limit<u64>>,
    pub size_max_bytes: Limit<u64>,
    /// The platform wants the index before the media data.
    pub index_first: Option<Limit<()>>,
    pub no_edit_list: Option<Limit<()>>,

    pub duration_min_ms: Option<Limit<u64>>,
    /// Above this only some accounts, or not certainly.
    pub duration_doubtful_ms: Option<Limit<u64>>,
    pub duration_max_ms: Option<Limit<u64>>,
    pub short_form: Option<Limit<ShortForm>>,

    /// ffprobe's names.
    pub video_codecs: Limit<&'static [&'static str]>,
    /// ffprobe's names of H.264 profiles.
    pub h264_profiles: Option<Limit<&'static [&'static str]>>,
    pub video_rate_max_bps: Option<Limit<u64>>,
    pub progressive: Option<Limit<()>>,
    pub chroma_420: Option<Limit<()>>,
    pub square_pixels: Option<Limit<()>>,
    pub closed_gop: Option<Limit<()>>,
    pub keyframe_gap_max_ms: Option<Limit<u64>>,

    pub frame_rate_min_fps: Option<Limit<f64>>,
    pub frame_rate_max_fps: Option<Limit<f64>>,
    pub constant_frame_rate: Option<Limit<()>>,
    pub frames_max: Option<Limit<u64>>,

    /// Of the shorter side.
    pub side_min_px: Option<Limit<u32>>,
    /// Of the longer side.
    pub side_max_px: Option<Limit<u32>>,
    pub long_side_min_px: Option<Limit<u32>>,
    pub short_side_max_px: Option<Limit<u32>>,
    pub width_max_px: Option<Limit<u32>>,
    /// Width times height.
    pub pixels_max: Option<Limit<u64>>,
    pub aspect_min: Option<Limit<Ratio>>,
    pub aspect_max: Option<Limit<Ratio>>,
    pub aspect_best: Option<Limit<Ratio>>,

    pub audio_codecs: Limit<&'static [&'static str]>,
    pub audio_channels_max: Option<Limit<u16>>,
    pub audio_sample_rate_max_hz: Option<Limit<u32>>,
    pub audio_rate_max_bps: Option<Limit<u64>>,
    /// What to encode sound with, when it is encoded.
    pub audio_rate_best_bps: Option<Limit<u64>>,
    /// A video without a sound track is refused; a silent one will do.
    pub sound_needed: Option<Limit<()>>,
}

impl DeliverySpec {
    /// A table that names what every table must name and limits nothing else; the others are written over it.
    pub const fn naming(
        id: &'static str,
        name: &'static str,
        version: u32,
        containers: Limit<&'static [Container]>,
        video_codecs: Limit<&'static [&'static str]>,
        audio_codecs: Limit<&'static [&'static str]>,
        size_max_bytes: Limit<u64>,
    ) -> Self {
        Self {
            id,
            name,
            version,
            account_rule: AccountRule::Tightens,
            pictures: None,
            containers,
            size_min_bytes: None,
            size_doubtful_bytes: None,
            size_max_bytes,
            index_first: None,
            no_edit_list: None,
            duration_min_ms: None,
            duration_doubtful_ms: None,
            duration_max_ms: None,
            short_form: None,
            video_codecs,
            h264_profiles: None,
            video_rate_max_bps: None,
            progressive: None,
            chroma_420: None,
            square_pixels: None,
            closed_gop: None,
            keyframe_gap_max_ms: None,
            frame_rate_min_fps: None,
            frame_rate_max_fps: None,
            constant_frame_rate: None,
            frames_max: None,
            side_min_px: None,
            side_max_px: None,
            long_side_min_px: None,
            short_side_max_px: None,
            width_max_px: None,
            pixels_max: None,
            aspect_min: None,
            aspect_max: None,
            aspect_best: None,
            audio_codecs,
            audio_channels_max: None,
            audio_sample_rate_max_hz: None,
            audio_rate_max_bps: None,
            audio_rate_best_bps: None,
            sound_needed: None,
        }
    }

    /// Names the table and its version, e.g. `instagram_reels/1`.
    pub fn key(&self) -> String {
        format!("{}/{}", self.id, self.version)
    }
}
