//! Measures a transfer for the listeners.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use daypart_domain::ids::PublicationId;

use crate::{Engine, EngineEvent, TransferProgress};

/// Progress is told at most this often.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// Weight of the newest measurement in the smoothed rate.
const NEWEST: f64 = 0.3;

pub(crate) struct TransferMeter {
    engine: Engine,
    publication_id: PublicationId,
    total_bytes: u64,
    sent_bytes: AtomicU64,
    window: Mutex<Window>,
}

struct Window {
    since: Instant,
    sent_bytes: u64,
    rate_bytes_per_s: Option<f64>,
}

impl TransferMeter {
    pub(crate) fn new(
        engine: &Engine,
        publication_id: PublicationId,
        total_bytes: u64,
        sent_bytes: u64,
    ) -> Arc<Self> {
        Arc::new(Self {
            engine: engine.clone(),
            publication_id,
            total_bytes,
            sent_bytes: AtomicU64::new(sent_bytes),
            window: Mutex::new(Window {
                since: Instant::now(),
                sent_bytes,
                rate_bytes_per_s: None,
            }),
        })
    }

    /// The platform holds this much; bytes in flight before a break do not count.
    pub(crate) fn set(&self, sent_bytes: u64) {
        self.sent_bytes.store(sent_bytes, Ordering::Relaxed);
        self.window
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .sent_bytes = sent_bytes;
    }

    /// A callback for [`daypart_ports::platform::ChunkSource::sent`].
    pub(crate) fn counter(self: &Arc<Self>) -> Arc<dyn Fn(u64) + Send + Sync> {
        let meter = self.clone();
        Arc::new(move |bytes| meter.add(bytes))
    }

    fn add(&self, bytes: u64) {
        let sent_bytes = self.sent_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let Ok(mut window) = self.window.try_lock() else {
            return;
        };
        let elapsed = window.since.elapsed();
        if elapsed < TELL_EVERY {
            return;
        }
        let newest = sent_bytes.saturating_sub(window.sent_bytes) as f64 / elapsed.as_secs_f64();
        let rate = window
            .rate_bytes_per_s
            .map_or(newest, |rate| rate * (1.0 - NEWEST) + newest * NEWEST);
        *window = Window {
            since: Instant::now(),
            sent_bytes,
            rate_bytes_per_s: Some(rate),
        };
        let rest = self.total_bytes.saturating_sub(sent_bytes) as f64;
        self.engine.emit(EngineEvent::Transfer(TransferProgress {
            publication_id: self.publication_id,
            sent_bytes,
            total_bytes: self.total_bytes,
            rate_bytes_per_s: Some(rate),
            eta_s: (rate > 0.0).then(|| rest / rate),
        }));
    }
}
