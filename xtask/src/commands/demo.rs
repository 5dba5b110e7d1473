//! `cargo xtask demo`.

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::DemoOptions;

/// # Errors
/// When set-up or build fails.
pub fn demo(options: &DemoOptions) -> Result<ExitCode> {
    let _ = options;
    anyhow::bail!("comes with the daypart program")
}
