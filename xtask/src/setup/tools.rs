//! Programs of the tests that come from crates. They are installed into the build folder, never into the home folder.

use std::path::PathBuf;

use anyhow::Result;

use crate::{call::Call, workspace};

const TAURI_DRIVER: &str = "tauri-driver@2.1.0";

/// Installs tauri-driver and returns the folder it is in.
///
/// # Errors
/// When cargo cannot fetch or build it.
pub fn ensure_tauri_driver() -> Result<PathBuf> {
    let tools = workspace::tools();
    let programs = tools.join("bin");
    if !programs.join("tauri-driver").is_file() {
        let place = tools.display().to_string();
        Call::new(
            "cargo",
            ["install", "--quiet", "--locked", "--root", &place, TAURI_DRIVER],
        )
        .env("CARGO_TARGET_DIR", tools.join("build"))
        .run()?;
    }
    Ok(programs)
}
