//! Pausing, order and the rules for all transfers.

use daypart_app::wire;
use daypart_ipc::convert::parse_id;
use daypart_ipc::transfer_command as command;
use tauri::State;

use super::{Answer, Request};
use crate::core::Shell;

#[tauri::command]
pub async fn transfers(shell: State<'_, Shell>) -> Answer<command::transfers> {
    let overview = shell.core().await?.engine.transfers().await?;
    Ok(wire::transfers(overview))
}

#[tauri::command]
pub async fn set_transfer_rules(
    shell: State<'_, Shell>,
    request: Request<command::set_transfer_rules>,
) -> Answer<command::set_transfer_rules> {
    let engine = &shell.core().await?.engine;
    Ok(wire::transfers(engine.set_transfer_rules(&request.into()).await?))
}

#[tauri::command]
pub async fn pause_transfers(shell: State<'_, Shell>) -> Answer<command::pause_transfers> {
    let overview = shell.core().await?.engine.pause_transfers().await?;
    Ok(wire::transfers(overview))
}

#[tauri::command]
pub async fn resume_transfers(shell: State<'_, Shell>) -> Answer<command::resume_transfers> {
    let overview = shell.core().await?.engine.resume_transfers().await?;
    Ok(wire::transfers(overview))
}

#[tauri::command]
pub async fn pause_publication(
    shell: State<'_, Shell>,
    request: Request<command::pause_publication>,
) -> Answer<command::pause_publication> {
    let core = shell.core().await?;
    let publication = core.engine.pause_publication(parse_id(&request.id)?).await?;
    Ok(wire::publication(&core.engine, publication).await?)
}

#[tauri::command]
pub async fn resume_publication(
    shell: State<'_, Shell>,
    request: Request<command::resume_publication>,
) -> Answer<command::resume_publication> {
    let core = shell.core().await?;
    let publication = core.engine.resume_publication(parse_id(&request.id)?).await?;
    Ok(wire::publication(&core.engine, publication).await?)
}

#[tauri::command]
pub async fn send_publication_first(
    shell: State<'_, Shell>,
    request: Request<command::send_publication_first>,
) -> Answer<command::send_publication_first> {
    let core = shell.core().await?;
    let publication = core.engine.send_publication_first(parse_id(&request.id)?).await?;
    Ok(wire::publication(&core.engine, publication).await?)
}
