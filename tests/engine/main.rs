//! The engine on a real database, real ffmpeg and a virtual clock, against a platform whose faults are scripted.
//! Every case asserts what the platform holds in the end, then what Daypart says about it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a case that cannot go on fails"
)]

mod audio_tracks;
mod clock;
mod clock_set_back;
mod copies;
mod covers;
mod doubts;
mod duplicates;
mod edits;
mod extras;
mod gates;
mod grid;
mod hand_off;
mod housekeeping;
mod intake;
mod integrity;
mod late_world;
mod lateness;
mod long_cut;
mod pictures;
mod platform;
mod playback;
mod retries;
mod rounds;
mod tokens;
mod transfers;
mod wishes;
mod world;
