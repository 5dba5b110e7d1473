//! The icon in the system tray: the way back to the window, and what Daypart is doing at a glance.

mod glance;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

pub use glance::Glance;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::core::Shell;
use crate::{events, window};

const ID: &str = "daypart";
const OPEN: &str = "open";
const NEXT: &str = "next";
const PAUSE: &str = "pause";
const QUIT: &str = "quit";

/// What the icon tells. Ordered: of several at once the greatest is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrayState {
    /// Nothing to do before the next due time.
    Normal,
    /// A publication is on its way.
    Busy,
    /// A publication waits for the user, or is in doubt.
    Attention,
}

impl TrayState {
    fn picture(self) -> Image<'static> {
        match self {
            Self::Normal => tauri::include_image!("icons/tray-normal.png"),
            Self::Busy => tauri::include_image!("icons/tray-busy.png"),
            Self::Attention => tauri::include_image!("icons/tray-attention.png"),
        }
    }

    fn tooltip(self) -> &'static str {
        match self {
            Self::Normal => "Daypart",
            Self::Busy => "Daypart: publishing",
            Self::Attention => "Daypart: something needs you",
        }
    }
}

/// The tray icon and the parts of its menu that change.
pub struct Tray {
    icon: TrayIcon,
    next_line: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    is_paused: AtomicBool,
    shown: Mutex<Option<Glance>>,
}

impl Tray {
    /// Puts the icon into the tray. Must be called on the main thread. A desktop without a tray is not an error:
    /// starting Daypart again opens the window there.
    pub fn build(app: &AppHandle) -> tauri::Result<Self> {
        let open = MenuItem::with_id(app, OPEN, "Open Daypart", true, None::<&str>)?;
        let next_line = MenuItem::with_id(app, NEXT, NOTHING_NEXT, false, None::<&str>)?;
        let pause = MenuItem::with_id(app, PAUSE, pause_label(false), true, None::<&str>)?;
        let quit = MenuItem::with_id(app, QUIT, "Quit Daypart", true, None::<&str>)?;
        let menu = Menu::with_items(
            app,
            &[
                &open,
                &PredefinedMenuItem::separator(app)?,
                &next_line,
                &pause,
                &PredefinedMenuItem::separator(app)?,
                &quit,
            ],
        )?;
        let icon = TrayIconBuilder::with_id(ID)
            .icon(TrayState::Normal.picture())
            .tooltip(TrayState::Normal.tooltip())
            .title("")
            .menu(&menu)
            .show_menu_on_left_click(false)
            .on_menu_event(|app, event| match event.id().as_ref() {
                OPEN => window::open(app),
                PAUSE => pause_or_resume(app.clone()),
                QUIT => app.exit(0),
                _ => {}
            })
            .on_tray_icon_event(|icon, event| {
                // Linux trays show the menu on every click and never send this.
                if let TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                } = event
                {
                    window::open(icon.app_handle());
                }
            })
            .build(app)?;
        Ok(Self {
            icon,
            next_line,
            pause,
            is_paused: AtomicBool::new(false),
            shown: Mutex::new(None),
        })
    }

    /// Offers the opposite of what is. May be called from any thread.
    pub fn show_paused(&self, is_paused: bool) {
        if self.is_paused.swap(is_paused, Ordering::Relaxed) == is_paused {
            return;
        }
        if let Err(error) = self.pause.set_text(pause_label(is_paused)) {
            tracing::warn!(%error, "the tray could not be updated");
        }
    }

    /// Shows `glance`. May be called from any thread.
    pub fn show(&self, glance: Glance) {
        // On Linux each change of the picture writes a file.
        let before = self
            .shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(glance.clone());
        if before.as_ref() == Some(&glance) {
            return;
        }
        let Glance { state, next_line } = glance;
        let shown = self
            .icon
            .set_icon(Some(state.picture()))
            .and_then(|()| self.icon.set_tooltip(Some(state.tooltip())))
            .and_then(|()| {
                self.next_line
                    .set_text(next_line.as_deref().unwrap_or(NOTHING_NEXT))
            });
        if let Err(error) = shown {
            tracing::warn!(%error, "the tray could not be updated");
        }
    }
}

const fn pause_label(is_paused: bool) -> &'static str {
    if is_paused {
        "Resume all transfers"
    } else {
        "Pause all transfers"
    }
}

fn pause_or_resume(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let is_paused = app.state::<Tray>().is_paused.load(Ordering::Relaxed);
        let Ok(core) = app.state::<Shell>().core().await else {
            tracing::warn!("transfers cannot be paused before Daypart has started");
            return;
        };
        let done = if is_paused {
            core.engine.resume_transfers().await
        } else {
            core.engine.pause_transfers().await
        };
        if let Err(problem) = done {
            events::notice(&app, problem);
        }
    });
}

const NOTHING_NEXT: &str = "Nothing scheduled";
