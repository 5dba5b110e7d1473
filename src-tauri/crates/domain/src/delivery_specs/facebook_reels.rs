//! Facebook Reels of a Page.

use crate::{
    delivery_spec::{DeliverySpec, Document, PictureIntake, Ratio},
    media_info::Container,
};

const PUBLISHING: Document = Document {
    title: "Meta Video API, Reels Publishing",
    as_of: "2026-10",
};
const NOT_PUBLISHED: Document = Document {
    title: "not published; the smallest figure of Meta's old video pages",
    as_of: "2026-10",
};

pub static FACEBOOK_REELS: DeliverySpec = DeliverySpec {
    duration_min_ms: Some(PUBLISHING.states(3_000)),
    duration_max_ms: Some(PUBLISHING.states(90_000)),
    aspect_min: Some(PUBLISHING.states(Ratio::new(9, 16))),
    aspect_max: Some(PUBLISHING.states(Ratio::new(9, 16))),
    side_min_px: Some(PUBLISHING.states(540)),
    long_side_min_px: Some(PUBLISHING.states(960)),
    frame_rate_min_fps: Some(PUBLISHING.states(24.0)),
    frame_rate_max_fps: Some(PUBLISHING.states(60.0)),
    constant_frame_rate: Some(PUBLISHING.states(())),
    progressive: Some(PUBLISHING.states(())),
    chroma_420: Some(PUBLISHING.states(())),
    closed_gop: Some(PUBLISHING.states(())),
    keyframe_gap_max_ms: Some(PUBLISHING.states(5_000)),
    audio_channels_max: Some(PUBLISHING.states(2)),
    audio_sample_rate_max_hz: Some(PUBLISHING.states(48_000)),
    audio_rate_best_bps: Some(PUBLISHING.advises(128_000)),
    pictures: Some(PUBLISHING.states(PictureIntake::Never)),
    // The page lists the sound among what a reel has to have, and does not say what becomes of one without.
    sound_needed: Some(PUBLISHING.leaves_open(())),
    ..DeliverySpec::naming(
        "facebook_reels",
        "Facebook Reels",
        2,
        PUBLISHING.states(&[Container::Mp4, Container::Mov]),
        PUBLISHING.states(&["h264", "hevc", "vp9", "av1"]),
        PUBLISHING.states(&["aac"]),
        NOT_PUBLISHED.leaves_open(1_000_000_000),
    )
};
