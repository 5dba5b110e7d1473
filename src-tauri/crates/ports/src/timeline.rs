//! Looking into a clip along its time line: pictures, sound, and places worth stopping at.
//!
//! Times are those of the edit document: microseconds after the first shown frame.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use daypart_domain::{asset::FileIdentity, captions::CaptionFile, media_info::MediaInfo, problem::Problem};
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
}
