//! A small copy for looking at. Pure.

use std::{ffi::OsString, path::Path};

use super::{Recipe, nothing_else};
use crate::arguments::{file_url, quiet_ffmpeg, safe_input, words};

/// What 960 × 540 of hard motion takes.
pub(crate) const MAX_RATE_BPS: u64 = 2_500_000;

/// The whole command line after the program's name. No B-frames, so that no edit list is needed to make the copy begin
/// at 0, and a keyframe every second, so that jumping about is quick. `None` without a target.
pub(crate) fn viewing(recipe: &Recipe<'_>, part: &Path) -> Option<Vec<OsString>> {
    let target = recipe.plan.target.as_ref()?;
    let rate = recipe.pace(target).rate;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "frame rates are small and positive"
    )]
    let keyframe_every = (rate.frames_per_second().round() as u32).max(1);
    let mut arguments = quiet_ffmpeg();
    arguments.extend(words(["-y", "-progress", "pipe:1", "-stats_period", "0.25"]));
    arguments.extend(safe_input(recipe.source));
    arguments.extend([
        OsString::from("-map"),
        format!("0:{}", recipe.info.video.stream_index).into(),
    ]);
    let track = recipe.sound_track();
    if let Some(track) = track {
        arguments.extend([OsString::from("-map"), format!("0:{track}").into()]);
    }
    arguments.extend(nothing_else());
    arguments.extend([OsString::from("-vf"), recipe.uncut_picture(target).into()]);
    arguments.extend(words(["-fps_mode", "cfr", "-r"]));
    arguments.push(format!("{}/{}", rate.numerator, rate.denominator).into());
    arguments.extend(words(["-c:v", "libx264", "-preset", "superfast", "-crf", "26"]));
    for (name, value) in [
        ("-maxrate", target.max_rate_bps),
        ("-bufsize", target.max_rate_bps * 2),
        ("-g", u64::from(keyframe_every)),
    ] {
        arguments.extend([OsString::from(name), value.to_string().into()]);
    }
    arguments.extend(words([
        "-profile:v",
        "high",
        "-bf",
        "0",
        "-pix_fmt",
        "yuv420p",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
        "-colorspace",
        "bt709",
        "-color_range",
        "tv",
    ]));
    if track.is_some() {
        arguments.extend(words([
            "-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2", "-af",
        ]));
        arguments.push(format!("{}{}", recipe.uncut_sound(), recipe.before_encoder()).into());
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
    Some(arguments)
}
