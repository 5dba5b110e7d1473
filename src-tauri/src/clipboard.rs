//! Files that were copied in a file manager. WebKitGTK tells a page that files are pasted, but not which ones.

use std::path::PathBuf;

use tauri::AppHandle;

use crate::file_address;

/// The files on the clipboard in their order; empty when there are none. Known on Linux only.
#[cfg(target_os = "linux")]
pub async fn files(app: &AppHandle) -> Vec<PathBuf> {
    let (answer, found) = tokio::sync::oneshot::channel();
    // GTK may be asked on its own thread only. The file manager answers when it has time, or GTK gives up.
    let asked = app.run_on_main_thread(move || ask(answer));
    if let Err(error) = asked {
        tracing::warn!(%error, "the clipboard could not be read");
    }
    found.await.unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
pub async fn files(_: &AppHandle) -> Vec<PathBuf> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn ask(answer: tokio::sync::oneshot::Sender<Vec<PathBuf>>) {
    use gtk::gdk;
    gtk::Clipboard::get(&gdk::SELECTION_CLIPBOARD).request_uris(move |clipboard, addresses| {
        let files = paths(addresses.iter().map(|address| address.as_str()));
        if !files.is_empty() {
            // Whoever asked may be gone: then nobody minds.
            let _ = answer.send(files);
            return;
        }
        // GNOME's own form stands alone on some clipboards: a line that says copy or cut, then addresses.
        let form = gdk::Atom::intern("x-special/gnome-copied-files");
        clipboard.request_contents(&form, move |_, content| {
            let text = String::from_utf8_lossy(&content.data()).into_owned();
            let _ = answer.send(paths(text.lines()));
        });
    });
}

#[cfg(target_os = "linux")]
fn paths<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<PathBuf> {
    lines
        .filter_map(|line| file_address::path_of(line.trim()))
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn paths_in(text: &str) -> Vec<PathBuf> {
        paths(text.lines())
    }

    #[test]
    fn every_file_of_a_list_is_found_with_its_true_name() {
        assert_eq!(
            paths_in("file:///home/ada/first%20wave.mp4\r\nfile:///home/ada/%C3%BCber.mov\r\n"),
            [
                PathBuf::from("/home/ada/first wave.mp4"),
                "/home/ada/über.mov".into()
            ]
        );
    }

    #[test]
    fn the_word_before_gnomes_addresses_is_no_file() {
        assert_eq!(paths_in("copy\nfile:///a.mp4"), [PathBuf::from("/a.mp4")]);
        assert_eq!(paths_in("cut\nfile:///a.mp4"), [PathBuf::from("/a.mp4")]);
    }

    #[test]
    fn what_lies_on_another_computer_is_left_out() {
        assert_eq!(
            paths_in("https://example.org/a.mp4\nsftp://host/a.mp4"),
            Vec::<PathBuf>::new()
        );
    }
}
