//! A file that notices when somebody opens it.

use std::path::Path;

use rustix::{
    fd::OwnedFd,
    fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags},
};

pub struct Canary {
    watch: OwnedFd,
}

impl Canary {
    /// Watches a file that is there already.
    pub fn on(path: &Path) -> Self {
        let watch = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).expect("a watch");
        inotify::add_watch(&watch, path, WatchFlags::OPEN | WatchFlags::ACCESS).expect("a watched file");
        Self { watch }
    }

    /// Whether it was opened since the last question.
    pub fn was_opened(&self) -> bool {
        let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
        let mut events = inotify::Reader::new(&self.watch, &mut buffer);
        let mut opened = false;
        while let Ok(event) = events.next() {
            opened |= event.events().intersects(ReadFlags::OPEN | ReadFlags::ACCESS);
        }
        opened
    }
}

#[test]
fn a_canary_notices() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bird");
    std::fs::write(&path, b"sings").unwrap();
    let canary = Canary::on(&path);
    assert!(!canary.was_opened());
    std::fs::read(&path).unwrap();
    assert!(canary.was_opened());
}
