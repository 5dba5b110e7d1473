//! What a file's time stamps make doubtful: tracks that begin apart, pictures that are hidden, times that are missing
//! (MEDIA.md §7). No platform states a rule for them; each may follow them or not.

use super::{Finding, Severity, Subject, opinion, wording};
use crate::{
    media_info::FrameRate,
    transcode_plan::{Rung, hides_pictures, sound_begins_apart},
};

/// Where edit lists are not wanted at all, `file.edit_list` says so.
pub(super) fn hidden_lead_in(subject: &Subject<'_>) -> Option<Finding> {
    if !hides_pictures(subject.info) || subject.spec.no_edit_list.is_some() {
        return None;
    }
    let hidden = wording::duration(subject.info.hidden_lead_in_ms);
    Some(opinion(
        "file.hidden_lead_in",
        Severity::Warning,
        format!(
            "The file hides {hidden} before its start by an edit list; {} may show them and part sound and picture.",
            subject.spec.name
        ),
        format!("{hidden} hidden"),
        "nothing hidden",
        Some(Rung::Encode),
    ))
}

pub(super) fn audio_offset(subject: &Subject<'_>) -> Option<Finding> {
    if !sound_begins_apart(subject.info) {
        return None;
    }
    let offset_ms = subject.info.audio_offset_ms;
    let apart = format!("{:.2} s", offset_ms.unsigned_abs() as f64 / 1e3);
    let (word, fix) = if offset_ms > 0 {
        ("after", Rung::AudioOnly)
    } else {
        ("before", Rung::Encode)
    };
    Some(opinion(
        "audio.offset",
        Severity::Warning,
        format!(
            "The sound begins {apart} {word} the picture; where the platform overlooks that, the two part. Daypart can \
             make them begin together."
        ),
        format!("{apart} {word} the picture"),
        "both from the start",
        Some(fix),
    ))
}

pub(super) fn reckoned(subject: &Subject<'_>) -> Option<Finding> {
    let video = &subject.info.video;
    subject.info.times_are_reckoned.then(|| {
        let rate = video
            .average_frame_rate
            .map_or_else(|| "a usual rate".to_owned(), |rate| {
                format!("{:.0} frames per second", FrameRate::frames_per_second(rate))
            });
        opinion(
            "video.times_reckoned",
            Severity::Warning,
            format!(
                "The stream says nothing about time: its length is reckoned at {rate}. If it plays too fast or too \
                 slow, change the speed in the editor."
            ),
            "no times",
            "a time for each frame",
            None,
        )
    })
}
