//! Looking into a clip along its time line: pictures, sound, and places worth stopping at.
//!
//! Times are those of the edit document: microseconds after the first shown frame.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use daypart_domain::{
    analysis::BlackBars, asset::FileIdentity, captions::CaptionFile, edit::Edit, media_info::MediaInfo,
    problem::Problem,
};
use tokio_util::sync::CancellationToken;

use crate::media::EncodeObserver;

/// A file, what a probe found in it, and how to know it again.
#[derive(Debug, Clone, Copy)]
pub struct Clip<'a> {
    pub path: &'a Path,
    pub info: &'a MediaInfo,
    pub identity: &'a FileIdentity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripPrecision {
    /// Keyframes near the places asked for: for looking at the whole.
    Keyframes,
    /// The very frames that are shown there: for cutting.
    Frames,
}

/// Which pictures: at most `pictures`, spread evenly over `from_us..to_us`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripOrder {
    pub from_us: u64,
    pub to_us: u64,
    pub pictures: u32,
    pub height_px: u32,
    pub precision: StripPrecision,
}

/// One frame, upright, with square pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// When the frame begins to be shown; not the place that was asked for.
    pub at_us: u64,
    pub jpeg: Vec<u8>,
}

pub type PictureObserver<'a> = &'a (dyn Fn(Picture) + Send + Sync);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    pub from_us: u64,
    pub to_us: u64,
}

/// Lowest and highest sample and the root mean square of a stretch of sound, full scale being 32 768.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SoundBucket {
    pub min: i16,
    pub max: i16,
    pub rms: u16,
}

/// One zoom of a waveform; bucket n is of `n * bucket_us ..`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundLevel {
    pub bucket_us: u64,
    pub buckets: Vec<SoundBucket>,
}

/// What a clip sounds like. No levels: there is nothing to hear.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sound {
    /// Finest first.
    pub levels: Vec<SoundLevel>,
    /// `None` for silence.
    pub loudness_lufs: Option<f64>,
    pub true_peak_dbtp: Option<f64>,
    pub silences: Vec<TimeSpan>,
}

/// Buckets of the finest level as they are heard, from the first one on, without gaps.
pub type SoundObserver = Box<dyn FnMut(&[SoundBucket]) + Send>;

/// Where the picture changes, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scenes {
    /// The first frame of each scene but the first.
    pub cuts_us: Vec<u64>,
    pub black: Vec<TimeSpan>,
    pub freezes: Vec<TimeSpan>,
}

/// What speaks for a frame as a cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CoverMerit {
    Face,
    Sharp,
    WellLit,
    StrongColours,
    StrongContrast,
}

impl CoverMerit {
    fn words(self) -> &'static str {
        match self {
            Self::Face => "a face",
            Self::Sharp => "sharp",
            Self::WellLit => "well lit",
            Self::StrongColours => "strong colours",
            Self::StrongContrast => "strong contrast",
        }
    }
}

/// A frame that would make a good cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverSuggestion {
    pub picture: Picture,
    /// The most important first; empty where it is merely the best there is.
    pub merits: Vec<CoverMerit>,
}

impl CoverSuggestion {
    /// Why, in a few words: "A face, sharp, well lit".
    pub fn reason(&self) -> String {
        const NAMED_MAX: usize = 3;
        let named: Vec<&str> = self
            .merits
            .iter()
            .take(NAMED_MAX)
            .map(|merit| merit.words())
            .collect();
        let words = named.join(", ");
        let mut letters = words.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => "The clearest there is".to_owned(),
        }
    }
}

/// What a few pictures of a clip show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looks {
    /// `None` when too little light was seen to tell.
    pub black_bars: Option<BlackBars>,
    pub first_frame_black: Option<bool>,
}

/// Reads clips for the editor. Never changes them. Cancelling ends every decoder at once, with `media.cancelled`.
#[async_trait]
pub trait MediaTimeline: Send + Sync {
    /// Frames at which a copy can start, ascending; `None` where the container does not tell.
    async fn keyframes_us(&self, clip: Clip<'_>) -> Result<Option<Vec<u64>>, Problem>;

    /// Tells each picture as it comes, spread over the whole first, then between. Frames that cannot be decoded
    /// are left out; no picture at all is an error.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`, `media.strip_failed`, `file.missing`, `file.unreadable`.
    async fn strip(
        &self,
        clip: Clip<'_>,
        order: StripOrder,
        on_picture: PictureObserver<'_>,
        cancel: &CancellationToken,
    ) -> Result<(), Problem>;

    /// The sound of the main audio track. A clip without one is an answer, not an error.
    async fn sound(
        &self,
        clip: Clip<'_>,
        observer: SoundObserver,
        cancel: &CancellationToken,
    ) -> Result<Sound, Problem>;

    /// Looks at a few pictures that are quickly found, spread over the whole.
    ///
    /// # Errors
    /// As [`MediaTimeline::strip`].
    async fn looks(&self, clip: Clip<'_>, cancel: &CancellationToken) -> Result<Looks, Problem>;

    /// A copy for looking at, never for sending: small H.264 of 8 bit and AAC stereo in an MP4, upright, in normal
    /// dynamic range, on the clip's time line. Kept by content for as long as there is room; one that is kept is
    /// answered at once, without progress. Nothing half-made has the answered name.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`, `media.cancelled`, `disk.full`, `preview.copy_failed`, `file.missing`, `file.unreadable`,
    /// `file.unwritable`.
    async fn proxy(
        &self,
        clip: Clip<'_>,
        observer: EncodeObserver<'_>,
        cancel: &CancellationToken,
    ) -> Result<PathBuf, Problem>;

    /// The captions in a file of their own.
    ///
    /// # Errors
    /// `captions.missing`, `captions.unreadable`, `captions.invalid`, each with a sentence that names the file.
    async fn captions(&self, path: &Path) -> Result<CaptionFile, Problem>;

    /// Looks through the whole clip, which may take a while. What cannot be decoded has no marks.
    async fn scenes(&self, clip: Clip<'_>, cancel: &CancellationToken) -> Result<Scenes, Problem>;

    /// At most six frames that would make good covers, best first, spread over the clip and away from cuts, fades and
    /// `scenes`' black. None when nothing can be seen in the clip, which is no error.
    ///
    /// # Errors
    /// As [`MediaTimeline::strip`].
    async fn covers(
        &self,
        clip: Clip<'_>,
        scenes: &Scenes,
        cancel: &CancellationToken,
    ) -> Result<Vec<CoverSuggestion>, Problem>;

    /// The frame that is shown at `at_us`, after the end the last one, framed like the edited video at that moment
    /// ([`daypart_domain::cover::framed_like_video`]), as a JPEG of at most `max_bytes`. Nothing is drawn on it.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`, `media.cancelled`, `media.still_failed`, `file.missing`, `file.unreadable`.
    async fn cover_frame(
        &self,
        clip: Clip<'_>,
        edit: &Edit,
        at_us: u64,
        max_bytes: usize,
        cancel: &CancellationToken,
    ) -> Result<Vec<u8>, Problem>;

    /// A picture of the user's own as a new JPEG of at most `side_px` to a side, upright, with nothing of the file in
    /// it but its pixels.
    ///
    /// # Errors
    /// `file.missing`, `file.unreadable`, `cover.not_a_picture`, `cover.too_large`.
    async fn own_cover(&self, path: &Path, side_px: u32) -> Result<Vec<u8>, Problem>;
}
