//! One run of a tool whose stdout is a stream of raw data, read as it comes, with an optional feed on its stdin. Bounded in
//! memory whatever the file's length. [`crate::tool`] (short answers) and [`crate::picture_pipe`] (pictures with their times)
//! are ways to use it.

use std::{
    ffi::OsString,
    io::{self, Read, Write as _},
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use crate::{
    confine::{Allowance, confine},
    fence::{self, Fence},
    launch::{Starter, leash, start},
    tool::Tail,
    toolbox::environment,
};

pub(crate) struct PipeRun<'a> {
    pub program: &'a Path,
    pub arguments: Vec<OsString>,
    /// Files and folders that it reads beside the inputs in `arguments`; see [`Fence::around`].
    pub reads: Vec<PathBuf>,
    /// Copied to the tool's stdin, which is closed at its end; `None` leaves stdin empty.
    pub feed: Option<Box<dyn Read + Send>>,
    pub allowance: Allowance,
    /// How long neither a byte may come out nor be taken in.
    pub stall_timeout: Duration,
}

#[derive(Debug)]
pub(crate) struct PipeEnd<T> {
    /// What the reader made of stdout.
    pub read: T,
    /// Exit code 0. False, and without meaning, when the reader returned before the end of the stream.
    pub success: bool,
    /// How it ended; for a reader that had enough, by a signal of ours.
    pub status: ExitStatus,
    /// The last 64 kB, invalid UTF-8 replaced.
    pub stderr: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum PipeFault {
    #[error("the tool could not be started")]
    Start(#[source] io::Error),
    #[error("the tool's output could not be read")]
    Read(#[source] io::Error),
    #[error("cancelled")]
    Cancelled,
    #[error("no data any more")]
    Stalled,
}

/// Runs the tool and gives its stdout to `reader` on a thread of its own, where it may compute. A reader that
/// returns early has enough: the tool is ended. Cancelling kills the tool, and so does dropping this future;
/// the reader then meets the end of the stream. When this returns the tool is gone.
///
/// A tool that closes its stdin early had enough of the feed: no error. An error of the feed itself ends the
/// stream there, as if it had been short; the tool's answer tells whether that matters.
pub(crate) async fn run_pipe<T: Send + 'static>(
    run: PipeRun<'_>,
    reader: impl FnOnce(&mut dyn Read) -> T + Send + 'static,
    cancel: &CancellationToken,
) -> Result<PipeEnd<T>, PipeFault> {
    run_pipe_hearing(run, reader, read_tail, cancel).await
}

/// [`run_pipe`] with somebody who listens to stderr, to its end, on a thread of its own, and returns what is to be kept.
pub(crate) async fn run_pipe_hearing<T: Send + 'static>(
    run: PipeRun<'_>,
    reader: impl FnOnce(&mut dyn Read) -> T + Send + 'static,
    listener: impl FnOnce(ChildStderr) -> String + Send + 'static,
    cancel: &CancellationToken,
) -> Result<PipeEnd<T>, PipeFault> {
    if cancel.is_cancelled() {
        return Err(PipeFault::Cancelled);
    }
    let program = run.program.to_path_buf();
    let traffic = Arc::new(Traffic::default());
    let feed = run.feed.map(|mut feed| {
        let traffic = Arc::clone(&traffic);
        move |buffer: &mut [u8]| feed.read(buffer).inspect(|read| traffic.add(*read))
    });
    let fence = Fence::around(run.program, &run.arguments, &run.reads);
    let mut tool = spawn(run.program, run.arguments, feed.is_some(), run.allowance, fence)
        .await
        .map_err(PipeFault::Start)?;
    let child = &mut tool.child;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
        return Err(PipeFault::Read(io::Error::other("its pipes are missing")));
    };
    if let (Some(mut feed), Some(mut stdin)) = (feed, stdin) {
        tokio::task::spawn_blocking(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(read @ 1..) = feed(&mut buffer) {
                if stdin.write_all(&buffer[..read]).is_err() {
                    break;
                }
            }
        });
    }
    let listener = tokio::task::spawn_blocking(move || listener(stderr));
    let mut stdout = Watched {
        inner: stdout,
        traffic: Arc::clone(&traffic),
    };
    let mut reading = tokio::task::spawn_blocking(move || reader(&mut stdout));

    let read = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(PipeFault::Cancelled),
        read = &mut reading => read.map_err(|error| PipeFault::Read(io::Error::other(error))),
        () = traffic.rests(run.stall_timeout) => Err(PipeFault::Stalled),
    };
    if read.is_err() || !traffic.ended.load(Ordering::Relaxed) {
        tool.kill();
    }
    let status = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(PipeFault::Cancelled),
        exited = tool.exited() => exited,
        // It has nothing more to say and yet does not go.
        () = tokio::time::sleep(run.stall_timeout) => Err(PipeFault::Stalled),
    };
    drop(tool);
    let stderr = listener
        .await
        .map_err(|error| PipeFault::Read(io::Error::other(error)))?;
    let (read, status) = (read?, status?);
    if fence::did_not_load(status) && fence::is_unfenced(&program).await {
        tracing::debug!("the next run of this tool goes without its fence");
    }
    Ok(PipeEnd {
        read,
        success: status.success(),
        status,
        stderr,
    })
}

/// The last 64 kB of what a tool says beside its data.
pub(crate) fn read_tail(mut stderr: impl Read) -> String {
    let mut tail = Tail::default();
    let mut buffer = vec![0; 4096];
    while let Ok(read @ 1..) = stderr.read(&mut buffer) {
        tail.push(&buffer[..read]);
    }
    tail.into_text()
}

/// What went through the pipes, in either direction.
#[derive(Default)]
struct Traffic {
    moved_bytes: AtomicU64,
    /// The reader has met the end of stdout.
    ended: AtomicBool,
}

impl Traffic {
    fn add(&self, moved_bytes: usize) {
        self.moved_bytes.fetch_add(moved_bytes as u64, Ordering::Relaxed);
    }

    /// Returns once nothing has moved for `stall_timeout`.
    async fn rests(&self, stall_timeout: Duration) {
        let mut before = self.moved_bytes.load(Ordering::Relaxed);
        loop {
            tokio::time::sleep(stall_timeout).await;
            let now = self.moved_bytes.load(Ordering::Relaxed);
            if now == before {
                return;
            }
            before = now;
        }
    }
}

struct Watched<R> {
    inner: R,
    traffic: Arc<Traffic>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.traffic.add(read);
        if read == 0 && !buffer.is_empty() {
            self.traffic.ended.store(true, Ordering::Relaxed);
        }
        Ok(read)
    }
}

async fn spawn(
    program: &Path,
    arguments: Vec<OsString>,
    fed: bool,
    allowance: Allowance,
    fence: Fence,
) -> io::Result<Tool> {
    let program = program.to_path_buf();
    let (child, starter) = start(fence, move || {
        let leash = leash(&program);
        let child = Command::new(leash.program)
            .args(leash.before_arguments)
            .args(arguments)
            .env_clear()
            .envs(environment())
            .stdin(if fed { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        confine(child.id(), allowance);
        Ok(Ended(child))
    })
    .await?;
    Ok(Tool {
        child,
        _starter: starter,
    })
}

/// The process, then the thread that started it.
struct Tool {
    child: Ended,
    _starter: Starter,
}

impl Tool {
    fn kill(&mut self) {
        self.child.end();
    }

    /// Its pipes are closed: it needs a moment, not a thread.
    async fn exited(&mut self) -> Result<ExitStatus, PipeFault> {
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => tokio::time::sleep(Duration::from_millis(1)).await,
                Err(error) => return Err(PipeFault::Read(error)),
            }
        }
    }
}

/// A process that ends with its owner.
struct Ended(Child);

impl Ended {
    fn end(&mut self) {
        if let Err(error) = self.0.kill() {
            tracing::debug!(%error, "the tool had already ended");
        }
    }
}

impl Deref for Ended {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Ended {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(Some(_))) {
            return;
        }
        self.end();
        if let Err(error) = self.0.wait() {
            tracing::debug!(%error, "the tool could not be waited for");
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
