//! Rules about the size and shape of the picture.

use super::{Draft, Finding, Subject, severity, wording};
use crate::{
    delivery_spec::{Limit, Ratio},
    transcode_plan::{ASPECT_TOLERANCE, Rung},
};

pub(super) fn picture_size(subject: &Subject<'_>) -> Option<Finding> {
    let spec = subject.spec;
    let (width_px, height_px) = (subject.info.video.width_px, subject.info.video.height_px);
    let (short_px, long_px) = (width_px.min(height_px), width_px.max(height_px));
    let under = |limit: Option<Limit<u32>>, px: u32| limit.filter(|min| px < min.value);
    let over = |limit: Option<Limit<u32>>, px: u32| limit.filter(|max| px > max.value);
    let px = |word: &str, limit: Limit<u32>, of: &str| {
        (
            format!("{word} {} px {of}", limit.value),
            limit.cited(),
            limit.certainty,
        )
    };
    let pixels = u64::from(width_px) * u64::from(height_px);
    let small = under(spec.side_min_px, short_px)
        .map(|min| px("at least", min, "on each side"))
        .or_else(|| {
            under(spec.long_side_min_px, long_px).map(|min| px("at least", min, "on the longer side"))
        });
    let large = || {
        over(spec.side_max_px, long_px)
            .map(|max| px("at most", max, "on each side"))
            .or_else(|| {
                over(spec.short_side_max_px, short_px).map(|max| px("at most", max, "on the shorter side"))
            })
            .or_else(|| over(spec.width_max_px, width_px).map(|max| px("at most", max, "in width")))
            .or_else(|| {
                let max = spec.pixels_max.filter(|max| pixels > max.value)?;
                let limit = format!("at most {} million pixels", max.value as f64 / 1e6);
                Some((limit, max.cited(), max.certainty))
            })
    };
    let (word, (limit, source, certainty)) = match small {
        Some(found) => ("too small", found),
        None => ("too large", large()?),
    };
    let measured = wording::picture(width_px, height_px);
    Some(
        Draft {
            rule: "video.picture_size",
            severity: severity(certainty),
            sentence: format!(
                "The picture of {measured} pixels is {word}; {} {} {limit}.",
                spec.name,
                wording::takes(certainty)
            ),
            measured,
            limit,
            source,
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn aspect(subject: &Subject<'_>) -> Option<Finding> {
    let spec = subject.spec;
    let shape = shape_of(subject);
    let (word, bound) = match (spec.aspect_min, spec.aspect_max) {
        (Some(min), _) if shape < min.value.value() * (1.0 - ASPECT_TOLERANCE) => ("too narrow", min),
        (_, Some(max)) if shape > max.value.value() * (1.0 + ASPECT_TOLERANCE) => ("too wide", max),
        _ => return None,
    };
    let limit = match (spec.aspect_min, spec.aspect_max) {
        (Some(min), Some(max)) if min.value == max.value => ratio(min.value),
        (Some(min), Some(max)) => format!("{} to {}", ratio(min.value), ratio(max.value)),
        (Some(min), None) => format!("{} or wider", ratio(min.value)),
        (None, Some(max)) => format!("{} or narrower", ratio(max.value)),
        (None, None) => return None,
    };
    let measured = wording::picture(subject.info.video.width_px, subject.info.video.height_px);
    Some(
        Draft {
            rule: "video.aspect",
            severity: severity(bound.certainty),
            sentence: format!(
                "The picture of {measured} is {word}; {} {} {limit}: crop it, or bars are added.",
                spec.name,
                wording::takes(bound.certainty)
            ),
            measured,
            limit,
            source: bound.cited(),
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

/// Within what is taken, but not the shape the placement is made for.
pub(super) fn aspect_best(subject: &Subject<'_>) -> Option<Finding> {
    let best = subject.spec.aspect_best?;
    let shape = shape_of(subject);
    if aspect(subject).is_some() || (shape / best.value.value() - 1.0).abs() <= ASPECT_TOLERANCE {
        return None;
    }
    let measured = wording::picture(subject.info.video.width_px, subject.info.video.height_px);
    let limit = ratio(best.value);
    Some(
        Draft {
            rule: "video.aspect_best",
            severity: severity(best.certainty),
            sentence: format!(
                "The picture of {measured} does not fill {}'s frame of {limit}: crop it in the editor if it should.",
                subject.spec.name
            ),
            measured,
            limit,
            source: best.cited(),
            fix: None,
        }
        .into_finding(),
    )
}

fn shape_of(subject: &Subject<'_>) -> f64 {
    f64::from(subject.info.video.width_px) / f64::from(subject.info.video.height_px.max(1))
}

fn ratio(shape: Ratio) -> String {
    format!("{}:{}", shape.width, shape.height)
}
