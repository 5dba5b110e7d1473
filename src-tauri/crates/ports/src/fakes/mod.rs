//! In-memory fakes. They keep the same promises as the real parts and pass the same conformance cases.

mod vault;

pub use vault::MemoryVault;
