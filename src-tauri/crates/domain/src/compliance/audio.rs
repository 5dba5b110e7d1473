//! Rules about how the sound is coded.

use super::{Draft, Finding, Severity, Subject, opinion, severity, wording};
use crate::{delivery_spec::Certainty, transcode_plan::Rung};

/// Rates are averages; AAC meant as 128 kbit/s measures a little more.
const RATE_TOLERANCE_PERCENT: u64 = 10;

pub(super) fn codec(subject: &Subject<'_>) -> Option<Finding> {
    let audio = subject.info.audio.as_ref()?;
    let spec = subject.spec;
    if spec.audio_codecs.value.contains(&audio.codec.as_str()) {
        return None;
    }
    let measured = wording::codec(&audio.codec).to_owned();
    let limit = wording::any_of(spec.audio_codecs.value.iter().map(|name| wording::codec(name)));
    Some(
        Draft {
            rule: "audio.codec",
            severity: severity(spec.audio_codecs.certainty),
            sentence: format!("The sound is coded as {measured}; {} takes {limit}.", spec.name),
            measured,
            limit,
            source: spec.audio_codecs.cited(),
            fix: Some(Rung::AudioOnly),
        }
        .into_finding(),
    )
}

pub(super) fn channels(subject: &Subject<'_>) -> Option<Finding> {
    let audio = subject.info.audio.as_ref()?;
    let max = subject
        .spec
        .audio_channels_max
        .filter(|max| audio.channels > max.value)?;
    Some(
        Draft {
            rule: "audio.channels",
            severity: severity(max.certainty),
            sentence: format!(
                "The sound has {} channels; {} {} at most {}.",
                audio.channels,
                subject.spec.name,
                wording::takes(max.certainty),
                max.value
            ),
            measured: format!("{} channels", audio.channels),
            limit: format!("at most {} channels", max.value),
            source: max.cited(),
            fix: Some(Rung::AudioOnly),
        }
        .into_finding(),
    )
}

pub(super) fn sample_rate(subject: &Subject<'_>) -> Option<Finding> {
    let audio = subject.info.audio.as_ref()?;
    let max = subject
        .spec
        .audio_sample_rate_max_hz
        .filter(|max| audio.sample_rate_hz > max.value)?;
    Some(
        Draft {
            rule: "audio.sample_rate",
            severity: severity(max.certainty),
            sentence: format!(
                "The sound is sampled at {} Hz; {} {} at most {} Hz.",
                audio.sample_rate_hz,
                subject.spec.name,
                wording::takes(max.certainty),
                max.value
            ),
            measured: format!("{} Hz", audio.sample_rate_hz),
            limit: format!("at most {} Hz", max.value),
            source: max.cited(),
            fix: Some(Rung::AudioOnly),
        }
        .into_finding(),
    )
}

pub(super) fn bit_rate(subject: &Subject<'_>) -> Option<Finding> {
    let max = subject.spec.audio_rate_max_bps?;
    let rate_bps = subject.info.audio.as_ref()?.bit_rate_bps?;
    if rate_bps <= max.value + max.value * RATE_TOLERANCE_PERCENT / 100 {
        return None;
    }
    let (measured, limit) = (wording::rate(rate_bps), wording::rate(max.value));
    Some(
        Draft {
            rule: "audio.bit_rate",
            severity: severity(max.certainty),
            sentence: format!(
                "The sound takes {measured}; {} {} at most {limit}.",
                subject.spec.name,
                wording::takes(max.certainty)
            ),
            measured,
            limit: format!("at most {limit}"),
            source: max.cited(),
            fix: Some(Rung::AudioOnly),
        }
        .into_finding(),
    )
}

/// A video that the user muted is meant to be silent; where a track is needed it gets a silent one all the same.
pub(super) fn missing(subject: &Subject<'_>) -> Option<Finding> {
    if subject.info.audio.is_some() {
        return None;
    }
    if let Some(needed) = subject.spec.sound_needed {
        let word = match needed.certainty {
            Certainty::Stated | Certainty::Reported => "takes no video without",
            Certainty::Unverified | Certainty::Advised => "may not take a video without",
        };
        return Some(
            Draft {
                rule: "audio.missing",
                severity: severity(needed.certainty),
                sentence: format!(
                    "The video has no sound; {} {word}: a silent track can be added.",
                    subject.spec.name
                ),
                measured: "no audio track".to_owned(),
                limit: "one audio track".to_owned(),
                source: needed.cited(),
                fix: Some(Rung::AudioOnly),
            }
            .into_finding(),
        );
    }
    (!subject.edit.sound.muted).then(|| {
        opinion(
            "audio.missing",
            Severity::Advice,
            "The video has no sound.",
            "no audio track",
            "one audio track",
            None,
        )
    })
}

pub(super) fn several_tracks(subject: &Subject<'_>) -> Option<Finding> {
    let count = subject.info.audio_track_count;
    (count > 1 && subject.edit.sound.track.is_none()).then(|| {
        opinion(
            "audio.track_count",
            Severity::Advice,
            format!("The file has {count} audio tracks; only the main one is used."),
            format!("{count} tracks"),
            "one audio track",
            Some(Rung::Remux),
        )
    })
}
