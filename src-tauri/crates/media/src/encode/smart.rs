//! An exact cut with new video only where it must be: from each part's start to its next keyframe.

use daypart_domain::{
    edit::{KeptRange, Turn},
    media_info::{Container, MediaInfo},
    problem::Problem,
    transcode_plan::{Cut, EncodeTarget, Rung, TranscodePlan},
};

use super::{
    Order,
    arguments::lossless::{Making, Piece},
};
use crate::index::{MovieIndex, Sample, SampleTable};

/// A cut that can be made so.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SmartCut {
    /// Every part starts and ends with a frame of the source.
    pub parts: Vec<KeptRange>,
    pub pieces: Vec<Piece>,
}

/// `None` when it was not asked for, or when this source or this plan does not allow it (MEDIA.md §5: H.264 of 8 bit
/// 4:2:0, closed groups, constant rate, the picture otherwise untouched).
pub(super) async fn smart_cut(order: Order<'_>) -> Result<Option<SmartCut>, Problem> {
    let (Rung::Encode, Some(Cut::Smart), Some(target)) =
        (order.plan.rung, order.plan.cut, &order.plan.target)
    else {
        return Ok(None);
    };
    if order.plan.parts.is_empty()
        || !leaves_picture(order.plan, target, order.info)
        || !suits(order.info, target)
    {
        return Ok(None);
    }
    let source = order.source.to_path_buf();
    let (parts, video) = (order.plan.parts.clone(), order.info.video.stream_index);
    tokio::task::spawn_blocking(move || {
        let index = MovieIndex::read(&source).ok()?;
        let table = index.tracks.get(usize::try_from(video).ok()?)?.samples().ok()?;
        cut_by(&table, &parts)
    })
    .await
    .map_err(|error| Problem::bug("the thread that reads a file died").caused_by(&error))
}

fn leaves_picture(plan: &TranscodePlan, target: &EncodeTarget, info: &MediaInfo) -> bool {
    plan.speed == 1.0
        && (target.width_px, target.height_px) == (info.video.width_px, info.video.height_px)
        && target.frame_rate_fps.is_none()
        && target.crop.is_none()
        && target.part_frames.is_empty()
        && target.turn == Turn::default()
        && target.captions_path.is_none()
        && !target.two_passes
}

fn suits(info: &MediaInfo, target: &EncodeTarget) -> bool {
    let video = &info.video;
    matches!(info.container, Container::Mp4 | Container::Mov)
        && video.codec == "h264"
        && video.pixel_format == "yuv420p"
        && video.rotation_deg == 0
        && video.square_pixels
        && !video.hdr
        && !video.interlaced
        && !video.variable_frame_rate
        && video
            .bit_rate_bps
            .is_some_and(|rate_bps| rate_bps <= target.max_rate_bps)
}

fn cut_by(table: &SampleTable, parts: &[KeptRange]) -> Option<SmartCut> {
    let shown: Vec<(usize, &Sample)> = table.in_shown_order().collect();
    let at_us = |frame: usize| {
        shown
            .get(frame)
            .map_or_else(|| table.duration_us(), |(_, sample)| table.at_us(sample))
    };
    // The frame whose beginning is nearest.
    let frame_at = |time_us: u64| {
        let after = shown.partition_point(|(_, sample)| table.at_us(sample) < time_us);
        let earlier = after
            .checked_sub(1)
            .filter(|before| time_us.abs_diff(at_us(*before)) < time_us.abs_diff(at_us(after)));
        earlier.unwrap_or(after)
    };
    let mut cut = SmartCut {
        parts: Vec::new(),
        pieces: Vec::new(),
    };
    for part in parts {
        let (start, end) = (frame_at(part.start_us), frame_at(part.end_us));
        if start >= end {
            return None;
        }
        let key = (start..end)
            .find(|frame| {
                shown
                    .get(*frame)
                    .is_some_and(|(place, sample)| sample.is_key && is_closed(table, *place))
            })
            .unwrap_or(end);
        cut.parts.push(KeptRange::new(at_us(start), at_us(end)));
        if start < key {
            cut.pieces.push(Piece {
                range: KeptRange::new(at_us(start), at_us(key)),
                making: Making::Encoded {
                    frames: (key - start) as u64,
                },
            });
        }
        if key < end {
            cut.pieces.push(Piece {
                range: KeptRange::new(at_us(key), at_us(end)),
                making: Making::Copied {
                    frames: Some((end - key) as u64),
                },
            });
        }
    }
    Some(cut)
}

/// No frame that is decoded after this key is shown before it, up to the next key.
fn is_closed(table: &SampleTable, place: usize) -> bool {
    let Some((key, after)) = table.samples.get(place..).and_then(<[Sample]>::split_first) else {
        return false;
    };
    after
        .iter()
        .take_while(|sample| !sample.is_key)
        .all(|sample| sample.shown_ticks > key.shown_ticks)
}
