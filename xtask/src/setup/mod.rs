//! What must be on this computer before anything can be built or tested.

pub mod display;
pub mod node;
pub mod packages;
pub mod system;
