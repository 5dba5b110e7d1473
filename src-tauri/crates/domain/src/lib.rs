//! Daypart's rules: types, delivery specs, compliance, plans, both state machines, retry and lateness.
//!
//! Everything here is a pure function of its arguments. There is no IO, no clock and no randomness in this
//! crate; they come in as values. Nothing here knows how a value is stored or shown: the `Serialize` derives
//! exist for the versioned documents that the store keeps in a column, never for the UI (crate `ipc`).

pub mod account;
pub mod account_check;
pub mod analysis;
pub mod asset;
pub mod bandwidth;
pub mod breaker;
pub mod capabilities;
pub mod captions;
pub mod chunk_plan;
pub mod compliance;
pub mod cover;
pub mod delivery_spec;
pub mod delivery_specs;
pub mod edit;
pub mod edited_media;
pub mod extra;
pub mod hand_off;
pub mod housekeeping;
pub mod ids;
pub mod integrity;
pub mod job;
pub mod lateness;
pub mod lead_time;
pub mod media_info;
pub mod options;
pub mod picture_info;
pub mod platform;
pub mod playback;
pub mod post;
pub mod preflight;
pub mod problem;
pub mod publication;
pub mod publication_state;
pub mod quota;
pub mod reconcile;
pub mod retry;
pub mod schedule;
pub mod text;
pub mod transcode_plan;
pub mod transfer;
