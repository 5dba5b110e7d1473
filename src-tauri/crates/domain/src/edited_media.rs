//! A source as its edit leaves it, in the terms of a probe.

use std::borrow::Cow;

use crate::{
    edit::{Aspect, Edit, Fit},
    media_info::MediaInfo,
    transcode_plan::geometry::{framed, within_usual_box},
};

/// What a probe would measure if nothing but the edit were carried out: length, shape and sound are the
/// edit's, everything else is the source's. The size is in proportion to what is kept. Another audio track counts
/// with its own facts; one that was never probed is taken to be like the main one.
pub fn edited_info<'a>(info: &'a MediaInfo, edit: &Edit) -> Cow<'a, MediaInfo> {
    if edit.is_identity() {
        return Cow::Borrowed(info);
    }
    let mut made = info.clone();
    let source_us = info.duration_ms.saturating_mul(1_000);
    made.duration_ms = edit.edited_duration_us(source_us) / 1_000;
    let kept_us = edit.kept_duration_us(source_us);
    made.size_bytes =
        u64::try_from(u128::from(info.size_bytes) * u128::from(kept_us) / u128::from(source_us.max(1)))
            .unwrap_or(info.size_bytes);
    if !edit.keeps_picture() {
        let picture = framed(edit, info.video.width_px, info.video.height_px);
        let fits_whole = |fit: &Fit| !matches!(fit, Fit::Fill { .. });
        let added_room = edit.framing.aspect != Aspect::Source && edit.fits().iter().any(fits_whole);
        // A picture with room around it is made to measure; it has no size of its own.
        let (width_px, height_px) = if added_room {
            within_usual_box(picture.width, picture.height)
        } else {
            picture.size_px()
        };
        (made.video.width_px, made.video.height_px) = (width_px, height_px);
        (made.video.coded_width_px, made.video.coded_height_px) = (width_px, height_px);
    }
    if !edit.ranges.is_empty() {
        // Parts are cut from what is shown and heard together.
        (made.hidden_lead_in_ms, made.audio_offset_ms) = (0, 0);
    }
    if edit.sound.muted {
        made.audio = None;
        made.audio_track_count = 0;
    } else if let Some(chosen) = edit.sound.track.and_then(|track| info.audio_track(track)) {
        made.audio = Some(chosen.clone());
    }
    Cow::Owned(made)
}
