//! Listening to ten minutes once.

use std::path::Path;

use anyhow::Result;

use super::{
    Figure,
    reel::{Keyframes, reel},
    timed::{ffmpeg, measured, measuring, memory, text, usual_wall_s},
};

/// # Errors
/// When ffmpeg or `daypart` fails, or the footage is missing.
pub fn measure(_folder: &Path) -> Result<Vec<Figure>> {
    let reel = reel(Keyframes::EverySecond)?;
    let files = std::slice::from_ref(&reel);
    let file = text(&reel);
    let by_hand = [
        "-i",
        &file,
        "-map",
        "0:a:0",
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ];
    let figure = Figure {
        name: "waveform, loudness and true peak of 10 minutes".into(),
        ours: usual_wall_s(&measuring("sound", files))?,
        reference: Some(usual_wall_s(&ffmpeg(by_hand))?),
        unit: "s",
        command: "daypart measure-media sound REEL, against ffmpeg -i REEL -map 0:a:0 -af ebur128=peak=true -f null -; \
                  whole processes, median of 3 each"
            .into(),
    };
    let answer = measured("sound", files)?;
    Ok(vec![figure, memory("sound of a 10-minute file", &answer)?])
}
