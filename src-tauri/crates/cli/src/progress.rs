//! How far a conversion is, on stderr: on one line of a terminal, elsewhere a line a second.

use std::{
    io::{IsTerminal, Write},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use daypart_ports::media::EncodeProgress;
use tokio::time::Instant;

use crate::{output, timecode};

const LINE_EVERY: Duration = Duration::from_secs(1);

pub struct Progress {
    is_terminal: bool,
    /// When a line was last written, and how far it was then.
    told: Mutex<Option<(Instant, bool)>>,
}

impl Progress {
    pub fn new() -> Self {
        Self {
            is_terminal: std::io::stderr().is_terminal(),
            told: Mutex::new(None),
        }
    }

    pub fn tell(&self, progress: EncodeProgress) {
        let line = line(&progress);
        if self.is_terminal {
            self.write(&format!("\r{line:<78}"));
            return;
        }
        let is_end = progress.done_ms >= progress.total_ms;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = told.is_none_or(|(at, was_end)| at.elapsed() >= LINE_EVERY || (is_end && !was_end));
        if is_due {
            *told = Some((Instant::now(), is_end));
            self.write(&format!("{line}\n"));
        }
    }

    /// Leaves the terminal's line empty.
    pub fn end(&self) {
        if self.is_terminal {
            self.write(&format!("\r{:<78}\r", ""));
        }
    }

    /// Nobody listening is not an error.
    fn write(&self, text: &str) {
        let mut stderr = std::io::stderr();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

fn line(progress: &EncodeProgress) -> String {
    if progress.done_ms >= progress.total_ms {
        return "100 %, finishing and checking the result".to_owned();
    }
    let percent = progress.done_ms * 100 / progress.total_ms.max(1);
    let mut line = format!("{percent:3} %, {}", output::megabytes(progress.size_bytes));
    if let Some(speed) = progress.speed {
        line.push_str(&format!(", {speed:.1} times real time"));
    }
    if let Some(remaining_ms) = progress.remaining_ms {
        line.push_str(&format!(", about {} left", timecode::clock(remaining_ms)));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(done_ms: u64, speed: Option<f64>, remaining_ms: Option<u64>) -> String {
        line(&EncodeProgress {
            done_ms,
            total_ms: 8_000,
            speed,
            frames_done: 60,
            size_bytes: 1_250_000,
            remaining_ms,
        })
    }

    #[test]
    fn the_line_says_how_far_how_fast_how_large_and_how_long_still() {
        assert_eq!(
            at(2_000, Some(1.84), Some(65_000)),
            " 25 %, 1.2 MB, 1.8 times real time, about 1:05 left"
        );
        assert_eq!(at(0, None, None), "  0 %, 1.2 MB");
        assert_eq!(
            at(8_000, Some(2.0), Some(0)),
            "100 %, finishing and checking the result"
        );
    }
}
