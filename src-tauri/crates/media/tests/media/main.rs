//! The media crate against real files and the real ffmpeg.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers outside #[test] functions are test code too"
)]

mod audio_tracks;
#[cfg(target_os = "linux")]
mod canary;
mod captions;
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
mod framed_parts;
mod hardware;
#[cfg(target_os = "linux")]
mod hostile;
mod identify;
mod looks;
mod lossless;
mod pause;
mod planned;
mod planned_cuts;
mod planned_timing;
mod poster;
mod proxy;
mod real_footage;
mod recipes;
mod refusals;
mod sound;
#[cfg(unix)]
mod sound_fed;
mod sound_times;
mod stills;
mod tools;
mod verify;
#[cfg(unix)]
mod witness;
