//! Wall-clock time.

use async_trait::async_trait;
use jiff::Timestamp;

/// The wall clock. Nothing in the engine reads time in any other way.
#[async_trait]
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;

    /// Returns once the wall clock is at or past `at`, or earlier when the clock was changed or the computer
    /// woke from sleep; callers look at [`Clock::now`] again. Costs no wake-ups while waiting where the
    /// operating system allows. A time in the past returns at once. Cancel-safe.
    async fn sleep_until(&self, at: Timestamp);
}
