//! One short run of a tool: its output collected within bounds, the process gone when this returns or is dropped.

use std::{
    ffi::OsString,
    io::{self, Read},
    path::Path,
    process::ExitStatus,
    time::Duration,
};

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    confine::Allowance,
    fence,
    pipe_run::{PipeFault, PipeRun, run_pipe},
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

/// Runs `program` to its end with nothing on stdin and an empty environment but for PATH. It reads what the arguments
/// name with `-i file:` and nothing else, where the system can see to that.
pub(crate) async fn run(
    program: &Path,
    arguments: &[OsString],
    bounds: Bounds,
) -> Result<Finished, ToolError> {
    let outcome = run_once(program, arguments, &bounds).await;
    let did_not_load = match &outcome {
        Ok(finished) => finished.did_not_load,
        Err(ToolError::Start(error)) => error.kind() == io::ErrorKind::PermissionDenied,
        Err(_) => false,
    };
    if did_not_load && fence::is_unfenced(program).await {
        return run_once(program, arguments, &bounds).await;
    }
    outcome
}

async fn run_once(program: &Path, arguments: &[OsString], bounds: &Bounds) -> Result<Finished, ToolError> {
    let pipe = PipeRun {
        program,
        arguments: arguments.to_vec(),
        reads: Vec::new(),
        feed: None,
        allowance: Allowance::Look,
        stall_timeout: bounds.timeout,
    };
    let max_bytes = bounds.stdout_max_bytes;
    let read = move |stdout: &mut dyn Read| read_all(stdout, max_bytes);
    let never = CancellationToken::new();
    let end = timeout(bounds.timeout, run_pipe(pipe, read, &never))
        .await
        .unwrap_or(Err(PipeFault::Stalled))
        .map_err(|fault| match fault {
            PipeFault::Start(error) => ToolError::Start(error),
            PipeFault::Read(error) => ToolError::Read(error),
            PipeFault::Cancelled | PipeFault::Stalled => ToolError::TimedOut,
        })?;
    Ok(Finished {
        stdout: end.read?,
        success: end.success,
        crashed: was_killed(end.status),
        did_not_load: fence::did_not_load(end.status),
        stderr: end.stderr,
    })
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

fn read_all(stdout: &mut dyn Read, max_bytes: usize) -> Result<Vec<u8>, ToolError> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(max_bytes).unwrap_or(u64::MAX);
    // One byte more than allowed: who says less has met its end here.
    stdout
        .take(bound.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(ToolError::Read)?;
    if bytes.len() > max_bytes {
        return Err(ToolError::TooMuch(max_bytes));
    }
    Ok(bytes)
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
