//! Where Daypart keeps what it knows.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use daypart_domain::problem::{ErrorCode, Problem, UserAction, codes};

const VARIABLE: &str = "DAYPART_DATA_DIR";
const FOLDER: ErrorCode = ErrorCode::new("host.data_folder");

/// The folder: `$DAYPART_DATA_DIR`, else `daypart` in the platform's data folder (on Linux
/// `$XDG_DATA_HOME/daypart`, by default `~/.local/share/daypart`). Always absolute; it may not exist yet.
///
/// # Errors
/// `host.data_folder` when neither is known.
pub fn data_dir() -> Result<PathBuf, Problem> {
    choose(std::env::var_os(VARIABLE), dirs::data_dir())
}

fn choose(wanted: Option<OsString>, platform: Option<PathBuf>) -> Result<PathBuf, Problem> {
    if let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) {
        return std::path::absolute(&wanted).map_err(|error| problem(Path::new(&wanted), &error));
    }
    platform
        .filter(|platform| platform.is_absolute())
        .map(|platform| platform.join("daypart"))
        .ok_or_else(|| {
            Problem::permanent(FOLDER, "Daypart could not find your data folder.")
                .fix(format!("Set {VARIABLE} to a folder that Daypart may use."))
        })
}

/// The data folder and the places in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    /// Makes the folder and its parts where they are missing; on Unix only this user may enter it.
    ///
    /// # Errors
    /// `host.data_folder` when it cannot be made or entered, `disk.full`.
    pub fn prepare(root: &Path) -> Result<Self, Problem> {
        let folder = Self {
            root: root.to_owned(),
        };
        make_private(root).map_err(|error| problem(root, &error))?;
        for part in [
            folder.media(),
            folder.pictures(),
            folder.practice(),
            folder.logs(),
        ] {
            fs::create_dir_all(&part).map_err(|error| problem(&part, &error))?;
        }
        Ok(folder)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn database(&self) -> PathBuf {
        self.root.join("daypart.db")
    }

    /// The witness beside the record.
    pub fn seal(&self) -> PathBuf {
        self.root.join("seal.json")
    }

    /// Posters and renditions.
    pub fn media(&self) -> PathBuf {
        self.root.join("media")
    }

    /// Pictures of connected accounts.
    pub fn pictures(&self) -> PathBuf {
        self.root.join("pictures")
    }

    /// State of the built-in practice platforms.
    pub fn practice(&self) -> PathBuf {
        self.root.join("practice")
    }

    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }
}

fn make_private(root: &Path) -> io::Result<()> {
    let new = !root.exists();
    fs::create_dir_all(root)?;
    #[cfg(unix)]
    if new {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(root, fs::Permissions::from_mode(0o700))?;
    }
    let _ = new;
    Ok(())
}

fn problem(path: &Path, error: &io::Error) -> Problem {
    let place = path.display();
    if error.kind() == io::ErrorKind::StorageFull {
        Problem::needs_user(
            codes::DISK_FULL,
            UserAction::FreeDisk,
            format!("The disk is full, so the folder {place} could not be made."),
        )
        .fix("Free some space and start Daypart again.")
    } else {
        Problem::permanent(FOLDER, format!("Daypart cannot use its data folder {place}.")).fix(format!(
            "Check who may write there, or set {VARIABLE} to another folder."
        ))
    }
    .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_wins_over_the_platform() {
        let chosen = choose(
            Some("/somewhere/else".into()),
            Some("/home/ada/.local/share".into()),
        );
        assert_eq!(chosen.unwrap(), Path::new("/somewhere/else"));
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let chosen = choose(Some("".into()), Some("/home/ada/.local/share".into()));
        assert_eq!(chosen.unwrap(), Path::new("/home/ada/.local/share/daypart"));
    }

    #[test]
    fn a_relative_variable_is_made_absolute() {
        assert!(choose(Some("here".into()), None).unwrap().is_absolute());
    }

    #[test]
    fn no_folder_at_all_is_said() {
        assert_eq!(choose(None, None).unwrap_err().code, FOLDER);
    }

    #[test]
    #[cfg(unix)]
    fn a_new_folder_is_for_this_user_only_and_has_its_parts() {
        use std::os::unix::fs::PermissionsExt;
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join("fresh");
        let folder = DataFolder::prepare(&root).unwrap();
        assert_eq!(fs::metadata(&root).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(folder.media().is_dir() && folder.practice().is_dir() && folder.logs().is_dir());
    }

    #[test]
    fn a_file_in_its_place_is_a_clear_problem() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join("taken");
        fs::write(&root, b"not a folder").unwrap();
        let problem = DataFolder::prepare(&root).unwrap_err();
        assert_eq!(problem.code, FOLDER);
        assert!(problem.message.contains("taken"), "{}", problem.message);
    }
}
