//! The compiled `daypart` against practice platforms in a process of their own. What is asserted is what the
//! platforms received; what Daypart says about itself has to agree with it.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod additions;
mod bad_input;
mod edited;
mod faults;
mod media;
mod post;
mod roles;
mod secrets;
mod transfers;
mod wishes;
