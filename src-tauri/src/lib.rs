//! The desktop shell: window, tray, drag and drop, notifications, and the commands of the UI.
//!
//! It is the only crate that knows Tauri. It decides nothing about publishing: every command is handed to the core,
//! which goes on working when the window is closed.

mod arguments;
mod browser;
mod commands;
mod core;
mod drops;
mod events;
mod notifications;
mod preview;
mod tray;
mod views;
mod window;

use std::process::ExitCode;

use tauri::{AppHandle, Manager, RunEvent};

use crate::arguments::{Arguments, HELP, Print};
use crate::tray::Tray;

/// Runs the program until the user quits it. A second start hands its files to the first one and ends.
pub fn run() -> ExitCode {
    let folder = std::env::current_dir().unwrap_or_default();
    let arguments = Arguments::parse(std::env::args().skip(1), &folder);
    match arguments.print {
        Some(Print::Help) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(Print::Version) => {
            println!("daypart-desktop {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        None => {}
    }
    if let Some(option) = arguments.unknown.first() {
        eprintln!("daypart-desktop does not know the option {option}. Try --help.");
        return ExitCode::from(2);
    }
    if !display_is_there() {
        eprintln!(
            "Daypart needs a graphical session: neither DISPLAY nor WAYLAND_DISPLAY is set. \
             Without one, use the program `daypart`, or `cargo xtask demo` in the source folder."
        );
        return ExitCode::from(2);
    }

    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, words, folder| {
            started_again(app, Arguments::parse(words.into_iter().skip(1), folder.as_ref()));
        }))
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::handler())
        .on_window_event(drops::on_window_event)
        .setup(move |app| {
            app.manage(Tray::build(app.handle())?);
            if !arguments.hidden {
                window::open(app.handle());
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            eprintln!("Daypart could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    app.run(|_, event| {
        // Closing the last window asks to end the program (no code); only quitting really does (with a code).
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    ExitCode::SUCCESS
}

/// The program was started while it runs: its files become ours, and the window comes to the front.
fn started_again(app: &AppHandle, arguments: Arguments) {
    if !arguments.hidden {
        window::open(app);
    }
}

/// Whether a window could be shown at all. Elsewhere than on Linux a session always has a display.
fn display_is_there() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
