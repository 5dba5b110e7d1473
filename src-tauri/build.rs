//! Checks that the built UI is there, then lets Tauri generate its context.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    // Only the standalone binary embeds the UI; `tauri dev` loads it from the dev server.
    if std::env::var_os("CARGO_FEATURE_CUSTOM_PROTOCOL").is_some() {
        println!("cargo::rerun-if-changed=ui/dist/index.html");
        if !Path::new("ui/dist/index.html").is_file() {
            println!(
                "cargo::error=The user interface is not built: ui/dist/index.html is missing. \
                 Run `cargo xtask run` (it does everything), or `npm ci && npm run build` in ui/, and build again."
            );
            return;
        }
    }
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=tauri.conf.json or src-tauri/capabilities is not right: {error:#}");
    }
}
