//! An encode as Daypart runs it, beside the same command line by hand: time, quality, memory, and how soon it can be stopped.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context, Result, bail};

use super::{
    Figure, median, program,
    reel::{Keyframes, reel},
    timed::{ffmpeg, text, wall_s},
};
use crate::call::Call;

/// Long enough that starting programs does not show.
const START_S: f64 = 10.4;
const LENGTH_S: f64 = 30.0;
const CANCELS: usize = 5;

/// # Errors
/// When an encode fails, or the footage is missing.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    fs::create_dir_all(folder)?;
    let bench = Bench {
        reel: reel(Keyframes::EverySecond)?,
        edit: folder.join("edit.json"),
        out: folder.join("made.mp4"),
    };
    let micros = |seconds: f64| (seconds * 1e6).round();
    let range = serde_json::json!({ "version": 1, "ranges": [
        { "start_us": micros(START_S) as u64, "end_us": micros(START_S + LENGTH_S) as u64 },
    ]});
    fs::write(&bench.edit, range.to_string())?;
    let made = bench.encode()?;
    let hand = text(&folder.join("hand.mp4"));
    let mut words = made.command_line;
    // The output stands last.
    words.pop();
    words.push(format!("file:{hand}"));
    let by_hand_s = wall_s(&Call::new(&words.remove(0), words))?;
    let command = "daypart convert REEL --to youtube_video --edit (30 s from 10.4 s on)";
    let mut figures = vec![
        Figure {
            name: "encode of 30 s of 1080p30, from the start of the process to the last byte".into(),
            ours: made.took_s,
            reference: Some(by_hand_s),
            unit: "s",
            command: format!("{command}, against the very command line of its ffmpeg, by hand"),
        },
        Figure {
            name: "the same, against real time".into(),
            ours: LENGTH_S / made.took_s,
            reference: None,
            unit: "×",
            command: command.into(),
        },
        Figure {
            name: "likeness of what came out to its source".into(),
            ours: bench.likeness()?,
            reference: None,
            unit: "SSIM",
            command: format!("{command}; ffmpeg -i MADE -ss 10.4 -i REEL -lavfi ssim"),
        },
        Figure {
            name: "memory above idle, encode".into(),
            ours: made.held_bytes / 1e6,
            reference: None,
            unit: "MB",
            command: format!("{command}; most VmHWM less first VmRSS of the daypart process"),
        },
    ];
    let stopped: Result<Vec<f64>> = (0..CANCELS).map(|_| bench.cancel_ms()).collect();
    figures.push(Figure {
        name: "stopping an encode, until ffmpeg and the part file are gone".into(),
        ours: median(stopped?),
        reference: None,
        unit: "ms",
        command: format!("{command}; from SIGINT on, median of {CANCELS}"),
    });
    Ok(figures)
}

struct Bench {
    reel: PathBuf,
    edit: PathBuf,
    out: PathBuf,
}

struct Made {
    took_s: f64,
    held_bytes: f64,
    /// Of the ffmpeg that encoded.
    command_line: Vec<String>,
}

impl Bench {
    fn start(&self) -> Result<Child> {
        let mut command = Command::new(program());
        command
            .arg("convert")
            .arg(&self.reel)
            .args(["--to", "youtube_video", "--edit"]);
        command
            .arg(&self.edit)
            .arg("-o")
            .arg(&self.out)
            .args(["--force", "--json"]);
        let quiet = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        quiet.spawn().context("cannot start daypart")
    }

    fn encode(&self) -> Result<Made> {
        let began = SystemTime::now();
        let mut daypart = self.start()?;
        let first = memory_bytes(daypart.id(), "VmRSS:").unwrap_or(0.0);
        let (mut most, mut command_line) = (first, None);
        let status = loop {
            most = memory_bytes(daypart.id(), "VmHWM:").unwrap_or(0.0).max(most);
            command_line = command_line.or_else(|| self.encoder().map(|(_, words)| words));
            match daypart.try_wait()? {
                Some(status) => break status,
                None => std::thread::sleep(Duration::from_millis(50)),
            }
        };
        if !status.success() {
            bail!("daypart convert failed ({status})");
        }
        Ok(Made {
            // The check only reads: what was written last was the end of the encode.
            took_s: fs::metadata(&self.out)?
                .modified()?
                .duration_since(began)?
                .as_secs_f64(),
            held_bytes: most - first,
            command_line: command_line.context("its ffmpeg was not seen")?,
        })
    }

    /// The ffmpeg that writes beside the output, once it is one, and its command line.
    fn encoder(&self) -> Option<(PathBuf, Vec<String>)> {
        let folder = text(self.out.parent()?);
        fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
            let line = fs::read(process.path().join("cmdline")).ok()?;
            let words: Vec<String> = line
                .split(|byte| *byte == 0)
                .filter(|word| !word.is_empty())
                .map(|word| String::from_utf8_lossy(word).into_owned())
                .collect();
            let is_ffmpeg = words.first()?.ends_with("ffmpeg");
            let writes = words.last()?.contains(&folder) && words.iter().any(|word| word == "libx264");
            (is_ffmpeg && writes).then(|| (process.path(), words))
        })
    }

    fn cancel_ms(&self) -> Result<f64> {
        let _ = fs::remove_file(&self.out);
        let mut daypart = self.start()?;
        let (process, part) = loop {
            let part = self.encoder().and_then(|(process, words)| {
                let part = PathBuf::from(words.last()?.strip_prefix("file:")?);
                // It has begun to write.
                (part.metadata().ok()?.len() > 0).then_some((process, part))
            });
            if let Some(found) = part {
                break found;
            }
            if let Some(status) = daypart.try_wait()? {
                bail!("daypart convert ended before it could be stopped ({status})");
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let began = Instant::now();
        Call::new("kill", ["-INT".to_owned(), daypart.id().to_string()]).output()?;
        while process.exists() || part.exists() {
            if began.elapsed() > Duration::from_secs(30) {
                bail!("the encode does not stop");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let took_ms = began.elapsed().as_secs_f64() * 1e3;
        daypart.wait()?;
        Ok(took_ms)
    }

    fn likeness(&self) -> Result<f64> {
        let (made, reel, from) = (text(&self.out), text(&self.reel), START_S.to_string());
        let line = [
            "-i",
            &made,
            "-ss",
            &from,
            "-i",
            &reel,
            "-lavfi",
            "[0:v][1:v]ssim=shortest=1:stats_file=-",
            "-f",
            "null",
            "-",
        ];
        let printed = ffmpeg(line).output()?;
        let all: Vec<f64> = printed
            .lines()
            .filter_map(|line| line.split_once("All:")?.1.split_whitespace().next()?.parse().ok())
            .collect();
        if all.is_empty() {
            bail!("ffmpeg compared no frame");
        }
        Ok(all.iter().sum::<f64>() / all.len() as f64)
    }
}

fn memory_bytes(process_id: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process_id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}
