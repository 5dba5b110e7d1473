//! The witness beside the record, by which a copied or restored record is noticed.

use async_trait::async_trait;
use daypart_domain::problem::Problem;
use serde::{Deserialize, Serialize};

/// Stands in the record and beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Names the record; a copy that was noticed gets a name of its own.
    pub record: String,
    /// The computer, as [`Seal::machine`] named it.
    pub machine: Option<String>,
    /// Final calls that were decided so far; never falls.
    pub final_calls: u64,
}

#[async_trait]
pub trait Seal: Send + Sync {
    /// A name of this computer that a copied folder does not bring along; `None` where there is none.
    fn machine(&self) -> Option<String>;
    /// `None` when nothing (readable) is there.
    async fn read(&self) -> Result<Option<Mark>, Problem>;
    /// Durable when it returns, and all or nothing.
    async fn write(&self, mark: &Mark) -> Result<(), Problem>;
}
