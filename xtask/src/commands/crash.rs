//! `cargo xtask crash`: the whole crash grid, of which `cargo xtask test` plays a fixed part.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    arguments::CrashOptions,
    call::Call,
    setup::{self, packages::Purpose},
    workspace,
};

/// Where the practice platforms are reached on a network of their own: nothing else runs there.
const SHAPED_LOOPBACK: &str = "ip link set lo mtu 1500 up && exec \"$@\"";

/// Plays the grid and prints a table per adapter.
///
/// # Errors
/// When set-up or the build fails. Red cells are no error: the exit code tells.
pub fn crash(options: &CrashOptions) -> Result<ExitCode> {
    setup::system::ensure(&[Purpose::Run, Purpose::Test], options.setup)?;
    Call::line("cargo build -p daypart-cli --bin daypart").run()?;
    let tests = ["test", "-p", "daypart-tests", "--test", "crash"];
    if options.network {
        return network(&tests);
    }
    let words = [
        &tests[..],
        &[
            "--test",
            "engine",
            "--no-fail-fast",
            "--",
            "grid::",
            "--nocapture",
        ],
    ]
    .concat();
    let mut grid = surrounded(Call::new("cargo", words))
        .env("DAYPART_GRID", "full")
        .env("DAYPART_GRID_SEED", options.seed.to_string());
    if let Some(step) = &options.only {
        grid = grid.env("DAYPART_GRID_ONLY", step.as_str());
    }
    println!("seed {}", options.seed);
    let (is_green, _) = grid.run_and_listen()?;
    Ok(if is_green {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The compiled program on a network whose loopback is shaped by the kernel.
fn network(tests: &[&str]) -> Result<ExitCode> {
    let allowed = Call::new("unshare", ["-rn", "tc", "qdisc", "show", "dev", "lo"]).output();
    if let Err(reason) = allowed {
        println!("skipped: this computer allows no network namespace with tc ({reason:#})");
        return Ok(ExitCode::SUCCESS);
    }
    let build = [tests, &["--no-run"]].concat();
    Call::new("cargo", build).run()?;
    let inside = ["-rn", "sh", "-c", SHAPED_LOOPBACK, "sh", "cargo"];
    let words = [&inside[..], tests, &["--", "shaped::", "--nocapture"]].concat();
    let call = surrounded(Call::new("unshare", words)).env("DAYPART_SHAPED_LOOPBACK", "1");
    let (is_green, _) = call.run_and_listen()?;
    Ok(if is_green {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn surrounded(call: Call) -> Call {
    call.env("DAYPART_BINARY", workspace::built("debug", "daypart"))
        .env("RUST_BACKTRACE", "0")
}
