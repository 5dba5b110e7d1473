//! How a simulator is started, and what can go wrong with that.

use std::path::PathBuf;

use crate::clock::VirtualClock;

/// How to start a [`crate::Simulator`]. The default takes any free port, temporary data and seed 0.
#[derive(Debug, Clone, Default)]
pub struct SimulatorConfig {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Where state and received files live. `None`: a temporary folder, removed at the end.
    pub data_dir: Option<PathBuf>,
    /// Seed of every invented id, token and random choice: the same calls in the same order give the same ids.
    pub seed: u64,
    /// Virtual time. A clone kept by the caller shows the same time.
    pub clock: VirtualClock,
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// Something else listens on the port.
    #[error("port {port} on 127.0.0.1 is already in use: choose another port, or 0 for any free one")]
    PortTaken { port: u16 },
    /// The port could not be opened for another reason.
    #[error("port {port} on 127.0.0.1 could not be opened: {source}")]
    Listen { port: u16, source: std::io::Error },
    /// Another simulator owns the data folder.
    #[error("the practice data in {} is in use by another simulator", path.display())]
    DataInUse { path: PathBuf },
    /// The data folder could not be created, read or written.
    #[error("the practice data in {} could not be opened: {source}", path.display())]
    Data { path: PathBuf, source: std::io::Error },
}
