//! `cargo xtask soak`: the engine over virtual months. What it does and what must hold stands in `tests/soak`.

use std::process::ExitCode;

use anyhow::Result;

use crate::{arguments::SoakOptions, call::Call};

/// Runs the soak at the given size. Its figures are printed; a violation names the seed that shows it again.
///
/// # Errors
/// When cargo cannot be started. A violation is no error: the exit code tells.
pub fn soak(options: &SoakOptions) -> Result<ExitCode> {
    let size = format!(
        "seed={},days={},publications={},accounts={}",
        options.seed, options.days, options.publications, options.accounts
    );
    let (held, _) =
        Call::line("cargo test --package daypart-tests --test soak -- --nocapture nothing_is_posted_twice")
            .env("DAYPART_SOAK", &size)
            .run_and_listen()?;
    if held {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("it did not hold with {size}");
    Ok(ExitCode::FAILURE)
}
