//! Instagram stories, published through the Graph API.

use super::instagram_reels::{REFERENCE, video};
use crate::delivery_spec::{DeliverySpec, PictureIntake, Ratio};

pub static INSTAGRAM_STORY: DeliverySpec = DeliverySpec {
    duration_min_ms: Some(REFERENCE.states(3_000)),
    duration_max_ms: Some(REFERENCE.states(60_000)),
    aspect_min: Some(REFERENCE.states(Ratio::new(1, 10))),
    pictures: Some(REFERENCE.states(PictureIntake::FromAddress)),
    ..video("instagram_story", "Instagram story", 100_000_000)
};
