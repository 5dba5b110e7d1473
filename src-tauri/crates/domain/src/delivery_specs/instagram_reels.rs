//! Instagram Reels, published through the Graph API.

use crate::{
    delivery_spec::{DeliverySpec, Document, PictureIntake, Ratio},
    media_info::Container,
};

pub(super) const REFERENCE: Document = Document {
    title: "Instagram Platform, IG User media reference",
    as_of: "2026-10",
};

pub static INSTAGRAM_REELS: DeliverySpec = DeliverySpec {
    duration_min_ms: Some(REFERENCE.states(3_000)),
    duration_max_ms: Some(REFERENCE.states(15 * 60 * 1_000)),
    aspect_min: Some(REFERENCE.states(Ratio::new(1, 100))),
    pictures: Some(REFERENCE.states(PictureIntake::Never)),
    ..video("instagram_reels", "Instagram Reels", 300_000_000)
};

/// What Reels and stories have in common.
pub(super) const fn video(id: &'static str, name: &'static str, size_max_bytes: u64) -> DeliverySpec {
    DeliverySpec {
        index_first: Some(REFERENCE.states(())),
        no_edit_list: Some(REFERENCE.states(())),
        progressive: Some(REFERENCE.states(())),
        closed_gop: Some(REFERENCE.states(())),
        chroma_420: Some(REFERENCE.states(())),
        frame_rate_min_fps: Some(REFERENCE.states(23.0)),
        frame_rate_max_fps: Some(REFERENCE.states(60.0)),
        width_max_px: Some(REFERENCE.states(1920)),
        aspect_max: Some(REFERENCE.states(Ratio::new(10, 1))),
        aspect_best: Some(REFERENCE.advises(Ratio::new(9, 16))),
        video_rate_max_bps: Some(REFERENCE.states(25_000_000)),
        audio_channels_max: Some(REFERENCE.states(2)),
        audio_sample_rate_max_hz: Some(REFERENCE.states(48_000)),
        // “128 kbps”: whether that is a cap or a target is not said.
        audio_rate_max_bps: Some(REFERENCE.leaves_open(128_000)),
        ..DeliverySpec::naming(
            id,
            name,
            1,
            REFERENCE.states(&[Container::Mp4, Container::Mov]),
            REFERENCE.states(&["h264", "hevc"]),
            REFERENCE.states(&["aac"]),
            REFERENCE.states(size_max_bytes),
        )
    }
}
