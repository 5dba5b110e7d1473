//! A fence around a tool that only looks at a file: it may read that file and the system's own programs and libraries, and it
//! may not open a connection. Linux only (Landlock), and only as far as the kernel can; everywhere else the allow-lists
//! of [`crate::arguments`] stand alone.

use std::{ffi::OsString, io, path::Path};

use tokio::process::{Child, Command};

/// Starts the command behind the fence. What it may read are the inputs that the arguments name with `file:`.
#[cfg(target_os = "linux")]
pub(crate) fn spawn_fenced(
    command: &mut Command,
    program: &Path,
    arguments: &[OsString],
) -> io::Result<Child> {
    let runtime = tokio::runtime::Handle::current();
    // A fence holds for a thread and all that it starts, for good: hence a thread for this one start.
    std::thread::scope(|scope| {
        let started = scope.spawn(|| {
            linux::restrict_this_thread(program, arguments);
            let _entered = runtime.enter();
            command.spawn()
        });
        started
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the thread that starts a tool died")))
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn spawn_fenced(command: &mut Command, _: &Path, _: &[OsString]) -> io::Result<Child> {
    command.spawn()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        ffi::{OsStr, OsString},
        os::unix::ffi::OsStrExt as _,
        path::{Path, PathBuf},
    };

    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
        RulesetError, RulesetStatus, path_beneath_rules,
    };

    /// Programs, libraries and what the C library asks at its start. Nobody's own files are in them.
    const SYSTEM: [&str; 18] = [
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
        "/dev/null",
        "/dev/urandom",
        "/proc/cpuinfo",
        "/sys/devices/system/cpu",
    ];

    /// Whether the kernel keeps the fence. Best effort: a kernel without Landlock is not an error.
    pub(super) fn restrict_this_thread(program: &Path, arguments: &[OsString]) -> bool {
        match restrict(program, arguments) {
            Ok(status) => status != RulesetStatus::NotEnforced,
            Err(error) => {
                tracing::debug!(%error, "no fence around the tool");
                false
            }
        }
    }

    fn restrict(program: &Path, arguments: &[OsString]) -> Result<RulesetStatus, RulesetError> {
        let read = AccessFs::from_read(ABI::V1);
        let readable = SYSTEM
            .iter()
            .map(PathBuf::from)
            .chain(beside(program))
            .chain(inputs(arguments));
        let restricted = Ruleset::default()
            .handle_access(read)?
            .handle_access(AccessNet::from_all(ABI::V4))?
            .create()?
            .add_rules(path_beneath_rules(readable, read))?
            .restrict_self()?;
        Ok(restricted.ruleset)
    }

    /// The tool's own folder and its libraries, wherever it was unpacked.
    fn beside(program: &Path) -> impl Iterator<Item = PathBuf> {
        let folder = program
            .canonicalize()
            .ok()
            .and_then(|program| program.parent().map(Path::to_path_buf));
        folder
            .into_iter()
            .flat_map(|folder| [folder.join("../lib"), folder.join("../lib64"), folder])
    }

    fn inputs(arguments: &[OsString]) -> impl Iterator<Item = PathBuf> {
        arguments
            .iter()
            .filter_map(|argument| argument.as_bytes().strip_prefix(b"file:"))
            .map(|path| PathBuf::from(OsStr::from_bytes(path)))
    }
}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]
mod tests {
    use std::process::Stdio;

    use super::*;
    use crate::arguments::file_url;

    fn fence_holds_here() -> bool {
        std::thread::spawn(|| linux::restrict_this_thread(Path::new("/bin/sh"), &[]))
            .join()
            .unwrap()
    }

    /// Whether a tool whose arguments name `named` can do what `script` says with its first argument.
    async fn can(script: &str, with: &Path, named: &Path) -> bool {
        let shell = Path::new("/bin/sh");
        let arguments = ["-c".into(), script.into(), with.into(), file_url(named)];
        let mut command = Command::new(shell);
        command
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        spawn_fenced(&mut command, shell, &arguments)
            .unwrap()
            .wait()
            .await
            .unwrap()
            .success()
    }

    #[tokio::test]
    async fn a_tool_reads_the_named_file_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let [named, other] = ["named.mp4", "other: \u{1F3AC}.mp4"].map(|name| folder.path().join(name));
        std::fs::write(&named, b"1").unwrap();
        std::fs::write(&other, b"2").unwrap();
        assert!(can("cat \"$0\"", &named, &named).await);
        assert!(can("cat \"$0\"", &other, &other).await);
        assert_eq!(can("cat \"$0\"", &other, &named).await, !fence_holds_here());
        assert_eq!(can("ls \"$0\"", folder.path(), &named).await, !fence_holds_here());
        // This process itself stays as free as it was.
        assert_eq!(std::fs::read(&other).unwrap(), b"2");
    }
}
