//! What has happened, for those who wait for it instead of sleeping.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

/// One thing that happened on a platform.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Signal {
    pub(crate) seq: u64,
    pub(crate) event: &'static str,
    pub(crate) platform: &'static str,
    pub(crate) account: Option<String>,
    /// Upload, publish or remote id, whichever the event is about.
    pub(crate) id: Option<String>,
    pub(crate) at: String,
    pub(crate) at_ms: i64,
    pub(crate) real_ms: i64,
    pub(crate) detail: Value,
}

/// What somebody waits for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) event: Option<String>,
    pub(crate) platform: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) since: u64,
}

impl Wanted {
    fn matches(&self, signal: &Signal) -> bool {
        signal.seq > self.since
            && self.event.as_deref().is_none_or(|e| e == signal.event)
            && self.platform.as_deref().is_none_or(|p| p == signal.platform)
            && self
                .account
                .as_deref()
                .is_none_or(|a| signal.account.as_deref() == Some(a))
    }
}

#[derive(Debug)]
pub(crate) struct Signals {
    list: Mutex<Vec<Signal>>,
    latest: watch::Sender<u64>,
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            list: Mutex::default(),
            latest: watch::Sender::new(0),
        }
    }
}

impl Signals {
    pub(crate) fn raise(&self, mut signal: Signal) {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let seq = *self.latest.borrow() + 1;
        signal.seq = seq;
        tracing::debug!(event = signal.event, platform = signal.platform, id = ?signal.id, "practice event");
        list.push(signal);
        self.latest.send_replace(seq);
    }

    pub(crate) fn since(&self, wanted: &Wanted) -> Vec<Signal> {
        let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        list.iter().filter(|s| wanted.matches(s)).cloned().collect()
    }

    pub(crate) fn latest(&self) -> u64 {
        *self.latest.borrow()
    }

    pub(crate) fn clear(&self) {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Waits until `count` wanted signals have happened; `Err` holds those that did when time is up.
    pub(crate) async fn wait(
        &self,
        wanted: &Wanted,
        count: usize,
        limit: Duration,
    ) -> Result<Vec<Signal>, Vec<Signal>> {
        let mut latest = self.latest.subscribe();
        let enough = async {
            loop {
                let found = self.since(wanted);
                if found.len() >= count || latest.changed().await.is_err() {
                    return found;
                }
            }
        };
        match tokio::time::timeout(limit, enough).await {
            Ok(found) if found.len() >= count => Ok(found),
            Ok(found) => Err(found),
            Err(_) => Err(self.since(wanted)),
        }
    }
}
