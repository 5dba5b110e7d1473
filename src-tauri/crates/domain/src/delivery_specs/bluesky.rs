//! Bluesky, through its video service or as a blob of the account's own server.

use crate::{
    delivery_spec::{DeliverySpec, Document, PictureIntake},
    media_info::Container,
};

const LEXICON: Document = Document {
    title: "lexicon app.bsky.embed.video",
    as_of: "2026-11",
};
const IMAGES: Document = Document {
    title: "lexicon app.bsky.embed.images",
    as_of: "2026-11",
};
const OFFICIAL_APP: Document = Document {
    title: "source of the official Bluesky app",
    as_of: "2026-11",
};

pub static BLUESKY: DeliverySpec = DeliverySpec {
    duration_max_ms: Some(OFFICIAL_APP.states(10 * 60 * 1_000)),
    pictures: Some(IMAGES.states(PictureIntake::FromFile)),
    ..DeliverySpec::naming(
        "bluesky_video",
        "Bluesky",
        1,
        LEXICON.states(&[Container::Mp4]),
        OFFICIAL_APP.reports(&["h264"]),
        OFFICIAL_APP.reports(&["aac"]),
        LEXICON.states(300_000_000),
    )
};
