//! Files dragged from the file manager. The operating system hands the paths to us and not to the page,
//! so a page can never invent one.

use std::path::PathBuf;

use daypart_ipc::{AssetsDropped, DropHover, event_name};
use tauri::{AppHandle, DragDropEvent, Manager, Window, WindowEvent};

use crate::core::Shell;
use crate::events;

/// What a drag over the window means to the rest of the shell.
#[derive(Debug, PartialEq, Eq)]
pub enum Drag {
    /// Files are over the window, or no longer.
    Hovering(bool),
    Dropped(Vec<PathBuf>),
}

/// The drag in a window event; `None` for other events and for mere movement.
pub fn drag_in(event: &WindowEvent) -> Option<Drag> {
    match event {
        // A drag of text or a link carries no paths and is none of ours.
        WindowEvent::DragDrop(DragDropEvent::Enter { paths, .. }) if !paths.is_empty() => {
            Some(Drag::Hovering(true))
        }
        WindowEvent::DragDrop(DragDropEvent::Leave) => Some(Drag::Hovering(false)),
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => Some(Drag::Dropped(paths.clone())),
        _ => None,
    }
}

/// Handles the drags among the window's events.
pub fn on_window_event(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match drag_in(event) {
        Some(Drag::Hovering(active)) => tell_hover(app, active),
        Some(Drag::Dropped(files)) => {
            tell_hover(app, false);
            add(app, files);
        }
        None => {}
    }
}

/// Adds files that came from outside any command, in the background: dropped, or given to the program.
pub fn add(app: &AppHandle, files: Vec<PathBuf>) {
    if files.is_empty() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // Without a core the window shows that error for everything already.
        let Ok(core) = app.state::<Shell>().core().await else {
            return;
        };
        let paths: Vec<String> = files
            .iter()
            .map(|file| file.to_string_lossy().into_owned())
            .collect();
        match core.add(&paths).await {
            Ok(outcomes) => {
                events::emit::<event_name::assets_dropped>(&app, &AssetsDropped { outcomes });
            }
            Err(problem) => events::notice(&app, problem),
        }
    });
}

fn tell_hover(app: &AppHandle, active: bool) {
    events::emit::<event_name::drop_hover>(app, &DropHover { active });
}

#[cfg(test)]
mod tests {
    use tauri::PhysicalPosition;

    use super::*;

    fn at() -> PhysicalPosition<f64> {
        PhysicalPosition::new(10.0, 20.0)
    }

    #[test]
    fn files_over_the_window_light_it_up_and_leaving_puts_it_out() {
        let enter = DragDropEvent::Enter {
            paths: vec!["/a.mp4".into()],
            position: at(),
        };
        assert_eq!(drag_in(&WindowEvent::DragDrop(enter)), Some(Drag::Hovering(true)));
        assert_eq!(
            drag_in(&WindowEvent::DragDrop(DragDropEvent::Leave)),
            Some(Drag::Hovering(false))
        );
    }

    #[test]
    fn a_drag_of_text_is_none_of_ours() {
        let enter = DragDropEvent::Enter {
            paths: vec![],
            position: at(),
        };
        assert_eq!(drag_in(&WindowEvent::DragDrop(enter)), None);
    }

    #[test]
    fn a_drop_carries_every_path() {
        let paths = vec![PathBuf::from("/a b.mp4"), PathBuf::from("/ü.mov")];
        let drop = DragDropEvent::Drop {
            paths: paths.clone(),
            position: at(),
        };
        assert_eq!(drag_in(&WindowEvent::DragDrop(drop)), Some(Drag::Dropped(paths)));
    }
}
