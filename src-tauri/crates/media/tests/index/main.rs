//! The index of MP4 and MOV files against ffprobe's list of packets, and against files that lie.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers outside #[test] functions are test code too"
)]

#[expect(dead_code, reason = "shared with the other tests of this crate")]
#[path = "../media/clips.rs"]
mod clips;

mod excerpts;
mod lies;
mod packets;
