//! Where things are in the source folder.

use std::path::{Path, PathBuf};

/// The top of the source folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// Cargo's build folder; follows `CARGO_TARGET_DIR`.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A program built by `cargo build` in the debug or release profile.
pub fn built(profile: &str, program: &str) -> PathBuf {
    target().join(profile).join(program)
}
