//! The video track: which one counts, and what it is.

use daypart_domain::media_info::{FrameRate, VideoTrack};

use super::{Packet, Stream, frame_rate, number};
use crate::boxes::{self, Pace, TimeRun};

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

pub(super) fn describe(stream: &Stream, pace: Option<Pace>) -> VideoTrack {
    let rotation_deg = rotation_deg(stream);
    let (shape_width, shape_height) = pixel_shape(stream);
    let squared = u64::from(stream.width) * shape_width / shape_height;
    let squared_width_px = u32::try_from(squared).unwrap_or(stream.width).max(1);
    // Scalers note the rounding of a side as a shape such as 14899:14917; nobody can see that.
    let square_pixels = squared_width_px.abs_diff(stream.width) <= 1;
    let shown_width_px = if square_pixels {
        stream.width
    } else {
        squared_width_px
    };
    let (width_px, height_px) = if rotation_deg.is_multiple_of(180) {
        (shown_width_px, stream.height)
    } else {
        (stream.height, shown_width_px)
    };
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
        bit_rate_bps: number(stream.bit_rate.as_deref()),
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

/// Width and height of one pixel; 1:1 when unknown or absurd.
fn pixel_shape(stream: &Stream) -> (u64, u64) {
    stream
        .sample_aspect_ratio
        .as_deref()
        .and_then(|text| text.split_once(':'))
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)))
        .filter(|(width, height): &(u64, u64)| {
            *width > 0 && *height > 0 && *width <= height * 16 && *height <= width * 16
        })
        .unwrap_or((1, 1))
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
    let nominal = frame_rate(stream.r_frame_rate.as_deref());
    let average = frame_rate(stream.avg_frame_rate.as_deref());
    match pace {
        Some(Pace::Variable) => return (average.or(nominal), true),
        Some(Pace::Constant(rate)) => {
            let known = nominal
                .filter(|nominal| is_close(*nominal, rate, 0.02))
                .unwrap_or(rate);
            return (Some(known), false);
        }
        None => {}
    }
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
