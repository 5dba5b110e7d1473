//! Composing and scheduling.

use daypart_app::wire;
use daypart_ipc::command;
use daypart_ipc::convert::parse_id;
use tauri::State;

use super::{Answer, Request};
use crate::core::Shell;

#[tauri::command]
pub async fn list_posts(shell: State<'_, Shell>) -> Answer<command::list_posts> {
    let core = shell.core().await?;
    let mut posts = Vec::new();
    for overview in core.engine.posts().await? {
        posts.push(wire::post(&core.engine, overview).await?);
    }
    Ok(posts)
}

#[tauri::command]
pub async fn get_post(
    shell: State<'_, Shell>,
    request: Request<command::get_post>,
) -> Answer<command::get_post> {
    let core = shell.core().await?;
    let overview = core.engine.post(parse_id(&request.id)?).await?;
    Ok(wire::post(&core.engine, overview).await?)
}

#[tauri::command]
pub async fn save_post(
    shell: State<'_, Shell>,
    request: Request<command::save_post>,
) -> Answer<command::save_post> {
    let core = shell.core().await?;
    let overview = core.engine.save_post(&wire::draft(request.draft)?).await?;
    Ok(wire::post(&core.engine, overview).await?)
}

#[tauri::command]
pub async fn delete_post(
    shell: State<'_, Shell>,
    request: Request<command::delete_post>,
) -> Answer<command::delete_post> {
    Ok(shell
        .core()
        .await?
        .engine
        .delete_post(parse_id(&request.id)?)
        .await?)
}

#[tauri::command]
pub async fn restore_post(
    shell: State<'_, Shell>,
    request: Request<command::restore_post>,
) -> Answer<command::restore_post> {
    let core = shell.core().await?;
    let id = parse_id(&request.id)?;
    core.engine.restore_post(id).await?;
    let overview = core.engine.post(id).await?;
    Ok(wire::post(&core.engine, overview).await?)
}

#[tauri::command]
pub async fn check_post(
    shell: State<'_, Shell>,
    request: Request<command::check_post>,
) -> Answer<command::check_post> {
    let core = shell.core().await?;
    let id = parse_id(&request.id)?;
    Ok(wire::check(&core.engine, id, &core.posting_options_read()).await?)
}

#[tauri::command]
pub async fn schedule_post(
    shell: State<'_, Shell>,
    request: Request<command::schedule_post>,
) -> Answer<command::schedule_post> {
    let core = shell.core().await?;
    let when = wire::when(request.when);
    let overview = core.engine.schedule_post(parse_id(&request.id)?, &when).await?;
    Ok(wire::post(&core.engine, overview).await?)
}

#[tauri::command]
pub async fn unschedule_post(
    shell: State<'_, Shell>,
    request: Request<command::unschedule_post>,
) -> Answer<command::unschedule_post> {
    let core = shell.core().await?;
    let overview = core.engine.unschedule_post(parse_id(&request.id)?).await?;
    Ok(wire::post(&core.engine, overview).await?)
}
