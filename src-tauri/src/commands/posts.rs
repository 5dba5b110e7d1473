//! Composing and scheduling.

use daypart_engine::{PostDraft, ScheduleWhen};
use daypart_ipc::convert::{DraftParts, parse_id};
use daypart_ipc::{self as wire, command};
use tauri::State;

use super::{Answer, Request};
use crate::core::Shell;
use crate::views::post_check;

#[tauri::command]
pub async fn list_posts(shell: State<'_, Shell>) -> Answer<command::list_posts> {
    let core = shell.core().await?;
    Ok(core.views().posts(core.engine.posts().await?).await?)
}

#[tauri::command]
pub async fn get_post(
    shell: State<'_, Shell>,
    request: Request<command::get_post>,
) -> Answer<command::get_post> {
    let core = shell.core().await?;
    Ok(core
        .views()
        .post(core.engine.post(parse_id(&request.id)?).await?)
        .await?)
}

#[tauri::command]
pub async fn save_post(
    shell: State<'_, Shell>,
    request: Request<command::save_post>,
) -> Answer<command::save_post> {
    let core = shell.core().await?;
    let DraftParts {
        id,
        asset_id,
        caption,
        destinations,
        schedule,
    } = request.draft.into_parts()?;
    let draft = PostDraft {
        id: Some(id),
        asset_id,
        caption,
        destinations,
        planned: schedule.map(|schedule| (schedule.wall, schedule.zone)),
    };
    Ok(core.views().post(core.engine.save_post(&draft).await?).await?)
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
    Ok(core.views().post(core.engine.post(id).await?).await?)
}

#[tauri::command]
pub async fn check_post(
    shell: State<'_, Shell>,
    request: Request<command::check_post>,
) -> Answer<command::check_post> {
    let core = shell.core().await?;
    let id = parse_id(&request.id)?;
    let checks = core.engine.check_post(id, &core.posting_options_read()).await?;
    Ok(post_check(&core.engine.post(id).await?, checks))
}

#[tauri::command]
pub async fn schedule_post(
    shell: State<'_, Shell>,
    request: Request<command::schedule_post>,
) -> Answer<command::schedule_post> {
    let core = shell.core().await?;
    let when = match request.when {
        wire::ScheduleWhen::Now => ScheduleWhen::Now,
        wire::ScheduleWhen::At {
            at: wire::WallTime { wall, zone },
        } => ScheduleWhen::At { wall, zone },
    };
    let scheduled = core.engine.schedule_post(parse_id(&request.id)?, &when).await?;
    Ok(core.views().post(scheduled).await?)
}

#[tauri::command]
pub async fn unschedule_post(
    shell: State<'_, Shell>,
    request: Request<command::unschedule_post>,
) -> Answer<command::unschedule_post> {
    let core = shell.core().await?;
    Ok(core
        .views()
        .post(core.engine.unschedule_post(parse_id(&request.id)?).await?)
        .await?)
}
