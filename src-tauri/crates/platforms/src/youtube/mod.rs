//! YouTube: Google sign-in for desktop apps and resumable uploads (Data API v3).
//!
//! The contract these files follow is the project's YouTube contract; section numbers in comments are its own.

mod adapter;
mod capabilities;
mod channel;
mod confirm;
mod endpoints;
mod errors;
mod extras;
mod held;
mod look_up;
mod oauth;
mod playlists;
mod upload;
mod wire;

pub use adapter::YouTube;
pub use endpoints::Endpoints;

/// For people.
const NAME: &str = "YouTube";
