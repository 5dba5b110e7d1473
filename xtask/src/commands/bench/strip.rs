//! The filmstrip of ten minutes.

use std::path::Path;

use anyhow::Result;

use super::{
    Figure, median,
    reel::{Keyframes, reel, seconds},
    timed::{ffmpeg, measured, measuring, memory, number, text, usual_wall_s, wall_of_all_s, wall_s},
};
use crate::call::Call;

const PICTURES: u32 = 60;
const SMALL: &str = "scale=-2:90";

/// # Errors
/// When ffmpeg or `daypart` fails, or the footage is missing.
pub fn measure(_folder: &Path) -> Result<Vec<Figure>> {
    let reel = reel(Keyframes::EverySecond)?;
    let files = std::slice::from_ref(&reel);
    let apart_s = (seconds() / PICTURES).max(1);
    let seeks: Vec<Call> = (0..PICTURES)
        .map(|number| seek(&reel, number * apart_s + apart_s / 2))
        .collect();
    let (mut complete_s, mut eighth_ms, mut memories) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        complete_s.push(wall_s(&measuring("strip", files))?);
        let answer = measured("strip", files)?;
        eighth_ms.push(number(&answer, "eighth_ms")?);
        memories.push(memory("filmstrip of 60 pictures of a 10-minute file", &answer)?);
    }
    let complete_s = median(complete_s);
    let sixty_seeks_s = wall_of_all_s(&seeks, 2)?;
    let one_seek_s = usual_wall_s(&seek(&reel, seconds() / 2))?;
    let every_ten = format!("fps=1/{apart_s},{SMALL}");
    let decode = [
        "-i",
        &text(&reel),
        "-an",
        "-vf",
        &every_ten,
        "-f",
        "rawvideo",
        "/dev/null",
    ];
    let decode_s = wall_s(&ffmpeg(decode))?;
    let complete = "filmstrip of 60 pictures, 10 minutes of 1080p30, complete";
    let command = "daypart measure-media strip REEL, the whole process, median of 3";
    let mut figures = vec![
        Figure {
            name: format!("{complete}; against 60 seeks"),
            ours: complete_s,
            reference: Some(sixty_seeks_s),
            unit: "s",
            command: format!("{command}; 60 × ffmpeg -ss T -i REEL -frames:v 1, two at a time"),
        },
        Figure {
            name: format!("{complete}; against a full decode"),
            ours: complete_s,
            reference: Some(decode_s),
            unit: "s",
            command: format!("{command}; ffmpeg -i REEL -vf {every_ten}"),
        },
        Figure {
            name: "filmstrip, the first 8 pictures, spread; against one seek".into(),
            ours: median(eighth_ms) / 1e3,
            reference: Some(one_seek_s),
            unit: "s",
            command: "eighth_ms of daypart measure-media strip REEL (inside the process, from the path on), median of 3; \
                      ffmpeg -ss T -i REEL -frames:v 1, median of 3"
                .into(),
        },
    ];
    figures.extend(memories.pop());
    Ok(figures)
}

fn seek(reel: &Path, at_s: u32) -> Call {
    let at = at_s.to_string();
    let file = text(reel);
    let input = ["-ss", &at, "-i", &file, "-an", "-frames:v", "1"];
    ffmpeg(
        input
            .into_iter()
            .chain(["-vf", SMALL, "-f", "rawvideo", "/dev/null"]),
    )
}
