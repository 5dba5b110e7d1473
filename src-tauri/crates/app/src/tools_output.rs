//! The file that a command writes for the user: whole or not there, and never in place of something else unasked.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use daypart_domain::problem::{ErrorCode, Problem, UserAction};
use tempfile::{TempDir, TempPath};

/// A place for a file, with a hidden folder beside it in which the file is made. Dropped before [`Self::keep`], it
/// leaves nothing behind.
#[derive(Debug)]
pub struct Output {
    place: PathBuf,
    workshop: TempDir,
    replaces: bool,
}

impl Output {
    /// `replaces` allows a file that is there already to be replaced.
    ///
    /// # Errors
    /// `output.is_source` when it is `source` under whatever name, `output.exists`, `output.unwritable`.
    pub fn prepare(place: &Path, source: &Path, replaces: bool) -> Result<Self, Problem> {
        let is_source = match (place.canonicalize(), source.canonicalize()) {
            (Ok(place), Ok(source)) => place == source,
            _ => false,
        };
        if is_source {
            return Err(Problem::needs_user(
                ErrorCode::new("output.is_source"),
                UserAction::Retry,
                format!(
                    "“{}” is the source itself, which is never changed.",
                    name_of(place)
                ),
            )
            .fix("Name another file."));
        }
        if place.is_dir() || (!replaces && place.symlink_metadata().is_ok()) {
            return Err(exists(place));
        }
        let workshop = tempfile::Builder::new()
            .prefix(".daypart-")
            .tempdir_in(folder_of(place))
            .map_err(|error| unwritable(place, &error))?;
        Ok(Self {
            place: place.to_owned(),
            workshop,
            replaces,
        })
    }

    /// Where the file is to be made; nothing is there yet.
    pub fn draft(&self) -> PathBuf {
        self.workshop.path().join("draft.mp4")
    }

    /// Writes `bytes` as the whole file and keeps it.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub async fn write(self, bytes: Vec<u8>) -> Result<(), Problem> {
        tokio::fs::write(self.draft(), bytes)
            .await
            .map_err(|error| unwritable(&self.place, &error))?;
        self.keep().await
    }

    /// Brings the draft's bytes to the disk, then puts it in its place.
    ///
    /// # Errors
    /// `output.exists` when something has appeared there meanwhile, `output.unwritable`.
    pub async fn keep(self) -> Result<(), Problem> {
        tokio::task::spawn_blocking(move || {
            let moved = self.moved();
            moved.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => exists(&self.place),
                _ => unwritable(&self.place, &error),
            })
        })
        .await
        .map_err(|error| Problem::bug("the thread that keeps a file died").caused_by(&error))?
    }

    fn moved(&self) -> io::Result<()> {
        fs::OpenOptions::new()
            .write(true)
            .open(self.draft())?
            .sync_all()?;
        let draft = TempPath::try_from_path(self.draft())?;
        if self.replaces {
            draft.persist(&self.place)?;
        } else {
            draft.persist_noclobber(&self.place)?;
        }
        #[cfg(unix)]
        fs::File::open(folder_of(&self.place))?.sync_all()?;
        Ok(())
    }
}

fn folder_of(place: &Path) -> &Path {
    place
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn name_of(place: &Path) -> String {
    place.file_name().map_or_else(
        || place.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn exists(place: &Path) -> Problem {
    let what = if place.is_dir() {
        "is a folder"
    } else {
        "is there already"
    };
    let problem = Problem::needs_user(
        ErrorCode::new("output.exists"),
        UserAction::Retry,
        format!("“{}” {what}.", name_of(place)),
    );
    if place.is_dir() {
        problem.fix("Name a file in it.")
    } else {
        problem.fix("Name another file, or allow it to be replaced with --force.")
    }
}

fn unwritable(place: &Path, error: &io::Error) -> Problem {
    Problem::needs_user(
        ErrorCode::new("output.unwritable"),
        UserAction::Retry,
        format!("“{}” cannot be written.", place.display()),
    )
    .fix("Check that the folder exists, may be written and has room.")
    .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> TempDir {
        tempfile::tempdir().unwrap()
    }

    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn code_of<T: std::fmt::Debug>(outcome: Result<T, Problem>) -> String {
        outcome.unwrap_err().code.to_string()
    }

    #[tokio::test]
    async fn a_file_that_is_there_stays_unless_it_may_be_replaced() {
        let folder = folder();
        let (source, place) = (folder.path().join("source"), folder.path().join("place"));
        fs::write(&source, "source").unwrap();
        fs::write(&place, "before").unwrap();
        assert_eq!(code_of(Output::prepare(&place, &source, false)), "output.exists");
        let replacing = Output::prepare(&place, &source, true).unwrap();
        replacing.write(b"after".to_vec()).await.unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "after");
        assert_eq!(names(&folder), ["place", "source"]);
    }

    #[tokio::test]
    async fn a_file_that_appears_meanwhile_stays() {
        let folder = folder();
        let place = folder.path().join("place");
        let output = Output::prepare(&place, &folder.path().join("source"), false).unwrap();
        fs::write(&place, "somebody else's").unwrap();
        assert_eq!(code_of(output.write(b"ours".to_vec()).await), "output.exists");
        assert_eq!(fs::read_to_string(&place).unwrap(), "somebody else's");
        assert_eq!(names(&folder), ["place"]);
    }

    #[test]
    fn the_source_is_known_by_every_name() {
        let folder = folder();
        let source = folder.path().join("source");
        fs::write(&source, "source").unwrap();
        let roundabout = folder.path().join(".").join("source");
        assert_eq!(
            code_of(Output::prepare(&roundabout, &source, true)),
            "output.is_source"
        );
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&source, &link).unwrap();
            assert_eq!(code_of(Output::prepare(&link, &source, true)), "output.is_source");
            assert_eq!(code_of(Output::prepare(&source, &link, true)), "output.is_source");
        }
    }

    #[test]
    fn what_is_dropped_leaves_nothing() {
        let folder = folder();
        let output = Output::prepare(&folder.path().join("place"), Path::new("source"), false).unwrap();
        fs::write(output.draft(), "half").unwrap();
        drop(output);
        assert_eq!(names(&folder), [""; 0]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = folder();
        let place = folder.path().join("nowhere").join("place");
        assert_eq!(
            code_of(Output::prepare(&place, Path::new("source"), false)),
            "output.unwritable"
        );
    }
}
