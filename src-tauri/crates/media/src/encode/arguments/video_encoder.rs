//! What x264 is told (MEDIA.md §5). Pure.

use std::ffi::OsString;

use daypart_domain::{
    media_info::{FrameRate, MediaInfo},
    transcode_plan::{EncodeTarget, Quality},
};

use super::{Pass, hardware_encoder};
use crate::arguments::words;

/// Under this rate the size cap binds, and slower presets make better use of it.
pub(crate) const SCARCE_RATE_BPS: u64 = 12_000_000;

/// The target's, else the source's own, else 30.
pub(crate) fn frame_rate(target: &EncodeTarget, info: &MediaInfo) -> FrameRate {
    let whole = |numerator| FrameRate {
        numerator,
        denominator: 1,
    };
    target
        .frame_rate_fps
        .map(whole)
        .or(info.video.average_frame_rate)
        .unwrap_or(whole(30))
}

/// Everything about the video but its filters.
pub(super) fn options(target: &EncodeTarget, rate: FrameRate, pass: Pass<'_>) -> Vec<OsString> {
    let scarce = target.max_rate_bps < SCARCE_RATE_BPS;
    // MEDIA.md §5: the presets' speed, size and likeness on a grainy source.
    let (preset, crf) = match target.quality {
        Quality::Smaller => ("medium", "21"),
        Quality::Best => ("faster", "16"),
        Quality::Standard if scarce => ("faster", "20"),
        Quality::Standard => ("superfast", "18"),
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "frame rates are small and positive"
    )]
    let keyframe_every = (rate.frames_per_second() * 2.0).round() as u32;
    let mut arguments = words(["-fps_mode", "cfr", "-r"]);
    arguments.push(format!("{}/{}", rate.numerator, rate.denominator).into());
    if let Some(encoder) = target.hardware {
        arguments.extend(hardware_encoder::options(encoder, target, rate));
        arguments.extend(group_and_colours(keyframe_every));
        return arguments;
    }
    arguments.extend(words(["-c:v", "libx264", "-preset", preset]));
    let (number, log) = match pass {
        Pass::Only => ("", None),
        Pass::First { log } => ("1", Some(log)),
        Pass::Second { log } => ("2", Some(log)),
    };
    let mut pairs = Vec::new();
    match log {
        None => {
            pairs.push(("-crf", crf.into()));
            pairs.push(("-maxrate", target.max_rate_bps.to_string().into()));
        }
        Some(log) => {
            // The average is what the size cap allows; peaks may be higher where the picture needs them.
            pairs.push(("-b:v", target.max_rate_bps.to_string().into()));
            pairs.push(("-maxrate", (target.max_rate_bps * 2).to_string().into()));
            pairs.push(("-pass", number.into()));
            pairs.push(("-passlogfile", log.as_os_str().to_owned()));
        }
    }
    pairs.push(("-bufsize", (target.max_rate_bps * 2).to_string().into()));
    pairs.push(("-profile:v", "high".into()));
    pairs.push(("-bf", "2".into()));
    arguments.extend(
        pairs
            .into_iter()
            .flat_map(|(name, value)| [OsString::from(name), value]),
    );
    arguments.extend(group_and_colours(keyframe_every));
    arguments
}

fn group_and_colours(keyframe_every: u32) -> Vec<OsString> {
    let mut arguments = words(["-g"]);
    arguments.push(keyframe_every.max(1).to_string().into());
    arguments.extend(words([
        "-flags",
        "+cgop",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
        "-colorspace",
        "bt709",
        "-color_range",
        "tv",
    ]));
    arguments
}
