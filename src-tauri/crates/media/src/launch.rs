//! Starts every tool: behind a [`Fence`], and so that it ends with Daypart, however Daypart ends.
//!
//! On Linux the kernel kills them: they are started through `setpriv --pdeathsig KILL` (util-linux), which
//! replaces itself with the tool, so that the process id stays the tool's. The kernel ties that signal to the
//! *thread* that started the process; each tool therefore has a thread that stays as long as the tool.
//! Without `setpriv`, and on other systems, a tool outlives a crash of Daypart until it is done; a part file
//! never counts, so that costs work, not correctness.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use tokio::sync::oneshot;

use crate::fence::Fence;

/// Starting a process needs little.
const STACK_BYTES: usize = 256 * 1024;

/// What to start instead of `program`, and what stands before its arguments.
pub(crate) struct Leash {
    pub program: PathBuf,
    pub before_arguments: Vec<OsString>,
}

/// Never fails: where a program cannot be bound to Daypart's life it is started as it is.
pub(crate) fn leash(program: &Path) -> Leash {
    match setpriv() {
        Some(setpriv) => Leash {
            program: setpriv.to_path_buf(),
            before_arguments: ["--pdeathsig", "KILL", "--"]
                .into_iter()
                .map(OsString::from)
                .chain([program.as_os_str().to_owned()])
                .collect(),
        },
        None => Leash {
            program: program.to_path_buf(),
            before_arguments: Vec::new(),
        },
    }
}

#[cfg(target_os = "linux")]
fn setpriv() -> Option<&'static Path> {
    use std::{
        process::{Command, Stdio},
        sync::OnceLock,
    };

    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            ["/usr/bin/setpriv", "/bin/setpriv"]
                .into_iter()
                .map(PathBuf::from)
                .filter(|candidate| candidate.is_file())
                // The one of busybox does not know the option.
                .find(|candidate| {
                    Command::new(candidate)
                        .args(["--pdeathsig", "KILL", "--", "/bin/true"])
                        .env_clear()
                        .stdin(Stdio::null())
                        .stdout(Stdio::null())
                        .stderr(Stdio::null())
                        .status()
                        .is_ok_and(|status| status.success())
                })
        })
        .as_deref()
}

#[cfg(not(target_os = "linux"))]
fn setpriv() -> Option<&'static Path> {
    None
}

/// Keeps the thread that started a tool. Dropped after the tool has ended; before that, the kernel ends the tool.
pub(crate) struct Starter {
    _stays_while_open: mpsc::Sender<()>,
}

/// Runs `spawn` behind `fence`, on a thread of its own: a fence holds for a thread and all that it starts, for good.
/// When the caller is dropped meanwhile, what was spawned is dropped too: it must end its process then.
pub(crate) async fn start<T: Send + 'static>(
    fence: Fence,
    spawn: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<(T, Starter)> {
    let (answer, answered) = oneshot::channel();
    let (stays_while_open, until_dropped) = mpsc::channel();
    thread::Builder::new()
        .name("starts a tool".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            fence.close_around_this_thread();
            drop(answer.send(spawn()));
            let _ = until_dropped.recv();
        })?;
    let spawned = answered.await.map_err(io::Error::other)??;
    Ok((
        spawned,
        Starter {
            _stays_while_open: stays_while_open,
        },
    ))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        os::unix::process::ExitStatusExt as _,
        process::{Child, Command},
    };

    use super::*;

    fn sleeper() -> io::Result<Child> {
        let leash = leash(Path::new("/bin/sleep"));
        Command::new(leash.program)
            .args(leash.before_arguments)
            .arg("600")
            .spawn()
    }

    #[test]
    fn a_tool_is_killed_when_the_thread_that_started_it_is_gone() {
        assert!(
            setpriv().is_some(),
            "util-linux is part of every distribution we test on"
        );
        let mut child = thread::spawn(|| {
            let child = sleeper().unwrap();
            // Until it has become the tool, the death of its starter does not reach it.
            let name = format!("/proc/{}/comm", child.id());
            while std::fs::read_to_string(&name).unwrap().trim() != "sleep" {
                thread::yield_now();
            }
            child
        })
        .join()
        .unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }

    #[test]
    fn a_tool_outlives_the_thread_that_asked_for_it() {
        let (mut child, _starter) = thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let fence = Fence::around(Path::new("/bin/sleep"), &[], &[]);
            runtime.block_on(start(fence, sleeper)).unwrap()
        })
        .join()
        .unwrap();
        assert_eq!(child.try_wait().unwrap(), None);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
