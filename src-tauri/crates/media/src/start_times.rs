//! When each stream of a file begins, and so where the edit's time 0 lies in ffmpeg's time.

use std::{path::Path, time::Duration};

use daypart_domain::problem::Problem;
use serde::Deserialize;

use crate::{
    arguments::{safe_input, words},
    problems,
    tool::{self, Bounds},
    toolbox::MediaToolbox,
};

/// ffmpeg counts its time from the earliest start of any stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct StartTimes {
    file_us: Option<i64>,
    streams: Vec<(u32, Option<i64>)>,
}

impl StartTimes {
    /// The file tells its streams and this is none of them.
    pub(crate) fn lacks(&self, stream_index: u32) -> bool {
        !self.streams.is_empty() && self.streams.iter().all(|(index, _)| *index != stream_index)
    }

    /// The edit's time 0, which is the first frame shown, in ffmpeg's time; never negative, and 0 when the file
    /// does not say.
    pub(crate) fn zero_us(&self, video_index: u32) -> i64 {
        let zero = self
            .start_us(video_index)
            .zip(self.file_us)
            .map(|(video_us, file_us)| video_us.saturating_sub(file_us));
        zero.unwrap_or(0).max(0)
    }

    /// How far apart two streams begin; 0 when the file does not say.
    pub(crate) fn gap_us(&self, one: u32, other: u32) -> u64 {
        self.start_us(one)
            .zip(self.start_us(other))
            .map_or(0, |(one, other)| one.abs_diff(other))
    }

    fn start_us(&self, stream_index: u32) -> Option<i64> {
        self.streams
            .iter()
            .find(|(index, _)| *index == stream_index)
            .and_then(|(_, start_us)| *start_us)
    }
}

/// Asks ffprobe.
///
/// # Errors
/// `media.ffmpeg_missing`, `media.tool_failed`. An answer that cannot be understood is an empty one.
pub(crate) async fn start_times(toolbox: &MediaToolbox, source: &Path) -> Result<StartTimes, Problem> {
    let mut arguments = words([
        "-v",
        "error",
        "-of",
        "json",
        "-show_entries",
        "format=start_time:stream=index,start_time",
    ]);
    arguments.extend(safe_input(source));
    let bounds = Bounds {
        timeout: Duration::from_secs(10),
        stdout_max_bytes: 1 << 20,
    };
    let ffprobe = toolbox.ffprobe()?;
    let answer = tool::run(&ffprobe, &arguments, bounds)
        .await
        .map_err(|error| problems::tool_failed(source, &error))?;
    Ok(parse(&answer.stdout))
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Option<Format>,
}

#[derive(Deserialize)]
struct Stream {
    index: u32,
    start_time: Option<String>,
}

#[derive(Deserialize)]
struct Format {
    start_time: Option<String>,
}

fn parse(json: &[u8]) -> StartTimes {
    let Ok(answer) = serde_json::from_slice::<Answer>(json) else {
        return StartTimes::default();
    };
    StartTimes {
        file_us: answer
            .format
            .and_then(|format| microseconds(format.start_time.as_deref())),
        streams: answer
            .streams
            .into_iter()
            .map(|stream| (stream.index, microseconds(stream.start_time.as_deref())))
            .collect(),
    }
}

fn microseconds(seconds: Option<&str>) -> Option<i64> {
    let seconds: f64 = seconds?.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let microseconds = (seconds * 1_000_000.0).round() as i64;
    Some(microseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_zero_is_where_the_picture_begins_whatever_the_file_counts_from() {
        let starts = parse(
            br#"{"streams":[{"index":0,"start_time":"95001.400000"},{"index":1,"start_time":"95001.378667"},{"index":2}],
                 "format":{"start_time":"95001.378667"}}"#,
        );
        assert_eq!(starts.zero_us(0), 21_333);
        assert_eq!(starts.gap_us(0, 1), 21_333);
        assert!(starts.lacks(3) && !starts.lacks(2));
        assert_eq!((starts.zero_us(2), starts.gap_us(0, 2)), (0, 0));
    }

    #[test]
    fn no_answer_means_that_everything_begins_together() {
        assert_eq!(parse(b"not json"), StartTimes::default());
        assert_eq!(StartTimes::default().zero_us(0), 0);
        assert!(!StartTimes::default().lacks(0));
    }
}
