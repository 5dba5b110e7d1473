//! A minute cut out between keyframes: with new pictures at its beginning alone, and with new pictures throughout.

use std::{fs, path::Path};

use anyhow::Result;
use serde_json::Value;

use super::{
    Figure, program,
    reel::{Keyframes, reel, seconds},
    timed::{memory, number, processor_s, text},
};
use crate::call::Call;

const LENGTH_S: u32 = 60;

/// # Errors
/// When `daypart` fails, or the footage is missing.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    fs::create_dir_all(folder)?;
    let reel = text(&reel(Keyframes::EverySecond)?);
    let (smart_s, answer) = cut(&reel, "smart", folder)?;
    let (accurate_s, accurate) = cut(&reel, "accurate", folder)?;
    let length_s = LENGTH_S.min(seconds() / 2);
    Ok(vec![
        Figure {
            name: format!("exact cut of {length_s} s between keyframes, checked"),
            ours: smart_s,
            reference: Some(accurate_s),
            unit: "CPU s",
            command: "daypart measure-media cut REEL --way smart, against --way accurate (the same part encoded whole); \
                      processor time of all processes, with the check of what came out"
                .into(),
        },
        Figure {
            name: format!("the same until the last byte was written, {length_s} s"),
            ours: number(&answer, "made_ms")? / 1e3,
            reference: Some(number(&accurate, "made_ms")? / 1e3),
            unit: "s",
            command: "made_ms of daypart measure-media cut REEL --way smart, against --way accurate: without the check"
                .into(),
        },
        memory("exact cut", &answer)?,
    ])
}

fn cut(reel: &str, way: &str, folder: &Path) -> Result<(f64, Value)> {
    let out = text(&folder.join(format!("{way}.mp4")));
    let length_s = LENGTH_S.min(seconds() / 2);
    // Two fifths of a second behind a keyframe.
    let (start, end) = ("10400000", u64::from(length_s) * 1_000_000 + 10_400_000);
    let end = end.to_string();
    let words = [
        "measure-media",
        "cut",
        reel,
        "--way",
        way,
        "--start-us",
        start,
        "--end-us",
        &end,
        "--out",
        &out,
    ];
    let (took_s, printed) = processor_s(&Call::new(&text(&program()), words))?;
    Ok((took_s, serde_json::from_str(&printed)?))
}
