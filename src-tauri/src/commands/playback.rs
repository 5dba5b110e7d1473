//! What the window plays of a clip, and the caption files it shows.

use daypart_app::wire;
use daypart_ipc::{convert::parse_id, editor_command as command};
use tauri::State;

use super::{Answer, Request};
use crate::core::Shell;

#[tauri::command]
pub async fn playback(
    shell: State<'_, Shell>,
    request: Request<command::playback>,
) -> Answer<command::playback> {
    let core = shell.core().await?;
    let asset = parse_id(&request.asset_id)?;
    let playback = core
        .engine
        .playback(asset, request.refused, request.again)
        .await?;
    Ok(core.playback(asset, playback))
}

#[tauri::command]
pub async fn stop_playback_copy(
    shell: State<'_, Shell>,
    request: Request<command::stop_playback_copy>,
) -> Answer<command::stop_playback_copy> {
    let core = shell.core().await?;
    Ok(core
        .engine
        .stop_playback_copy(parse_id(&request.asset_id)?)
        .await?)
}

#[tauri::command]
pub async fn captions_file(
    shell: State<'_, Shell>,
    request: Request<command::captions_file>,
) -> Answer<command::captions_file> {
    let core = shell.core().await?;
    Ok(wire::captions_file(
        core.engine.captions_file(&request.path).await?,
    ))
}
