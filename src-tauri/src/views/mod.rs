//! What the engine knows, in the form in which the window shows it.

mod assets;
mod posts;

use std::collections::BTreeMap;

use daypart_domain::account::Account;
use daypart_domain::capabilities::Capabilities;
use daypart_domain::ids::AccountId;
use daypart_domain::platform::PlatformId;
use daypart_domain::problem::Problem;
use daypart_engine::Engine;

use daypart_ipc as wire;

pub use self::posts::{post_check, publication_log};
use crate::preview::PreviewServer;

/// Everything that is looked up while a view is put together.
pub struct Views<'a> {
    pub engine: &'a Engine,
    pub preview: &'a PreviewServer,
}

impl Views<'_> {
    /// Each platform once, in a stable order: its limits are the same in both realms.
    async fn capabilities(&self) -> BTreeMap<PlatformId, Capabilities> {
        let listings = self.engine.platforms().await;
        listings
            .into_iter()
            .map(|listing| (listing.capabilities.platform.clone(), listing.capabilities))
            .collect()
    }

    pub async fn accounts(&self, accounts: Vec<Account>) -> Vec<wire::Account> {
        let capabilities = self.capabilities().await;
        let view = |account: Account| {
            let platform = account.platform.clone();
            wire::Account::from_domain(account, platform_name(&capabilities, &platform))
        };
        accounts.into_iter().map(view).collect()
    }
}

/// Accounts, disconnected ones too, each read once.
#[derive(Default)]
struct AccountsRead(BTreeMap<AccountId, Account>);

impl AccountsRead {
    async fn get(&mut self, engine: &Engine, id: AccountId) -> Result<&Account, Problem> {
        use std::collections::btree_map::Entry;
        Ok(match self.0.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(engine.account(id).await?),
        })
    }
}

/// For people; an adapter that this version lacks shows as its id.
fn platform_name<'a>(
    capabilities: &'a BTreeMap<PlatformId, Capabilities>,
    platform: &'a PlatformId,
) -> &'a str {
    capabilities
        .get(platform)
        .map_or(platform.as_str(), |known| known.name)
}
