//! The traits the engine needs from the outside, and nothing else.
//!
//! Each trait states its contract; the conformance cases beside it (feature `conformance`) are plain functions
//! that every implementation is put through, fakes included.

pub mod browser;
pub mod clock;
pub mod media;
pub mod network;
pub mod platform;
pub mod randomness;
pub mod registry;
pub mod rounds;
pub mod seal;
pub mod secrets;
pub mod store;
pub mod timeline;
pub mod transfers;

#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "conformance")]
pub mod fakes;
