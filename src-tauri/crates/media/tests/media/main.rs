//! The media crate against real files and the real ffmpeg.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers outside #[test] functions are test code too"
)]

#[cfg(target_os = "linux")]
mod canary;
mod clips;
#[cfg(target_os = "linux")]
mod confined;
#[cfg(unix)]
mod crashes;
mod edge_cases;
mod edge_list;
mod edited;
mod encode;
mod encode_faults;
mod hardware;
#[cfg(target_os = "linux")]
mod hostile;
mod identify;
mod lossless;
mod pause;
mod planned;
mod poster;
mod real_footage;
mod recipes;
mod refusals;
mod sound;
#[cfg(unix)]
mod sound_fed;
mod sound_times;
mod tools;
mod verify;
#[cfg(unix)]
mod witness;
