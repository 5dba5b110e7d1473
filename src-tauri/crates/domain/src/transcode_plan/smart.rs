//! Where an exact cut can do with new video up to the next keyframe alone (MEDIA.md §5).

use super::{EncodeTarget, Material, Reason, Rung};
use crate::{
    edit::{KeptRange, Turn},
    media_info::Container,
};

/// Whether copied frames may stand beside new ones: H.264 of 8 bit 4:2:0 at a constant rate, shown as it is stored,
/// in groups that are not known to be open, and a target that leaves the picture as it is. The encoder looks once
/// more and encodes everything where this promised too much.
pub(super) fn suits(material: &Material<'_>, target: &EncodeTarget) -> bool {
    let (info, video) = (material.info, &material.info.video);
    let source = matches!(info.container, Container::Mp4 | Container::Mov)
        && video.codec == "h264"
        && video.pixel_format == "yuv420p"
        && video.bit_depth == 8
        && video.rotation_deg == 0
        && !video.mirrored
        && video.square_pixels
        && !(video.hdr || video.interlaced || video.variable_frame_rate || info.times_are_reckoned)
        && material.analysis.closed_gop != Some(false)
        && video
            .bit_rate_bps
            .is_some_and(|rate_bps| rate_bps <= target.max_rate_bps);
    let picture = material.edit.keeps_picture()
        && !material.edit.changes_speed()
        && (target.width_px, target.height_px) == (video.width_px, video.height_px)
        && target.frame_rate_fps.is_none()
        && target.crop.is_none()
        && target.turn == Turn::default()
        && target.captions_path.is_none()
        && !target.two_passes;
    source && picture
}

/// From each part's start to its first keyframe, all parts together; `None` where nothing would be left to copy.
pub(super) fn newly_encoded_us(parts: &[KeptRange], keyframes_us: &[u64]) -> Option<u64> {
    let (mut encoded_us, mut kept_us) = (0_u64, 0_u64);
    for part in parts {
        let first = keyframes_us.partition_point(|keyframe_us| *keyframe_us < part.start_us);
        let copied_from_us = keyframes_us
            .get(first)
            .map_or(part.end_us, |keyframe_us| (*keyframe_us).min(part.end_us));
        encoded_us += copied_from_us - part.start_us;
        kept_us += part.length_us();
    }
    (encoded_us < kept_us).then_some(encoded_us)
}

/// Says of the cut how little it touches.
pub(super) fn tell(why: &mut [Reason], encoded_us: u64) {
    for reason in why
        .iter_mut()
        .filter(|reason| reason.rule == "edit.cut" && reason.rung == Rung::Encode)
    {
        reason.sentence = reason.sentence.replace(
            "an exact cut needs new video.",
            &format!(
                "a smart cut makes {:.2} s anew, up to the next keyframe, and leaves the rest as it is.",
                encoded_us as f64 / 1e6
            ),
        );
    }
}
