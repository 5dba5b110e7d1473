//! The running simulator as its handlers see it.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::blobs::Blobs;
use crate::clock::VirtualClock;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::rates::Rates;
use crate::requests::RequestLog;
use crate::signals::Signals;
use crate::world::World;

pub(crate) struct App {
    pub(crate) base_url: String,
    pub(crate) port: u16,
    pub(crate) clock: VirtualClock,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    pub(crate) signals: Signals,
    pub(crate) blobs: Blobs,
    pub(crate) rates: Rates,
    pub(crate) holds: Holds,
    pub(crate) stopping: CancellationToken,
    /// Wakes the pacer after a change: something may be due earlier now.
    pub(crate) changed: Notify,
    state: Mutex<(World, Journal)>,
}

impl App {
    pub(crate) fn new(
        base_url: String,
        port: u16,
        clock: VirtualClock,
        folder: PathBuf,
        world: World,
        journal: Journal,
    ) -> Arc<Self> {
        Arc::new(Self {
            base_url,
            port,
            clock,
            faults: Faults::default(),
            requests: RequestLog::default(),
            signals: Signals::default(),
            blobs: Blobs::in_folder(folder),
            rates: Rates::default(),
            holds: Holds::default(),
            stopping: CancellationToken::new(),
            changed: Notify::new(),
            state: Mutex::new((world, journal)),
        })
    }

    fn locked(&self) -> MutexGuard<'_, (World, Journal)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `act` on the world as it is now and makes all of its changes durable as one whole before
    /// returning; signals are raised after that.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> io::Result<T> {
        let mut state = self.locked();
        let (world, journal) = &mut *state;
        world.now_ms = self.clock.now_ms();
        world.settle();
        let outcome = act(world);
        journal.commit(&mut world.tables())?;
        for signal in std::mem::take(&mut world.raised) {
            self.signals.raise(signal);
        }
        drop(state);
        self.changed.notify_one();
        Ok(outcome)
    }

    /// Looks at the world without settling it.
    pub(crate) fn look<T>(&self, act: impl FnOnce(&World) -> T) -> T {
        act(&self.locked().0)
    }
}

/// Requests held by a fault rule until they are released.
#[derive(Debug)]
pub(crate) struct Holds {
    waiting: AtomicUsize,
    turn: watch::Sender<u64>,
}

impl Default for Holds {
    fn default() -> Self {
        Self {
            waiting: AtomicUsize::new(0),
            turn: watch::Sender::new(0),
        }
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Holds {
    /// Waits for the next release. `announce` runs once the wait can no longer miss it.
    pub(crate) async fn hold(&self, announce: impl FnOnce()) {
        let mut turn = self.turn.subscribe();
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting(&self.waiting);
        announce();
        let _ = turn.changed().await;
    }

    /// Lets every held request go on; says how many there were.
    pub(crate) fn release(&self) -> usize {
        let waiting = self.waiting.load(Ordering::SeqCst);
        self.turn.send_modify(|turn| *turn += 1);
        waiting
    }
}

/// One exclusive lock per upload.
#[derive(Debug, Default)]
pub(crate) struct UploadLocks {
    locks: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl UploadLocks {
    pub(crate) fn of(&self, upload_id: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.entry(upload_id.to_owned()).or_default().clone()
    }
}
