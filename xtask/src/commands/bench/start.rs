//! How soon the engine works when it has a long history.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use super::{Figure, YOUTUBE_OPTIONS, median, stage};
use crate::{call::Call, clips};

const PUBLICATIONS: usize = 100_000;
const STARTS: usize = 5;

/// One post is published; its rows are multiplied in the record; then the owner is started anew.
///
/// # Errors
/// When the post is not published, or the owner does not come to work.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let stage = stage(folder)?;
    let file = folder.join("clip.mp4");
    clips::vertical(&file, clips::Size::Small, 4)?;
    let file = file.display().to_string();
    let mut words = vec!["post", &file, "--to", "practice-youtube", "--caption", "bench"];
    words.extend(YOUTUBE_OPTIONS);
    let posted = stage.daypart(&words).stdout(Stdio::null()).output()?;
    if !posted.status.success() {
        bail!("{}", String::from_utf8_lossy(&posted.stderr));
    }
    let short = start_ms(&stage)?;
    let database = folder.join("data/daypart.db").display().to_string();
    let count = PUBLICATIONS.to_string();
    Call::new("python3", ["xtask/bench/history.py", &database, &count]).run()?;
    let long = start_ms(&stage)?;
    Ok(vec![Figure {
        name: "start with 100,000 publications of history (reference: with one), median of 5".into(),
        ours: long,
        reference: Some(short),
        unit: "ms",
        command:
            "daypart run, from the start of the process to the line that says that it works; goal under 1 s"
                .into(),
    }])
}

fn start_ms(stage: &crate::daypart::Stage) -> Result<f64> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let began = Instant::now();
        let owner = stage.owner()?;
        starts.push(began.elapsed().as_secs_f64() * 1e3);
        drop(owner);
        // Its lock goes with it.
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(median(starts))
}
