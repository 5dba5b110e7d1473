//! The domain's rules, as tables and as properties.

#![expect(
    clippy::unwrap_used,
    reason = "helpers outside #[test] functions are test code too"
)]

mod chunk_plan;
mod clips;
mod compliance;
mod delivery_specs;
mod edit;
mod job;
mod publication_state;
mod schedule;
mod transcode_plan;
