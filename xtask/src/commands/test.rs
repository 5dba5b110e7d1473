//! `cargo xtask test`: every test there is. CI calls nothing else.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    arguments::TestOptions,
    call::Call,
    setup::{self, packages::Purpose},
    steps::{Step, run_all, select},
    workspace,
};

/// Folders with a package-lock.json of their own, and the steps that need them.
const NODE_FOLDERS: &[(&str, &[&str])] = &[
    ("ui", &["ui-build", "ui", "svelte-check", "browser"]),
    ("tests/browser", &["browser"]),
];

/// Sets up and runs the steps.
///
/// # Errors
/// When set-up fails or a step's name is unknown. Failing steps are no error: the exit code tells.
pub fn test(options: &TestOptions) -> Result<ExitCode> {
    let steps = select(steps(), &options.only)?;
    if options.list {
        for step in &steps {
            println!("{:<14} {}", step.name, step.call);
        }
        return Ok(ExitCode::SUCCESS);
    }
    set_up(&steps, options)?;
    Ok(run_all(&steps))
}

fn set_up(steps: &[Step], options: &TestOptions) -> Result<()> {
    let has = |name: &str| steps.iter().any(|step| step.name == name);
    setup::system::ensure(&[Purpose::Run, Purpose::Test], options.setup)?;
    for (folder, needed_by) in NODE_FOLDERS {
        if needed_by.iter().any(|name| has(name)) {
            setup::node::ensure(folder)?;
        }
    }
    Ok(())
}

/// All steps in an order in which each thing is compiled once: everything of ours is built in one call with one
/// selection of features, and the tests run what that call built.
fn steps() -> Vec<Step> {
    vec![
        Step::new("format", &[], Call::line("cargo fmt --all -- --check")),
        // The shell carries the built UI in itself, so even its lints need it.
        Step::new("ui-build", &[], Call::line("npm run build").within("ui")),
        Step::new(
            "build",
            &["ui-build"],
            Call::line("cargo build --workspace --all-targets"),
        ),
        Step::new(
            "rust",
            &["build"],
            // The pipeline and crash tests would otherwise build it again, without the tests' features.
            Call::line("cargo test --workspace --all-targets --no-fail-fast")
                .env("DAYPART_BINARY", workspace::built("debug", "daypart")),
        ),
        // `cargo xtask gen --check` with the programs that are built already.
        Step::new(
            "generated",
            &["build"],
            Call::new(
                "bash",
                [
                    "-c",
                    "target/debug/gen-ipc --check && target/debug/gen-docs --check",
                ],
            ),
        ),
        Step::new("ui", &[], Call::line("npm test").within("ui")),
        Step::new("svelte-check", &[], Call::line("npm run check").within("ui")),
        Step::new(
            "browser",
            &["ui-build"],
            Call::line("npm test").within("tests/browser"),
        ),
        Step::new(
            "keychain",
            &["build"],
            Call::line("src-tauri/crates/vault/tests/keychain.sh cargo test --workspace --test keychain"),
        ),
        Step::new("desktop", &["build"], Call::line("tests/desktop/run")),
        Step::new(
            "clippy",
            &["ui-build"],
            Call::line("cargo clippy --workspace --all-targets -- -D warnings"),
        ),
    ]
}
