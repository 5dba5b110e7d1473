//! One short run of a tool: its output collected within bounds, the process gone when this returns or is dropped.

use std::{
    ffi::OsString,
    io,
    path::Path,
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::Command,
    time::timeout,
};

use crate::{
    confine::{Allowance, confine},
    fence::spawn_fenced,
    toolbox::environment,
};

const STDERR_KEPT_BYTES: usize = 64 * 1024;

pub(crate) struct Bounds {
    pub timeout: Duration,
    pub stdout_max_bytes: usize,
}

#[derive(Debug)]
pub(crate) struct Finished {
    pub success: bool,
    /// Ended by a signal: its own mistake, or a limit of ours that it ran into.
    pub crashed: bool,
    /// What a loader says that misses a library.
    did_not_load: bool,
    pub stdout: Vec<u8>,
    /// The last 64 kB, invalid UTF-8 replaced.
    pub stderr: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ToolError {
    #[error("the tool could not be started")]
    Start(#[source] io::Error),
    #[error("the tool's output could not be read")]
    Read(#[source] io::Error),
    #[error("the tool did not answer in time")]
    TimedOut,
    #[error("the tool said more than {0} bytes")]
    TooMuch(usize),
}

/// Set once a tool could not load its own libraries behind the fence: an unusual installation, which must work.
static WITHOUT_FENCE: AtomicBool = AtomicBool::new(false);

/// Runs `program` to its end with nothing on stdin and an empty environment but for PATH. It reads what the arguments
/// name with `file:` and nothing else, where the system can see to that.
pub(crate) async fn run(
    program: &Path,
    arguments: &[OsString],
    bounds: Bounds,
) -> Result<Finished, ToolError> {
    let is_fenced = !WITHOUT_FENCE.load(Ordering::Relaxed);
    let outcome = run_once(program, arguments, &bounds, is_fenced).await;
    let did_not_load = match &outcome {
        Ok(finished) => finished.did_not_load,
        Err(ToolError::Start(error)) => error.kind() == io::ErrorKind::PermissionDenied,
        Err(_) => false,
    };
    if !(is_fenced && did_not_load) {
        return outcome;
    }
    let unfenced = run_once(program, arguments, &bounds, false).await;
    if unfenced.as_ref().is_ok_and(|finished| !finished.did_not_load) {
        tracing::warn!(program = %program.display(), "this tool only runs without its fence");
        WITHOUT_FENCE.store(true, Ordering::Relaxed);
    }
    unfenced
}

async fn run_once(
    program: &Path,
    arguments: &[OsString],
    bounds: &Bounds,
    is_fenced: bool,
) -> Result<Finished, ToolError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(environment())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let started = if is_fenced {
        spawn_fenced(&mut command, program, arguments)
    } else {
        command.spawn()
    };
    let mut child = started.map_err(ToolError::Start)?;
    if let Some(process_id) = child.id() {
        confine(process_id, Allowance::Look);
    }
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let conversation = async {
        let (stdout, stderr) =
            tokio::try_join!(read_all(stdout, bounds.stdout_max_bytes), read_tail(stderr))?;
        let status = child.wait().await.map_err(ToolError::Read)?;
        Ok(Finished {
            success: status.success(),
            crashed: was_killed(status),
            did_not_load: status.code() == Some(127),
            stdout,
            stderr,
        })
    };
    let outcome = timeout(bounds.timeout, conversation)
        .await
        .unwrap_or(Err(ToolError::TimedOut));
    if outcome.is_err() {
        // Reaped here, so that no process outlives the answer about it.
        if let Err(error) = child.kill().await {
            tracing::debug!(%error, "the tool had already ended");
        }
    }
    outcome
}

#[cfg(unix)]
fn was_killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal().is_some()
}

/// Windows ends a crashed process with a status of the severity "error".
#[cfg(not(unix))]
fn was_killed(status: ExitStatus) -> bool {
    status.code().is_some_and(|code| code.cast_unsigned() >> 30 == 3)
}

async fn read_all(source: Option<impl AsyncRead + Unpin>, max_bytes: usize) -> Result<Vec<u8>, ToolError> {
    let mut bytes = Vec::new();
    let Some(source) = source else { return Ok(bytes) };
    let bound = u64::try_from(max_bytes).unwrap_or(u64::MAX);
    source
        .take(bound.saturating_add(1))
        .read_to_end(&mut bytes)
        .await
        .map_err(ToolError::Read)?;
    if bytes.len() > max_bytes {
        return Err(ToolError::TooMuch(max_bytes));
    }
    Ok(bytes)
}

async fn read_tail(source: Option<impl AsyncRead + Unpin>) -> Result<String, ToolError> {
    let mut tail = Tail::default();
    let Some(mut source) = source else {
        return Ok(String::new());
    };
    let mut buffer = vec![0; 4096];
    loop {
        match source.read(&mut buffer).await.map_err(ToolError::Read)? {
            0 => return Ok(tail.into_text()),
            read => tail.push(&buffer[..read]),
        }
    }
}

/// Keeps the end of a stream of unknown length.
#[derive(Default)]
pub(crate) struct Tail(Vec<u8>);

impl Tail {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
        if self.0.len() > 2 * STDERR_KEPT_BYTES {
            self.0.drain(..self.0.len() - STDERR_KEPT_BYTES);
        }
    }

    pub(crate) fn into_text(self) -> String {
        let kept = &self.0[self.0.len().saturating_sub(STDERR_KEPT_BYTES)..];
        let text = String::from_utf8_lossy(kept);
        // A damaged file says the same of every frame.
        let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.dedup();
        lines.join("\n").trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_complaint_is_kept_and_repeats_are_said_once() {
        let mut tail = Tail::default();
        for _ in 0..20_000 {
            tail.push(b"the same again\n");
        }
        tail.push(b"and \xFF this\n");
        let text = tail.into_text();
        assert!(text.ends_with("the same again\nand \u{FFFD} this"), "{text}");
        assert!(text.len() < 100, "{}", text.len());
    }
}
