//! What a plan costs the video, in sentences.

use super::{Cut, Rung, TranscodePlan, geometry::framed};
use crate::{edit::Edit, media_info::MediaInfo};

/// Nothing for a file sent as it is. What the user asked for in the edit is no loss.
pub(super) fn losses(plan: &TranscodePlan, info: &MediaInfo, edited: &MediaInfo, edit: &Edit) -> Vec<String> {
    let mut lost = Vec::new();
    if plan.rung >= Rung::AudioOnly && edited.audio.is_some() {
        lost.push("The sound is encoded again; nobody should hear it.".to_owned());
    }
    if plan.rung >= Rung::AudioOnly
        && let Some(audio) = edited.audio.as_ref().filter(|audio| audio.channels > 2)
    {
        lost.push(format!("{} channels become two.", audio.channels));
    }
    if plan.rung >= Rung::Remux && edited.audio_track_count > 1 {
        lost.push("Only one audio track is kept.".to_owned());
    }
    let Some(target) = &plan.target else {
        return lost;
    };
    if plan.cut == Some(Cut::Smart) {
        lost.push(
            "From each cut to the next keyframe the picture is encoded again and loses a little detail."
                .to_owned(),
        );
        return lost;
    }
    lost.push("The picture is encoded again and loses a little detail.".to_owned());
    if let Some(hardware) = target.hardware {
        lost.push(format!(
            "The graphics card ({}) encodes it: sooner, and softer or larger than software would.",
            hardware.label()
        ));
    }
    let frame = framed(edit, info.video.width_px, info.video.height_px);
    let (width_px, height_px) = frame.size_px();
    let shape = f64::from(target.width_px) / f64::from(target.height_px);
    let (bars, shrunk) = (
        (shape / (frame.width / frame.height) - 1.0).abs() > super::ASPECT_TOLERANCE,
        // Evenness costs a pixel; that is no loss worth a sentence.
        target.width_px + 2 < width_px || target.height_px + 2 < height_px,
    );
    if bars {
        lost.push(format!(
            "Bars are added to make it {} × {}; a crop in the editor would avoid them.",
            target.width_px, target.height_px
        ));
    } else if shrunk {
        lost.push(format!(
            "The picture shrinks from {width_px} × {height_px} to {} × {}.",
            target.width_px, target.height_px
        ));
    }
    if info.video.hdr {
        lost.push("HDR becomes SDR.".to_owned());
    } else if info.video.bit_depth > 8 {
        lost.push("Ten-bit colour becomes eight-bit.".to_owned());
    }
    if let (Some(fps), Some(source)) = (target.frame_rate_fps, info.video.average_frame_rate)
        && source.frames_per_second() > f64::from(fps) + 0.5
    {
        lost.push(format!("It runs at {fps} frames per second."));
    }
    lost
}
