//! Filmstrips against what ffmpeg itself decodes, frame for frame.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers outside #[test] functions are test code too"
)]

#[expect(dead_code, reason = "shared with the other tests of this crate")]
#[path = "../media/clips.rs"]
mod clips;

mod cache;
#[cfg(unix)]
mod fed;
mod frames;
mod order;
mod reference;
mod trouble;
mod whole;
#[cfg(unix)]
#[path = "../media/witness.rs"]
mod witness;
