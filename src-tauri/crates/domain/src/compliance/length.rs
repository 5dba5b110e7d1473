//! Rules about time: frame rates, lengths, and what a platform makes of a short video.

use super::{Draft, Finding, Severity, Subject, opinion, severity, wording};
use crate::{
    delivery_spec::{ACCOUNT_SOURCE, Limit},
    transcode_plan::Rung,
};

/// Containers round frame times to their clock; a phone's “60 fps” measures as 60.05.
const FRAME_RATE_TOLERANCE: f64 = 0.005;
/// Under this movement stutters visibly; a length that needs fewer frames is not cured by dropping them.
const FRAME_RATE_WORTH_SENDING_FPS: f64 = 23.0;

pub(super) fn frame_rate(subject: &Subject<'_>) -> Option<Finding> {
    let (info, spec) = (subject.info, subject.spec);
    let rate = info.video.average_frame_rate?.frames_per_second();
    let (word, bound) = match (spec.frame_rate_min_fps, spec.frame_rate_max_fps) {
        (Some(min), _) if rate < min.value * (1.0 - FRAME_RATE_TOLERANCE) => ("at least", min),
        (_, Some(max)) if rate > max.value * (1.0 + FRAME_RATE_TOLERANCE) => ("at most", max),
        _ => return None,
    };
    let limit = format!("{word} {}", wording::frames_per_second(bound.value));
    let measured = wording::frames_per_second(rate);
    Some(
        Draft {
            rule: "video.frame_rate",
            severity: severity(bound.certainty),
            sentence: format!(
                "The video runs at {measured} frames per second; {} {} {limit}.",
                spec.name,
                wording::takes(bound.certainty)
            ),
            measured: format!("{measured} fps"),
            limit: format!("{limit} fps"),
            source: bound.cited(),
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn variable_frame_rate(subject: &Subject<'_>) -> Option<Finding> {
    if !subject.info.video.variable_frame_rate {
        return None;
    }
    let (measured, limit) = ("variable frame rate", "constant frame rate");
    Some(match &subject.spec.constant_frame_rate {
        Some(rule) => Draft {
            rule: "video.variable_frame_rate",
            severity: severity(rule.certainty),
            sentence: format!(
                "The frame rate varies; {} {} a constant one.",
                subject.spec.name,
                wording::wants(rule.certainty)
            ),
            measured: measured.to_owned(),
            limit: limit.to_owned(),
            source: rule.cited(),
            fix: Some(Rung::Encode),
        }
        .into_finding(),
        None => opinion(
            "video.variable_frame_rate",
            Severity::Warning,
            "The frame rate varies; the platform evens it out, and the sound may drift a little.",
            measured,
            limit,
            Some(Rung::Encode),
        ),
    })
}

pub(super) fn frame_count(subject: &Subject<'_>) -> Option<Finding> {
    let max = subject.spec.frames_max?;
    let info = subject.info;
    let rate = info.video.average_frame_rate?.frames_per_second();
    let seconds = info.duration_ms as f64 / 1e3;
    let frames = (seconds * rate).round();
    if frames <= max.value as f64 {
        return None;
    }
    let thinnable = max.value as f64 / seconds >= FRAME_RATE_WORTH_SENDING_FPS;
    let advice = if thinnable {
        "a version with fewer frames per second can be made"
    } else {
        "trim it"
    };
    Some(
        Draft {
            rule: "video.frame_count",
            severity: severity(max.certainty),
            sentence: format!(
                "The video has {frames} frames; {} {} at most {}: {advice}.",
                subject.spec.name,
                wording::takes(max.certainty),
                max.value
            ),
            measured: format!("{frames} frames"),
            limit: format!("at most {} frames", max.value),
            source: max.cited(),
            fix: thinnable.then_some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn duration_min(subject: &Subject<'_>) -> Option<Finding> {
    let (info, spec) = (subject.info, subject.spec);
    let min = spec.duration_min_ms.filter(|min| info.duration_ms < min.value)?;
    let (measured, limit) = (wording::duration(info.duration_ms), wording::duration(min.value));
    Some(
        Draft {
            rule: "video.duration_min",
            severity: severity(min.certainty),
            sentence: format!(
                "The video lasts {measured}; {} {} none under {limit}: choose a longer clip.",
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

/// Over the limit, or in the range that not every account may use.
pub(super) fn duration_max(subject: &Subject<'_>) -> Option<Finding> {
    let (info, spec) = (subject.info, subject.spec);
    let over = |limit: Option<Limit<u64>>| limit.filter(|max| info.duration_ms > max.value);
    let refused = over(spec.duration_max_ms);
    let max = refused.or_else(|| over(spec.duration_doubtful_ms))?;
    let taker = if max.source == ACCOUNT_SOURCE {
        format!("this account at {}", spec.name)
    } else {
        spec.name.to_owned()
    };
    let (measured, limit) = (wording::duration(info.duration_ms), wording::duration(max.value));
    let sentence = if refused.is_some() {
        format!(
            "The video lasts {measured}; {taker} {} at most {limit}: trim it to {limit} or less.",
            wording::takes(max.certainty)
        )
    } else {
        format!("The video lasts {measured}; above {limit} it is not certain that {taker} takes it.")
    };
    Some(
        Draft {
            rule: "video.duration_max",
            severity: severity(max.certainty),
            sentence,
            measured,
            limit: format!("at most {limit}"),
            source: max.cited(),
            fix: None,
        }
        .into_finding(),
    )
}

/// Tells what the platform will make of it. Where the short form is what is wanted, only its risk is told.
pub(super) fn short_form(subject: &Subject<'_>) -> Option<Finding> {
    let (info, spec) = (subject.info, subject.spec);
    let rule = spec.short_form?;
    let form = rule.value;
    if info.video.width_px > info.video.height_px || info.duration_ms > form.duration_max_ms {
        return None;
    }
    let is_wanted = spec.aspect_max.is_some();
    let claims = form
        .claims_block_above_ms
        .filter(|claims_ms| info.duration_ms > *claims_ms)
        .map(|claims_ms| {
            format!(
                " Longer than {}, it is blocked if someone claims a part of it.",
                wording::duration(claims_ms)
            )
        });
    if is_wanted && claims.is_none() {
        return None;
    }
    let sentence = format!(
        "{} shows this as {}: it is square or vertical and lasts at most {}.{}",
        spec.name,
        form.name,
        wording::duration(form.duration_max_ms),
        claims.unwrap_or_default()
    );
    Some(
        Draft {
            rule: "video.short_form",
            severity: Severity::Advice,
            sentence,
            measured: format!(
                "{}, {}",
                wording::picture(info.video.width_px, info.video.height_px),
                wording::duration(info.duration_ms)
            ),
            limit: format!("at most {}", wording::duration(form.duration_max_ms)),
            source: rule.cited(),
            fix: None,
        }
        .into_finding(),
    )
}
