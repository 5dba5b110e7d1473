//! One long run of ffmpeg: started through ffmpeg-sidecar, watched by its progress, stopped at once.

use std::{
    ffi::OsString,
    io::{BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, SystemTime},
};

use ffmpeg_sidecar::{child::FfmpegChild, command::FfmpegCommand};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    confine::{Allowance, confine},
    fence::{self, Fence},
    launch::{self, Starter},
    pipe_run::read_tail,
    toolbox::environment,
};

pub(crate) struct Conversion<'a> {
    pub program: &'a Path,
    /// With `-progress pipe:1`.
    pub arguments: Vec<OsString>,
    /// Files and folders that it reads beside the inputs in `arguments`; see [`Fence::around`].
    pub reads: Vec<PathBuf>,
    /// The file it writes; while that one changes, silence is not a stall (`+faststart` rewrites it silently).
    pub writes: Option<&'a Path>,
    pub stall_timeout: Duration,
    /// While true the process is stopped; the stall watch rests with it.
    pub paused: watch::Receiver<bool>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Report {
    pub done_ms: u64,
    pub frames: u64,
    pub size_bytes: u64,
    /// How long it has been working, without its pauses.
    pub worked: Duration,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ConversionFault {
    #[error("ffmpeg could not be started")]
    Start(#[source] std::io::Error),
    #[error("ffmpeg could not be waited for: {0}")]
    Wait(String),
    #[error("cancelled")]
    Cancelled,
    #[error("no progress any more")]
    Stalled,
    #[error("ffmpeg failed: {stderr}")]
    Failed { stderr: String },
    #[error("ffmpeg could not be loaded: {stderr}")]
    NotLoaded { stderr: String },
}

/// Runs to the end. Cancelling kills the process, paused or not; so does dropping this future. When this returns
/// the process is gone. Returns what it complained of although it ended well.
pub(crate) async fn run(
    conversion: Conversion<'_>,
    on_progress: &(dyn Fn(Report) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<String, ConversionFault> {
    let outcome = match run_once(&conversion, on_progress, cancel).await {
        Err(ConversionFault::NotLoaded { .. }) if fence::is_unfenced(conversion.program).await => {
            run_once(&conversion, on_progress, cancel).await
        }
        outcome => outcome,
    };
    outcome.map_err(|fault| match fault {
        ConversionFault::NotLoaded { stderr } => ConversionFault::Failed { stderr },
        fault => fault,
    })
}

async fn run_once(
    conversion: &Conversion<'_>,
    on_progress: &(dyn Fn(Report) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<String, ConversionFault> {
    if cancel.is_cancelled() {
        return Err(ConversionFault::Cancelled);
    }
    let mut child = start(conversion).await?;
    let (progress, mut reports) = mpsc::unbounded_channel();
    let stdout = child.child().and_then(FfmpegChild::take_stdout);
    let stderr = child.child().and_then(FfmpegChild::take_stderr);
    let reader = tokio::task::spawn_blocking(move || stdout.map(|stdout| read_progress(stdout, &progress)));
    let listener: JoinHandle<String> =
        tokio::task::spawn_blocking(move || stderr.map_or_else(String::new, read_tail));

    let mut paused = conversion.paused.clone();
    // One that is to rest from the beginning meets the switch at once.
    paused.mark_changed();
    let mut switch_is_there = true;
    let mut rest = Rest::default();
    let mut deadline = Instant::now() + conversion.stall_timeout;
    let mut furthest_ms = None;
    let mut written = traces(conversion.writes);
    let stopped = loop {
        tokio::select! {
            biased;
            () = cancel.cancelled() => break Some(ConversionFault::Cancelled),
            changed = paused.changed(), if switch_is_there => {
                switch_is_there = changed.is_ok();
                let rests = switch_is_there && *paused.borrow_and_update();
                if rest.turn(rests) {
                    child.halt(rests);
                    deadline = Instant::now() + conversion.stall_timeout;
                }
            }
            report = reports.recv() => {
                let Some(report) = report else { break None };
                if furthest_ms < Some(report.done_ms) {
                    furthest_ms = Some(report.done_ms);
                    deadline = Instant::now() + conversion.stall_timeout;
                    on_progress(Report { worked: rest.worked(), ..report });
                }
            }
            () = tokio::time::sleep_until(deadline), if !rest.is_on() => {
                let now = traces(conversion.writes);
                if now.is_none() || now == written {
                    break Some(ConversionFault::Stalled);
                }
                written = now;
                deadline = Instant::now() + conversion.stall_timeout;
            }
        }
    };
    if stopped.is_some() {
        child.kill();
    }
    let status = child.wait().await?;
    let stderr = listener
        .await
        .map_err(|error| ConversionFault::Wait(error.to_string()))?;
    if let Err(error) = reader.await {
        return Err(ConversionFault::Wait(error.to_string()));
    }
    match stopped {
        Some(fault) => Err(fault),
        None if status.success() => Ok(stderr),
        None if fence::did_not_load(status) => Err(ConversionFault::NotLoaded { stderr }),
        None => Err(ConversionFault::Failed { stderr }),
    }
}

/// Counts working time.
struct Rest {
    began: Instant,
    rested: Duration,
    since: Option<Instant>,
}

impl Default for Rest {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            rested: Duration::ZERO,
            since: None,
        }
    }
}

impl Rest {
    /// True when that changes something.
    fn turn(&mut self, on: bool) -> bool {
        match (on, self.since) {
            (true, None) => self.since = Some(Instant::now()),
            (false, Some(since)) => {
                self.rested += since.elapsed();
                self.since = None;
            }
            _ => return false,
        }
        true
    }

    fn is_on(&self) -> bool {
        self.since.is_some()
    }

    fn worked(&self) -> Duration {
        let resting = self.since.map_or(Duration::ZERO, |since| since.elapsed());
        self.began.elapsed().saturating_sub(self.rested + resting)
    }
}

/// Size and time of what is being written.
fn traces(writes: Option<&Path>) -> Option<(u64, SystemTime)> {
    let metadata = writes?.metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

async fn start(conversion: &Conversion<'_>) -> Result<Running, ConversionFault> {
    let leash = launch::leash(conversion.program);
    let arguments = conversion.arguments.clone();
    let fence = Fence::around(conversion.program, &arguments, &conversion.reads);
    let (ffmpeg, starter) = launch::start(fence, move || {
        let mut command = FfmpegCommand::new_with_path(&leash.program);
        // In place of the sidecar's own: its first argument would be one for the leash.
        let inner = command.as_inner_mut();
        *inner = Command::new(&leash.program);
        inner
            .args(leash.before_arguments)
            .args(arguments)
            .env_clear()
            .envs(environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.create_no_window();
        let mut child = command.spawn()?;
        confine(child.as_inner().id(), Allowance::Convert);
        // The sidecar insists on a pipe; closed at once it is as good as none.
        drop(child.take_stdin());
        Ok(Owned(Some(child)))
    })
    .await
    .map_err(ConversionFault::Start)?;
    Ok(Running {
        ffmpeg,
        _starter: starter,
    })
}

/// The process, then the thread that started it.
struct Running {
    ffmpeg: Owned,
    _starter: Starter,
}

impl Running {
    fn child(&mut self) -> Option<&mut FfmpegChild> {
        self.ffmpeg.0.as_mut()
    }

    fn kill(&mut self) {
        self.ffmpeg.kill();
    }

    /// Stops the process where it is, or lets it go on. It may have ended meanwhile.
    #[cfg(unix)]
    fn halt(&mut self, halted: bool) {
        use rustix::process::{Pid, Signal, kill_process};

        let process = self
            .child()
            .and_then(|child| i32::try_from(child.as_inner().id()).ok())
            .and_then(Pid::from_raw);
        let signal = if halted { Signal::STOP } else { Signal::CONT };
        if let Some(process) = process
            && let Err(error) = kill_process(process, signal)
        {
            tracing::debug!(%error, "ffmpeg could not be paused or resumed");
        }
    }

    /// Never asked for: [`super::pauses::Pauses::set`] refuses on such a system.
    #[cfg(not(unix))]
    fn halt(&mut self, _halted: bool) {}

    /// Exit codes but 0 differ between versions and mean nothing more.
    async fn wait(mut self) -> Result<ExitStatus, ConversionFault> {
        let Some(mut child) = self.ffmpeg.0.take() else {
            return Err(ConversionFault::Wait("it was waited for before".to_owned()));
        };
        tokio::task::spawn_blocking(move || child.as_inner_mut().wait())
            .await
            .map_err(|error| ConversionFault::Wait(error.to_string()))?
            .map_err(|error| ConversionFault::Wait(error.to_string()))
    }
}

/// A process that ends with its owner.
struct Owned(Option<FfmpegChild>);

impl Owned {
    fn kill(&mut self) {
        if let Some(child) = &mut self.0
            && let Err(error) = child.kill()
        {
            tracing::debug!(%error, "ffmpeg had already ended");
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.kill();
        if let Some(child) = &mut self.0
            && let Err(error) = child.as_inner_mut().wait()
        {
            tracing::debug!(%error, "ffmpeg could not be waited for");
        }
    }
}

fn read_progress(stdout: impl Read, reports: &mpsc::UnboundedSender<Report>) {
    let mut block = ProgressBlock::default();
    for line in BufReader::new(stdout).split(b'\n') {
        let Ok(line) = line else { break };
        if let Some(report) = block.take_line(&String::from_utf8_lossy(&line)) {
            // Nobody listens any more once the run was stopped; the pipe is still drained.
            let _ = reports.send(report);
        }
    }
}

/// `key=value` lines; each block ends with `progress=…`.
#[derive(Default)]
struct ProgressBlock(Report);

impl ProgressBlock {
    fn take_line(&mut self, line: &str) -> Option<Report> {
        let (key, value) = line.trim().split_once('=')?;
        // “N/A” before the first frame.
        let number = || {
            value
                .trim()
                .parse::<i64>()
                .ok()
                .and_then(|number| u64::try_from(number).ok())
        };
        match key {
            // `out_time_ms` is in microseconds too, whatever its name says.
            "out_time_us" => self.0.done_ms = number().unwrap_or(0) / 1_000,
            "frame" => self.0.frames = number().unwrap_or(0),
            "total_size" => self.0.size_bytes = number().unwrap_or(0),
            "progress" => return Some(self.0),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_block_by_block() {
        let mut block = ProgressBlock::default();
        let mut reports = Vec::new();
        let text = "frame=0\ntotal_size=N/A\nout_time_us=N/A\nspeed=N/A\nprogress=continue\n\
                    frame=75\ntotal_size=4096\nout_time_us=2500000\nout_time_ms=2500000\nspeed=1.25x\nprogress=end\n";
        for line in text.lines() {
            reports.extend(block.take_line(line));
        }
        let read = Report {
            done_ms: 2_500,
            frames: 75,
            size_bytes: 4_096,
            worked: Duration::ZERO,
        };
        assert_eq!(reports, [Report::default(), read]);
    }

    #[test]
    fn a_negative_time_is_the_beginning() {
        let mut block = ProgressBlock::default();
        assert_eq!(block.take_line("out_time_us=-21333"), None);
        assert_eq!(block.0.done_ms, 0);
    }
}
