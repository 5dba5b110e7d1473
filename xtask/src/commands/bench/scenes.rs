//! Finding cuts: the processor time, and whether they are the same cuts.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    Figure,
    reel::{Keyframes, reel},
    timed::{ffmpeg, measuring, memory, processor_s, text},
};

/// One and a half frames: the same cut, told a frame apart.
const SAME_CUT_US: f64 = 50_000.0;

/// # Errors
/// When ffmpeg or `daypart` fails, or the footage is missing.
pub fn measure(_folder: &Path) -> Result<Vec<Figure>> {
    let mut figures = on(Keyframes::EverySecond, "keyframe each second")?;
    figures.extend(on(Keyframes::Seldom, "long groups of pictures")?);
    Ok(figures)
}

fn on(keyframes: Keyframes, which: &str) -> Result<Vec<Figure>> {
    let reel = reel(keyframes)?;
    let (ours_s, answer) = processor_s(&measuring("scenes", std::slice::from_ref(&reel)))?;
    let answer: Value = serde_json::from_str(&answer)?;
    let cuts_us = answer["cuts_us"].as_array().context("no cuts in the answer")?;
    let ours_us: Vec<f64> = cuts_us.iter().filter_map(Value::as_f64).collect();
    let file = text(&reel);
    let look = [
        "-i",
        &file,
        "-an",
        "-vf",
        "scdet,metadata=print:file=-",
        "-f",
        "null",
        "-",
    ];
    let (theirs_s, printed) = processor_s(&ffmpeg(look))?;
    let theirs_us = cuts_in(&printed);
    let command = "daypart measure-media scenes REEL, against ffmpeg -i REEL -an -vf scdet -f null -";
    let count = |name: String, cuts: usize| Figure {
        name,
        ours: cuts as f64,
        reference: Some(theirs_us.len() as f64),
        unit: "cuts",
        command: format!("{command}; a cut counts as the same within {SAME_CUT_US} µs"),
    };
    Ok(vec![
        Figure {
            name: format!("scene cuts of 10 minutes, {which}"),
            ours: ours_s,
            reference: Some(theirs_s),
            unit: "CPU s",
            command: format!("{command}; processor time of all processes"),
        },
        count(
            format!("cuts that only scdet finds, {which} (reference: all of scdet's)"),
            lacking(&theirs_us, &ours_us),
        ),
        count(
            format!("cuts that only Daypart finds, {which} (reference: all of scdet's)"),
            lacking(&ours_us, &theirs_us),
        ),
        memory(&format!("scenes of a 10-minute file, {which}"), &answer)?,
    ])
}

/// How many of `cuts` have no counterpart in `others`.
fn lacking(cuts: &[f64], others: &[f64]) -> usize {
    let is_there = |cut: &f64| others.iter().any(|other| (other - cut).abs() <= SAME_CUT_US);
    cuts.iter().filter(|cut| !is_there(cut)).count()
}

/// The times that scdet marks, in microseconds.
fn cuts_in(printed: &str) -> Vec<f64> {
    printed
        .lines()
        .filter_map(|line| line.trim().strip_prefix("lavfi.scd.time="))
        .filter_map(|seconds| seconds.parse::<f64>().ok())
        .map(|seconds| seconds * 1e6)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_of_scdet_are_read() {
        let printed =
            "frame:24 pts:800 pts_time:0.8\nlavfi.scd.mafd=20.1\nlavfi.scd.score=19.0\nlavfi.scd.time=0.8\n";
        assert_eq!(cuts_in(printed), [800_000.0]);
    }

    #[test]
    fn a_cut_a_frame_apart_is_the_same() {
        assert_eq!(lacking(&[0.0, 1e6], &[33_000.0]), 1);
        assert_eq!(lacking(&[], &[1.0]), 0);
    }
}
