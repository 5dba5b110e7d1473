//! The engine on a real database, real ffmpeg and a virtual clock, against a platform whose faults are scripted.
//! Every case asserts what the platform holds in the end, then what Daypart says about it.

mod clock;
mod doubts;
mod edits;
mod lateness;
mod platform;
mod retries;
mod tokens;
mod world;
