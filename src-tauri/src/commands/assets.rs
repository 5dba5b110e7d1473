//! The library.

use daypart_ipc::command;
use daypart_ipc::convert::parse_id;
use tauri::{Manager, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt;

use super::{Answer, Request};
use crate::clipboard;
use crate::core::Shell;

/// What the file dialog offers first. Content decides, not the name: "All files" stays possible.
const VIDEO_ENDINGS: &[&str] = &[
    "mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "ts", "3gp", "wmv",
];

/// GIF stands among the pictures of a dialog, whatever becomes of it afterwards.
const PICTURE_ENDINGS: &[&str] = &["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "gif"];

#[tauri::command]
pub async fn list_assets(shell: State<'_, Shell>) -> Answer<command::list_assets> {
    let core = shell.core().await?;
    let mut assets = Vec::new();
    for overview in core.engine.assets().await? {
        assets.push(core.asset(overview).await);
    }
    Ok(assets)
}

#[tauri::command]
pub async fn add_assets(
    shell: State<'_, Shell>,
    request: Request<command::add_assets>,
) -> Answer<command::add_assets> {
    Ok(shell.core().await?.add(&request.paths).await?)
}

#[tauri::command]
pub async fn pick_assets(shell: State<'_, Shell>, window: WebviewWindow) -> Answer<command::pick_assets> {
    let (answer, picked) = tokio::sync::oneshot::channel();
    window
        .dialog()
        .file()
        .set_parent(&window)
        .set_title("Add files")
        .add_filter("Videos and pictures", &[VIDEO_ENDINGS, PICTURE_ENDINGS].concat())
        .add_filter("All files", &["*"])
        .pick_files(move |files| {
            // The window may have been closed in the meantime: then nobody waits for the answer.
            let _ = answer.send(files);
        });
    let files = picked.await.ok().flatten().unwrap_or_default();
    let paths: Vec<String> = files
        .into_iter()
        .filter_map(|file| file.into_path().ok())
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    Ok(shell.core().await?.add(&paths).await?)
}

#[tauri::command]
pub async fn paste_assets(shell: State<'_, Shell>, window: WebviewWindow) -> Answer<command::paste_assets> {
    let paths: Vec<String> = clipboard::files(window.app_handle())
        .await
        .into_iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    Ok(shell.core().await?.add(&paths).await?)
}

#[tauri::command]
pub async fn remove_asset(
    shell: State<'_, Shell>,
    request: Request<command::remove_asset>,
) -> Answer<command::remove_asset> {
    Ok(shell
        .core()
        .await?
        .engine
        .remove_asset(parse_id(&request.id)?)
        .await?)
}

#[tauri::command]
pub async fn restore_asset(
    shell: State<'_, Shell>,
    request: Request<command::restore_asset>,
) -> Answer<command::restore_asset> {
    let core = shell.core().await?;
    let id = parse_id(&request.id)?;
    core.engine.restore_asset(id).await?;
    Ok(core.asset(core.engine.asset(id).await?).await)
}
