//! Sliding one-minute windows, in memory only.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

#[derive(Debug, Default)]
pub(crate) struct Rates {
    windows: Mutex<HashMap<String, VecDeque<i64>>>,
}

impl Rates {
    /// Counts a call of `key` at `now_ms`; false once `limit` calls lie within the last `window_ms`.
    /// A refused call does not count.
    pub(crate) fn admit(&self, key: String, limit: u64, window_ms: i64, now_ms: i64) -> bool {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(key).or_default();
        while window.front().is_some_and(|at| *at <= now_ms - window_ms) {
            window.pop_front();
        }
        if window.len() as u64 >= limit {
            return false;
        }
        window.push_back(now_ms);
        true
    }

    pub(crate) fn clear(&self) {
        self.windows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides() {
        let rates = Rates::default();
        assert!(rates.admit("k".into(), 2, 60_000, 0));
        assert!(rates.admit("k".into(), 2, 60_000, 30_000));
        assert!(!rates.admit("k".into(), 2, 60_000, 59_999));
        assert!(rates.admit("k".into(), 2, 60_000, 60_000));
        assert!(rates.admit("other".into(), 2, 60_000, 60_000));
    }
}
