//! Which conversions are to rest.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

/// The conversions that run now, by the place of their result.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pauses(Arc<Mutex<HashMap<PathBuf, watch::Sender<bool>>>>);

impl Pauses {
    /// False when no conversion to `out` runs, or when this system cannot pause a process.
    pub(crate) fn set(&self, out: &Path, paused: bool) -> bool {
        cfg!(unix)
            && self.lock().get(out).is_some_and(|switch| {
                switch.send_replace(paused);
                true
            })
    }

    /// Announces a conversion until the entry is dropped.
    pub(super) fn enter(&self, out: &Path) -> Entry<'_> {
        let (switch, paused) = watch::channel(false);
        self.lock().insert(out.to_path_buf(), switch);
        Entry {
            pauses: self,
            out: out.to_path_buf(),
            paused,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, watch::Sender<bool>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Entry<'a> {
    pauses: &'a Pauses,
    out: PathBuf,
    paused: watch::Receiver<bool>,
}

impl Entry<'_> {
    /// True while the conversion is to rest.
    pub(super) fn paused(&self) -> watch::Receiver<bool> {
        self.paused.clone()
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.pauses.lock().remove(&self.out);
    }
}
