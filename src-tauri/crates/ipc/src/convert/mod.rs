//! From domain types to wire types and back. Every conversion takes its source apart field by field: a field
//! that is added to the domain stops the build here until somebody decides what becomes of it.

mod account;
mod asset;
mod edit;
mod finding;
mod option;
mod platform;
mod post;
mod problem;
mod publication;
mod transfer;
mod wishes;

pub use asset::AssetLinks;
pub use post::{DraftParts, parse_id};
pub use publication::{PublicationSurroundings, missing_extra};
