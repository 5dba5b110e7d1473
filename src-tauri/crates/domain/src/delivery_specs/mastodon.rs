//! A Mastodon server as it comes out of the box. Every server tells its own limits, and those count.

use crate::{
    delivery_spec::{AccountRule, DeliverySpec, Document},
    media_info::Container,
};

const INSTANCE: Document = Document {
    title: "Mastodon documentation, Instance entity (defaults of a new server)",
    as_of: "2026-11",
};
const SERVER: Document = Document {
    title: "source of the Mastodon server",
    as_of: "2026-11",
};

pub static MASTODON: DeliverySpec = DeliverySpec {
    account_rule: AccountRule::Replaces,
    pixels_max: Some(INSTANCE.states(8_294_400)),
    frame_rate_max_fps: Some(INSTANCE.states(120.0)),
    frames_max: Some(SERVER.states(36_000)),
    ..DeliverySpec::naming(
        "mastodon_video",
        "Mastodon",
        1,
        INSTANCE.states(&[Container::Mp4, Container::Mov, Container::Webm]),
        // What is not H.264 with AAC the server converts itself.
        SERVER.reports(&["h264", "hevc", "vp8", "vp9", "av1"]),
        SERVER.reports(&["aac", "mp3", "opus", "vorbis"]),
        INSTANCE.states(103_809_024),
    )
};
