//! The binary under test.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The compiled `daypart`: the one named by `DAYPART_BINARY`, else one that cargo brings up to date first.
pub fn daypart() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("DAYPART_BINARY") {
        Some(path) => path.into(),
        None => built(),
    })
}

/// Asks for the whole workspace's features, so that what a workspace build has made is used again.
fn built() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args([
            "build",
            "--workspace",
            "--bin",
            "daypart",
            "--message-format",
            "json",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "daypart does not build:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "daypart")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo names the executable")
}
