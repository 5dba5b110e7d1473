//! One file per command.

pub mod bench;
pub mod check;
pub mod crash;
pub mod demo;
pub mod generate;
pub mod package;
pub mod run;
pub mod soak;
pub mod test;
