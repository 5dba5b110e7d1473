//! LinkedIn, members and organisations.

use crate::{
    delivery_spec::{DeliverySpec, Document, Ratio},
    media_info::Container,
};

const VIDEOS_API: Document = Document {
    title: "LinkedIn Videos API",
    as_of: "2026-11",
};
const THIRD_PARTIES: Document = Document {
    title: "public clients of LinkedIn",
    as_of: "2026-11",
};

pub static LINKEDIN: DeliverySpec = DeliverySpec {
    size_min_bytes: Some(VIDEOS_API.states(75_000)),
    duration_min_ms: Some(VIDEOS_API.states(3_000)),
    duration_max_ms: Some(VIDEOS_API.states(30 * 60 * 1_000)),
    aspect_min: Some(THIRD_PARTIES.leaves_open(Ratio::new(5, 12))),
    aspect_max: Some(THIRD_PARTIES.leaves_open(Ratio::new(12, 5))),
    ..DeliverySpec::naming(
        "linkedin_video",
        "LinkedIn",
        1,
        VIDEOS_API.states(&[Container::Mp4]),
        THIRD_PARTIES.reports(&["h264"]),
        THIRD_PARTIES.reports(&["aac"]),
        VIDEOS_API.states(500_000_000),
    )
};
