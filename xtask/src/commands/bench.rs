//! `cargo xtask bench`.

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::BenchOptions;

/// # Errors
/// When set-up or build fails.
pub fn bench(options: &BenchOptions) -> Result<ExitCode> {
    let _ = options;
    anyhow::bail!("comes with the daypart program")
}
