//! A new container for the same picture and sound.

use std::{
    fs,
    path::Path,
    time::{Instant, SystemTime},
};

use anyhow::{Result, bail};

use super::{
    Figure, median, program,
    reel::{Keyframes, reel},
    timed::{ffmpeg, text, wall_s},
};
use crate::call::Call;

/// Takes turns, so that a busy moment hits both. What was written is brought to the disk between the runs.
///
/// # Errors
/// When the reel is not remuxed, `cp` fails, or the disk is full.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    fs::create_dir_all(folder)?;
    let reel = text(&reel(Keyframes::EverySecond)?);
    let (source, made, copy) = (
        text(&folder.join("index-last.mp4")),
        text(&folder.join("made.mp4")),
        text(&folder.join("copy.mp4")),
    );
    // As a phone leaves it: the index at the end, and the place where it was recorded.
    let place = ["-metadata", "location=+52.5200+013.4050/"];
    ffmpeg(
        ["-i", &reel, "-c", "copy"]
            .into_iter()
            .chain(place)
            .chain([source.as_str()]),
    )
    .output()?;
    let convert = [
        "convert",
        &source,
        "--to",
        "youtube_video",
        "-o",
        &made,
        "--force",
        "--json",
    ];
    let convert = Call::new(&text(&program()), convert);
    let (mut remuxed_s, mut checked_s, mut copied_s) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let (at, began) = (SystemTime::now(), Instant::now());
        let printed = convert.output()?;
        checked_s.push(began.elapsed().as_secs_f64());
        if !printed.contains("\"rung\": \"remux\"") {
            bail!("the reel was not remuxed: {printed}");
        }
        // The check only reads: what was written last was the end of the remux.
        remuxed_s.push(fs::metadata(&made)?.modified()?.duration_since(at)?.as_secs_f64());
        Call::new("sync", [&made]).output()?;
        copied_s.push(wall_s(&Call::new("cp", [&source, &copy]))?);
        Call::new("sync", [&copy]).output()?;
    }
    let command = "daypart convert REEL --to youtube_video, against cp REEL; median of 3";
    let figure = |name: &str, ours: Vec<f64>, how: &str| Figure {
        name: name.into(),
        ours: median(ours),
        reference: Some(median(copied_s.clone())),
        unit: "s",
        command: format!("{command}; {how}"),
    };
    Ok(vec![
        figure(
            "remux with the index in front, 10 minutes",
            remuxed_s,
            "from the start of the process to the last byte written",
        ),
        figure(
            "the same until it was decoded once and counts",
            checked_s,
            "the whole process",
        ),
    ])
}
