//! What people see in a browser: the operations page, a page per post, pictures and files.

pub(crate) mod layout;
pub(crate) mod media;
pub(crate) mod operations;
pub(crate) mod picture;
pub(crate) mod post;
