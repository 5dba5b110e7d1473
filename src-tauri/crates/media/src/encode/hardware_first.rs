//! An encode that the plan wants done by hardware: tried there, and done in software where that does not work out.

use daypart_domain::{
    media_info::MediaInfo,
    problem::Problem,
    transcode_plan::{EncodeTarget, HardwareEncoder, TranscodePlan},
};
use daypart_ports::media::EncodeObserver;
use tokio_util::sync::CancellationToken;

use super::{Order, lossless};
use crate::Media;

pub(crate) async fn encode(
    media: &Media,
    order: Order<'_>,
    observer: EncodeObserver<'_>,
    cancel: &CancellationToken,
) -> Result<MediaInfo, Problem> {
    let run = async |order: Order<'_>| {
        let Media {
            toolbox,
            stall_timeout,
            pauses,
            ..
        } = media;
        super::encode(toolbox, *stall_timeout, pauses, order, observer, cancel).await
    };
    let Some((encoder, target)) = named(order.plan) else {
        return run(order).await;
    };
    let size = (target.width_px, target.height_px);
    let folder = media.cache_folder.as_deref();
    let works = media
        .trials
        .passes_at(&media.toolbox, folder, encoder, size, cancel)
        .await?;
    if works {
        match run(order).await {
            Err(problem) if is_the_encoders_fault(&problem) => {
                tracing::warn!(encoder = encoder.label(), details = ?problem.details, "hardware failed; software encodes");
            }
            finished => return finished,
        }
    } else {
        tracing::info!(
            encoder = encoder.label(),
            ?size,
            "hardware did not pass its trial at this size"
        );
    }
    let plan = TranscodePlan {
        target: Some(EncodeTarget {
            hardware: None,
            ..target.clone()
        }),
        ..order.plan.clone()
    };
    run(Order { plan: &plan, ..order }).await
}

fn named(plan: &TranscodePlan) -> Option<(HardwareEncoder, &EncodeTarget)> {
    let target = plan.target.as_ref()?;
    Some((target.hardware?, target))
}

/// A driver that hangs is one too.
fn is_the_encoders_fault(problem: &Problem) -> bool {
    lossless::may_be_encoded_instead(problem) || problem.code.as_str() == "media.encode_stalled"
}
