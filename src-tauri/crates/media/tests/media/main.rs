//! The media crate against real files and the real ffmpeg.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers outside #[test] functions are test code too"
)]

mod clips;
mod edited;
mod encode;
mod encode_faults;
mod hardware;
mod hostile;
mod identify;
mod lossless;
mod pause;
mod planned;
mod poster;
mod probe;
mod real_footage;
mod recipes;
mod refusals;
mod sound;
mod sound_times;
mod tools;
mod verify;
