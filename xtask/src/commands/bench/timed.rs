//! How long programs take, and what `daypart measure-media` says about itself.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Figure, median, program};
use crate::call::Call;

const RUNS: usize = 3;
/// Linux counts processor time for programs in hundredths of a second, whatever the kernel does inside.
const TICKS_PER_SECOND: f64 = 100.0;

/// `daypart measure-media WHAT FILES…`, as typed and as answered.
pub fn measured(what: &str, files: &[PathBuf]) -> Result<Value> {
    let answer = measuring(what, files).output()?;
    serde_json::from_str(&answer).context("daypart printed no JSON")
}

pub fn measuring(what: &str, files: &[PathBuf]) -> Call {
    let words = ["measure-media".to_owned(), what.to_owned()];
    let files = files.iter().map(|file| file.display().to_string());
    Call::new(&program().display().to_string(), words.into_iter().chain(files))
}

/// A number of an answer.
pub fn number(answer: &Value, name: &str) -> Result<f64> {
    answer[name]
        .as_f64()
        .with_context(|| format!("no {name} in {answer}"))
}

/// What the process held at most beyond what it held when it began to work.
pub fn memory(name: &str, answer: &Value) -> Result<Figure> {
    let held = number(answer, "peak_memory_bytes")? - number(answer, "idle_memory_bytes")?;
    Ok(Figure {
        name: format!("memory above idle, {name}"),
        ours: held / 1e6,
        reference: None,
        unit: "MB",
        command: "VmHWM at the end less VmRSS at the beginning of the same `daypart measure-media`".into(),
    })
}

/// Seconds until the call has ended, the middle of three.
pub fn usual_wall_s(call: &Call) -> Result<f64> {
    let runs: Result<Vec<f64>> = (0..RUNS).map(|_| wall_s(call)).collect();
    Ok(median(runs?))
}

pub fn wall_s(call: &Call) -> Result<f64> {
    let began = Instant::now();
    call.output()?;
    Ok(began.elapsed().as_secs_f64())
}

/// Seconds until all calls have ended, so many at a time.
pub fn wall_of_all_s(calls: &[Call], at_once: usize) -> Result<f64> {
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let lane = || -> Result<()> {
            while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                call.output()?;
            }
            Ok(())
        };
        let lanes: Vec<_> = (0..at_once).map(|_| scope.spawn(lane)).collect();
        lanes
            .into_iter()
            .try_for_each(|lane| lane.join().unwrap_or_else(|_| anyhow::bail!("a thread died")))
    })?;
    Ok(began.elapsed().as_secs_f64())
}

/// Processor seconds of the call and of everything that it started and waited for, and what it printed.
pub fn processor_s(call: &Call) -> Result<(f64, String)> {
    let before = children_ticks()?;
    let printed = call.output()?;
    Ok(((children_ticks()? - before) / TICKS_PER_SECOND, printed))
}

/// User and system time of all our children that have ended.
fn children_ticks() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    ticks_in(&stat).context("no processor times in /proc/self/stat")
}

fn ticks_in(stat: &str) -> Option<f64> {
    // The name in parentheses may hold anything; the third field follows it.
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some(ticks(16)? + ticks(17)?)
}

/// ffmpeg by hand.
pub fn ffmpeg<'a>(words: impl IntoIterator<Item = &'a str>) -> Call {
    let quiet = ["-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y"];
    Call::new("ffmpeg", quiet.into_iter().chain(words))
}

pub fn text(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_ended_children_are_found_behind_any_name() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194304 100 200 0 0 11 12 13 14 20 0 1 0 5 6 7";
        assert_eq!(ticks_in(stat), Some(27.0));
    }

    #[test]
    fn a_busy_child_takes_processor_time() {
        let call = Call::new("bash", ["-c", "for ((i = 0; i < 300000; i++)); do :; done"]);
        assert!(processor_s(&call).is_ok_and(|(seconds, _)| seconds > 0.0));
    }
}
