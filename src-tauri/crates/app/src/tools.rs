//! Single parts on their own, for commands that need no data folder.

use std::path::{Path, PathBuf};

use daypart_domain::{
    media_info::MediaInfo,
    problem::{ErrorCode, Problem, UserAction},
    transcode_plan::HardwareEncoder,
};
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::{Measured, MediaEncoder as _, MediaProbe};
use daypart_simulator::{Simulator, SimulatorConfig, SimulatorError};
use tokio_util::sync::CancellationToken;

/// Measures one video.
///
/// # Errors
/// As [`MediaProbe::probe`].
pub async fn probe(path: &Path) -> Result<MediaInfo, Problem> {
    Media::new(MediaToolbox::locate()).probe(path).await
}

/// Measures one video or picture.
///
/// # Errors
/// As [`MediaProbe::measure`].
pub async fn measure(path: &Path) -> Result<Measured, Problem> {
    Media::new(MediaToolbox::locate()).measure(path).await
}

/// The encoders in this machine's hardware that passed a trial just now, the fastest first.
///
/// # Errors
/// `media.ffmpeg_missing`.
pub async fn hardware_encoders() -> Result<Vec<HardwareEncoder>, Problem> {
    Media::default()
        .hardware_encoders(&CancellationToken::new())
        .await
}

/// Runs the practice platforms by themselves.
///
/// # Errors
/// `practice.port_taken` when another program listens on `port`; `practice.unavailable` otherwise.
pub async fn start_simulator(port: u16, data_dir: Option<PathBuf>, seed: u64) -> Result<Simulator, Problem> {
    let config = SimulatorConfig {
        port,
        data_dir,
        seed,
        ..SimulatorConfig::default()
    };
    Simulator::start(config).await.map_err(|error| {
        let problem = match &error {
            SimulatorError::PortTaken { port } => Problem::needs_user(
                ErrorCode::new("practice.port_taken"),
                UserAction::Retry,
                format!("Another program already uses port {port}."),
            )
            .fix("Choose another port, or leave --port away to take any free one."),
            _ => Problem::transient(
                ErrorCode::new("practice.unavailable"),
                "The practice platforms could not be started.",
            ),
        };
        problem.caused_by(&error)
    })
}
