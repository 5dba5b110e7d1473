//! Accounts: what there is to connect, what is connected, and letting go.

use daypart_domain::{
    account::{Account, PostingOptions},
    capabilities::Capabilities,
    ids::AccountId,
    platform::{PlatformId, Realm},
    problem::{ErrorCode, Problem, UserAction, codes},
};
use daypart_ports::{platform::ClientCredentials, secrets::SecretName};
use secrecy::{ExposeSecret, SecretString};

use crate::{Engine, EngineEvent, grant_document};

/// A platform in one realm, for the accounts page.
#[derive(Debug, Clone)]
pub struct PlatformListing {
    pub capabilities: Capabilities,
    pub realm: Realm,
    /// Client credentials are built in or were entered.
    pub credentials_set: bool,
}

impl Engine {
    /// Every platform and realm, in a stable order. A vault that does not answer shows as credentials not set.
    pub async fn platforms(&self) -> Vec<PlatformListing> {
        let mut listings = Vec::new();
        for (platform, realm, registered) in self.parts().platforms.iter() {
            let credentials_set = registered.built_in_client.is_some()
                || matches!(
                    self.parts().vault.get(&SecretName::client(platform)).await,
                    Ok(Some(_))
                );
            listings.push(PlatformListing {
                capabilities: registered.platform.capabilities().clone(),
                realm,
                credentials_set,
            });
        }
        listings
    }

    /// Keeps the user's own developer keys of a real platform in the vault.
    ///
    /// # Errors
    /// `auth.client` when one of them is empty or the platform has built-in ones.
    pub async fn set_client_credentials(
        &self,
        platform: &PlatformId,
        client_id: &str,
        client_secret: SecretString,
    ) -> Result<(), Problem> {
        let registered = self.parts().platforms.get(platform, Realm::Real)?;
        let name = registered.platform.capabilities().name;
        if client_id.trim().is_empty() || client_secret.expose_secret().trim().is_empty() {
            return Err(Problem::needs_user(
                codes::AUTH_CLIENT,
                UserAction::EnterCredentials,
                format!("{name} needs both a client id and a client secret."),
            ));
        }
        let client = ClientCredentials {
            client_id: client_id.trim().to_owned(),
            client_secret: client_secret.expose_secret().trim().to_owned().into(),
        };
        let document = grant_document::write_client(&client)?;
        self.parts()
            .vault
            .put(&SecretName::client(platform), document)
            .await
    }

    /// Connected accounts, oldest first.
    pub async fn accounts(&self) -> Result<Vec<Account>, Problem> {
        self.parts().store.accounts().await
    }

    /// # Errors
    /// `account.unknown`.
    pub async fn account(&self, id: AccountId) -> Result<Account, Problem> {
        self.parts().store.account(id).await?.ok_or_else(|| {
            Problem::permanent(
                ErrorCode::new("account.unknown"),
                "This account is not known to Daypart.",
            )
        })
    }

    /// What the account's platform can do.
    pub fn capabilities(&self, account: &Account) -> Result<Capabilities, Problem> {
        Ok(self.adapter(account)?.capabilities().clone())
    }

    /// For people; the id itself when this version no longer knows the platform.
    pub fn platform_name(&self, account: &Account) -> String {
        match self.adapter(account) {
            Ok(adapter) => adapter.capabilities().name.to_owned(),
            Err(_) => account.platform.to_string(),
        }
    }

    /// What the account may do right now, asked of the platform. Its limits are kept: from now on files are planned
    /// by them.
    pub async fn posting_options(&self, id: AccountId) -> Result<PostingOptions, Problem> {
        let account = self.account(id).await?;
        let adapter = self.adapter(&account)?;
        let options = self
            .with_session(&account, |session| {
                let adapter = adapter.clone();
                async move { adapter.posting_options(&session).await }
            })
            .await?;
        if self.parts().store.put_account_limits(id, options.limits).await? {
            self.emit(EngineEvent::AccountChanged(id));
        }
        Ok(options)
    }

    /// Ends the grant at the platform and forgets its tokens. History stays. When the platform cannot be reached the
    /// tokens are forgotten all the same and the problem is returned as a notice, not as a failure.
    pub async fn disconnect_account(&self, id: AccountId) -> Result<(), Problem> {
        let account = self.account(id).await?;
        if let Err(problem) = self.revoke_remotely(&account).await {
            self.emit(EngineEvent::Notice(problem));
        }
        self.parts().vault.delete(&SecretName::grant(id)).await?;
        let disconnected = Account {
            disconnected_at: Some(self.now()),
            ..account
        };
        self.parts().store.put_account(&disconnected).await?;
        self.emit(EngineEvent::AccountChanged(id));
        Ok(())
    }

    async fn revoke_remotely(&self, account: &Account) -> Result<(), Problem> {
        let registered = self.parts().platforms.get(&account.platform, account.realm)?;
        let Some(secret) = self.parts().vault.get(&SecretName::grant(account.id)).await? else {
            return Ok(());
        };
        let Some(grant) = grant_document::read_grant(&secret) else {
            return Ok(());
        };
        let client = self.client_credentials(account, registered).await?;
        registered.platform.revoke(&client, &grant).await
    }
}
