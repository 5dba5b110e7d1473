//! Where ffmpeg and ffprobe are.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, OnceLock},
    time::Duration,
};

use daypart_domain::problem::Problem;

use crate::problems;

/// Raised when the arguments of [`crate::encode_arguments`] change so that old renditions are not what would
/// be made today.
const RECIPE_VERSION: u32 = 3;

/// Finds the tools anew at each use: a look at a few folders costs nothing beside starting a process, and
/// installing or updating ffmpeg while Daypart runs just works.
#[derive(Debug, Clone)]
pub struct MediaToolbox {
    only_folder: Option<PathBuf>,
    ffmpeg_version: Arc<OnceLock<String>>,
    look_timeout: Duration,
}

/// A healthy look takes a tenth of a second.
const LOOK_TIMEOUT: Duration = Duration::from_secs(10);

impl MediaToolbox {
    /// Looks beside the running executable, then in PATH, then in the folder that `DAYPART_FFMPEG_DIR` names.
    /// Never fails.
    pub fn locate() -> Self {
        Self {
            only_folder: None,
            ffmpeg_version: Arc::default(),
            look_timeout: LOOK_TIMEOUT,
        }
    }

    /// Uses the tools of this folder and no others.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            only_folder: Some(folder.into()),
            ffmpeg_version: Arc::default(),
            look_timeout: LOOK_TIMEOUT,
        }
    }

    /// How long one look at a file (a measurement, a poster) may take before the tool is stopped.
    #[must_use]
    pub fn with_look_timeout(mut self, look_timeout: Duration) -> Self {
        self.look_timeout = look_timeout;
        self
    }

    pub(crate) fn look_timeout(&self) -> Duration {
        self.look_timeout
    }

    /// # Errors
    /// `media.ffmpeg_missing`.
    pub fn ffmpeg(&self) -> Result<PathBuf, Problem> {
        self.find("ffmpeg")
    }

    /// # Errors
    /// `media.ffmpeg_missing`.
    pub fn ffprobe(&self) -> Result<PathBuf, Problem> {
        self.find("ffprobe")
    }

    /// Daypart's recipe and ffmpeg's version, e.g. `recipe 1, ffmpeg 5.1.9`; part of a rendition's key. The
    /// first call starts ffmpeg once.
    pub fn version(&self) -> String {
        if let Some(version) = self.ffmpeg_version.get() {
            return format!("recipe {RECIPE_VERSION}, ffmpeg {version}");
        }
        match self.ffmpeg().ok().and_then(|ffmpeg| ask_version(&ffmpeg)) {
            Some(version) => {
                let version = self.ffmpeg_version.get_or_init(|| version);
                format!("recipe {RECIPE_VERSION}, ffmpeg {version}")
            }
            None => format!("recipe {RECIPE_VERSION}, no ffmpeg"),
        }
    }

    fn find(&self, tool: &str) -> Result<PathBuf, Problem> {
        let name = format!("{tool}{}", env::consts::EXE_SUFFIX);
        let folders = match &self.only_folder {
            Some(folder) => vec![folder.clone()],
            None => usual_folders(),
        };
        folders
            .into_iter()
            .map(|folder| folder.join(&name))
            .find(|candidate| is_executable(candidate))
            .ok_or_else(|| problems::ffmpeg_missing(tool))
    }
}

fn usual_folders() -> Vec<PathBuf> {
    let beside = env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(Path::to_path_buf));
    let path = env::var_os("PATH").unwrap_or_default();
    let named = env::var_os("DAYPART_FFMPEG_DIR").map(PathBuf::from);
    beside
        .into_iter()
        .chain(env::split_paths(&path).filter(|folder| folder.is_absolute()))
        .chain(named)
        .collect()
}

#[cfg(unix)]
fn is_executable(candidate: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    candidate
        .metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(candidate: &Path) -> bool {
    candidate.is_file()
}

fn ask_version(ffmpeg: &Path) -> Option<String> {
    let output = Command::new(ffmpeg)
        .arg("-version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let first_line = String::from_utf8_lossy(&output.stdout);
    first_line
        .strip_prefix("ffmpeg version ")?
        .split_whitespace()
        .next()
        .map(str::to_owned)
}

/// The whole environment of a tool: PATH, and on Windows what its loader needs.
pub(crate) fn environment() -> impl Iterator<Item = (&'static OsStr, std::ffi::OsString)> {
    ["PATH", "SystemRoot"]
        .into_iter()
        .filter_map(|name| env::var_os(name).map(|value| (OsStr::new(name), value)))
}
