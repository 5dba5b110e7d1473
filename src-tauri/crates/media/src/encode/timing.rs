//! May a copy leave the edit lists out? (MEDIA.md §5: only when they merely hide a codec's delay.)

use std::io;

use daypart_domain::{problem::Problem, transcode_plan::Rung};

use super::{Order, arguments::EditLists};
use crate::{
    boxes::{self, BoxReport},
    problems,
    start_times::start_times,
    toolbox::MediaToolbox,
};

/// A codec's delay is below this; anything above is meant.
const CODEC_DELAY_MAX_MS: u64 = 50;

pub(super) async fn edit_lists(toolbox: &MediaToolbox, order: Order<'_>) -> Result<EditLists, Problem> {
    if order.plan.rung == Rung::Encode {
        return Ok(EditLists::Drop);
    }
    let source = order.source.to_path_buf();
    let boxes: io::Result<Option<BoxReport>> = tokio::task::spawn_blocking(move || boxes::scan(&source))
        .await
        .map_err(|error| Problem::bug("the thread that reads a file died").caused_by(&error))?;
    let boxes = boxes.map_err(|error| problems::unopened(order.source, &error))?;
    let moved = boxes.is_some_and(|boxes| {
        boxes.tracks.iter().any(|track| {
            track.hidden_lead_in_ms > CODEC_DELAY_MAX_MS || track.late_start_ms > CODEC_DELAY_MAX_MS
        })
    });
    if moved || start_gap_us(toolbox, order).await? > CODEC_DELAY_MAX_MS * 1_000 {
        return Ok(EditLists::Keep);
    }
    Ok(EditLists::Drop)
}

/// How far apart the chosen tracks begin; 0 without sound.
async fn start_gap_us(toolbox: &MediaToolbox, order: Order<'_>) -> Result<u64, Problem> {
    let Some(audio) = &order.info.audio else {
        return Ok(0);
    };
    let starts = start_times(toolbox, order.source).await?;
    Ok(starts.gap_us(order.info.video.stream_index, audio.stream_index))
}
