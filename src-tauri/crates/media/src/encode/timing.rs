//! May a copy leave the edit lists out? (MEDIA.md §5: only when they merely hide a codec's delay.)

use std::{io, time::Duration};

use daypart_domain::{media_info::MediaInfo, problem::Problem, transcode_plan::Rung};
use serde::Deserialize;

use super::{Order, arguments::EditLists};
use crate::{
    arguments::{safe_input, words},
    boxes::{self, BoxReport},
    problems,
    tool::{self, Bounds},
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
    if moved || start_gap_ms(toolbox, order).await? > CODEC_DELAY_MAX_MS {
        return Ok(EditLists::Keep);
    }
    Ok(EditLists::Drop)
}

/// How far apart the chosen tracks begin; 0 without sound.
async fn start_gap_ms(toolbox: &MediaToolbox, order: Order<'_>) -> Result<u64, Problem> {
    let mut arguments = words([
        "-v",
        "error",
        "-of",
        "json",
        "-show_entries",
        "stream=index,start_time",
    ]);
    arguments.extend(safe_input(order.source));
    let bounds = Bounds {
        timeout: Duration::from_secs(10),
        stdout_max_bytes: 1 << 20,
    };
    let ffprobe = toolbox.ffprobe()?;
    let answer = tool::run(&ffprobe, &arguments, bounds)
        .await
        .map_err(|error| problems::tool_failed(order.source, &error))?;
    Ok(gap_ms(&answer.stdout, order.info))
}

#[derive(Deserialize)]
struct Answer {
    streams: Vec<Start>,
}

#[derive(Deserialize)]
struct Start {
    index: u32,
    start_time: Option<String>,
}

fn gap_ms(json: &[u8], info: &MediaInfo) -> u64 {
    let Ok(answer) = serde_json::from_slice::<Answer>(json) else {
        return 0;
    };
    let start = |index: u32| -> Option<f64> {
        let stream = answer.streams.iter().find(|stream| stream.index == index)?;
        stream.start_time.as_deref()?.parse().ok()
    };
    let gap_s = info
        .audio
        .as_ref()
        .and_then(|audio| Some((start(audio.stream_index)? - start(info.video.stream_index)?).abs()))
        .unwrap_or(0.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and the cast saturates"
    )]
    let gap_ms = (gap_s * 1000.0) as u64;
    gap_ms
}
