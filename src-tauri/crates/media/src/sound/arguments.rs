//! How ffmpeg is asked for the sound. Pure.

use std::{ffi::OsString, path::Path};

use super::metering::SAMPLE_RATE_HZ;
use crate::arguments::{quiet_ffmpeg, safe_input, words};

/// Two channels of 48 kHz as signed 16-bit on stdout, the first sample at the edit's time 0. `zero_us`: when the
/// first frame is shown, counted from the beginning of the file.
///
/// More channels are mixed down without clipping (`rematrix_maxval`), exactly as an encode mixes them.
pub(super) fn arguments(source: &Path, track: u32, zero_us: i64) -> Vec<OsString> {
    let mut arguments = quiet_ffmpeg();
    arguments.extend(safe_input(source));
    arguments.extend(output(track, zero_us));
    arguments
}

/// The same for a movie of this one track on stdin. `zero_us`: counted from its first packet. Nothing can be opened: the
/// only protocol is the pipe.
pub(super) fn fed(zero_us: i64) -> Vec<OsString> {
    let mut arguments = quiet_ffmpeg();
    arguments.extend(words([
        "-protocol_whitelist",
        "pipe",
        "-threads",
        "1",
        "-f",
        "mov",
        "-i",
        "pipe:0",
    ]));
    arguments.extend(output(0, zero_us));
    arguments
}

fn output(track: u32, zero_us: i64) -> Vec<OsString> {
    let mut arguments = words(["-map"]);
    arguments.push(format!("0:{track}").into());
    arguments.extend(words(["-vn", "-sn", "-dn", "-af"]));
    arguments.push(stereo_from(zero_us).into());
    arguments.extend(words(["-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"]));
    arguments
}

/// Gaps and a late start become silence, what lies before the first frame goes.
fn stereo_from(zero_us: i64) -> String {
    let first_sample = zero_us * i64::from(SAMPLE_RATE_HZ) / 1_000_000;
    format!("aresample={SAMPLE_RATE_HZ}:async=1:first_pts={first_sample}:ochl=stereo:rematrix_maxval=1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_wanted_track_is_decoded_and_time_zero_is_the_first_frame_shown() {
        let line = arguments(Path::new("-odd name.mp4"), 2, 500_000)
            .into_iter()
            .map(|argument| argument.into_string().unwrap())
            .collect::<Vec<_>>();
        let tail = &line[line.iter().position(|argument| argument == "-i").unwrap()..];
        assert_eq!(
            tail,
            [
                "-i",
                "file:-odd name.mp4",
                "-map",
                "0:2",
                "-vn",
                "-sn",
                "-dn",
                "-af",
                "aresample=48000:async=1:first_pts=24000:ochl=stereo:rematrix_maxval=1",
                "-c:a",
                "pcm_s16le",
                "-f",
                "s16le",
                "pipe:1",
            ]
        );
    }
}
