//! TikTok, posted through the Content Posting API.

use crate::{
    delivery_spec::{DeliverySpec, Document, PictureIntake},
    media_info::Container,
};

const GUIDE: Document = Document {
    title: "TikTok Media Transfer Guide",
    as_of: "2026-11",
};
const PHOTO_POSTS: Document = Document {
    title: "TikTok Content Posting API, photo posts",
    as_of: "2026-11",
};
const NOT_DOCUMENTED: Document = Document {
    title: "not documented by TikTok; what its containers usually carry",
    as_of: "2026-11",
};
const THIRD_PARTIES: Document = Document {
    title: "third parties' tables of TikTok's limits",
    as_of: "2026-11",
};

pub static TIKTOK: DeliverySpec = DeliverySpec {
    frame_rate_min_fps: Some(GUIDE.states(23.0)),
    frame_rate_max_fps: Some(GUIDE.states(60.0)),
    side_min_px: Some(GUIDE.states(360)),
    side_max_px: Some(GUIDE.states(4096)),
    duration_min_ms: Some(THIRD_PARTIES.leaves_open(3_000)),
    // Each creator's own limit comes with the account and is often tighter.
    duration_max_ms: Some(GUIDE.states(600_000)),
    // TikTok does not say whether its 4 GB are decimal; above the binary reading it certainly refuses.
    size_doubtful_bytes: Some(GUIDE.leaves_open(4_000_000_000)),
    pictures: Some(PHOTO_POSTS.states(PictureIntake::FromAddress)),
    ..DeliverySpec::naming(
        "tiktok_video",
        "TikTok",
        2,
        GUIDE.states(&[Container::Mp4, Container::Mov, Container::Webm]),
        GUIDE.states(&["h264", "hevc", "vp8", "vp9"]),
        NOT_DOCUMENTED.reports(&["aac", "mp3", "opus", "vorbis"]),
        GUIDE.states(4_294_967_296),
    )
};
