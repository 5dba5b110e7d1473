//! The adapters against the simulator: every conformance case of the `Platform` trait, and what is particular to each
//! platform.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a broken step ends the test it is in"
)]

mod harness;
mod redirects;
mod tiktok;
mod youtube;
mod youtube_extras;
mod youtube_held;
