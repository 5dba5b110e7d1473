//! Measuring and converting files.

use std::path::Path;

use async_trait::async_trait;
use daypart_domain::{
    asset::FileIdentity,
    media_info::MediaInfo,
    picture_info::PictureInfo,
    problem::Problem,
    transcode_plan::{HardwareEncoder, TranscodePlan},
};
use tokio_util::sync::CancellationToken;

/// How far a conversion is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EncodeProgress {
    pub done_ms: u64,
    pub total_ms: u64,
    /// Times real time, pauses left out; `None` until known.
    pub speed: Option<f64>,
    /// Of the pass that runs now.
    pub frames_done: u64,
    /// What has been written so far.
    pub size_bytes: u64,
    /// Until everything but the check is done, if it goes on like this; `None` until known.
    pub remaining_ms: Option<u64>,
}

pub type EncodeObserver<'a> = &'a (dyn Fn(EncodeProgress) + Send + Sync);

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    Video(Box<MediaInfo>),
    Picture(Box<PictureInfo>),
}

/// Reads files. Never changes, moves or locks them.
#[async_trait]
pub trait MediaProbe: Send + Sync {
    /// Measures a file of either kind. Content decides what it is, never its name.
    ///
    /// # Errors
    /// Those of [`Self::probe`] but for pictures that can be read; `media.picture_too_large`,
    /// `media.picture_format`, `media.picture_undecodable`.
    async fn measure(&self, path: &Path) -> Result<Measured, Problem>;

    /// Measures a video. Content decides what a file is, never its name.
    ///
    /// # Errors
    /// `file.missing`, `file.unreadable`, `media.empty`, `media.not_video`, `media.truncated`,
    /// `media.ffmpeg_missing`, … each with a sentence that names the file and says what to do.
    async fn probe(&self, path: &Path) -> Result<MediaInfo, Problem>;

    /// Quick identity: size, time and a hash over spread blocks; reads at most a few megabytes.
    ///
    /// # Errors
    /// `file.missing`, `file.unreadable`.
    async fn identify(&self, path: &Path) -> Result<FileIdentity, Problem>;

    /// Writes a JPEG poster of at most 640 px on its long side to `out`, upright, through a temporary file.
    async fn poster(&self, path: &Path, info: &MediaInfo, out: &Path) -> Result<(), Problem>;

    /// As [`Self::poster`], of a picture; of one that moves, its first frame.
    async fn picture_poster(&self, path: &Path, info: &PictureInfo, out: &Path) -> Result<(), Problem>;
}

/// Makes renditions.
#[async_trait]
pub trait MediaEncoder: Send + Sync {
    /// An encoder in hardware that the plan names and that fails is replaced by software; the check is the same.
    ///
    /// Converts `source` to `out` as `plan` says and verifies the result (probed again, decoded once without
    /// error, duration within tolerance). Until it is verified nothing exists at `out`: work goes to
    /// `out` + `.part`, then fsync and an atomic rename.
    ///
    /// # Errors
    /// `disk.full`, `media.ffmpeg_missing`, `media.encode_failed`, `media.verify_failed`. On error or
    /// cancellation nothing is left behind.
    async fn encode(
        &self,
        source: &Path,
        info: &MediaInfo,
        plan: &TranscodePlan,
        out: &Path,
        observer: EncodeObserver<'_>,
        cancel: &CancellationToken,
    ) -> Result<MediaInfo, Problem>;

    /// The encoders in this machine's hardware that passed a real trial, the fastest first; none means software.
    /// The first question takes a while, later ones do not.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`. A failed trial is an answer, not an error.
    async fn hardware_encoders(&self, cancel: &CancellationToken) -> Result<Vec<HardwareEncoder>, Problem>;

    /// Room left where renditions are made; `None` when that cannot be told.
    fn free_bytes(&self, folder: &Path) -> Option<u64> {
        let _ = folder;
        None
    }

    /// Names the encoder and its version; part of a rendition's key.
    fn version(&self) -> String;
}
