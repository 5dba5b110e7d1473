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
    Ok(accounts
        .into_iter()
        .map(|account| self::from_domain(engine, account))
        .collect())
}

pub async fn account(engine: &Engine, id: AccountId) -> Result<ipc::Account, Problem> {
    Ok(from_domain(engine, engine.account(id).await?))
}

pub async fn posting_options(engine: &Engine, id: AccountId) -> Result<ipc::PostingOptions, Problem> {
    Ok(ipc::PostingOptions::from_domain(
        id,
        engine.posting_options(id).await?,
    ))
}

fn from_domain(engine: &Engine, account: daypart_domain::account::Account) -> ipc::Account {
    let name = engine.platform_name(&account);
    ipc::Account::from_domain(account, &name)
}
