//! `daypart measure-media …`: times Daypart's own work from inside, where starting a process would hide it. For
//! `cargo xtask bench`; prints JSON, writes nothing.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use clap::{Args, Subcommand, ValueEnum};
use daypart_app::{MeasuredClip, Output};
use daypart_domain::{
    delivery_specs,
    edit::{Edit, KeptRange},
    problem::Problem,
    transcode_plan::{Cut, Wishes},
};
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{exit::ExitCode, output};

const PROBES: u32 = 51;
const RECOMPUTATIONS: u32 = 1_000;

#[derive(Subcommand)]
pub enum MeasureMedia {
    /// From a path to media info and keyframes, again and again.
    Probe(One),
    /// Many files at once, each to the verdicts of every placement.
    Verdicts(Many),
    /// The times at which pictures of a filmstrip come.
    Strip(Strip),
    /// Waveform, loudness and true peak.
    Sound(One),
    /// Cuts, black and frozen stretches.
    Scenes(One),
    /// Findings and plan for every placement, of an edited clip.
    Rules(One),
    /// A part of the clip, cut exactly.
    Cut(Part),
}

#[derive(Args)]
pub struct One {
    file: PathBuf,
}

#[derive(Args)]
pub struct Many {
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

#[derive(Args)]
pub struct Strip {
    file: PathBuf,
    #[arg(long, default_value_t = 60)]
    frames: u32,
    #[arg(long, default_value_t = 90)]
    height: u32,
}

#[derive(Args)]
pub struct Part {
    file: PathBuf,
    /// New pictures up to the first keyframe, or throughout.
    #[arg(long, value_enum)]
    way: Way,
    #[arg(long)]
    start_us: u64,
    #[arg(long)]
    end_us: u64,
    #[arg(long)]
    out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Way {
    Smart,
    Accurate,
}

impl MeasureMedia {
    pub async fn run(self) -> Result<ExitCode, Problem> {
        let idle_bytes = memory_bytes("VmRSS:");
        let mut figures = match self {
            Self::Probe(one) => probe(one).await?,
            Self::Verdicts(many) => verdicts(many).await?,
            Self::Strip(strip) => pictures(strip).await?,
            Self::Sound(one) => sound(one).await?,
            Self::Scenes(one) => scenes(one).await?,
            Self::Rules(one) => rules(one).await?,
            Self::Cut(part) => cut(part).await?,
        };
        figures["idle_memory_bytes"] = json!(idle_bytes);
        figures["peak_memory_bytes"] = json!(memory_bytes("VmHWM:"));
        output::print_json(&figures)?;
        Ok(ExitCode::Done)
    }
}

async fn probe(One { file }: One) -> Result<Value, Problem> {
    let mut took = Vec::new();
    let mut keyframes = None;
    for _ in 0..PROBES {
        let began = Instant::now();
        let clip = MeasuredClip::measure(&file).await?;
        took.push(began.elapsed());
        keyframes = clip.keyframes_us.map(|times_us| times_us.len());
    }
    took.sort();
    let median = took.get(took.len() / 2).copied().unwrap_or_default();
    Ok(json!({ "median_ms": ms(median), "runs": PROBES, "keyframes": keyframes }))
}

/// As intake does: as many at a time as there are cores.
async fn verdicts(Many { files }: Many) -> Result<Value, Problem> {
    let began = Instant::now();
    let lanes = std::thread::available_parallelism().map_or(1, usize::from);
    let count = files.len();
    let mut waiting = files.into_iter();
    let mut running = JoinSet::new();
    let mut findings = 0;
    let judge = async |file: PathBuf| {
        let checked = MeasuredClip::measure(&file).await?.check_and_plan(
            &Edit::default(),
            Wishes::default(),
            &delivery_specs::ALL,
        )?;
        Ok::<usize, Problem>(checked.findings.iter().map(Vec::len).sum())
    };
    for file in waiting.by_ref().take(lanes) {
        running.spawn(judge(file));
    }
    while let Some(judged) = running.join_next().await {
        findings += judged.map_err(|error| Problem::bug("a measurement died").caused_by(&error))??;
        if let Some(file) = waiting.next() {
            running.spawn(judge(file));
        }
    }
    Ok(json!({
        "all_ms": ms(began.elapsed()), "files": count, "placements": delivery_specs::ALL.len(), "findings": findings,
    }))
}

async fn pictures(Strip { file, frames, height }: Strip) -> Result<Value, Problem> {
    let began = Instant::now();
    let info = daypart_app::probe(&file).await?;
    let came = Mutex::new(Vec::new());
    let on_picture = || {
        came.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(began.elapsed());
    };
    let cancel = CancellationToken::new();
    let strip = daypart_app::filmstrip(&file, &info, frames, height, &on_picture, &cancel).await?;
    let complete = began.elapsed();
    let came = came.into_inner().unwrap_or_else(PoisonError::into_inner);
    let nth = |number: usize| came.get(number - 1).copied().map(ms);
    Ok(json!({
        "first_ms": nth(1), "eighth_ms": nth(8), "complete_ms": ms(complete), "frames": strip.tiles.len(),
    }))
}

async fn sound(One { file }: One) -> Result<Value, Problem> {
    let began = Instant::now();
    let mut clip = MeasuredClip::measure(&file).await?;
    clip.listen(&CancellationToken::new()).await?;
    Ok(json!({
        "complete_ms": ms(began.elapsed()), "loudness_lufs": clip.analysis.loudness_lufs,
        "true_peak_dbtp": clip.analysis.true_peak_dbtp,
    }))
}

async fn scenes(One { file }: One) -> Result<Value, Problem> {
    let began = Instant::now();
    let info = daypart_app::probe(&file).await?;
    let marks = daypart_app::scenes(&file, &info, &CancellationToken::new()).await?;
    Ok(json!({ "complete_ms": ms(began.elapsed()), "cuts_us": marks.cuts_us }))
}

/// Each time with another trim, as while a handle is dragged.
async fn rules(One { file }: One) -> Result<Value, Problem> {
    let clip = MeasuredClip::measure(&file).await?;
    let duration_us = clip.info.duration_ms.saturating_mul(1_000);
    let mut findings = 0;
    let began = Instant::now();
    for number in 0..RECOMPUTATIONS {
        let start_us = duration_us / 2 / u64::from(RECOMPUTATIONS) * u64::from(number);
        let edit = Edit {
            ranges: vec![KeptRange::new(start_us, duration_us)],
            ..Edit::default()
        };
        let checked = clip.check_and_plan(&edit, Wishes::default(), &delivery_specs::ALL)?;
        let found: usize = checked.findings.iter().map(Vec::len).sum();
        findings += found;
    }
    let each = began.elapsed() / RECOMPUTATIONS;
    Ok(json!({
        "each_ms": ms(each), "runs": RECOMPUTATIONS, "placements": delivery_specs::ALL.len(),
        "findings": findings,
    }))
}

async fn cut(part: Part) -> Result<Value, Problem> {
    let began = Instant::now();
    // By the disk's clock, which also says when the result was written.
    let marker = part.out.with_extension("began");
    let modified = |path: &PathBuf| {
        std::fs::metadata(path)
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    let began_at = std::fs::write(&marker, "").ok().and_then(|()| modified(&marker));
    let clip = MeasuredClip::measure(&part.file).await?;
    let edit = Edit {
        ranges: vec![KeptRange::new(part.start_us, part.end_us)],
        ..Edit::default()
    };
    let specs = [&delivery_specs::YOUTUBE_VIDEO];
    let mut renditions = clip.check_and_plan(&edit, Wishes::default(), &specs)?.renditions;
    let Some(mut rendition) = renditions.pop() else {
        return Err(Problem::bug("nothing was planned"));
    };
    rendition.plan.cut = Some(match part.way {
        Way::Smart => Cut::Smart,
        Way::Accurate => Cut::Accurate,
    });
    let output = Output::prepare(&part.out, &part.file, true)?;
    daypart_app::convert(
        &clip,
        &rendition,
        &specs,
        output,
        &|_| {},
        &CancellationToken::new(),
    )
    .await?;
    let made = modified(&part.out)
        .zip(began_at)
        .and_then(|(written, began)| written.duration_since(began).ok());
    Ok(json!({ "complete_ms": ms(began.elapsed()), "made_ms": made.map(ms) }))
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// From the kernel; `None` elsewhere than on Linux.
fn memory_bytes(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1_024)
}
