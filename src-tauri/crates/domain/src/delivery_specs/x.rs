//! X, ordinary accounts. Subscribers may send more; their limits come with the account.

use crate::{
    delivery_spec::{AccountRule, DeliverySpec, Document, Ratio},
    media_info::Container,
};

const PRACTICES: Document = Document {
    title: "X API documentation, media best practices",
    as_of: "2026-08",
};

pub static X: DeliverySpec = DeliverySpec {
    account_rule: AccountRule::Replaces,
    duration_min_ms: Some(PRACTICES.states(500)),
    duration_max_ms: Some(PRACTICES.states(140_000)),
    side_min_px: Some(PRACTICES.states(32)),
    side_max_px: Some(PRACTICES.states(1280)),
    short_side_max_px: Some(PRACTICES.states(1024)),
    aspect_min: Some(PRACTICES.states(Ratio::new(1, 3))),
    aspect_max: Some(PRACTICES.states(Ratio::new(3, 1))),
    frame_rate_max_fps: Some(PRACTICES.states(60.0)),
    h264_profiles: Some(PRACTICES.states(&["Constrained Baseline", "Baseline", "Main", "High"])),
    chroma_420: Some(PRACTICES.states(())),
    progressive: Some(PRACTICES.states(())),
    closed_gop: Some(PRACTICES.states(())),
    square_pixels: Some(PRACTICES.states(())),
    audio_channels_max: Some(PRACTICES.states(2)),
    ..DeliverySpec::naming(
        "x_video",
        "X",
        1,
        PRACTICES.states(&[Container::Mp4, Container::Mov]),
        PRACTICES.states(&["h264"]),
        PRACTICES.states(&["aac"]),
        PRACTICES.states(512_000_000),
    )
};
