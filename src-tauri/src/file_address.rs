//! `file:` addresses, as file managers hand them out.

use std::path::PathBuf;

use url::Url;

/// The path of a `file:` address of this computer; `None` for everything else.
pub fn path_of(address: &str) -> Option<PathBuf> {
    Url::parse(address)
        .ok()
        .filter(|url| url.scheme() == "file")
        .and_then(|url| url.to_file_path().ok())
}
