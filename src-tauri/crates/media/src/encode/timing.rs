//! What a copy and a cut must know of a file's time stamps.

use std::io;

use daypart_domain::{problem::Problem, transcode_plan::Rung};

use super::{Order, arguments::EditLists};
use crate::{
    boxes::{self, BoxReport, TrackTable},
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
    let zero_us = starts.zero_us(order.info.video.stream_index);
    let keeps = match order.plan.rung {
        Rung::Encode => false,
        // New sound fills the gap from the file's beginning; a picture that begins there needs no list.
        Rung::AudioOnly => {
            zero_us.unsigned_abs() > CODEC_DELAY_MAX_MS * 1_000 || picture_is_moved(order).await?
        }
        _ => gap_us > CODEC_DELAY_MAX_MS * 1_000 || tracks_are_moved(order).await?,
    };
    let edit_lists = if keeps { EditLists::Keep } else { EditLists::Drop };
    Ok(Timing {
        edit_lists,
        zero_us,
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
    let boxes = boxes_of(order).await?;
    Ok(boxes.is_some_and(|boxes| boxes.tracks.iter().any(is_moved)))
}

async fn picture_is_moved(order: Order<'_>) -> Result<bool, Problem> {
    let picture = usize::try_from(order.info.video.stream_index).unwrap_or(usize::MAX);
    let boxes = boxes_of(order).await?;
    Ok(boxes.is_some_and(|boxes| boxes.tracks.get(picture).is_some_and(is_moved)))
}

fn is_moved(track: &TrackTable) -> bool {
    track.hidden_lead_in_ms > CODEC_DELAY_MAX_MS || track.late_start_ms > CODEC_DELAY_MAX_MS
}

async fn boxes_of(order: Order<'_>) -> Result<Option<BoxReport>, Problem> {
    let source = order.source.to_path_buf();
    let boxes: io::Result<Option<BoxReport>> = tokio::task::spawn_blocking(move || boxes::scan(&source))
        .await
        .map_err(|error| Problem::bug("the thread that reads a file died").caused_by(&error))?;
    boxes.map_err(|error| problems::unopened(order.source, &error))
}
