//! A file that does not count yet.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// `NAME.part` beside its final place. Removed when dropped, whatever happened; made to count by
/// [`PartFile::rename_to`].
pub(crate) struct PartFile {
    path: Option<PathBuf>,
}

impl PartFile {
    /// Names the part file; creates nothing. A leftover is removed rather than overwritten: an ffmpeg that
    /// outlived its Daypart may still be writing into it, and must not write into what comes next.
    pub(crate) fn beside(out: &Path) -> Self {
        let mut name = out.as_os_str().to_owned();
        name.push(".part");
        let path = PathBuf::from(name);
        remove(&path);
        Self { path: Some(path) }
    }

    /// For places that two may write at the same time, each its own file; the later name wins. A crash leaves
    /// it behind, so not for anything large.
    pub(crate) fn unique_beside(out: &Path) -> Self {
        static WRITTEN: AtomicU64 = AtomicU64::new(0);
        let mut name = out.as_os_str().to_owned();
        name.push(format!(
            ".{}-{}.part",
            std::process::id(),
            WRITTEN.fetch_add(1, Ordering::Relaxed)
        ));
        Self {
            path: Some(PathBuf::from(name)),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }

    /// Brings the bytes to the disk, then the name: after a power loss there is the whole file or none.
    pub(crate) async fn rename_to(self, out: &Path) -> io::Result<()> {
        let out = out.to_path_buf();
        tokio::task::spawn_blocking(move || self.settle(&out))
            .await
            .map_err(io::Error::other)?
    }

    /// [`Self::rename_to`] for a thread that may wait.
    pub(crate) fn settle(mut self, out: &Path) -> io::Result<()> {
        let Some(part) = self.path.take() else {
            return Ok(());
        };
        let moved = settle_on_disk(&part, out);
        if moved.is_err() {
            remove(&part);
        }
        moved
    }
}

fn settle_on_disk(part: &Path, out: &Path) -> io::Result<()> {
    // Some systems flush only a file that was opened for writing.
    std::fs::OpenOptions::new().write(true).open(part)?.sync_all()?;
    std::fs::rename(part, out)?;
    #[cfg(unix)]
    if let Some(folder) = out.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn remove(part: &Path) {
    if let Err(error) = std::fs::remove_file(part)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, part = %part.display(), "a part file could not be removed");
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if let Some(part) = &self.path {
            remove(part);
        }
    }
}
