//! Starts long-running tools so that they end with Daypart, however Daypart ends.
//!
//! On Linux the kernel kills them: they are started through `setpriv --pdeathsig KILL` (util-linux), which
//! replaces itself with the tool, so that the process id stays the tool's. The kernel ties that signal to the
//! *thread* that started the process; one thread that lives as long as Daypart therefore starts them all.
//! Without `setpriv`, and on other systems, a tool outlives a crash of Daypart until it is done; a part file
//! never counts, so that costs work, not correctness.

use std::{
    ffi::OsString,
    io,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::{OnceLock, mpsc},
    thread,
};

use tokio::sync::oneshot;

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
    use std::process::{Command, Stdio};

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

type Start = Box<dyn FnOnce() + Send>;

/// Runs `spawn` on the thread that outlives every tool. When the caller is dropped meanwhile, what was spawned
/// is dropped too: it must end its process then.
pub(crate) async fn start<T: Send + 'static>(
    spawn: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let (answer, answered) = oneshot::channel();
    launcher()?
        .send(Box::new(move || {
            drop(answer.send(spawn()));
        }))
        .map_err(|_| io::Error::other("the thread that starts tools is gone"))?;
    answered.await.map_err(io::Error::other)?
}

fn launcher() -> io::Result<&'static mpsc::Sender<Start>> {
    static LAUNCHER: OnceLock<Option<mpsc::Sender<Start>>> = OnceLock::new();
    LAUNCHER
        .get_or_init(|| {
            let (starts, waiting) = mpsc::channel::<Start>();
            thread::Builder::new()
                .name("starts tools".to_owned())
                .spawn(move || {
                    for start in waiting {
                        // Whoever asked hears of it: the answer is dropped. The others go on.
                        if panic::catch_unwind(AssertUnwindSafe(start)).is_err() {
                            tracing::error!("starting a tool panicked");
                        }
                    }
                })
                .ok()
                .map(|_| starts)
        })
        .as_ref()
        .ok_or_else(|| io::Error::other("no thread could be made to start tools"))
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
        let mut child = thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(start(sleeper)).unwrap()
        })
        .join()
        .unwrap();
        assert_eq!(child.try_wait().unwrap(), None);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
