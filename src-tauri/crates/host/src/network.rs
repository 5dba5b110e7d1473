//! What is known about the network.

use async_trait::async_trait;
use daypart_ports::network::Network;

/// Knows nothing and says so: always online, never back. A call without a network fails by itself, and the
/// retry rules look again after half a minute.
#[derive(Debug, Clone, Copy, Default)]
pub struct AlwaysOnline;

#[async_trait]
impl Network for AlwaysOnline {
    fn online(&self) -> bool {
        true
    }

    async fn came_back(&self) {
        std::future::pending().await
    }
}
