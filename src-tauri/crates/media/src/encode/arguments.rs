//! ffmpeg's arguments for each rung (MEDIA.md §5). Pure.

use std::{ffi::OsString, path::Path};

use daypart_domain::{
    media_info::{FrameRate, MediaInfo},
    transcode_plan::{EncodeTarget, Rung, TranscodePlan},
};

use crate::arguments::{file_url, quiet_ffmpeg, safe_input, words};

/// What becomes of edit lists when the video is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EditLists {
    /// None is written: they hide nothing but a codec's delay.
    Drop,
    /// They move a track or hide pictures; without them sound and picture part.
    Keep,
}

/// Under this rate the size cap binds, and slower presets make better use of it.
const SCARCE_RATE_BPS: u64 = 12_000_000;

/// The whole command line after the program's name. Writes to `part` and nothing else; progress goes to stdout.
pub(crate) fn arguments(
    plan: &TranscodePlan,
    info: &MediaInfo,
    edit_lists: EditLists,
    source: &Path,
    part: &Path,
) -> Vec<OsString> {
    let mut arguments = quiet_ffmpeg();
    arguments.extend(words(["-y", "-progress", "pipe:1", "-stats_period", "0.25"]));
    arguments.extend(safe_input(source));
    arguments.extend(tracks(info));
    match (plan.rung, &plan.target) {
        (Rung::Encode, Some(target)) => {
            arguments.extend(video_encoder(target, info));
            arguments.extend(audio_encoder(info));
        }
        (Rung::AudioOnly, _) => {
            arguments.extend(video_copy(info));
            arguments.extend(audio_encoder(info));
        }
        _ => {
            arguments.extend(video_copy(info));
            arguments.extend(words(["-c:a", "copy"]));
        }
    }
    let edit_lists = if plan.rung == Rung::Encode {
        EditLists::Drop
    } else {
        edit_lists
    };
    arguments.extend(match edit_lists {
        EditLists::Drop => words([
            "-use_editlist",
            "0",
            "-movflags",
            "+faststart+negative_cts_offsets",
        ]),
        EditLists::Keep => words(["-movflags", "+faststart"]),
    });
    arguments.extend(words(["-f", "mp4"]));
    arguments.push(file_url(part));
    arguments
}

/// The tracks the probe chose, and nothing of what else is in the file: subtitles, timecodes, chapters,
/// places and device names.
fn tracks(info: &MediaInfo) -> Vec<OsString> {
    let mut arguments = words(["-map"]);
    arguments.push(format!("0:{}", info.video.stream_index).into());
    if let Some(audio) = &info.audio {
        arguments.extend([OsString::from("-map"), format!("0:{}", audio.stream_index).into()]);
    }
    arguments.extend(words([
        "-sn",
        "-dn",
        "-map_metadata",
        "-1",
        "-map_chapters",
        "-1",
    ]));
    arguments
}

fn video_copy(info: &MediaInfo) -> Vec<OsString> {
    let mut arguments = words(["-c:v", "copy"]);
    if info.video.codec == "hevc" {
        // The only tag Apple's players and several platforms accept.
        arguments.extend(words(["-tag:v", "hvc1"]));
    }
    arguments
}

fn audio_encoder(info: &MediaInfo) -> Vec<OsString> {
    if info.audio.is_none() {
        return Vec::new();
    }
    words([
        "-c:a",
        "aac",
        "-b:a",
        "128k",
        "-ar",
        "48000",
        "-ac",
        "2",
        "-af",
        // Fills gaps and a late start with silence, so that sound and picture stay together.
        "aresample=async=1:first_pts=0",
    ])
}

fn video_encoder(target: &EncodeTarget, info: &MediaInfo) -> Vec<OsString> {
    let rate = target
        .frame_rate_fps
        .map(|rate| FrameRate {
            numerator: rate,
            denominator: 1,
        })
        .or(info.video.average_frame_rate)
        .unwrap_or(FrameRate {
            numerator: 30,
            denominator: 1,
        });
    let (preset, quality) = if target.max_rate_bps < SCARCE_RATE_BPS {
        ("faster", "20")
    } else {
        ("superfast", "18")
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "frame rates are small and positive"
    )]
    let keyframe_every = (rate.frames_per_second() * 2.0).round() as u32;
    let mut arguments = words(["-vf"]);
    arguments.push(filters(target, info).into());
    arguments.extend(words(["-fps_mode", "cfr", "-r"]));
    arguments.push(format!("{}/{}", rate.numerator, rate.denominator).into());
    arguments.extend(words([
        "-c:v", "libx264", "-preset", preset, "-crf", quality, "-maxrate",
    ]));
    arguments.push(target.max_rate_bps.to_string().into());
    arguments.push("-bufsize".into());
    arguments.push((target.max_rate_bps * 2).to_string().into());
    arguments.extend(words(["-profile:v", "high", "-bf", "2", "-g"]));
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

/// Deinterlace, square the pixels, map HDR to SDR, fit into the target and pad what its shape leaves.
/// ffmpeg has applied the rotation before these.
fn filters(target: &EncodeTarget, info: &MediaInfo) -> String {
    let (width, height) = (target.width_px, target.height_px);
    let mut chain = Vec::new();
    if info.video.interlaced {
        chain.push("bwdif=mode=send_frame:deint=interlaced".to_owned());
    }
    if !info.video.square_pixels {
        chain.push("scale=w='max(2,trunc(iw*sar/2)*2)':h='max(2,trunc(ih/2)*2)',setsar=1".to_owned());
    }
    let fit = format!(
        "scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2:in_range=auto:out_range=tv"
    );
    if info.video.hdr {
        // Scaled down first: the float chain below is the dearest part.
        chain.push(fit);
        chain.push(
            "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
                .to_owned(),
        );
    } else {
        chain.push(fit);
    }
    chain.push(format!(
        "pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p"
    ));
    chain.join(",")
}

#[cfg(test)]
mod tests;
