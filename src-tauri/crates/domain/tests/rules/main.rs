//! The domain's rules, as tables and as properties.

#![expect(
    clippy::unwrap_used,
    reason = "helpers outside #[test] functions are test code too"
)]

mod audio_tracks;
mod calls;
mod captions;
mod cases;
mod chunk_plan;
mod clips;
mod compliance;
mod compliance_edited;
mod delivery_specs;
mod edit;
mod framing_per_part;
mod job;
mod ladder;
mod pictures;
mod placements;
mod playback;
mod publication_state;
mod renditions;
mod rounds;
mod schedule;
mod timing;
mod transcode_plan;
mod wishes;
