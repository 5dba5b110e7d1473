//! The video track: which one counts, and what it is.

use daypart_domain::media_info::{FrameRate, VideoTrack};

use super::{Packet, Stream, frame_rate, number};
use crate::{
    boxes::{self, Pace, TimeRun, TrackTable, Turn},
    shape::{self, Shown, sensible_shape},
};

/// Not an attached picture; then the largest area, then the default flag, then the first.
pub(super) fn choose(streams: &[Stream]) -> Option<&Stream> {
    streams
        .iter()
        .filter(|stream| {
            stream.is("video") && stream.disposition.attached_pic == 0 && stream.disposition.still_image == 0
        })
        .max_by_key(|stream| {
            let area = u64::from(stream.width) * u64::from(stream.height);
            (area, stream.disposition.default, std::cmp::Reverse(stream.index))
        })
}

/// `table`: the track as our own reading saw it, when that may be trusted about the turn.
pub(super) fn describe(stream: &Stream, pace: Option<Pace>, table: Option<&TrackTable>) -> VideoTrack {
    let Turn {
        rotation_deg,
        mirrored,
    } = table.and_then(|table| table.turn).unwrap_or_else(|| Turn {
        rotation_deg: rotation_deg(stream),
        mirrored: false,
    });
    let Shown {
        width_px,
        height_px,
        square_pixels,
    } = shape::shown(stream.width, stream.height, pixel_shape(stream), rotation_deg);
    let pixel_format = stream.pix_fmt.clone().unwrap_or_default();
    let interlaced = matches!(stream.field_order.as_deref(), Some("tt" | "bb" | "tb" | "bt"));
    let (average_frame_rate, variable_frame_rate) = frame_rates(stream, pace, interlaced);
    VideoTrack {
        stream_index: stream.index,
        codec: stream.codec_name.clone().unwrap_or_else(|| "unknown".to_owned()),
        profile: stream.profile.clone(),
        coded_width_px: stream.width,
        coded_height_px: stream.height,
        width_px,
        height_px,
        rotation_deg,
        mirrored,
        square_pixels,
        bit_depth: bit_depth(stream, &pixel_format),
        pixel_format,
        hdr: matches!(
            stream.color_transfer.as_deref(),
            Some("smpte2084" | "arib-std-b67")
        ),
        interlaced,
        average_frame_rate,
        variable_frame_rate,
        bit_rate_bps: table
            .and_then(|table| table.bit_rate_bps)
            .or_else(|| number(stream.bit_rate.as_deref())),
    }
}

/// ffprobe counts counter-clockwise: an upright phone clip says -90 and is shown turned clockwise by 90.
fn rotation_deg(stream: &Stream) -> u16 {
    let counter_clockwise = stream
        .side_data_list
        .iter()
        .find_map(|data| data.rotation)
        .unwrap_or(0.0);
    let clockwise = (-counter_clockwise).rem_euclid(360.0);
    // Players turn by quarters only.
    match clockwise {
        angle if (45.0..135.0).contains(&angle) => 90,
        angle if (135.0..225.0).contains(&angle) => 180,
        angle if (225.0..315.0).contains(&angle) => 270,
        _ => 0,
    }
}

fn pixel_shape(stream: &Stream) -> (u32, u32) {
    let stated = stream
        .sample_aspect_ratio
        .as_deref()
        .and_then(|text| text.split_once(':'))
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sensible_shape(stated)
}

fn bit_depth(stream: &Stream, pixel_format: &str) -> u8 {
    let by_format = [("p16", 16), ("p14", 14), ("p12", 12), ("p10", 10), ("p9", 9)]
        .into_iter()
        .find(|(mark, _)| pixel_format.contains(mark))
        .map(|(_, depth)| depth);
    by_format
        .or_else(|| number(stream.bits_per_raw_sample.as_deref()).filter(|depth| (1..=16).contains(depth)))
        .unwrap_or(8)
}

/// Fewer frame times than this say nothing about the pace.
const PACKETS_TELLING: usize = 12;

/// The pace of the first packets, at the millisecond's precision that Matroska has.
pub(super) fn pace_of_packets(packets: &[Packet], stream_index: u32) -> Option<Pace> {
    let mut times_ms: Vec<u64> = packets
        .iter()
        .filter(|packet| packet.stream_index == stream_index)
        .filter_map(|packet| packet.pts_time.as_deref()?.parse::<f64>().ok())
        .filter(|seconds| *seconds >= 0.0)
        .map(super::round_ms)
        .collect();
    if times_ms.len() < PACKETS_TELLING {
        return None;
    }
    // Packets come in decoding order; the last ones read may wait for frames that were not.
    times_ms.sort_unstable();
    times_ms.truncate(times_ms.len() - 4);
    let runs: Vec<TimeRun> = times_ms
        .windows(2)
        .filter_map(|pair| {
            Some(TimeRun {
                count: 1,
                delta: u32::try_from(pair[1] - pair[0]).ok()?,
            })
        })
        .collect();
    boxes::pace(&runs, 1000)
}

/// The pace knows every frame's time. Without it, a nominal rate far from the measured one means frames of
/// different lengths; twice the measured rate is a count of fields.
fn frame_rates(stream: &Stream, pace: Option<Pace>, interlaced: bool) -> (Option<FrameRate>, bool) {
    if let Some(pace) = pace {
        return (Some(pace.rate()), pace.is_variable());
    }
    let nominal = frame_rate(stream.r_frame_rate.as_deref());
    let average = frame_rate(stream.avg_frame_rate.as_deref());
    let (Some(nominal), Some(average)) = (nominal, average) else {
        return (average.or(nominal), false);
    };
    let ratio = nominal.frames_per_second() / average.frames_per_second();
    let counts_fields = interlaced || (ratio - 2.0).abs() < 0.05;
    if is_close(nominal, average, 0.02) {
        (Some(nominal), false)
    } else {
        (Some(average), !counts_fields)
    }
}

fn is_close(a: FrameRate, b: FrameRate, tolerance: f64) -> bool {
    (a.frames_per_second() / b.frames_per_second() - 1.0).abs() <= tolerance
}
