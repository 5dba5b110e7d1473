//! Threads.

use crate::{
    delivery_spec::{DeliverySpec, Document, PictureIntake, Ratio},
    media_info::Container,
};

const POSTS: Document = Document {
    title: "Threads API documentation, Posts",
    as_of: "2026-10",
};

pub static THREADS: DeliverySpec = DeliverySpec {
    index_first: Some(POSTS.states(())),
    no_edit_list: Some(POSTS.states(())),
    progressive: Some(POSTS.states(())),
    closed_gop: Some(POSTS.states(())),
    chroma_420: Some(POSTS.states(())),
    duration_max_ms: Some(POSTS.states(300_000)),
    frame_rate_min_fps: Some(POSTS.states(23.0)),
    frame_rate_max_fps: Some(POSTS.states(60.0)),
    width_max_px: Some(POSTS.states(1920)),
    aspect_min: Some(POSTS.states(Ratio::new(1, 100))),
    aspect_max: Some(POSTS.states(Ratio::new(10, 1))),
    aspect_best: Some(POSTS.advises(Ratio::new(9, 16))),
    // Copies of the page elsewhere say 25 Mbit/s.
    video_rate_max_bps: Some(POSTS.states(100_000_000)),
    audio_channels_max: Some(POSTS.states(2)),
    audio_sample_rate_max_hz: Some(POSTS.states(48_000)),
    audio_rate_max_bps: Some(POSTS.leaves_open(128_000)),
    pictures: Some(POSTS.states(PictureIntake::FromAddress)),
    ..DeliverySpec::naming(
        "threads_video",
        "Threads",
        1,
        POSTS.states(&[Container::Mp4, Container::Mov]),
        POSTS.states(&["h264", "hevc"]),
        POSTS.states(&["aac"]),
        POSTS.states(1_000_000_000),
    )
};
