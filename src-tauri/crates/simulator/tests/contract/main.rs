//! The contracts' section 10, check by check, over real HTTP. One binary: linking is the slow part.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod common;

mod control_surface;
mod faults;
mod restart;
mod road;
mod tiktok_chunks;
mod tiktok_init;
mod tiktok_oauth;
mod tiktok_status;
mod youtube_extras;
mod youtube_metadata;
mod youtube_oauth;
mod youtube_upload;
mod youtube_videos;
