//! What transfers need from outside: their part of the record, a pace, and a computer that stays awake.

use async_trait::async_trait;
use daypart_domain::{ids::PublicationId, problem::Problem, transfer::SendingPlan};
use jiff::Timestamp;

/// The part of the record about pausing and order. Errors as in [`crate::store`].
#[async_trait]
pub trait TransferStore: Send + Sync {
    /// Holds back what would send or publish this publication; what runs is not stopped by it. Writes the event.
    /// False, and nothing changed, when it was paused already or [`daypart_domain::transfer::is_pausable`] says no.
    async fn pause(&self, id: PublicationId, at: Timestamp) -> Result<bool, Problem>;
    /// Lets it go on. What became due meanwhile is due at `at`, so that the wait does not count as lateness. Writes
    /// the event. False when it was not paused.
    async fn resume(&self, id: PublicationId, at: Timestamp) -> Result<bool, Problem>;
    /// Holds back everything that would send or publish, also what is planned later. Pausing twice keeps the first
    /// time.
    async fn pause_all(&self, at: Timestamp) -> Result<(), Problem>;
    /// Ends [`TransferStore::pause_all`] and every single pause.
    async fn resume_all(&self, at: Timestamp) -> Result<(), Problem>;
    async fn all_paused_at(&self) -> Result<Option<Timestamp>, Problem>;
    /// Puts it before the others that wait for their turn; false when nothing of it waits to be sent any more.
    async fn send_first(&self, id: PublicationId, at: Timestamp) -> Result<bool, Problem>;
    /// Replaces how sending is planned.
    async fn set_sending_plan(&self, id: PublicationId, plan: &SendingPlan) -> Result<(), Problem>;
}

/// How fast bytes may go, for all transfers together.
#[async_trait]
pub trait Pacing: Send + Sync {
    /// Returns when bytes may be handed to the network, and how many of the `wanted` ones: at least one. Never
    /// waits so long that a connection looks dead. Cancel-safe.
    async fn allow(&self, wanted: u64) -> u64;
}

/// Everything at once.
pub struct Unlimited;

#[async_trait]
impl Pacing for Unlimited {
    async fn allow(&self, wanted: u64) -> u64 {
        wanted
    }
}
