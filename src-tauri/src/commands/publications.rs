//! What a person can do to a publication, and its history.

use daypart_app::wire;
use daypart_engine::DoubtAnswer;
use daypart_ipc::convert::parse_id;
use daypart_ipc::{self as ipc, command};
use tauri::State;

use super::{Answer, Request};
use crate::core::Shell;

#[tauri::command]
pub async fn cancel_publication(
    shell: State<'_, Shell>,
    request: Request<command::cancel_publication>,
) -> Answer<command::cancel_publication> {
    let core = shell.core().await?;
    let publication = core.engine.cancel_publication(parse_id(&request.id)?).await?;
    Ok(wire::publication(&core.engine, publication).await?)
}

#[tauri::command]
pub async fn retry_publication(
    shell: State<'_, Shell>,
    request: Request<command::retry_publication>,
) -> Answer<command::retry_publication> {
    let core = shell.core().await?;
    let publication = core.engine.retry_publication(parse_id(&request.id)?).await?;
    Ok(wire::publication(&core.engine, publication).await?)
}

#[tauri::command]
pub async fn answer_in_doubt(
    shell: State<'_, Shell>,
    request: Request<command::answer_in_doubt>,
) -> Answer<command::answer_in_doubt> {
    let core = shell.core().await?;
    let answer = match request.answer {
        ipc::InDoubtAnswer::ItIsThere => DoubtAnswer::ItIsThere,
        ipc::InDoubtAnswer::SendAgain => DoubtAnswer::SendAgain,
    };
    let publication = core
        .engine
        .answer_in_doubt(parse_id(&request.id)?, answer)
        .await?;
    Ok(wire::publication(&core.engine, publication).await?)
}

#[tauri::command]
pub async fn decide_missed(
    shell: State<'_, Shell>,
    request: Request<command::decide_missed>,
) -> Answer<command::decide_missed> {
    let core = shell.core().await?;
    let ids = request
        .ids
        .iter()
        .map(|id| parse_id(id))
        .collect::<Result<Vec<_>, _>>()?;
    let decision = wire::missed_decision(request.decision.clone());
    let decided = core.engine.decide_missed(&ids, &decision).await?;
    all_of(&core, decided).await
}

#[tauri::command]
pub async fn retry_failed(shell: State<'_, Shell>) -> Answer<command::retry_failed> {
    let core = shell.core().await?;
    let retried = core.engine.retry_failed().await?;
    all_of(&core, retried).await
}

#[tauri::command]
pub async fn lateness_settings(shell: State<'_, Shell>) -> Answer<command::lateness_settings> {
    Ok(wire::lateness_settings(&shell.core().await?.engine).await?)
}

#[tauri::command]
pub async fn set_lateness_settings(
    shell: State<'_, Shell>,
    request: Request<command::set_lateness_settings>,
) -> Answer<command::set_lateness_settings> {
    Ok(wire::set_lateness_settings(&shell.core().await?.engine, request).await?)
}

#[tauri::command]
pub async fn set_post_lateness(
    shell: State<'_, Shell>,
    request: Request<command::set_post_lateness>,
) -> Answer<command::set_post_lateness> {
    let core = shell.core().await?;
    let id = parse_id(&request.post_id)?;
    core.engine
        .set_post_lateness(id, wire::lateness_policy(request.policy))
        .await?;
    Ok(wire::post(&core.engine, core.engine.post(id).await?).await?)
}

async fn all_of(
    core: &crate::core::Core,
    publications: Vec<daypart_domain::publication::Publication>,
) -> Answer<command::retry_failed> {
    let mut wires = Vec::with_capacity(publications.len());
    for publication in publications {
        wires.push(wire::publication(&core.engine, publication).await?);
    }
    Ok(wires)
}

#[tauri::command]
pub async fn publication_log(
    shell: State<'_, Shell>,
    request: Request<command::publication_log>,
) -> Answer<command::publication_log> {
    let id = parse_id(&request.id)?;
    let log = shell.core().await?.engine.publication_log(id).await?;
    Ok(wire::log(id, log))
}
