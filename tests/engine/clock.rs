//! A wall clock that stands still until it is moved.

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
pub struct VirtualClock(Arc<watch::Sender<Timestamp>>);

impl VirtualClock {
    pub fn new() -> Self {
        let start = Timestamp::from_second(1_800_000_000).unwrap();
        Self(Arc::new(watch::Sender::new(start)))
    }

    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now += by);
    }

    pub fn set_back(&self, by: Duration) {
        self.0.send_modify(|now| *now -= by);
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    async fn sleep_until(&self, at: Timestamp) {
        let mut moved = self.0.subscribe();
        let began = *moved.borrow_and_update();
        // Early when it is set back, as the real one.
        while (began..at).contains(&*moved.borrow_and_update()) {
            if moved.changed().await.is_err() {
                return;
            }
        }
    }
}

/// Different bytes at every call, the same in every run.
#[derive(Default)]
pub struct CountingRandomness(AtomicU64);

impl Randomness for CountingRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = count.to_le_bytes()[index % 8];
        }
    }
}
