//! The operating system under the engine: wall-clock timers, randomness, one process per data folder, a wake
//! socket between that process and its guests, where the data lives and how much room there is.

mod clock;
mod data_folder;
mod disk;
mod file_seal;
mod instance_lock;
mod network;
mod randomness;
mod wake_socket;

pub use clock::SystemClock;
pub use data_folder::{DataFolder, data_dir};
pub use disk::free_disk_bytes;
pub use file_seal::FileSeal;
pub use instance_lock::{InstanceLock, LockHolder, LockOutcome};
pub use network::AlwaysOnline;
pub use randomness::OsRandomness;
pub use wake_socket::{WakeGuest, WakeHub};
