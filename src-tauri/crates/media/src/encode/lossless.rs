//! A cut on keyframes: every picture kept is the source's own bits.

use std::path::Path;

use daypart_domain::{
    media_info::MediaInfo,
    problem::Problem,
    transcode_plan::{Cut, EncodeTarget, Rung, TranscodePlan},
};
use daypart_ports::media::EncodeObserver;
use tokio_util::sync::CancellationToken;

use super::{
    Order, Tools, WorkFolder,
    arguments::{
        Recipe,
        lossless::{self, Piece},
    },
    conversion::ConversionFault,
    passes::Passes,
};
use crate::problems;

/// The universal target's (MEDIA.md §5).
const RATE_MAX_BPS: u64 = 20_000_000;

pub(super) fn is_asked_for(plan: &TranscodePlan) -> bool {
    plan.rung != Rung::Encode && plan.cut == Some(Cut::Lossless) && !plan.parts.is_empty()
}

/// What came out was not what was asked for: a keyframe that is none, a tail that overlaps the next part.
pub(super) fn may_be_encoded_instead(problem: &Problem) -> bool {
    ["media.verify_failed", "media.encode_failed"].contains(&problem.code.as_str())
}

/// The same cut by encoding, in the source's own size and rate.
pub(super) fn encoded_instead(plan: &TranscodePlan, info: &MediaInfo) -> TranscodePlan {
    TranscodePlan {
        rung: Rung::Encode,
        cut: Some(Cut::Accurate),
        target: Some(own_size(info)),
        ..plan.clone()
    }
}

/// The source's picture as it is shown.
pub(super) fn own_size(info: &MediaInfo) -> EncodeTarget {
    let even = |side_px: u32| (side_px & !1).max(2);
    EncodeTarget::whole(
        even(info.video.width_px),
        even(info.video.height_px),
        None,
        RATE_MAX_BPS,
    )
}

/// Makes the pieces and joins them. The outer error is one of ours, the inner one ffmpeg's.
pub(super) async fn convert(
    tools: &Tools<'_>,
    order: Order<'_>,
    recipe: &Recipe<'_>,
    pieces: &[Piece],
    part: &Path,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<Result<(), ConversionFault>, Problem> {
    let unwritable = |error: std::io::Error| problems::unwritable(order.out, &error);
    let work = WorkFolder::beside(order.out).map_err(unwritable)?;
    let name = |index: usize| format!("{index}.mp4");
    for (index, piece) in pieces.iter().enumerate() {
        let out = work.file(&name(index));
        // Told by the joining alone, which passes over everything once more.
        let making = Passes::new(tools, recipe, &out, 1, &|_| {}, cancel);
        let made = making.run_line(lossless::piece(recipe, *piece, &out)).await;
        if made.is_err() {
            return Ok(made);
        }
    }
    let list = work.file("list");
    std::fs::write(&list, lossless::list(pieces, name)).map_err(unwritable)?;
    let arguments = lossless::join(recipe, &list, part)
        .map_err(|error| problems::encode_failed(order.source, &error.to_string()))?;
    let joining = Passes::new(tools, recipe, part, 1, observer, cancel);
    Ok(joining.run_line(arguments).await)
}
