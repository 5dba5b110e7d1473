//! `daypart`: the same core without a window.
//!
//! Beside a running window it is a guest: it records what you want and the window does the work. Alone it is the
//! owner and works itself until there is nothing left to wait for.

mod browser;
mod commands;
mod destinations;
mod exit;
mod follow;
mod interruption;
mod output;
mod progress;
mod session;
mod target;
mod timecode;
mod wish_options;

use clap::Parser;

use crate::commands::Command;

/// Publish videos from the terminal.
///
/// Exit codes: 0 done · 1 a fault of Daypart's own · 2 wrong usage · 3 you have to do something first ·
/// 4 refused for good · 5 it is not known whether a post went out · 6 a passing fault, try again ·
/// 7 a limit of the platform, wait.
#[derive(Parser)]
#[command(name = "daypart", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    match commands::run(arguments.command).await {
        Ok(code) => code.into(),
        Err(problem) => {
            output::print_problem(&problem);
            exit::ExitCode::of(&problem).into()
        }
    }
}
