//! Rules about the picture and its length.

use super::{Draft, Finding, OWN_ADVICE, Severity, wording};
use crate::{
    delivery_spec::{AccountLimits, DeliverySpec},
    media_info::MediaInfo,
    transcode_plan::Rung,
};

/// Containers round frame times to their clock; a phone's “60 fps” measures as 60.05.
const FRAME_RATE_TOLERANCE: f64 = 0.005;

pub(super) fn codec(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    if spec.video_codecs.value.contains(&info.video.codec.as_str()) {
        return None;
    }
    let measured = wording::codec(&info.video.codec).to_owned();
    let limit = wording::any_of(spec.video_codecs.value.iter().map(|name| wording::codec(name)));
    Some(
        Draft {
            rule: "video.codec",
            severity: Severity::Refusal,
            sentence: format!("The picture is coded as {measured}; {} takes {limit}.", spec.name),
            measured,
            limit,
            source: spec.video_codecs.source,
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn picture_size(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    let (width_px, height_px) = (info.video.width_px, info.video.height_px);
    let measured = wording::picture(width_px, height_px);
    let (limit, source, sentence) = match (spec.side_min_px, spec.side_max_px) {
        (Some(min), _) if width_px.min(height_px) < min.value => (
            format!("at least {} px on each side", min.value),
            min.source,
            "too small",
        ),
        (_, Some(max)) if width_px.max(height_px) > max.value => (
            format!("at most {} px on each side", max.value),
            max.source,
            "too large",
        ),
        _ => return None,
    };
    Some(
        Draft {
            rule: "video.picture_size",
            severity: Severity::Refusal,
            sentence: format!(
                "The picture of {measured} pixels is {sentence}; {} takes {limit}.",
                spec.name
            ),
            measured,
            limit,
            source,
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn frame_rate(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    let rate = info.video.average_frame_rate?.frames_per_second();
    let (limit, source) = match (spec.frame_rate_min_fps, spec.frame_rate_max_fps) {
        (Some(min), _) if rate < min.value * (1.0 - FRAME_RATE_TOLERANCE) => (
            format!("at least {}", wording::frames_per_second(min.value)),
            min.source,
        ),
        (_, Some(max)) if rate > max.value * (1.0 + FRAME_RATE_TOLERANCE) => (
            format!("at most {}", wording::frames_per_second(max.value)),
            max.source,
        ),
        _ => return None,
    };
    let measured = wording::frames_per_second(rate);
    Some(
        Draft {
            rule: "video.frame_rate",
            severity: Severity::Refusal,
            sentence: format!(
                "The video runs at {measured} frames per second; {} takes {limit}.",
                spec.name
            ),
            measured: format!("{measured} fps"),
            limit: format!("{limit} fps"),
            source,
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn duration_min(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    let min = spec.duration_min_ms?;
    if info.duration_ms >= min.value {
        return None;
    }
    let (measured, limit) = (wording::duration(info.duration_ms), wording::duration(min.value));
    Some(
        Draft {
            rule: "video.duration_min",
            severity: Severity::Refusal,
            sentence: format!(
                "The video lasts {measured}; {} takes none under {limit}: choose a longer clip.",
                spec.name
            ),
            measured,
            limit: format!("at least {limit}"),
            source: min.source,
            fix: None,
        }
        .into_finding(),
    )
}

pub(super) fn duration_max(info: &MediaInfo, spec: &DeliverySpec, limits: AccountLimits) -> Option<Finding> {
    let platform = spec.duration_max_ms.map(|max| (max.value, max.source));
    let account = limits
        .duration_max_ms
        .map(|max| (max, "the account's own limit, as the platform reports it"));
    let (max_ms, source) = match (platform, account) {
        // The tighter one counts; on a tie the platform's, which has a citable source.
        (Some(platform), Some(account)) if account.0 < platform.0 => account,
        (Some(platform), _) => platform,
        (None, account) => account?,
    };
    if info.duration_ms <= max_ms {
        return None;
    }
    let by_account = platform.is_none_or(|(value, _)| max_ms < value);
    let taker = if by_account {
        format!("this account at {}", spec.name)
    } else {
        spec.name.to_owned()
    };
    let (measured, limit) = (wording::duration(info.duration_ms), wording::duration(max_ms));
    Some(
        Draft {
            rule: "video.duration_max",
            severity: Severity::Refusal,
            sentence: format!(
                "The video lasts {measured}; {taker} takes at most {limit}: trim it to {limit} or less."
            ),
            measured,
            limit: format!("at most {limit}"),
            source,
            fix: None,
        }
        .into_finding(),
    )
}

pub(super) fn variable_frame_rate(info: &MediaInfo) -> Option<Finding> {
    info.video.variable_frame_rate.then(|| {
        advice_of_encode(
            "video.variable_frame_rate",
            "The frame rate varies; the platform evens it out, and the sound may drift a little.",
            "variable frame rate",
            "constant frame rate",
        )
    })
}

pub(super) fn high_dynamic_range(info: &MediaInfo) -> Option<Finding> {
    info.video.hdr.then(|| {
        advice_of_encode(
            "video.hdr",
            "The video is HDR; where HDR is not shown, its colours can look pale or harsh.",
            "HDR",
            "SDR (BT.709)",
        )
    })
}

pub(super) fn chroma(info: &MediaInfo) -> Option<Finding> {
    let format = info.video.pixel_format.as_str();
    let fuller = format.contains("422") || format.contains("444") || format.starts_with("gbr");
    // Ten bits of HDR are already told by the HDR finding.
    let deeper = info.video.bit_depth > 8 && !info.video.hdr;
    (fuller || deeper).then(|| {
        advice_of_encode(
            "video.pixel_format",
            "The picture is stored in more colour detail than platforms keep; some cannot read it.",
            format,
            "8 bits, 4:2:0",
        )
    })
}

pub(super) fn interlaced(info: &MediaInfo) -> Option<Finding> {
    info.video.interlaced.then(|| {
        advice_of_encode(
            "video.interlaced",
            "The video is interlaced; movement will show comb lines unless it is converted.",
            "interlaced",
            "progressive",
        )
    })
}

pub(super) fn pixel_shape(info: &MediaInfo) -> Option<Finding> {
    (!info.video.square_pixels).then(|| {
        advice_of_encode(
            "video.pixel_shape",
            "The pixels are not square; a platform that ignores this shows the picture squeezed.",
            &wording::picture(info.video.coded_width_px, info.video.coded_height_px),
            "square pixels",
        )
    })
}

fn advice_of_encode(rule: &'static str, sentence: &str, measured: &str, limit: &str) -> Finding {
    Draft {
        rule,
        severity: Severity::Warning,
        sentence: sentence.to_owned(),
        measured: measured.to_owned(),
        limit: limit.to_owned(),
        source: OWN_ADVICE,
        fix: Some(Rung::Encode),
    }
    .into_finding()
}
