//! Peak memory of an upload: a 4 GB file against a 20 MB one.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::{Result, bail};

use super::{Figure, YOUTUBE_OPTIONS, stage};
use crate::clips;

/// 16 MiB.
const GROWTH_MAX_MEGABYTES: f64 = 16.777;

/// Each size with a fresh process that does nothing else: hashing, probing, uploading, reading back.
///
/// # Errors
/// When an upload fails.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let small = peak_megabytes(folder, 20_000_000)?;
    let large = peak_megabytes(folder, 4_000_000_000)?;
    let command =
        "VmHWM of `daypart run` after `daypart post FILE --to practice-youtube --detach` went public";
    Ok(vec![
        Figure {
            name: "peak resident memory while uploading 4 GB (reference: 20 MB)".into(),
            ours: large,
            reference: Some(small),
            unit: "MB",
            command: command.into(),
        },
        Figure {
            name: "growth of the peak from 20 MB to 4 GB (reference: the most allowed)".into(),
            ours: large - small,
            reference: Some(GROWTH_MAX_MEGABYTES),
            unit: "MB",
            command: command.into(),
        },
    ])
}

fn peak_megabytes(folder: &Path, size_bytes: u64) -> Result<f64> {
    let stage = stage(folder)?;
    let file = folder.join("clip.mp4");
    clips::of_size(&file, size_bytes)?;
    let file = file.display().to_string();
    let owner = stage.owner()?;
    let mut words = vec![
        "post",
        &file,
        "--to",
        "practice-youtube",
        "--caption",
        "bench",
        "--detach",
    ];
    words.extend(YOUTUBE_OPTIONS);
    let planned = stage.daypart(&words).stdout(Stdio::null()).output()?;
    if !planned.status.success() {
        bail!("{}", String::from_utf8_lossy(&planned.stderr));
    }
    stage.wait_for("public", 1, Duration::from_secs(600))?;
    Ok(owner.peak_memory_bytes()? as f64 / 1e6)
}
