//! Whether there is a network at all.

use async_trait::async_trait;

/// News about the network. An implementation that knows nothing reports `online` always.
#[async_trait]
pub trait Network: Send + Sync {
    fn online(&self) -> bool;

    /// Returns when the network came back; may never return.
    async fn came_back(&self);
}
