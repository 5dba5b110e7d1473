//! Platforms and the accounts that are connected there.

use daypart_app::wire;
use daypart_domain::platform::PlatformId;
use daypart_ipc::convert::parse_id;
use daypart_ipc::{self as ipc, command};
use tauri::State;

use super::{Answer, Request};
use crate::core::Shell;

#[tauri::command]
pub async fn list_platforms(shell: State<'_, Shell>) -> Answer<command::list_platforms> {
    Ok(wire::platforms(&shell.core().await?.engine).await)
}

#[tauri::command]
pub async fn set_client_credentials(
    shell: State<'_, Shell>,
    request: Request<command::set_client_credentials>,
) -> Answer<command::set_client_credentials> {
    let ipc::SetClientCredentialsRequest {
        platform,
        client_id,
        client_secret,
    } = request;
    let platform = PlatformId::new(platform);
    Ok(shell
        .core()
        .await?
        .engine
        .set_client_credentials(&platform, &client_id, client_secret.into())
        .await?)
}

#[tauri::command]
pub async fn list_accounts(shell: State<'_, Shell>) -> Answer<command::list_accounts> {
    let core = shell.core().await?;
    let mut accounts = wire::accounts(&core.engine).await?;
    for account in &mut accounts {
        // The page talks to nobody but this computer.
        account.avatar_url = account
            .avatar_url
            .is_some()
            .then(|| core.preview.picture_url(&account.id));
    }
    Ok(accounts)
}

#[tauri::command]
pub async fn begin_connect(
    shell: State<'_, Shell>,
    request: Request<command::begin_connect>,
) -> Answer<command::begin_connect> {
    let core = shell.core().await?;
    let platform = PlatformId::new(request.platform);
    let started = core.engine.begin_connect(&platform, request.realm.into()).await?;
    Ok(ipc::BeginConnectResponse {
        connect_id: started.connect_id.to_string(),
        authorize_url: started.authorize_url,
    })
}

#[tauri::command]
pub async fn cancel_connect(
    shell: State<'_, Shell>,
    request: Request<command::cancel_connect>,
) -> Answer<command::cancel_connect> {
    shell
        .core()
        .await?
        .engine
        .cancel_connect(parse_id(&request.connect_id)?);
    Ok(())
}

#[tauri::command]
pub async fn disconnect_account(
    shell: State<'_, Shell>,
    request: Request<command::disconnect_account>,
) -> Answer<command::disconnect_account> {
    let core = shell.core().await?;
    let id = parse_id(&request.id)?;
    core.engine.disconnect_account(id).await?;
    core.app.pictures().forget(id).await;
    Ok(())
}

#[tauri::command]
pub async fn posting_options(
    shell: State<'_, Shell>,
    request: Request<command::posting_options>,
) -> Answer<command::posting_options> {
    let id = parse_id(&request.account_id)?;
    let core = shell.core().await?;
    let options = core.engine.posting_options(id).await?;
    core.remember_posting_options(id, options.clone());
    Ok(ipc::PostingOptions::from_domain(id, options))
}
