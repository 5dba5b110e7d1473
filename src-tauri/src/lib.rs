//! The desktop shell: window, tray, drag and drop, notifications, and the commands of the UI.
//!
//! It is the only crate that knows Tauri. It decides nothing about publishing: every command is handed to the core,
//! which goes on working when the window is closed.

mod arguments;
mod browser;
mod clipboard;
mod commands;
mod core;
mod drops;
mod events;
mod file_address;
mod notifications;
mod preview;
mod tray;
mod window;

use std::process::ExitCode;
use std::time::Duration;

use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};

use crate::arguments::{Arguments, HELP, Print};
use crate::core::Shell;
use crate::tray::Tray;

/// How long quitting waits for work under way.
const CLOSING_WAIT: Duration = Duration::from_secs(10);

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
            begin(app, Arguments::parse(words.into_iter().skip(1), folder.as_ref()));
        }))
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::handler())
        .on_window_event(on_window_event)
        .setup(move |app| {
            app.manage(Shell::new());
            app.manage(Tray::build(app.handle())?);
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move { handle.state::<Shell>().run(&handle).await });
            end_on_signals(app.handle());
            begin(app.handle(), arguments);
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
    app.run(|app, event| match event {
        // Closing the last window asks to end the program (no code); only quitting really does (with a code).
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => close(app),
        _ => {}
    });
    ExitCode::SUCCESS
}

fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        window::close(window.app_handle(), window);
    }
    if let WindowEvent::Focused(true) = event {
        look_at_files(window.app_handle().clone());
    }
    drops::on_window_event(window, event);
}

/// Whoever comes back to the window may have moved or changed files in between.
fn look_at_files(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let Ok(core) = app.state::<Shell>().core().await else {
            return;
        };
        if let Err(problem) = core.engine.check_files().await {
            tracing::warn!(%problem, "the library's files were not looked at");
        }
    });
}

/// What each start asks for, the first one and every further one: its files, and a window.
fn begin(app: &AppHandle, arguments: Arguments) {
    drops::add(app, arguments.files);
    if !arguments.hidden {
        window::open(app);
    }
}

/// Work under way comes to a safe point; what does not within the time is taken up again at the next start.
fn close(app: &AppHandle) {
    let stopped = tauri::async_runtime::block_on(async {
        tokio::time::timeout(CLOSING_WAIT, app.state::<Shell>().stop()).await
    });
    if stopped.is_err() {
        tracing::warn!("closing took too long; the next start continues");
    }
}

/// Logging out, or Ctrl+C in a terminal, closes as quitting does.
#[cfg(unix)]
fn end_on_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        app.exit(0);
    });
}

#[cfg(not(unix))]
fn end_on_signals(_: &AppHandle) {}

/// Whether a window could be shown at all. Elsewhere than on Linux a session always has a display.
fn display_is_there() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
