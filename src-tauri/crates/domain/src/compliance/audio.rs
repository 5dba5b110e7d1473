//! Rules about the sound.

use super::{Draft, Finding, OWN_ADVICE, Severity, wording};
use crate::{delivery_spec::DeliverySpec, media_info::MediaInfo, transcode_plan::Rung};

pub(super) fn codec(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    let audio = info.audio.as_ref()?;
    if spec.audio_codecs.value.contains(&audio.codec.as_str()) {
        return None;
    }
    let measured = wording::codec(&audio.codec).to_owned();
    let limit = wording::any_of(spec.audio_codecs.value.iter().map(|name| wording::codec(name)));
    Some(
        Draft {
            rule: "audio.codec",
            severity: Severity::Refusal,
            sentence: format!("The sound is coded as {measured}; {} takes {limit}.", spec.name),
            measured,
            limit,
            source: spec.audio_codecs.source,
            fix: Some(Rung::AudioOnly),
        }
        .into_finding(),
    )
}

pub(super) fn channels(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    let audio = info.audio.as_ref()?;
    let max = spec.audio_channels_max?;
    if audio.channels <= max.value {
        return None;
    }
    Some(
        Draft {
            rule: "audio.channels",
            severity: Severity::Refusal,
            sentence: format!(
                "The sound has {} channels; {} takes at most {}.",
                audio.channels, spec.name, max.value
            ),
            measured: format!("{} channels", audio.channels),
            limit: format!("at most {} channels", max.value),
            source: max.source,
            fix: Some(Rung::AudioOnly),
        }
        .into_finding(),
    )
}

pub(super) fn sample_rate(info: &MediaInfo, spec: &DeliverySpec) -> Option<Finding> {
    let audio = info.audio.as_ref()?;
    let max = spec.audio_sample_rate_max_hz?;
    if audio.sample_rate_hz <= max.value {
        return None;
    }
    Some(
        Draft {
            rule: "audio.sample_rate",
            severity: Severity::Refusal,
            sentence: format!(
                "The sound is sampled at {} Hz; {} takes at most {} Hz.",
                audio.sample_rate_hz, spec.name, max.value
            ),
            measured: format!("{} Hz", audio.sample_rate_hz),
            limit: format!("at most {} Hz", max.value),
            source: max.source,
            fix: Some(Rung::AudioOnly),
        }
        .into_finding(),
    )
}

pub(super) fn missing(info: &MediaInfo) -> Option<Finding> {
    info.audio.is_none().then(|| {
        Draft {
            rule: "audio.missing",
            severity: Severity::Advice,
            sentence: "The video has no sound.".to_owned(),
            measured: "no audio track".to_owned(),
            limit: "one audio track".to_owned(),
            source: OWN_ADVICE,
            fix: None,
        }
        .into_finding()
    })
}

pub(super) fn several_tracks(info: &MediaInfo) -> Option<Finding> {
    (info.audio_track_count > 1).then(|| {
        Draft {
            rule: "audio.track_count",
            severity: Severity::Advice,
            sentence: format!(
                "The file has {} audio tracks; only the main one is used.",
                info.audio_track_count
            ),
            measured: format!("{} tracks", info.audio_track_count),
            limit: "one audio track".to_owned(),
            source: OWN_ADVICE,
            fix: Some(Rung::Remux),
        }
        .into_finding()
    })
}
