//! `cargo xtask package`: the .deb and .rpm files.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    arguments::SetupOptions,
    call::Call,
    setup::{self, packages::Purpose},
    workspace,
};

/// Builds both packages with the Tauri CLI, which builds the UI first.
///
/// # Errors
/// When set-up or build fails.
pub fn package(options: &SetupOptions) -> Result<ExitCode> {
    setup::system::ensure(&[Purpose::Run, Purpose::Package], *options)?;
    setup::node::ensure("ui")?;
    Call::line("npx --prefix ui tauri build --bundles deb,rpm").run()?;
    println!(
        "\nThe packages are in {}",
        workspace::built("release", "bundle").display()
    );
    Ok(ExitCode::SUCCESS)
}
