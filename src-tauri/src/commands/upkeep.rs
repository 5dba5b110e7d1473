//! Looking after Daypart itself: accounts, logs, disk, diagnostics.

use std::path::PathBuf;

use daypart_app::wire;
use daypart_ipc::{self as ipc, WireError, command, convert::parse_id};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::{DialogExt, FilePath};

use super::{Answer, Request};
use crate::core::{Core, Shell};

#[tauri::command]
pub async fn check_account(
    shell: State<'_, Shell>,
    request: Request<command::check_account>,
) -> Answer<command::check_account> {
    let core = shell.core().await?;
    let id = parse_id(&request.id)?;
    core.engine.check_account(id).await?;
    Ok(wire::account(&core.engine, id).await?)
}

#[tauri::command]
pub async fn publication_entries(
    shell: State<'_, Shell>,
    request: Request<command::publication_entries>,
) -> Answer<command::publication_entries> {
    entries(&*shell.core().await?, &request.id).await
}

#[tauri::command]
pub async fn publication_log_text(
    shell: State<'_, Shell>,
    request: Request<command::publication_log_text>,
) -> Answer<command::publication_log_text> {
    let entries = entries(&*shell.core().await?, &request.id).await?;
    Ok(wire::log_text(&entries, request.format, request.least)?)
}

#[tauri::command]
pub async fn save_publication_log(
    app: AppHandle,
    shell: State<'_, Shell>,
    request: Request<command::save_publication_log>,
) -> Answer<command::save_publication_log> {
    let core = shell.core().await?;
    let entries = entries(&core, &request.id).await?;
    let text = wire::log_text(&entries, request.format, request.least)?;
    let (kind, ending) = match request.format {
        ipc::LogFormat::Text => ("Text", "txt"),
        ipc::LogFormat::Csv => ("CSV", "csv"),
        ipc::LogFormat::Json => ("JSON", "json"),
    };
    let (answer, picked) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title("Save the log")
        .add_filter(kind, &[ending])
        .set_file_name(format!("daypart-log.{ending}"))
        .save_file(move |file| drop(answer.send(file)));
    let Some(place) = place(picked.await) else {
        return Ok(None);
    };
    core.app.write_text(&place, &text).await?;
    Ok(Some(place.display().to_string()))
}

#[tauri::command]
pub async fn reach_platforms(shell: State<'_, Shell>) -> Answer<command::reach_platforms> {
    Ok(shell.core().await?.app.reach_platforms().await)
}

#[tauri::command]
pub async fn storage(shell: State<'_, Shell>) -> Answer<command::storage> {
    Ok(shell.core().await?.app.storage().await?)
}

#[tauri::command]
pub async fn clean_up(shell: State<'_, Shell>) -> Answer<command::clean_up> {
    Ok(shell.core().await?.app.clean_up().await?)
}

#[tauri::command]
pub async fn keep_history(
    shell: State<'_, Shell>,
    request: Request<command::keep_history>,
) -> Answer<command::keep_history> {
    let core = shell.core().await?;
    core.engine.keep_history(request.days).await?;
    Ok(core.app.storage().await?)
}

#[tauri::command]
pub async fn diagnostics(shell: State<'_, Shell>) -> Answer<command::diagnostics> {
    Ok(shell.core().await?.app.diagnostics().await)
}

#[tauri::command]
pub async fn save_diagnostics(app: AppHandle, shell: State<'_, Shell>) -> Answer<command::save_diagnostics> {
    let core = shell.core().await?;
    let (answer, picked) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title("A folder for the diagnostics")
        .pick_folder(move |folder| drop(answer.send(folder)));
    let Some(folder) = place(picked.await) else {
        return Ok(None);
    };
    let folder = folder.join("daypart-diagnostics");
    core.app.write_diagnostics(&folder).await?;
    Ok(Some(folder.display().to_string()))
}

async fn entries(core: &Core, id: &str) -> Result<Vec<ipc::LogEntry>, WireError> {
    let id = parse_id(id)?;
    Ok(wire::log_entries(&core.engine.publication_log(id).await?))
}

/// `None` when the dialog was closed.
fn place<E>(picked: Result<Option<FilePath>, E>) -> Option<PathBuf> {
    picked.ok().flatten()?.into_path().ok()
}
