//! The delivery specs of every platform and placement: one file each, every number with source and date.
//!
//! A number changes here and nowhere else; with it the table's `version`, which makes stored plans stale.

use crate::delivery_spec::DeliverySpec;

mod bluesky;
mod facebook_reels;
mod facebook_video;
mod instagram_reels;
mod instagram_story;
mod linkedin;
mod mastodon;
mod pinterest;
mod threads;
mod tiktok;
mod x;
mod youtube_shorts;
mod youtube_video;

pub use bluesky::BLUESKY;
pub use facebook_reels::FACEBOOK_REELS;
pub use facebook_video::FACEBOOK_VIDEO;
pub use instagram_reels::INSTAGRAM_REELS;
pub use instagram_story::INSTAGRAM_STORY;
pub use linkedin::LINKEDIN;
pub use mastodon::MASTODON;
pub use pinterest::PINTEREST;
pub use threads::THREADS;
pub use tiktok::TIKTOK;
pub use x::X;
pub use youtube_shorts::YOUTUBE_SHORTS;
pub use youtube_video::YOUTUBE_VIDEO;

/// Every table.
pub static ALL: [&DeliverySpec; 13] = [
    &TIKTOK,
    &YOUTUBE_SHORTS,
    &YOUTUBE_VIDEO,
    &INSTAGRAM_REELS,
    &INSTAGRAM_STORY,
    &FACEBOOK_REELS,
    &FACEBOOK_VIDEO,
    &BLUESKY,
    &MASTODON,
    &X,
    &LINKEDIN,
    &THREADS,
    &PINTEREST,
];

/// The table with this id.
pub fn by_id(id: &str) -> Option<&'static DeliverySpec> {
    ALL.into_iter().find(|spec| spec.id == id)
}
