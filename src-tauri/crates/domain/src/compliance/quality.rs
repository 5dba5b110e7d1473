//! Advice about looks and sound. None of it is a rule of a platform, and what was not measured is not advised on.

use super::{Finding, Severity, Subject, opinion, wording};
use crate::{edit::Aspect, transcode_plan::Rung};

const SHORT_SIDE_SHARP_PX: u32 = 720;
/// What platforms commonly play at; none of them states it as a rule.
const LOUDNESS_USUAL_LUFS: f64 = -14.0;
/// Nearer than this nobody hears the difference without comparing.
const LOUDNESS_TOLERANCE_LU: f64 = 4.0;

pub(super) fn low_resolution(subject: &Subject<'_>) -> Option<Finding> {
    let video = &subject.info.video;
    if video.width_px.min(video.height_px) >= SHORT_SIDE_SHARP_PX {
        return None;
    }
    let measured = wording::picture(video.width_px, video.height_px);
    Some(advice(
        "video.low_resolution",
        format!(
            "The picture of {measured} will look soft on a phone; a source with more pixels looks sharper."
        ),
        measured,
        "at least 720 px on the shorter side",
        None,
    ))
}

/// Only for the whole picture: whether a crop has removed them is not known.
pub(super) fn black_bars(subject: &Subject<'_>) -> Option<Finding> {
    let bars = subject.analysis.black_bars.filter(|bars| bars.are_visible())?;
    if subject.edit.framing.aspect != Aspect::Source {
        return None;
    }
    Some(advice(
        "video.black_bars",
        "Black bars are part of the picture; crop them away in the editor.",
        format!(
            "left {}, right {}, top {}, bottom {} px",
            bars.left_px, bars.right_px, bars.top_px, bars.bottom_px
        ),
        "no bars",
        None,
    ))
}

pub(super) fn first_frame_black(subject: &Subject<'_>) -> Option<Finding> {
    let starts_there = subject
        .edit
        .ranges
        .first()
        .is_none_or(|range| range.start_us == 0);
    (subject.analysis.first_frame_black == Some(true) && starts_there && subject.edit.cover.is_none()).then(|| {
        advice(
            "video.first_frame_black",
            "The first frame is black, and often stands for the video before it plays: choose a cover or trim it.",
            "black",
            "a frame that shows something",
            None,
        )
    })
}

pub(super) fn upscaled(subject: &Subject<'_>) -> Option<Finding> {
    (subject.analysis.upscaled == Some(true)).then(|| {
        advice(
            "video.upscaled",
            "The picture was enlarged before: it has fewer details than its size promises.",
            wording::picture(subject.info.video.width_px, subject.info.video.height_px),
            "details at full size",
            None,
        )
    })
}

pub(super) fn silent(subject: &Subject<'_>) -> Option<Finding> {
    (subject.info.audio.is_some() && subject.analysis.silent == Some(true)).then(|| {
        advice(
            "audio.silent",
            "The sound track is silent from start to end.",
            "silence",
            "audible sound",
            None,
        )
    })
}

pub(super) fn loudness(subject: &Subject<'_>) -> Option<Finding> {
    let sound = &subject.edit.sound;
    if subject.info.audio.is_none() || subject.analysis.silent == Some(true) || sound.normalise {
        return None;
    }
    let measured_lufs = subject.analysis.loudness_lufs? + sound.volume_db;
    let difference = measured_lufs - LOUDNESS_USUAL_LUFS;
    if difference.abs() <= LOUDNESS_TOLERANCE_LU {
        return None;
    }
    let word = if difference > 0.0 { "loud" } else { "quiet" };
    Some(advice(
        "audio.loudness",
        format!(
            "The sound is {word} ({measured_lufs:.1} LUFS); platforms play at about -14. Daypart can normalise it."
        ),
        format!("{measured_lufs:.1} LUFS"),
        "about -14 LUFS",
        Some(Rung::AudioOnly),
    ))
}

pub(super) fn true_peak(subject: &Subject<'_>) -> Option<Finding> {
    let sound = &subject.edit.sound;
    if subject.info.audio.is_none() || sound.normalise {
        return None;
    }
    let peak_dbtp = subject.analysis.true_peak_dbtp? + sound.volume_db;
    (peak_dbtp > 0.0).then(|| {
        advice(
            "audio.true_peak",
            "The sound's peaks are cut off and will crackle; Daypart can normalise it.",
            format!("{peak_dbtp:.1} dBTP"),
            "at most -1 dBTP",
            Some(Rung::AudioOnly),
        )
    })
}

fn advice(
    rule: &'static str,
    sentence: impl Into<String>,
    measured: impl Into<String>,
    limit: &str,
    fix: Option<Rung>,
) -> Finding {
    opinion(rule, Severity::Advice, sentence, measured, limit, fix)
}
