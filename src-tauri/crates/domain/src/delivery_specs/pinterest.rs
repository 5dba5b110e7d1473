//! Pinterest, video Pins.

use crate::{
    delivery_spec::{DeliverySpec, Document, Ratio},
    media_info::Container,
};

const THIRD_PARTIES: Document = Document {
    title: "third parties' tables of Pinterest's limits",
    as_of: "2026-11",
};

pub static PINTEREST: DeliverySpec = DeliverySpec {
    duration_min_ms: Some(THIRD_PARTIES.reports(4_000)),
    duration_max_ms: Some(THIRD_PARTIES.reports(15 * 60 * 1_000)),
    // One version of the table says 1 GB.
    size_doubtful_bytes: Some(THIRD_PARTIES.leaves_open(1_000_000_000)),
    aspect_min: Some(THIRD_PARTIES.reports(Ratio::new(1, 2))),
    aspect_max: Some(THIRD_PARTIES.reports(Ratio::new(191, 100))),
    aspect_best: Some(THIRD_PARTIES.advises(Ratio::new(9, 16))),
    ..DeliverySpec::naming(
        "pinterest_video",
        "Pinterest",
        1,
        // M4V is MP4 by another name.
        THIRD_PARTIES.reports(&[Container::Mp4, Container::Mov]),
        THIRD_PARTIES.reports(&["h264", "hevc"]),
        THIRD_PARTIES.reports(&["aac"]),
        THIRD_PARTIES.reports(2_000_000_000),
    )
};
