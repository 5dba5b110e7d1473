//! A clock that stands still until it is moved, and chance for ids and delays.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use daypart_ports::{clock::Clock, randomness::Randomness};
use jiff::Timestamp;
use tokio::sync::watch;

#[derive(Clone)]
pub struct SoakClock {
    now: Arc<watch::Sender<Timestamp>>,
    /// How often somebody went to sleep.
    sleeps: Arc<watch::Sender<u64>>,
}

impl SoakClock {
    pub fn new() -> Self {
        Self {
            now: Arc::new(watch::Sender::new(Timestamp::from_second(1_800_000_000).unwrap())),
            sleeps: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Never back.
    pub fn advance_to(&self, at: Timestamp) {
        self.now.send_modify(|now| *now = at.max(*now));
    }

    pub fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now += by);
    }

    pub fn sleeps(&self) -> watch::Receiver<u64> {
        self.sleeps.subscribe()
    }
}

#[async_trait]
impl Clock for SoakClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn sleep_until(&self, at: Timestamp) {
        let mut moved = self.now.subscribe();
        self.sleeps.send_modify(|count| *count += 1);
        while *moved.borrow_and_update() < at {
            if moved.changed().await.is_err() {
                return;
            }
        }
    }
}

/// Ids count upwards; a delay's jitter hangs on the time alone, so that steps that overtake each other change nothing.
pub struct SoakRandomness {
    pub clock: SoakClock,
    pub drawn: AtomicU64,
}

impl Randomness for SoakRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        let value = match bytes.len() {
            4 => self
                .clock
                .now()
                .as_second()
                .unsigned_abs()
                .wrapping_mul(0x9e37_79b9),
            _ => self.drawn.fetch_add(1, Ordering::Relaxed),
        };
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = value.to_le_bytes()[index % 8];
        }
    }
}
