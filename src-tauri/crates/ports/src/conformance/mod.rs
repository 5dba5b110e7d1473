//! Conformance cases, one file per trait: plain functions that panic with a sentence when a promise is broken.
//! Every implementation is put through them, fakes included.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a broken promise ends the test it is found in"
)]

pub mod platform;
pub mod vault;
