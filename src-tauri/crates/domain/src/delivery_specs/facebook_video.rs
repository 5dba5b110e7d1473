//! Ordinary videos of a Facebook Page.

use crate::{
    delivery_spec::{DeliverySpec, Document, PictureIntake, Ratio},
    media_info::Container,
};

const PUBLISHING: Document = Document {
    title: "Meta Video API, Publishing",
    as_of: "2026-10",
};
const PHOTOS: Document = Document {
    title: "Meta Pages API, Page photos",
    as_of: "2026-10",
};
const OLD_PAGES: Document = Document {
    title: "Meta's old video pages, which disagree",
    as_of: "2026-10",
};

pub static FACEBOOK_VIDEO: DeliverySpec = DeliverySpec {
    size_min_bytes: Some(OLD_PAGES.reports(1_000)),
    size_doubtful_bytes: Some(OLD_PAGES.leaves_open(1_000_000_000)),
    duration_doubtful_ms: Some(OLD_PAGES.leaves_open(20 * 60 * 1_000)),
    duration_max_ms: Some(OLD_PAGES.leaves_open(4 * 60 * 60 * 1_000)),
    aspect_min: Some(PUBLISHING.states(Ratio::new(9, 16))),
    aspect_max: Some(PUBLISHING.states(Ratio::new(16, 9))),
    pictures: Some(PHOTOS.states(PictureIntake::FromFile)),
    ..DeliverySpec::naming(
        "facebook_video",
        "Facebook video",
        1,
        // More are listed; these are the ones that Daypart sends as they are. WebM is not listed.
        PUBLISHING.states(&[Container::Mp4, Container::Mov]),
        PUBLISHING.reports(&["h264", "hevc"]),
        PUBLISHING.reports(&["aac"]),
        OLD_PAGES.leaves_open(10_000_000_000),
    )
};
