//! TikTok: Login Kit for desktop and direct posting by file upload (Content Posting API v2).
//!
//! The contract these files follow is the project's TikTok contract; section numbers in comments are its own.

mod adapter;
mod capabilities;
mod confirm;
mod creator;
mod endpoints;
mod errors;
mod look_up;
mod oauth;
mod upload;
mod wire;

pub use adapter::TikTok;
pub use endpoints::Endpoints;

/// For people.
const NAME: &str = "TikTok";
