//! Peak memory of an upload: a 2 GB file against a 20 MB one.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::{Result, bail};

use super::{Figure, YOUTUBE_OPTIONS, stage};
use crate::clips;

/// Each size with a fresh process that does nothing else: hashing, probing, uploading, reading back.
///
/// # Errors
/// When an upload fails.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let small = peak_megabytes(folder, 20_000_000)?;
    let large = peak_megabytes(folder, 2_000_000_000)?;
    Ok(vec![Figure {
        name: "peak resident memory while uploading 2 GB (reference: 20 MB)".into(),
        ours: large,
        reference: Some(small),
        unit: "MB",
        command:
            "VmHWM of `daypart run` after `daypart post FILE --to practice-youtube --detach` went public"
                .into(),
    }])
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
    stage.wait_for("public", 1, Duration::from_secs(300))?;
    Ok(owner.peak_memory_bytes()? as f64 / 1e6)
}
