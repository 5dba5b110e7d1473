//! The one window. It is built when it is wanted and destroyed when it is closed: in the tray no web view lives.

use std::time::Duration;

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindowBuilder, Window};

pub const MAIN: &str = "main";

const WIDTH: f64 = 1180.0;
const HEIGHT: f64 = 780.0;
const LEAST_WIDTH: f64 = 860.0;
const LEAST_HEIGHT: f64 = 600.0;
/// How long a closed window's page lives on to save what was typed last.
const LAST_SAVE_WAIT: Duration = Duration::from_millis(600);

/// Brings the window to the front, building it anew when it was closed. May be called from any thread; returns at once.
pub fn open<R: Runtime>(app: &AppHandle<R>) {
    open_at(app, None);
}

/// As [`open`], and shows the post with this id.
pub fn open_post<R: Runtime>(app: &AppHandle<R>, post_id: &str) {
    open_at(app, Some(address_of_post(post_id)));
}

/// As the page's own router writes it (`ui/src/lib/state/router.svelte.ts`).
fn address_of_post(post_id: &str) -> String {
    format!("/posts/{post_id}")
}

fn open_at<R: Runtime>(app: &AppHandle<R>, place: Option<String>) {
    let handle = app.clone();
    let sent = app.run_on_main_thread(move || {
        if let Err(error) = show_or_build(&handle, place.as_deref()) {
            tracing::error!(%error, "the window could not be opened");
        }
    });
    if let Err(error) = sent {
        tracing::error!(%error, "the window could not be opened: the event loop has ended");
    }
}

/// Takes the window away at once and destroys it a moment later. While it is hidden the page still lives: it has
/// been told (`visibilitychange`) and saves what was typed last.
pub fn close<R: Runtime>(app: &AppHandle<R>, window: &Window<R>) {
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "the window could not be hidden");
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(LAST_SAVE_WAIT).await;
        let handle = app.clone();
        let sent = app.run_on_main_thread(move || {
            let Some(window) = handle.get_webview_window(MAIN) else {
                return;
            };
            // Opened again meanwhile: it stays.
            if window.is_visible().unwrap_or(false) {
                return;
            }
            if let Err(error) = window.destroy() {
                tracing::error!(%error, "the window could not be destroyed");
            }
        });
        if let Err(error) = sent {
            tracing::debug!(%error, "the event loop ended while the window closed");
        }
    });
}

/// Whether the window exists now, seen by the user or not.
pub fn is_open<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.get_webview_window(MAIN).is_some()
}

fn show_or_build<R: Runtime>(app: &AppHandle<R>, place: Option<&str>) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(MAIN) {
        window.unminimize()?;
        window.show()?;
        window.set_focus()?;
        let shown = window.url()?;
        let mut wanted = shown.clone();
        if let Some(place) = place {
            wanted.set_fragment(Some(place));
        }
        // Within the page: only what follows the # is new, so nothing is loaded again.
        return if wanted == shown {
            Ok(())
        } else {
            window.navigate(wanted)
        };
    }
    let page = place.map_or_else(WebviewUrl::default, |place| {
        WebviewUrl::App(format!("#{place}").into())
    });
    WebviewWindowBuilder::new(app, MAIN, page)
        .title("Daypart")
        .inner_size(WIDTH, HEIGHT)
        .min_inner_size(LEAST_WIDTH, LEAST_HEIGHT)
        .center()
        .on_navigation(is_our_page)
        .on_new_window(|address, _| {
            tracing::warn!(
                host = address.host_str(),
                "the page tried to open a second window"
            );
            NewWindowResponse::Deny
        })
        .build()?;
    Ok(())
}

/// The window shows our own pages only; links to the outside go to the system browser through `open_link`.
fn is_our_page(address: &Url) -> bool {
    let ours = match address.scheme() {
        "tauri" => true,
        // Windows and Android give the custom scheme this form; the dev server is there in debug builds only.
        "http" | "https" => {
            address.host_str() == Some("tauri.localhost")
                || (cfg!(not(feature = "custom-protocol")) && address.host_str() == Some("127.0.0.1"))
        }
        _ => address.as_str() == "about:blank",
    };
    if !ours {
        tracing::warn!(
            host = address.host_str(),
            "the page tried to leave for another address"
        );
    }
    ours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stays(address: &str) -> bool {
        is_our_page(&address.parse().expect("a valid address"))
    }

    #[test]
    fn the_window_shows_the_built_in_pages() {
        assert!(stays("tauri://localhost/index.html"));
    }

    #[test]
    fn the_window_never_leaves_for_the_web_or_a_file() {
        assert!(!stays("https://example.org/"));
        assert!(!stays("https://tauri.localhost.example.org/"));
        assert!(!stays("file:///etc/passwd"));
        assert!(!stays("data:text/html,hello"));
    }
}
