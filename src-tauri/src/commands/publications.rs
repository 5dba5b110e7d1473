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
pub async fn publication_log(
    shell: State<'_, Shell>,
    request: Request<command::publication_log>,
) -> Answer<command::publication_log> {
    let id = parse_id(&request.id)?;
    let log = shell.core().await?.engine.publication_log(id).await?;
    Ok(wire::log(id, log))
}
