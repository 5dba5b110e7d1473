//! Measures and converts files with ffprobe and ffmpeg.
//!
//! Source files are only ever read. Every run of a tool goes through one of two doors, [`tool`] (short, output
//! collected) and [`encode::conversion`] (long, progress watched), which own the safe arguments, the empty
//! environment, the limits, the timeouts and the killing. Building arguments and reading output are pure
//! functions.

mod arguments;
mod boxes;
mod confine;
mod encode;
mod ffprobe;
mod identify;
pub mod index;
mod magic;
mod picture_pipe;
mod poster;
mod probe;
mod problems;
pub mod scenes;
pub mod strip;
mod tool;
mod toolbox;

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use daypart_domain::{
    asset::FileIdentity, media_info::MediaInfo, problem::Problem, transcode_plan::TranscodePlan,
};
use daypart_ports::media::{EncodeObserver, MediaEncoder, MediaProbe};
use tokio_util::sync::CancellationToken;

pub use crate::toolbox::MediaToolbox;

/// The real probe and encoder: ffprobe and ffmpeg as separate programs.
#[derive(Debug, Clone)]
pub struct Media {
    toolbox: MediaToolbox,
    stall_timeout: Duration,
}

impl Media {
    /// Never fails: tools that are missing are told at use (`media.ffmpeg_missing`), so that installing them
    /// needs no restart.
    pub fn new(toolbox: MediaToolbox) -> Self {
        Self {
            toolbox,
            stall_timeout: Duration::from_secs(60),
        }
    }

    /// How long a conversion may make no progress before it is given up.
    #[must_use]
    pub fn with_stall_timeout(mut self, stall_timeout: Duration) -> Self {
        self.stall_timeout = stall_timeout;
        self
    }

    pub fn toolbox(&self) -> &MediaToolbox {
        &self.toolbox
    }
}

impl Default for Media {
    fn default() -> Self {
        Self::new(MediaToolbox::locate())
    }
}

#[async_trait]
impl MediaProbe for Media {
    async fn probe(&self, path: &Path) -> Result<MediaInfo, Problem> {
        probe::probe(&self.toolbox, path).await
    }

    async fn identify(&self, path: &Path) -> Result<FileIdentity, Problem> {
        identify::identify(path).await
    }

    async fn poster(&self, path: &Path, info: &MediaInfo, out: &Path) -> Result<(), Problem> {
        poster::poster(&self.toolbox, path, info, out).await
    }
}

#[async_trait]
impl MediaEncoder for Media {
    async fn encode(
        &self,
        source: &Path,
        info: &MediaInfo,
        plan: &TranscodePlan,
        out: &Path,
        observer: EncodeObserver<'_>,
        cancel: &CancellationToken,
    ) -> Result<MediaInfo, Problem> {
        let order = encode::Order {
            source,
            info,
            plan,
            out,
        };
        encode::encode(&self.toolbox, self.stall_timeout, order, observer, cancel).await
    }

    fn version(&self) -> String {
        self.toolbox.version()
    }
}
