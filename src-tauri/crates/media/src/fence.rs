//! A fence around a tool: it reads the inputs of its command line and the system's own programs and libraries, it writes the
//! outputs of its command line, and it opens no connection. Linux only (Landlock), and only as far as the kernel can;
//! everywhere else the allow-lists of [`crate::arguments`] stand alone.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    launch::{leash, start},
    toolbox::environment,
};

/// Tools that cannot load their own libraries behind a fence: an unusual installation, which must work.
static UNFENCED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfenced() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFENCED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one run of a tool may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fence {
    program: PathBuf,
    /// Files, or folders with all that is in them.
    readable: Vec<PathBuf>,
    writable_files: Vec<PathBuf>,
    writable_folders: Vec<PathBuf>,
    /// Drivers open devices and read what the system says of them.
    needs_drivers: bool,
}

impl Fence {
    /// Of what the command line names: `-i file:PATH` is an input (and the folder of a list that names others), any
    /// other `file:PATH` an output, `-passlogfile PREFIX` is in a folder of its own. `reads`: files and folders that are
    /// read without being named so, e.g. by a filter.
    pub(crate) fn around(program: &Path, arguments: &[OsString], reads: &[PathBuf]) -> Self {
        let mut fence = Self {
            program: program.to_path_buf(),
            readable: reads.to_vec(),
            writable_files: Vec::new(),
            writable_folders: Vec::new(),
            needs_drivers: false,
        };
        let (mut before, mut is_list) = ("", false);
        for argument in arguments {
            let word = argument.to_str().unwrap_or("");
            match (before, after_file(argument)) {
                ("-i", Some(input)) => {
                    if std::mem::take(&mut is_list) {
                        fence.readable.extend(input.parent().map(Path::to_path_buf));
                    }
                    fence.readable.push(input);
                }
                (_, Some(output)) => fence.writable_files.push(output),
                ("-passlogfile", None) => {
                    let folder = Path::new(argument).parent();
                    fence.writable_folders.extend(folder.map(Path::to_path_buf));
                }
                ("-f", None) => is_list = word == "concat",
                _ => fence.needs_drivers |= names_hardware(word),
            }
            before = word;
        }
        fence
    }

    /// From here on this thread, and every process that it starts, stays within.
    pub(crate) fn close_around_this_thread(&self) {
        if !unfenced().contains(&self.program) {
            self.close();
        }
    }

    #[cfg(target_os = "linux")]
    fn close(&self) -> bool {
        linux::restrict_this_thread(self)
    }

    #[cfg(not(target_os = "linux"))]
    fn close(&self) -> bool {
        let Self { program, .. } = self;
        tracing::trace!(program = %program.display(), "no fence on this system");
        false
    }
}

/// What a loader says that misses a library, and the leash of a tool that may not be started.
pub(crate) fn did_not_load(status: ExitStatus) -> bool {
    matches!(status.code(), Some(126 | 127))
}

/// Whether this tool, which did not load, has no fence from now on, because it was the fence that kept it from loading. That
/// is asked of the tool without any file, since a file could answer for it.
pub(crate) async fn is_unfenced(program: &Path) -> bool {
    if unfenced().iter().any(|known| known == program) {
        return true;
    }
    let (fenced, free) = (loads(program, true).await, loads(program, false).await);
    if fenced || !free {
        return false;
    }
    tracing::warn!(program = %program.display(), "this tool only runs without its fence");
    unfenced().push(program.to_path_buf());
    true
}

async fn loads(program: &Path, is_fenced: bool) -> bool {
    let fence = Fence::around(program, &[], &[]);
    let leash = leash(program);
    let ask = move || {
        Command::new(leash.program)
            .args(leash.before_arguments)
            .arg("-version")
            .env_clear()
            .envs(environment())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
    };
    let asked = if is_fenced {
        start(fence, ask).await.map(|(status, _)| status)
    } else {
        tokio::task::spawn_blocking(ask)
            .await
            .unwrap_or_else(|error| Err(std::io::Error::other(error)))
    };
    asked.is_ok_and(|status| !did_not_load(status))
}

/// Where a person's own fonts are, beside the system's, which every tool reads.
pub(crate) fn font_folders() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    home.map_or_else(Vec::new, |home| {
        [".fonts", ".local/share/fonts"]
            .map(|folder| home.join(folder))
            .to_vec()
    })
}

fn after_file(argument: &OsString) -> Option<PathBuf> {
    // Exactly what `file_url` has put before the path, which may be of any bytes.
    let bytes = argument.as_encoded_bytes();
    if !bytes.starts_with(b"file:") {
        return None;
    }
    #[cfg(unix)]
    {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        Some(PathBuf::from(OsStr::from_bytes(&bytes[b"file:".len()..])))
    }
    #[cfg(not(unix))]
    {
        argument.to_str().map(|url| PathBuf::from(&url["file:".len()..]))
    }
}

fn names_hardware(word: &str) -> bool {
    [
        "vaapi",
        "nvenc",
        "cuda",
        "qsv",
        "amf",
        "vulkan",
        "hwaccel",
        "init_hw_device",
    ]
    .iter()
    .any(|name| word.contains(name))
        && word.len() < 40
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        fs::OpenOptions,
        io::ErrorKind,
        path::{Path, PathBuf},
        sync::Once,
    };

    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, BitFlags, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
        RulesetError, RulesetStatus, Scope, path_beneath_rules,
    };

    use super::Fence;

    /// Programs, libraries, fonts and what the C library asks at its start. Nobody's own files are in them.
    const SYSTEM: [&str; 21] = [
        "/usr",
        "/bin",
        "/lib",
        "/lib32",
        "/lib64",
        "/opt",
        "/nix/store",
        "/gnu/store",
        "/snap",
        "/app",
        "/home/linuxbrew",
        "/etc/ld.so.cache",
        "/etc/ld.so.preload",
        "/etc/alternatives",
        "/etc/fonts",
        "/var/cache/fontconfig",
        "/dev/null",
        "/dev/urandom",
        "/proc/cpuinfo",
        "/sys/devices/system/cpu",
        "/sys/devices/system/node",
    ];
    const DRIVERS_READ: [&str; 4] = ["/sys", "/etc/vulkan", "/proc/driver", "/proc/modules"];
    const DRIVERS_OPEN: [&str; 7] = [
        "/dev/dri",
        "/dev/nvidia0",
        "/dev/nvidia1",
        "/dev/nvidiactl",
        "/dev/nvidia-uvm",
        "/dev/nvidia-modeset",
        "/dev/nvidia-caps",
    ];

    /// Whether the kernel keeps the fence. Best effort: a kernel without Landlock is not an error.
    pub(super) fn restrict_this_thread(fence: &Fence) -> bool {
        static SAID: Once = Once::new();
        let status = restrict(fence);
        let kept = matches!(&status, Ok(status) if *status != RulesetStatus::NotEnforced);
        if !kept {
            SAID.call_once(|| {
                tracing::warn!(
                    ?status,
                    "this system keeps no fence (Landlock) around ffmpeg; its allow-lists stand alone"
                );
            });
        }
        kept
    }

    fn restrict(fence: &Fence) -> Result<RulesetStatus, RulesetError> {
        let run = AccessFs::from_read(ABI::V1);
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let write: BitFlags<AccessFs> = read | AccessFs::WriteFile | AccessFs::Truncate;
        let work = write | AccessFs::MakeReg | AccessFs::RemoveFile;
        let mut rules = Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V3))?
            .handle_access(AccessNet::from_all(ABI::V4))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .add_rules(path_beneath_rules(
                SYSTEM.iter().map(PathBuf::from).chain(beside(&fence.program)),
                run,
            ))?
            .add_rules(path_beneath_rules(&fence.readable, read))?
            .add_rules(path_beneath_rules(["/dev/null"], write))?
            .add_rules(path_beneath_rules(
                fence.writable_files.iter().filter(|file| is_there(file)),
                write,
            ))?
            .add_rules(path_beneath_rules(&fence.writable_folders, work))?;
        if fence.needs_drivers {
            rules = rules
                .add_rules(path_beneath_rules(DRIVERS_READ, read))?
                .add_rules(path_beneath_rules(DRIVERS_OPEN, write))?;
        }
        Ok(rules.restrict_self()?.ruleset)
    }

    /// Makes an output that is not there yet, empty: a rule is for a file, and making files in the folder is not allowed.
    fn is_there(output: &Path) -> bool {
        match OpenOptions::new().write(true).create_new(true).open(output) {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::AlreadyExists,
        }
    }

    /// The tool's own folder and its libraries, wherever it was unpacked.
    fn beside(program: &Path) -> impl Iterator<Item = PathBuf> {
        let folder = program
            .canonicalize()
            .ok()
            .and_then(|program| program.parent().map(Path::to_path_buf));
        folder
            .into_iter()
            .chain(program.parent().map(Path::to_path_buf))
            .flat_map(|folder| [folder.join("../lib"), folder.join("../lib64"), folder])
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
