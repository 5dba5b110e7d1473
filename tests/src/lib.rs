//! What the tests of the whole stand on: the compiled `daypart`, practice platforms in a process of their own, and
//! clips. Everything here fails a test by panicking; nothing here knows how Daypart works inside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail like tests"
)]

mod binary;
mod clips;
mod consent;
mod desk;
pub mod grid;
mod network;
mod practice;
mod said;

pub use binary::daypart;
pub use clips::{Clip, Kind};
pub use consent::Answer;
pub use desk::Desk;
pub use network::{Network, Wire};
pub use practice::Practice;
pub use said::{Said, Started};
