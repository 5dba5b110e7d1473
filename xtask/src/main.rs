//! The developer's entrance to Daypart. `cargo xtask` alone prints what there is.

mod arguments;
mod call;
mod clips;
mod commands;
mod consent;
mod counts;
mod daypart;
mod loopback;
mod setup;
mod steps;
mod utc;
mod workspace;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::{Arguments, Command};

/// 0: done. 1: something failed. 2: the command line or this computer does not allow it.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let Some(command) = arguments.command else {
        return match Arguments::command().print_help() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    };
    let outcome = match command {
        Command::Run(options) => commands::run::run(&options),
        Command::Demo(options) => commands::demo::demo(&options),
        Command::Test(options) => commands::test::test(&options),
        Command::Check => commands::check::check(),
        Command::Gen(options) => commands::generate::generate(&options),
        Command::Bench(options) => commands::bench::bench(&options),
        Command::Crash(options) => commands::crash::crash(&options),
        Command::Soak(options) => commands::soak::soak(&options),
        Command::Package(options) => commands::package::package(&options),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
