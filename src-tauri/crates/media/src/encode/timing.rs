//! What a copy and a cut must know of a file's time stamps.

use std::io;

use daypart_domain::{problem::Problem, transcode_plan::Rung};

use super::{Order, arguments::EditLists};
use crate::{
    boxes::{self, BoxReport},
    problems,
    start_times::{StartTimes, start_times},
    toolbox::MediaToolbox,
};

/// A codec's delay is below this; anything above is meant.
const CODEC_DELAY_MAX_MS: u64 = 50;

pub(super) struct Timing {
    /// May a copy leave the edit lists out? (MEDIA.md §5: only when they merely hide a codec's delay.)
    pub edit_lists: EditLists,
    /// When the first frame is shown, in ffmpeg's time of the file.
    pub zero_us: i64,
    /// How far apart the tracks begin that are heard and seen.
    pub gap_us: u64,
}

pub(super) async fn timing(toolbox: &MediaToolbox, order: Order<'_>) -> Result<Timing, Problem> {
    let starts = start_times(toolbox, order.source).await?;
    let gap_us = gap_us(order, &starts);
    let edit_lists = if order.plan.rung != Rung::Encode
        && (gap_us > CODEC_DELAY_MAX_MS * 1_000 || tracks_are_moved(order).await?)
    {
        EditLists::Keep
    } else {
        EditLists::Drop
    };
    Ok(Timing {
        edit_lists,
        zero_us: starts.zero_us(order.info.video.stream_index),
        gap_us,
    })
}

/// 0 without sound.
fn gap_us(order: Order<'_>, starts: &StartTimes) -> u64 {
    let main = order.info.audio.as_ref().map(|audio| audio.stream_index);
    order
        .plan
        .sound
        .track
        .or(main)
        .map_or(0, |track| starts.gap_us(order.info.video.stream_index, track))
}

async fn tracks_are_moved(order: Order<'_>) -> Result<bool, Problem> {
    let source = order.source.to_path_buf();
    let boxes: io::Result<Option<BoxReport>> = tokio::task::spawn_blocking(move || boxes::scan(&source))
        .await
        .map_err(|error| Problem::bug("the thread that reads a file died").caused_by(&error))?;
    let boxes = boxes.map_err(|error| problems::unopened(order.source, &error))?;
    Ok(boxes.is_some_and(|boxes| {
        boxes.tracks.iter().any(|track| {
            track.hidden_lead_in_ms > CODEC_DELAY_MAX_MS || track.late_start_ms > CODEC_DELAY_MAX_MS
        })
    }))
}
