//! Rules about the file as a whole.

use super::{Draft, Finding, Severity, Subject, opinion, severity, wording};
use crate::{
    delivery_spec::Limit,
    transcode_plan::{RATE_WORTH_SENDING_BPS, Rung, rate_for_size_bps},
};

pub(super) fn container(subject: &Subject<'_>) -> Option<Finding> {
    let (info, spec) = (subject.info, subject.spec);
    if spec.containers.value.contains(&info.container) {
        return None;
    }
    let limit = wording::any_of(spec.containers.value.iter().map(|container| container.label()));
    Some(
        Draft {
            rule: "file.container",
            severity: severity(spec.containers.certainty),
            sentence: format!(
                "The file is {}; {} takes {limit}.",
                info.container.label(),
                spec.name
            ),
            measured: info.container.label().to_owned(),
            limit,
            source: spec.containers.cited(),
            fix: Some(Rung::Remux),
        }
        .into_finding(),
    )
}

pub(super) fn size_min(subject: &Subject<'_>) -> Option<Finding> {
    let (info, spec) = (subject.info, subject.spec);
    let min = spec.size_min_bytes.filter(|min| info.size_bytes < min.value)?;
    let (measured, limit) = (wording::size(info.size_bytes), wording::size(min.value));
    Some(
        Draft {
            rule: "file.size_min",
            severity: severity(min.certainty),
            sentence: format!(
                "The file has only {measured}; {} {} none under {limit}: choose a longer clip.",
                spec.name,
                wording::takes(min.certainty)
            ),
            measured,
            limit: format!("at least {limit}"),
            source: min.cited(),
            fix: None,
        }
        .into_finding(),
    )
}

/// Over the limit, or in the range that sources disagree about.
pub(super) fn size(subject: &Subject<'_>) -> Option<Finding> {
    let (info, spec) = (subject.info, subject.spec);
    let over = |limit: Option<Limit<u64>>| limit.filter(|cap| info.size_bytes > cap.value);
    let refused = over(Some(spec.size_max_bytes));
    let cap = refused.or_else(|| over(spec.size_doubtful_bytes))?;
    let shrinkable = rate_for_size_bps(cap.value, info.duration_ms) >= RATE_WORTH_SENDING_BPS;
    let (measured, limit) = (wording::size(info.size_bytes), wording::size(cap.value));
    let advice = if shrinkable {
        "a smaller version can be made"
    } else {
        "trim it or split it"
    };
    let sentence = if refused.is_some() {
        format!(
            "The file has {measured}; {} {} at most {limit}: {advice}.",
            spec.name,
            wording::takes(cap.certainty)
        )
    } else {
        format!(
            "The file has {measured}; above {limit} it is not certain that {} takes it: {advice}.",
            spec.name
        )
    };
    Some(
        Draft {
            rule: "file.size",
            severity: severity(cap.certainty),
            sentence,
            measured,
            limit,
            source: cap.cited(),
            fix: shrinkable.then_some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn index_first(subject: &Subject<'_>) -> Option<Finding> {
    let rule = subject.spec.index_first?;
    if subject.info.index_first != Some(false) {
        return None;
    }
    Some(
        Draft {
            rule: "file.index_first",
            // Where it is refused, it is so only after the upload; a remux costs next to nothing.
            severity: severity(rule.certainty).max(Severity::Warning),
            sentence: format!(
                "The file's index stands at its end; {} {} it at the start, to begin work before the last byte.",
                subject.spec.name,
                wording::wants(rule.certainty)
            ),
            measured: "index at the end".to_owned(),
            limit: "index at the start".to_owned(),
            source: rule.cited(),
            fix: Some(Rung::Remux),
        }
        .into_finding(),
    )
}

/// A recording or a copy that broke off: what is there can be shown, and a platform may still stumble over it.
pub(super) fn cut_short(subject: &Subject<'_>) -> Option<Finding> {
    let info = subject.info;
    (info.missing_ms > 0).then(|| {
        let (usable, missing) = (
            wording::duration(info.duration_ms),
            wording::duration(info.missing_ms),
        );
        opinion(
            "file.cut_short",
            Severity::Warning,
            format!(
                "The file was cut short: its last {missing} are missing, the first {usable} can be used."
            ),
            format!(
                "{usable} of {}",
                wording::duration(info.duration_ms + info.missing_ms)
            ),
            "a whole file",
            None,
        )
    })
}

pub(super) fn edit_list(subject: &Subject<'_>) -> Option<Finding> {
    let rule = subject.spec.no_edit_list?;
    if !subject.info.has_edit_list {
        return None;
    }
    // Left out of a copy, a list that moves something would part sound and picture; new sound fills its late start.
    let fix = if subject.analysis.edit_list_matters == Some(true) || subject.info.audio_offset_ms < -50 {
        Rung::Encode
    } else {
        Rung::Remux
    };
    Some(
        Draft {
            rule: "file.edit_list",
            severity: severity(rule.certainty),
            sentence: format!(
                "The file has an edit list; {} {} none.",
                subject.spec.name,
                wording::wants(rule.certainty)
            ),
            measured: "edit list".to_owned(),
            limit: "no edit list".to_owned(),
            source: rule.cited(),
            fix: Some(fix),
        }
        .into_finding(),
    )
}
