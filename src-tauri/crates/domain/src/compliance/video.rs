//! Rules about how the picture is coded.

use super::{Draft, Finding, Severity, Subject, opinion, severity, wording};
use crate::{delivery_spec::Limit, transcode_plan::Rung};

/// Rates are averages over the file; what is meant as 25 Mbit/s measures a little more.
const RATE_TOLERANCE_PERCENT: u64 = 5;

pub(super) fn codec(subject: &Subject<'_>) -> Option<Finding> {
    let (info, spec) = (subject.info, subject.spec);
    if spec.video_codecs.value.contains(&info.video.codec.as_str()) {
        return None;
    }
    let measured = wording::codec(&info.video.codec).to_owned();
    let limit = wording::any_of(spec.video_codecs.value.iter().map(|name| wording::codec(name)));
    Some(
        Draft {
            rule: "video.codec",
            severity: severity(spec.video_codecs.certainty),
            sentence: format!("The picture is coded as {measured}; {} takes {limit}.", spec.name),
            measured,
            limit,
            source: spec.video_codecs.cited(),
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn profile(subject: &Subject<'_>) -> Option<Finding> {
    let rule = subject.spec.h264_profiles?;
    let profile = subject.info.video.profile.as_deref()?;
    if subject.info.video.codec != "h264" || rule.value.contains(&profile) {
        return None;
    }
    Some(
        Draft {
            rule: "video.profile",
            severity: severity(rule.certainty),
            sentence: format!(
                "The picture uses H.264's profile {profile}; {} {} {} at most.",
                subject.spec.name,
                wording::takes(rule.certainty),
                rule.value.last().unwrap_or(&"none")
            ),
            measured: profile.to_owned(),
            limit: wording::any_of(rule.value.iter().copied()),
            source: rule.cited(),
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn bit_rate(subject: &Subject<'_>) -> Option<Finding> {
    let max = subject.spec.video_rate_max_bps?;
    let rate_bps = subject.info.video.bit_rate_bps?;
    if rate_bps <= max.value + max.value * RATE_TOLERANCE_PERCENT / 100 {
        return None;
    }
    let (measured, limit) = (wording::rate(rate_bps), wording::rate(max.value));
    Some(
        Draft {
            rule: "video.bit_rate",
            severity: severity(max.certainty),
            sentence: format!(
                "The picture takes {measured}; {} {} at most {limit}.",
                subject.spec.name,
                wording::takes(max.certainty)
            ),
            measured,
            limit: format!("at most {limit}"),
            source: max.cited(),
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

pub(super) fn chroma(subject: &Subject<'_>) -> Option<Finding> {
    let video = &subject.info.video;
    let format = video.pixel_format.as_str();
    let fuller = format.contains("422") || format.contains("444") || format.starts_with("gbr");
    if fuller && let Some(rule) = &subject.spec.chroma_420 {
        return Some(demand(
            subject,
            rule,
            "video.pixel_format",
            "The picture is stored in more colour detail than 4:2:0",
            format,
            "4:2:0",
        ));
    }
    // Ten bits of HDR are already told by the HDR finding.
    let deeper = video.bit_depth > 8 && !video.hdr;
    (fuller || deeper).then(|| {
        risk(
            "video.pixel_format",
            "The picture is stored in more colour detail than platforms keep; some cannot read it.",
            format,
            "8 bits, 4:2:0",
        )
    })
}

pub(super) fn high_dynamic_range(subject: &Subject<'_>) -> Option<Finding> {
    subject.info.video.hdr.then(|| {
        risk(
            "video.hdr",
            "The video is HDR; where HDR is not shown, its colours can look pale or harsh.",
            "HDR",
            "SDR (BT.709)",
        )
    })
}

pub(super) fn interlaced(subject: &Subject<'_>) -> Option<Finding> {
    if !subject.info.video.interlaced {
        return None;
    }
    Some(match &subject.spec.progressive {
        Some(rule) => demand(
            subject,
            rule,
            "video.interlaced",
            "The video is interlaced",
            "interlaced",
            "progressive",
        ),
        None => risk(
            "video.interlaced",
            "The video is interlaced; movement will show comb lines unless it is converted.",
            "interlaced",
            "progressive",
        ),
    })
}

pub(super) fn pixel_shape(subject: &Subject<'_>) -> Option<Finding> {
    let video = &subject.info.video;
    if video.square_pixels {
        return None;
    }
    let measured = wording::picture(video.coded_width_px, video.coded_height_px);
    Some(match &subject.spec.square_pixels {
        Some(rule) => demand(
            subject,
            rule,
            "video.pixel_shape",
            "The pixels are not square",
            &measured,
            "square pixels",
        ),
        None => risk(
            "video.pixel_shape",
            "The pixels are not square; a platform that ignores this shows the picture squeezed.",
            &measured,
            "square pixels",
        ),
    })
}

pub(super) fn closed_gop(subject: &Subject<'_>) -> Option<Finding> {
    let rule = subject.spec.closed_gop.as_ref()?;
    (subject.analysis.closed_gop == Some(false)).then(|| {
        demand(
            subject,
            rule,
            "video.closed_gop",
            "Frames refer back past their keyframe (open groups of pictures)",
            "open",
            "closed groups of pictures",
        )
    })
}

pub(super) fn keyframe_gap(subject: &Subject<'_>) -> Option<Finding> {
    let max = subject.spec.keyframe_gap_max_ms?;
    let gap_ms = subject
        .analysis
        .keyframe_gap_max_ms
        .filter(|gap_ms| *gap_ms > max.value)?;
    let (measured, limit) = (wording::duration(gap_ms), wording::duration(max.value));
    Some(
        Draft {
            rule: "video.keyframe_gap",
            severity: severity(max.certainty),
            sentence: format!(
                "Keyframes stand up to {measured} apart; {} {} at most {limit}.",
                subject.spec.name,
                wording::takes(max.certainty)
            ),
            measured,
            limit: format!("at most {limit}"),
            source: max.cited(),
            fix: Some(Rung::Encode),
        }
        .into_finding(),
    )
}

/// A property the platform asks for. Only new video brings it.
fn demand(
    subject: &Subject<'_>,
    rule: &Limit<()>,
    name: &'static str,
    fact: &str,
    measured: &str,
    limit: &str,
) -> Finding {
    Draft {
        rule: name,
        severity: severity(rule.certainty),
        sentence: format!(
            "{fact}; {} {} {limit}.",
            subject.spec.name,
            wording::wants(rule.certainty)
        ),
        measured: measured.to_owned(),
        limit: limit.to_owned(),
        source: rule.cited(),
        fix: Some(Rung::Encode),
    }
    .into_finding()
}

/// Accepted, but it may look worse than it could.
fn risk(name: &'static str, sentence: &str, measured: &str, limit: &str) -> Finding {
    opinion(
        name,
        Severity::Warning,
        sentence,
        measured,
        limit,
        Some(Rung::Encode),
    )
}
