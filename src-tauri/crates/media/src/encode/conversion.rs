//! One long run of ffmpeg: started through ffmpeg-sidecar, watched by its progress, stopped at once.

use std::{
    ffi::OsString,
    io::{BufRead as _, BufReader, Read},
    path::Path,
    time::{Duration, SystemTime},
};

use ffmpeg_sidecar::{child::FfmpegChild, command::FfmpegCommand};
use tokio::{sync::mpsc, task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    confine::{Allowance, confine},
    pipe_run::read_tail,
    toolbox::environment,
};

pub(crate) struct Conversion<'a> {
    pub program: &'a Path,
    /// With `-progress pipe:1`.
    pub arguments: Vec<OsString>,
    /// The file it writes; while that one changes, silence is not a stall (`+faststart` rewrites it silently).
    pub writes: Option<&'a Path>,
    pub stall_timeout: Duration,
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
}

/// Runs to the end. Cancelling kills the process; so does dropping this future. When this returns the process
/// is gone.
pub(crate) async fn run(
    conversion: Conversion<'_>,
    on_progress: &(dyn Fn(u64, Option<f64>) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<(), ConversionFault> {
    if cancel.is_cancelled() {
        return Err(ConversionFault::Cancelled);
    }
    let mut child = start(&conversion)?;
    let (progress, mut reports) = mpsc::unbounded_channel();
    let stdout = child.0.as_mut().and_then(FfmpegChild::take_stdout);
    let stderr = child.0.as_mut().and_then(FfmpegChild::take_stderr);
    let reader = tokio::task::spawn_blocking(move || stdout.map(|stdout| read_progress(stdout, &progress)));
    let listener: JoinHandle<String> =
        tokio::task::spawn_blocking(move || stderr.map_or_else(String::new, read_tail));

    let mut deadline = Instant::now() + conversion.stall_timeout;
    let mut furthest_ms = None;
    let mut written = traces(conversion.writes);
    let stopped = loop {
        tokio::select! {
            biased;
            () = cancel.cancelled() => break Some(ConversionFault::Cancelled),
            report = reports.recv() => {
                let Some(report) = report else { break None };
                if furthest_ms < Some(report.done_ms) {
                    furthest_ms = Some(report.done_ms);
                    deadline = Instant::now() + conversion.stall_timeout;
                    on_progress(report.done_ms, report.speed);
                }
            }
            () = tokio::time::sleep_until(deadline) => {
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
    let success = child.wait().await?;
    let stderr = listener
        .await
        .map_err(|error| ConversionFault::Wait(error.to_string()))?;
    if let Err(error) = reader.await {
        return Err(ConversionFault::Wait(error.to_string()));
    }
    match stopped {
        Some(fault) => Err(fault),
        None if success => Ok(()),
        None => Err(ConversionFault::Failed { stderr }),
    }
}

/// Size and time of what is being written.
fn traces(writes: Option<&Path>) -> Option<(u64, SystemTime)> {
    let metadata = writes?.metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

fn start(conversion: &Conversion<'_>) -> Result<Running, ConversionFault> {
    let mut command = FfmpegCommand::new_with_path(conversion.program);
    command.as_inner_mut().env_clear().envs(environment());
    command.args(&conversion.arguments);
    let mut child = command.spawn().map_err(ConversionFault::Start)?;
    confine(child.as_inner().id(), Allowance::Convert);
    // The sidecar insists on a pipe; closed at once it is as good as none.
    drop(child.take_stdin());
    Ok(Running(Some(child)))
}

/// A process that ends with its owner.
struct Running(Option<FfmpegChild>);

impl Running {
    fn kill(&mut self) {
        if let Some(child) = &mut self.0
            && let Err(error) = child.kill()
        {
            tracing::debug!(%error, "ffmpeg had already ended");
        }
    }

    /// True for exit code 0; other codes differ between versions and mean nothing more.
    async fn wait(mut self) -> Result<bool, ConversionFault> {
        let Some(mut child) = self.0.take() else {
            return Ok(false);
        };
        tokio::task::spawn_blocking(move || child.as_inner_mut().wait())
            .await
            .map_err(|error| ConversionFault::Wait(error.to_string()))?
            .map(|status| status.success())
            .map_err(|error| ConversionFault::Wait(error.to_string()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
        if let Some(child) = &mut self.0
            && let Err(error) = child.as_inner_mut().wait()
        {
            tracing::debug!(%error, "ffmpeg could not be waited for");
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Report {
    done_ms: u64,
    speed: Option<f64>,
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
struct ProgressBlock {
    done_ms: u64,
    speed: Option<f64>,
}

impl ProgressBlock {
    fn take_line(&mut self, line: &str) -> Option<Report> {
        let (key, value) = line.trim().split_once('=')?;
        match key {
            // `out_time_ms` is in microseconds too, whatever its name says. “N/A” before the first frame.
            "out_time_us" => {
                let microseconds: i64 = value.trim().parse().unwrap_or(0);
                self.done_ms = u64::try_from(microseconds / 1000).unwrap_or(0);
            }
            "speed" => self.speed = value.trim().trim_end_matches('x').parse().ok(),
            "progress" => {
                return Some(Report {
                    done_ms: self.done_ms,
                    speed: self.speed,
                });
            }
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
        let text = "frame=0\nout_time_us=N/A\nspeed=N/A\nprogress=continue\n\
                    out_time_us=2500000\nout_time_ms=2500000\nspeed=1.25x\nprogress=end\n";
        for line in text.lines() {
            reports.extend(block.take_line(line));
        }
        let expected = [(0, None), (2500, Some(1.25))].map(|(done_ms, speed)| Report { done_ms, speed });
        assert_eq!(reports, expected);
    }

    #[test]
    fn a_negative_time_is_the_beginning() {
        let mut block = ProgressBlock::default();
        assert_eq!(block.take_line("out_time_us=-21333"), None);
        assert_eq!(block.done_ms, 0);
    }
}
