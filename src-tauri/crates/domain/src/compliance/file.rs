//! Rules about the file as a whole.

use super::{Draft, Finding, OWN_ADVICE, Severity, wording};
use crate::{
    delivery_spec::DeliverySpec,
    media_info::MediaInfo,
    transcode_plan::{Rung, rate_for_size_bps},
};

/// Under this video rate a re-encode made only to save bytes would be ugly.
const RATE_WORTH_SENDING_BPS: u64 = 1_000_000;

pub(super) fn container(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    if spec.containers.value.contains(&info.container) {
        return None;
    }
    let limit = wording::any_of(spec.containers.value.iter().map(|container| container.label()));
    Some(
        Draft {
            rule: "file.container",
            severity: Severity::Refusal,
            sentence: format!(
                "The file is {}; {} takes {limit}.",
                info.container.label(),
                spec.name
            ),
            measured: info.container.label().to_owned(),
            limit,
            source: spec.containers.source,
            fix: Some(Rung::Remux),
        }
        .into_finding(),
    )
}

pub(super) fn size(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    let cap_bytes = spec.size_max_bytes.value;
    if info.size_bytes <= cap_bytes {
        return None;
    }
    let shrinkable = rate_for_size_bps(cap_bytes, info.duration_ms) >= RATE_WORTH_SENDING_BPS;
    let (measured, limit) = (wording::size(info.size_bytes), wording::size(cap_bytes));
    let advice = if shrinkable {
        "a smaller version can be made"
    } else {
        "trim it or split it"
    };
    Some(
        Draft {
            rule: "file.size",
            severity: Severity::Refusal,
            sentence: format!(
                "The file has {measured}; {} takes at most {limit}: {advice}.",
                spec.name
            ),
            measured,
            limit,
            source: spec.size_max_bytes.source,
            fix: shrinkable.then_some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn index_first(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    let rule = spec.index_first?;
    if info.index_first != Some(false) {
        return None;
    }
    Some(
        Draft {
            rule: "file.index_first",
            severity: Severity::Warning,
            sentence: format!(
                "The file's index stands at its end; {} wants it at the start, to begin work before the last byte.",
                spec.name
            ),
            measured: "index at the end".to_owned(),
            limit: "index at the start".to_owned(),
            source: rule.source,
            fix: Some(Rung::Remux),
        }
        .into_finding(),
    )
}

pub(super) fn private_metadata(info: &MediaInfo) -> Option<Finding> {
    info.has_private_metadata.then(|| {
        Draft {
            rule: "file.private_metadata",
            severity: Severity::Advice,
            sentence:
                "The file tells where or with which device it was recorded; a new container would leave that out."
                    .to_owned(),
            measured: "place or device names".to_owned(),
            limit: "none".to_owned(),
            source: OWN_ADVICE,
            fix: Some(Rung::Remux),
        }
        .into_finding()
    })
}
