//! Which frames are suggested as covers, and what becomes of a picture of one's own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers outside #[test] functions are test code too"
)]

#[expect(dead_code, reason = "shared with the other tests of this crate")]
#[path = "../media/clips.rs"]
mod clips;

mod own;
mod suggested;
