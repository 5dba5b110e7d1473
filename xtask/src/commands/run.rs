//! `cargo xtask run`: from a fresh clone to the open window.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    arguments::RunOptions,
    call::Call,
    setup::{self, packages::Purpose},
    workspace,
};

/// Sets up, builds and opens the app; ends when the app ends.
///
/// # Errors
/// When set-up or build fails. Without a display nothing is done and the exit code is 2.
pub fn run(options: &RunOptions) -> Result<ExitCode> {
    if !setup::display::is_there() {
        eprintln!(
            "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the window cannot open.\n\
             To see Daypart's main job without a window:\n\n  cargo xtask demo\n\n\
             To test the real window on a virtual display:\n\n  cargo xtask test --only desktop"
        );
        return Ok(ExitCode::from(2));
    }
    setup::system::ensure(&[Purpose::Run], options.setup)?;
    setup::node::ensure("ui")?;
    Call::line("npm run build").within("ui").run()?;
    Call::line("cargo build --workspace --bins").run()?;
    let app = workspace::built("debug", "daypart-desktop").display().to_string();
    eprintln!(
        "\nDaypart opens now. Closing the window leaves it in the tray; quit it from the tray's menu.\n"
    );
    let ended = Call::new(&app, options.app_arguments.clone())
        .command()
        .status()?;
    Ok(if ended.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
