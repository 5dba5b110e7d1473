//! In-memory fakes. They keep the same promises as the real parts and pass the same conformance cases.

mod platform;
mod redirects;
mod vault;

pub use platform::{MemoryPlatform, MemoryPost};
pub use redirects::MemoryRedirects;
pub use vault::MemoryVault;
