//! The command line of `cargo xtask`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Everything a developer of Daypart starts: the app, the tests, the measurements",
    after_help = "Start here:\n  cargo xtask run     set up this computer, build, open the app\n  \
                  cargo xtask test    set up this computer, pass every test\n  \
                  cargo xtask demo    publish a clip to the practice platforms without a window"
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Set everything up, build, and open the app
    Run(RunOptions),
    /// Publish a clip to both practice platforms in a terminal, and print the receipts
    Demo(DemoOptions),
    /// Set everything up and run every test, the real window included
    Test(TestOptions),
    /// The quick checks before a commit: format, lints, generated files, architecture
    Check,
    /// Write the generated files: the UI's TypeScript, docs/states.md, docs/platforms.md
    Gen(GenerateOptions),
    /// Measure, and write target/bench/GROUP.json
    Bench(BenchOptions),
    /// Play the crash grid: every step × everything that may happen to it
    Crash(CrashOptions),
    /// Post for 90 virtual days under faults, crashes and sleeps, and let the platforms' ledgers judge
    Soak(SoakOptions),
    /// Build the .deb and .rpm packages (release build; about ten minutes)
    Package(SetupOptions),
}

#[derive(Args, Clone, Copy)]
pub struct SetupOptions {
    /// Install missing system packages without asking
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Args)]
pub struct RunOptions {
    #[command(flatten)]
    pub setup: SetupOptions,
    /// Handed to the app, e.g. video files to add
    #[arg(last = true)]
    pub app_arguments: Vec<String>,
}

#[derive(Args)]
pub struct DemoOptions {
    #[command(flatten)]
    pub setup: SetupOptions,
    /// The clip to publish; without it a vertical one of eight seconds is generated
    pub clip: Option<PathBuf>,
    /// Seconds from the moment of scheduling to the due time
    #[arg(long, default_value_t = 8)]
    pub in_seconds: u32,
}

#[derive(Args)]
pub struct TestOptions {
    #[command(flatten)]
    pub setup: SetupOptions,
    /// Only these steps and what they need (see --list); may be given several times
    #[arg(long, value_name = "STEP")]
    pub only: Vec<String>,
    /// Name the steps and the commands they run, and do nothing
    #[arg(long)]
    pub list: bool,
}

#[derive(Args)]
pub struct GenerateOptions {
    /// Change nothing; fail when a generated file is not current
    #[arg(long)]
    pub check: bool,
}

#[derive(Args)]
pub struct CrashOptions {
    #[command(flatten)]
    pub setup: SetupOptions,
    /// What cells leave open (which status, which byte, which season) is drawn from it
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// One row only: probe, prepare, open, upload, publish, hand-over, confirm, reconcile, amend, refresh, extras
    #[arg(long, value_name = "STEP")]
    pub only: Option<String>,
    /// Instead: real cuts in a network namespace of its own (Linux, tc)
    #[arg(long, conflicts_with = "only")]
    pub network: bool,
}

#[derive(Args)]
pub struct BenchOptions {
    #[command(flatten)]
    pub setup: SetupOptions,
    /// Only these groups: upload, memory, lateness, start, window, probe, strip, sound, scenes, remux, rules,
    /// trim, transcode; may be given several times
    #[arg(long, value_name = "GROUP")]
    pub only: Vec<String>,
}

#[derive(Args)]
pub struct SoakOptions {
    /// The same seed gives the same plan, weather and faults
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[arg(long, default_value_t = 90)]
    pub days: u32,
    #[arg(long, default_value_t = 10_000)]
    pub publications: u32,
    /// Spread over six makes of platform
    #[arg(long, default_value_t = 40)]
    pub accounts: u32,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_bare_call_is_no_error_and_asks_for_nothing() {
        assert!(Arguments::try_parse_from(["cargo xtask"]).is_ok_and(|a| a.command.is_none()));
    }
}
