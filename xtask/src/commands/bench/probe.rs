//! Measuring files: one from a table, and two hundred at once.

use std::path::Path;

use anyhow::Result;

use super::{
    Figure, median,
    reel::{Keyframes, phone_clips, reel},
    timed::{measured, memory, number, text, usual_wall_s, wall_of_all_s},
};
use crate::call::Call;

const CLIPS: usize = 200;

/// # Errors
/// When ffprobe or `daypart` fails, or the footage is missing.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let reel = reel(Keyframes::EverySecond)?;
    let answer = measured("probe", std::slice::from_ref(&reel))?;
    let one = Figure {
        name: "media info and keyframes of a 10-minute MP4".into(),
        ours: number(&answer, "median_ms")?,
        reference: Some(usual_wall_s(&ffprobe(&reel))? * 1e3),
        unit: "ms",
        command: "median_ms of daypart measure-media probe REEL (inside the process), against \
                  ffprobe -show_format -show_streams REEL, the process"
            .into(),
    };
    let clips = phone_clips(&folder.join("phone"), CLIPS)?;
    let by_hand: Vec<Call> = clips.iter().map(|clip| ffprobe(clip)).collect();
    let (mut ours, mut theirs, mut memories) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let answer = measured("verdicts", &clips)?;
        ours.push(number(&answer, "all_ms")?);
        memories.push(memory("verdicts of 200 phone clips", &answer)?);
        theirs.push(wall_of_all_s(&by_hand, 2)? * 1e3);
    }
    let all = Figure {
        name: "200 phone clips at once, to the verdicts of all placements".into(),
        ours: median(ours),
        reference: Some(median(theirs)),
        unit: "ms",
        command:
            "all_ms of daypart measure-media verdicts CLIP… (inside the process, without hashing), against \
                  200 ffprobe processes, two at a time"
                .into(),
    };
    Ok([one, all].into_iter().chain(memories.pop()).collect())
}

fn ffprobe(file: &Path) -> Call {
    let words = ["-v", "error", "-of", "json", "-show_format", "-show_streams"];
    Call::new(
        "ffprobe",
        words.into_iter().map(str::to_owned).chain([text(file)]),
    )
}
