//! Virtual time: the real clock plus an offset that only grows.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Virtual time shared between a simulator and whoever embeds it.
///
/// Every rule that looks at the time (token lifetimes, rate windows, quota days, processing, scheduled
/// publication) uses it. Clones share the offset.
#[derive(Debug, Clone, Default)]
pub struct VirtualClock {
    offset_ms: Arc<AtomicI64>,
}

impl VirtualClock {
    /// A clock that shows the real time until it is advanced.
    pub fn real() -> Self {
        Self::default()
    }

    /// The virtual time in milliseconds since 1970-01-01T00:00:00Z.
    pub fn now_ms(&self) -> i64 {
        real_now_ms().saturating_add(self.offset_ms())
    }

    /// How far virtual time is ahead of real time, in milliseconds.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }

    /// Moves virtual time forwards.
    pub(crate) fn advance_ms(&self, by_ms: i64) {
        self.offset_ms.fetch_add(by_ms.max(0), Ordering::SeqCst);
    }

    pub(crate) fn set_offset_ms(&self, offset_ms: i64) {
        self.offset_ms.store(offset_ms, Ordering::SeqCst);
    }
}

/// The real time in milliseconds since 1970-01-01T00:00:00Z.
pub(crate) fn real_now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// RFC 3339 in UTC, whole seconds, as the platforms print times.
pub(crate) fn rfc3339(ms: i64) -> String {
    match Timestamp::from_second(ms.div_euclid(1000)) {
        Ok(at) => at.to_string(),
        Err(_) => String::new(),
    }
}
