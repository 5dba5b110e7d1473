//! The composition root: builds an engine from real parts, once, for the window and the terminal alike.
//!
//! Adapters are named here and nowhere else. Nothing here decides anything about a post.

mod diagnostics;
mod health;
mod log;
mod open;
mod options;
mod pictures;
mod practice;
mod reach;
mod storage;
mod tools;
mod tools_convert;
mod tools_output;
mod tools_pictures;
mod tools_plan;
mod vault;
mod wakes;
pub mod wire;

pub use log::start_log;
pub use open::{App, Running};
pub use options::{AppOptions, PracticeSource, VaultChoice};
pub use pictures::Pictures;
pub use tools::{hardware_encoders, measure, probe, start_simulator};
pub use tools_convert::convert;
pub use tools_output::Output;
pub use tools_pictures::{filmstrip, scenes, still, suggest_covers};
pub use tools_plan::MeasuredClip;
