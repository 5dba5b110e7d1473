//! Accounts and platforms on the wire.

use daypart_domain::{ids::AccountId, problem::Problem};
use daypart_engine::Engine;
use daypart_ipc as ipc;

pub async fn platforms(engine: &Engine) -> Vec<ipc::Platform> {
    engine
        .platforms()
        .await
        .into_iter()
        .map(|listing| {
            ipc::Platform::from_capabilities(&listing.capabilities, listing.realm, listing.credentials_set)
        })
        .collect()
}

pub async fn accounts(engine: &Engine) -> Result<Vec<ipc::Account>, Problem> {
    let accounts = engine.accounts().await?;
    let mut told = Vec::with_capacity(accounts.len());
    for account in accounts {
        told.push(from_domain(engine, account).await?);
    }
    Ok(told)
}

pub async fn account(engine: &Engine, id: AccountId) -> Result<ipc::Account, Problem> {
    from_domain(engine, engine.account(id).await?).await
}

pub async fn posting_options(engine: &Engine, id: AccountId) -> Result<ipc::PostingOptions, Problem> {
    Ok(ipc::PostingOptions::from_domain(
        id,
        engine.posting_options(id).await?,
    ))
}

async fn from_domain(
    engine: &Engine,
    account: daypart_domain::account::Account,
) -> Result<ipc::Account, Problem> {
    let name = engine.platform_name(&account);
    let check = engine.account_check(account.id).await?;
    Ok(ipc::Account::from_domain(account, &name).with_check(check))
}
