//! YouTube, when it is meant to be a Short. There is no such placement in the API: shape and length decide.

use super::youtube_video::{ENCODING, SHORT, SHORTS, VIDEO};
use crate::delivery_spec::{DeliverySpec, Ratio};

pub static YOUTUBE_SHORTS: DeliverySpec = DeliverySpec {
    id: "youtube_shorts",
    name: "YouTube Shorts",
    version: 1,
    aspect_max: Some(SHORTS.states(Ratio::new(1, 1))),
    aspect_best: Some(ENCODING.advises(Ratio::new(9, 16))),
    // Whether exactly 180.0 s still count is not known.
    duration_doubtful_ms: Some(SHORTS.leaves_open(179_000)),
    duration_max_ms: Some(SHORTS.states(SHORT.duration_max_ms)),
    frame_rate_min_fps: Some(ENCODING.advises(24.0)),
    frame_rate_max_fps: Some(ENCODING.advises(60.0)),
    index_first: Some(ENCODING.advises(())),
    no_edit_list: Some(ENCODING.advises(())),
    closed_gop: Some(ENCODING.advises(())),
    ..VIDEO
};
