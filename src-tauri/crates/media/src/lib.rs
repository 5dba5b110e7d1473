//! Measures and converts files with ffprobe and ffmpeg.
//!
//! Source files are only ever read. Every run of a tool goes through one of two doors, [`pipe_run`] (raw data read as it
//! comes; [`tool`] and [`picture_pipe`] use it for short answers and for pictures with their times) and
//! [`encode::conversion`] (long, progress watched), which own the empty environment, the limits, the timeouts and the
//! killing; [`launch`] starts all of them, each behind its [`fence`]. Building arguments and reading output are pure
//! functions.
//!
//! [`index`] finds every frame of an MP4 or MOV without a tool; [`strip`] and [`scenes`] look at frames, which they
//! feed to ffmpeg by themselves where the index tells where they are.

mod arguments;
mod boxes;
mod captions;
mod confine;
pub mod covers;
mod direct;
mod encode;
mod fence;
mod ffprobe;
mod hardware;
mod identify;
pub mod index;
mod kept;
mod launch;
mod looks;
mod magic;
mod picture;
mod picture_pipe;
mod pipe_run;
mod poster;
mod probe;
mod problems;
mod proxy;
pub mod scenes;
mod shape;
pub mod sound;
mod start_times;
mod still;
pub mod strip;
mod timeline;
mod tool;
mod toolbox;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use daypart_domain::{
    asset::FileIdentity,
    media_info::MediaInfo,
    picture_info::PictureInfo,
    problem::Problem,
    transcode_plan::{HardwareEncoder, TranscodePlan},
};
use daypart_ports::{
    media::{EncodeObserver, Measured, MediaEncoder, MediaProbe},
    timeline::Looks,
};
use tokio_util::sync::CancellationToken;

use crate::encode::pauses::Pauses;
use crate::hardware::Trials;
use crate::probe::Way;
use crate::sound::{Sound, SoundObserver, SoundOrder};
pub use crate::{
    still::{Still, still},
    toolbox::MediaToolbox,
};

/// The real probe and encoder: ffprobe and ffmpeg as separate programs.
#[derive(Debug, Clone)]
pub struct Media {
    toolbox: MediaToolbox,
    stall_timeout: Duration,
    /// Where strips and waveforms are kept; `None` keeps nothing. Copies for looking at are kept beside it.
    cache_folder: Option<PathBuf>,
    pauses: Pauses,
    trials: Trials,
}

impl Media {
    /// Never fails: tools that are missing are told at use (`media.ffmpeg_missing`), so that installing them
    /// needs no restart.
    pub fn new(toolbox: MediaToolbox) -> Self {
        Self {
            toolbox,
            stall_timeout: Duration::from_secs(60),
            cache_folder: None,
            pauses: Pauses::default(),
            trials: Trials::default(),
        }
    }

    /// Keeps strips and waveforms in `folder`, which may be lost at any time.
    #[must_use]
    pub fn with_cache(mut self, folder: PathBuf) -> Self {
        self.cache_folder = Some(folder);
        self
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

    /// Stops the conversion to `out` where it is: it uses no processor time until [`Self::resume`], and is not
    /// given up for making no progress. Cancelling works as ever. False when no such conversion runs, or when this
    /// system cannot do it (Windows). Clones share what runs.
    pub fn pause(&self, out: &Path) -> bool {
        self.pauses.set(out, true)
    }

    /// Lets a paused conversion go on; false as for [`Self::pause`].
    pub fn resume(&self, out: &Path) -> bool {
        self.pauses.set(out, false)
    }

    /// Measures the sound of a file, telling `observer` its peaks as they come, or reads what an earlier run
    /// kept (then `observer` hears nothing). A file without sound is an answer, not an error. Cancelling ends it
    /// at once.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`, `media.cancelled`, `file.missing`, `file.unreadable`, `media.sound_unreadable`,
    /// `media.tool_failed`.
    pub async fn sound(
        &self,
        order: SoundOrder<'_>,
        observer: Option<SoundObserver>,
        cancel: &CancellationToken,
    ) -> Result<Sound, Problem> {
        sound::sound(&self.toolbox, self.stall_timeout, order, observer, cancel).await
    }

    /// What a few pictures show; see [`daypart_ports::timeline::MediaTimeline::looks`].
    ///
    /// # Errors
    /// As [`strip::filmstrip`].
    pub async fn look_at(&self, clip: strip::Clip<'_>, cancel: &CancellationToken) -> Result<Looks, Problem> {
        looks::looks(&self.toolbox, clip, cancel).await
    }

    /// What ffprobe says, without our own reading of the tracks; for comparison. Agrees with [`MediaProbe::probe`] on every
    /// file that both can read, and costs a process.
    ///
    /// # Errors
    /// As [`MediaProbe::probe`].
    pub async fn second_opinion(&self, path: &Path) -> Result<MediaInfo, Problem> {
        probe::probe(&self.toolbox, path, Way::Ffprobe).await
    }
}

impl Default for Media {
    fn default() -> Self {
        Self::new(MediaToolbox::locate())
    }
}

#[async_trait]
impl MediaProbe for Media {
    async fn measure(&self, path: &Path) -> Result<Measured, Problem> {
        probe::measure(&self.toolbox, path).await
    }

    async fn probe(&self, path: &Path) -> Result<MediaInfo, Problem> {
        probe::probe(&self.toolbox, path, Way::Quickest).await
    }

    async fn identify(&self, path: &Path) -> Result<FileIdentity, Problem> {
        identify::identify(path).await
    }

    async fn poster(&self, path: &Path, info: &MediaInfo, out: &Path) -> Result<(), Problem> {
        poster::poster(&self.toolbox, path, info, out).await
    }

    async fn picture_poster(&self, path: &Path, info: &PictureInfo, out: &Path) -> Result<(), Problem> {
        picture::poster(&self.toolbox, path, info, out).await
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
        encode::hardware_first::encode(self, order, observer, cancel).await
    }

    /// Clones share what was found; a folder for the cache keeps it for the next start.
    async fn hardware_encoders(&self, cancel: &CancellationToken) -> Result<Vec<HardwareEncoder>, Problem> {
        self.trials
            .passed(&self.toolbox, self.cache_folder.as_deref(), cancel)
            .await
    }

    fn free_bytes(&self, folder: &Path) -> Option<u64> {
        fs4::available_space(folder).ok()
    }

    fn version(&self) -> String {
        self.toolbox.version()
    }
}
