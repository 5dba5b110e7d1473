//! A place for what only the making of a rendition needs.

use std::{
    io,
    path::{Path, PathBuf},
};

/// `NAME.work` beside the rendition's place; removed with everything in it when dropped, whatever happened.
pub(crate) struct WorkFolder(PathBuf);

impl WorkFolder {
    /// What an earlier run left behind is removed first.
    pub(super) fn beside(out: &Path) -> io::Result<Self> {
        Self::ending_in(out, ".work")
    }

    /// `NAME.captions` beside the rendition's place, alike in everything else.
    pub(crate) fn of_captions(out: &Path) -> io::Result<Self> {
        Self::ending_in(out, ".captions")
    }

    fn ending_in(out: &Path, ending: &str) -> io::Result<Self> {
        let mut name = out.as_os_str().to_owned();
        name.push(ending);
        let folder = Self(PathBuf::from(name));
        folder.remove();
        std::fs::create_dir(&folder.0)?;
        Ok(folder)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn remove(&self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %self.0.display(), "a work folder could not be removed");
        }
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        self.remove();
    }
}
