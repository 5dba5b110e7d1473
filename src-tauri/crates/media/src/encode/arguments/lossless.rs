//! Cutting with the source's own pictures (MEDIA.md §5). Pure.
//!
//! Each piece of the picture is brought into a file of its own, those are joined by a list, and the sound is cut to
//! the sample and encoded: copied sound could only be cut between its own frames.

use std::{ffi::OsString, path::Path};

use daypart_domain::edit::KeptRange;

use super::{Pace, Recipe, TooManyJumps, audio_encoder, file_url, nothing_else, readings, readings::seconds};
use crate::arguments::{quiet_ffmpeg, safe_opening, words};

/// Times in a file are rounded; a keyframe is looked for at or before this much later.
const LATER_US: i64 = 500;

/// All pieces count their time alike.
const TICKS_PER_S: &str = "90000";

/// A stretch of the kept picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Piece {
    pub range: KeptRange,
    pub making: Making,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Making {
    /// The range starts on a keyframe. `frames` is `None` where they cannot be counted.
    Copied { frames: Option<u64> },
    /// So many frames up to the next keyframe.
    Encoded { frames: u64 },
}

/// One copied piece for each part of a lossless cut.
pub(crate) fn copied_parts(recipe: &Recipe<'_>) -> Vec<Piece> {
    let video = &recipe.info.video;
    let rate = video.average_frame_rate.filter(|_| !video.variable_frame_rate);
    recipe
        .plan
        .parts
        .iter()
        .map(|part| {
            let frames = rate.map(|rate| {
                let pace = Pace {
                    rate,
                    ..Pace::of_sound(1.0, recipe.zero_us)
                };
                pace.frames_in(part.length_us()).max(1)
            });
            Piece {
                range: *part,
                making: Making::Copied { frames },
            }
        })
        .collect()
}

/// Brings one piece of the picture into the file `out`.
pub(crate) fn piece(recipe: &Recipe<'_>, piece: Piece, out: &Path) -> Vec<OsString> {
    let start_us = signed(piece.range.start_us) + recipe.zero_us;
    let mut arguments = opening();
    arguments.extend(safe_opening());
    let seek = match piece.making {
        Making::Copied { .. } => vec!["-ss".into(), seconds(start_us + LATER_US).into()],
        Making::Encoded { .. } => vec!["-noaccurate_seek".into(), "-ss".into(), seconds(start_us).into()],
    };
    arguments.extend(seek);
    arguments.extend([OsString::from("-i"), file_url(recipe.source)]);
    arguments.extend(words(["-map"]));
    arguments.push(format!("0:{}", recipe.info.video.stream_index).into());
    arguments.extend(nothing_else());
    arguments.extend(words(["-an"]));
    match piece.making {
        Making::Copied { frames } => {
            arguments.extend(words(["-c:v", "copy"]));
            match frames {
                // Counted: by time the frames that wait for their turn behind the end would come along.
                Some(frames) => arguments.extend(["-frames:v".into(), frames.to_string().into()]),
                None => arguments.extend([
                    "-t".into(),
                    seconds(signed(piece.range.length_us()) - LATER_US).into(),
                ]),
            }
        }
        Making::Encoded { frames } => {
            let rate = recipe.info.video.average_frame_rate;
            let (numerator, denominator) = rate.map_or((30, 1), |rate| (rate.numerator, rate.denominator));
            arguments.extend(words(["-vf"]));
            arguments.push(
                format!(
                    "setpts=PTS-(0)/TB,fps={numerator}/{denominator}:start_time=0,trim=end_frame={frames}"
                )
                .into(),
            );
            arguments.extend(words([
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "16",
                "-profile:v",
                "high",
                "-pix_fmt",
                "yuv420p",
                "-bf",
                "2",
                "-flags",
                "+cgop",
            ]));
        }
    }
    arguments.extend(words(["-video_track_timescale", TICKS_PER_S]));
    // Its first frame is its time 0; an edit list would hide the moment by which it was looked for later.
    arguments.extend(words([
        "-use_editlist",
        "0",
        "-movflags",
        "+negative_cts_offsets",
        "-f",
        "mp4",
    ]));
    arguments.push(file_url(out));
    arguments
}

/// What the list says: names in its own folder, and how long each is meant to be.
pub(crate) fn list(pieces: &[Piece], name: impl Fn(usize) -> String) -> String {
    let mut text = "ffconcat version 1.0\n".to_owned();
    for (index, piece) in pieces.iter().enumerate() {
        text.push_str(&format!(
            "file {}\nduration {}\n",
            name(index),
            seconds(signed(piece.range.length_us()))
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
    arguments.extend(recipe.silence());
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
    } else if recipe.is_silenced() {
        arguments.extend(recipe.silence_encoded(1));
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
