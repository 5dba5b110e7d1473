//! Cuts, black and frozen stretches in a reel of real pictures, against the truth and against ffmpeg's scdet.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers outside #[test] functions are test code too"
)]

#[expect(dead_code, reason = "shared with the other tests of this crate")]
#[path = "../media/clips.rs"]
mod clips;

mod found;
mod reel;
