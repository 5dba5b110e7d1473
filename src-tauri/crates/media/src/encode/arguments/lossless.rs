//! Cutting on keyframes without touching a picture (MEDIA.md §5). Pure.
//!
//! Each part's picture is copied into a file of its own, those are joined by a list, and the sound is cut to the
//! sample and encoded: copied sound could only be cut between its own frames.

use std::{ffi::OsString, path::Path};

use super::{Pace, Recipe, TooManyJumps, audio_encoder, file_url, nothing_else, readings, readings::seconds};
use crate::arguments::{quiet_ffmpeg, safe_opening, words};

/// Times in a file are rounded; a keyframe is looked for at or before this much later.
const LATER_US: i64 = 500;

/// Copies the picture of one part, which starts on a keyframe, to `piece`.
pub(crate) fn piece(recipe: &Recipe<'_>, part: usize, piece: &Path) -> Vec<OsString> {
    let part = recipe.plan.parts[part];
    let mut arguments = opening();
    arguments.extend(safe_opening());
    arguments.extend(words(["-ss"]));
    arguments.push(seconds(signed(part.start_us) + recipe.zero_us + LATER_US).into());
    arguments.extend([OsString::from("-i"), file_url(recipe.source)]);
    arguments.extend(words(["-map"]));
    arguments.push(format!("0:{}", recipe.info.video.stream_index).into());
    arguments.extend(nothing_else());
    arguments.extend(words(["-an", "-c:v", "copy"]));
    match recipe.info.video.average_frame_rate {
        // Counted: by time the frames that wait for their turn behind the end would come along.
        Some(rate) if !recipe.info.video.variable_frame_rate => {
            let pace = Pace {
                rate,
                ..Pace::of_sound(1.0, recipe.zero_us)
            };
            arguments.extend(words(["-frames:v"]));
            arguments.push(pace.frames_in(part.length_us()).max(1).to_string().into());
        }
        _ => {
            arguments.extend(words(["-t"]));
            arguments.push(seconds(signed(part.length_us()) - LATER_US).into());
        }
    }
    // Its first frame is its time 0; an edit list would hide the moment by which it was looked for later.
    arguments.extend(words([
        "-use_editlist",
        "0",
        "-movflags",
        "+negative_cts_offsets",
        "-f",
        "mp4",
    ]));
    arguments.push(file_url(piece));
    arguments
}

/// What the list says: names in its own folder, and how long each is meant to be.
pub(crate) fn list(recipe: &Recipe<'_>, name: impl Fn(usize) -> String) -> String {
    let mut text = "ffconcat version 1.0\n".to_owned();
    for (index, part) in recipe.plan.parts.iter().enumerate() {
        text.push_str(&format!(
            "file {}\nduration {}\n",
            name(index),
            seconds(signed(part.length_us()))
        ));
    }
    text
}

/// Joins the pieces of `list`, adds the sound, and writes `part`.
pub(crate) fn join(recipe: &Recipe<'_>, list: &Path, part: &Path) -> Result<Vec<OsString>, TooManyJumps> {
    let mut arguments = opening();
    // The only place where a list is opened: we wrote it, and it names nothing outside its folder.
    arguments.extend(words([
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        "concat,mov",
        "-f",
        "concat",
        "-safe",
        "1",
    ]));
    arguments.extend([OsString::from("-i"), file_url(list)]);
    let track = recipe.sound_track();
    if let Some(track) = track {
        let pace = Pace::of_sound(recipe.plan.speed, recipe.zero_us);
        let readings = recipe.readings(pace)?;
        arguments.extend(readings::inputs(&readings, recipe.source));
        arguments.extend(words(["-filter_complex"]));
        arguments.push(recipe.cut_sound(track, 1, &readings).into());
    }
    arguments.extend(words(["-map", "0:0"]));
    if track.is_some() {
        arguments.extend(words(["-map", "[a]"]));
    }
    arguments.extend(nothing_else());
    arguments.extend(words(["-c:v", "copy"]));
    if recipe.info.video.codec == "hevc" {
        arguments.extend(words(["-tag:v", "hvc1"]));
    }
    if track.is_some() {
        arguments.extend(audio_encoder(recipe));
    }
    arguments.extend(words([
        "-use_editlist",
        "0",
        "-movflags",
        "+faststart+negative_cts_offsets",
        "-f",
        "mp4",
    ]));
    arguments.push(file_url(part));
    Ok(arguments)
}

fn opening() -> Vec<OsString> {
    let mut arguments = quiet_ffmpeg();
    arguments.extend(words(["-y", "-progress", "pipe:1", "-stats_period", "0.25"]));
    arguments
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
