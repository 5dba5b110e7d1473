//! The wire between the core and the user interface.
//!
//! Every type that crosses the border is declared here once; `cargo xtask gen` (or
//! `cargo run -p daypart-ipc --bin gen-ipc`) writes the TypeScript of all of them into
//! `ui/src/lib/ipc/generated/`, and CI fails when the committed files differ.
//!
//! Calling convention: a command takes no argument, or exactly one argument named `request`;
//! it answers with its response or with one [`WireError`]. Ids are strings, instants are ISO 8601 in
//! UTC, wall times are ISO 8601 without an offset beside a named zone, sizes and durations are numbers
//! whose unit is the last word of the field's name.
//!
//! Domain types know nothing of this crate: the conversions are written out by hand and take every
//! field apart, so that a new field in the domain breaks the build here instead of vanishing.

mod account;
mod app;
mod asset;
pub mod convert;
mod edit;
mod error;
mod event;
mod finding;
mod option;
mod platform;
mod playback;
mod post;
mod publication;
mod table;
mod timeline;
mod transfer;
mod typescript;
mod upkeep;
mod wishes;

pub use account::*;
pub use app::*;
pub use asset::*;
pub use edit::*;
pub use error::*;
pub use event::*;
pub use finding::*;
pub use option::*;
pub use platform::*;
pub use playback::*;
pub use post::*;
pub use publication::*;
pub use table::*;
pub use timeline::*;
pub use transfer::*;
pub use typescript::typescript;
pub use upkeep::*;
pub use wishes::*;
