//! `cargo xtask gen`: the committed files that are made from code.

use std::process::ExitCode;

use anyhow::Result;

use crate::{arguments::GenerateOptions, call::Call};

/// The programs that write generated files. Each takes `--check`.
pub const GENERATORS: &[&str] = &[
    "cargo run --quiet --package daypart-ipc --bin gen-ipc --",
    "cargo run --quiet --package daypart-tests --bin gen-docs --",
];

/// Writes all generated files, or with `--check` only compares them.
///
/// # Errors
/// When a generator fails, or a file is not current.
pub fn generate(options: &GenerateOptions) -> Result<ExitCode> {
    let mut current = true;
    for generator in GENERATORS {
        let line = if options.check {
            format!("{generator} --check")
        } else {
            (*generator).to_owned()
        };
        current &= Call::line(&line).run().is_ok();
    }
    Ok(if current {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
