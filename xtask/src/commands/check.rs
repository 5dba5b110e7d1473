//! `cargo xtask check`: what is quick to ask before a commit.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    call::Call,
    steps::{Step, run_all},
};

/// Runs format, lints (without the shell), generated files and the architecture tests.
///
/// # Errors
/// None of its own: failing steps are told by the exit code.
pub fn check() -> Result<ExitCode> {
    Ok(run_all(&[
        Step::new("format", &[], Call::line("cargo fmt --all -- --check")),
        Step::new(
            "clippy",
            &[],
            Call::line("cargo clippy --all-targets -- -D warnings"),
        ),
        Step::new("generated", &[], Call::line("cargo xtask gen --check")),
        Step::new(
            "architecture",
            &[],
            Call::line("cargo test --package daypart-tests --test architecture"),
        ),
    ]))
}
