//! A usable access token for an account: refreshed ahead of time, by one caller at a time, and kept before it is used.

use std::{collections::HashMap, sync::Arc};

use daypart_domain::{
    account::{Account, AccountHealth},
    ids::AccountId,
    problem::{Problem, UserAction, codes},
};
use daypart_ports::{
    platform::{ClientCredentials, Grant, Platform, Session},
    registry::Registered,
    secrets::SecretName,
};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;

use crate::{Engine, EngineEvent, grant_document};

/// One gate per account: whoever holds it may refresh, the others find the new token afterwards.
#[derive(Default)]
pub(crate) struct RefreshGates(std::sync::Mutex<HashMap<AccountId, Arc<Mutex<()>>>>);

impl RefreshGates {
    fn gate(&self, account: AccountId) -> Arc<Mutex<()>> {
        let mut gates = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        gates.entry(account).or_default().clone()
    }
}

impl Engine {
    /// A session whose token has at least [`crate::Pace::refresh_ahead`] left.
    ///
    /// # Errors
    /// `auth.revoked` (and the account is marked) when the platform itself said that the grant is dead; a network
    /// fault is reported as what it is and marks nothing.
    pub(crate) async fn session(&self, account: &Account) -> Result<Session, Problem> {
        self.session_unlike(account, None).await
    }

    /// As [`Engine::session`], for when the platform refused `refused`: refreshes unless another caller already
    /// put a different token in its place.
    pub(crate) async fn session_after_refusal(
        &self,
        account: &Account,
        refused: &Session,
    ) -> Result<Session, Problem> {
        self.session_unlike(account, Some(refused)).await
    }

    async fn session_unlike(&self, account: &Account, refused: Option<&Session>) -> Result<Session, Problem> {
        let gate = self.inner.refresh_gates.gate(account.id);
        let _holding = gate.lock().await;
        let grant = self.grant(account).await?;
        let is_refused = refused.is_some_and(|session| {
            session.access_token.expose_secret() == grant.access_token.expose_secret()
        });
        let fresh_until = self.now() + self.parts().pace.refresh_ahead;
        if !is_refused && grant.expires_at > fresh_until {
            return Ok(session_of(account, &grant));
        }
        let registered = self.parts().platforms.get(&account.platform, account.realm)?;
        let client = self.client_credentials(account, registered).await?;
        match registered.platform.refresh(&client, &grant).await {
            Ok(renewed) => {
                let renewed = keep_refresh_token(renewed, &grant);
                let document = grant_document::write_grant(&renewed)?;
                self.parts()
                    .vault
                    .put(&SecretName::grant(account.id), document)
                    .await?;
                self.mark_health(account, AccountHealth::Connected).await?;
                Ok(session_of(account, &renewed))
            }
            Err(problem) if problem.code == codes::AUTH_REVOKED => {
                self.mark_health(account, AccountHealth::NeedsReconnect(problem.clone()))
                    .await?;
                Err(problem)
            }
            // The old token still has time left: a passing fault of the token endpoint must not stop the work.
            Err(problem) if !is_refused && grant.expires_at > self.now() => {
                tracing::warn!(account = %account.id, code = %problem.code, "refresh failed; the present token is still valid");
                Ok(session_of(account, &grant))
            }
            Err(problem) => Err(problem),
        }
    }

    pub(crate) async fn grant(&self, account: &Account) -> Result<Grant, Problem> {
        let secret = self.parts().vault.get(&SecretName::grant(account.id)).await?;
        secret
            .as_ref()
            .and_then(grant_document::read_grant)
            .ok_or_else(|| {
                Problem::needs_user(
                    codes::AUTH_REVOKED,
                    UserAction::Reconnect,
                    format!("The sign-in of {} is not in the keychain.", account.display_name),
                )
                .fix("Connect the account again.")
            })
    }

    /// The account's client credentials: built in for practice, the user's own otherwise.
    pub(crate) async fn client_credentials(
        &self,
        account: &Account,
        registered: &Registered,
    ) -> Result<ClientCredentials, Problem> {
        self.client_for(registered, &account.platform).await
    }

    pub(crate) async fn client_for(
        &self,
        registered: &Registered,
        platform: &daypart_domain::platform::PlatformId,
    ) -> Result<ClientCredentials, Problem> {
        if let Some(client) = &registered.built_in_client {
            return Ok(client.clone());
        }
        let secret = self.parts().vault.get(&SecretName::client(platform)).await?;
        secret
            .as_ref()
            .and_then(grant_document::read_client)
            .ok_or_else(|| {
                let name = registered.platform.capabilities().name;
                Problem::needs_user(
                    codes::AUTH_CLIENT,
                    UserAction::EnterCredentials,
                    format!("{name} needs your own developer keys before an account can be connected."),
                )
                .fix("Open Accounts and follow the steps to get a client id and secret.")
            })
    }

    pub(crate) async fn mark_health(&self, account: &Account, health: AccountHealth) -> Result<(), Problem> {
        let Some(mut stored) = self.parts().store.account(account.id).await? else {
            return Ok(());
        };
        if stored.health != health {
            stored.health = health;
            self.parts().store.put_account(&stored).await?;
            self.emit(EngineEvent::AccountChanged(account.id));
        }
        Ok(())
    }

    /// Runs `call` with a session and, when the platform refuses the token, once more with a refreshed one.
    /// Only for calls that a refused token provably did not carry out.
    pub(crate) async fn with_session<T, F>(
        &self,
        account: &Account,
        call: impl Fn(Session) -> F,
    ) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Problem>>,
    {
        let session = self.session(account).await?;
        match call(session.clone()).await {
            Err(problem) if problem.code == codes::AUTH_EXPIRED => {
                let renewed = self.session_after_refusal(account, &session).await?;
                match call(renewed).await {
                    Err(problem) if problem.code == codes::AUTH_EXPIRED => {
                        let problem = revoked(account, problem);
                        self.mark_health(account, AccountHealth::NeedsReconnect(problem.clone()))
                            .await?;
                        Err(problem)
                    }
                    other => other,
                }
            }
            other => other,
        }
    }

    pub(crate) fn adapter(&self, account: &Account) -> Result<Arc<dyn Platform>, Problem> {
        Ok(self
            .parts()
            .platforms
            .get(&account.platform, account.realm)?
            .platform
            .clone())
    }
}

/// The platform refuses even a token it has just issued.
pub(crate) fn revoked(account: &Account, refused: Problem) -> Problem {
    let mut problem = Problem::needs_user(
        codes::AUTH_REVOKED,
        UserAction::Reconnect,
        format!(
            "{} no longer accepts the sign-in of {}.",
            account.platform, account.display_name
        ),
    )
    .fix("Connect the account again.");
    problem.platform_words = refused.platform_words;
    problem
}

fn session_of(account: &Account, grant: &Grant) -> Session {
    Session {
        access_token: grant.access_token.clone(),
        remote_user_id: account.remote_user_id.clone(),
        scopes: grant.scopes.clone(),
    }
}

/// A good refresh token is never replaced by an empty one.
fn keep_refresh_token(mut renewed: Grant, old: &Grant) -> Grant {
    let is_empty = renewed
        .refresh_token
        .as_ref()
        .is_none_or(|token| token.expose_secret().is_empty());
    if is_empty {
        renewed.refresh_token = old.refresh_token.clone();
        renewed.refresh_expires_at = renewed.refresh_expires_at.or(old.refresh_expires_at);
    }
    renewed
}
