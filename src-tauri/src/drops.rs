//! Files dragged from the file manager. The operating system hands the paths to us and not to the page,
//! so a page can never invent one.

use std::path::PathBuf;

use tauri::{DragDropEvent, Window, WindowEvent};

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

/// Handles every window event of the app.
pub fn on_window_event(window: &Window, event: &WindowEvent) {
    if let Some(drag) = drag_in(event) {
        tracing::debug!(window = window.label(), ?drag, "drag and drop");
    }
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
