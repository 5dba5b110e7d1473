//! Connecting an account through the system browser.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use daypart_domain::{
    account::{Account, AccountHealth},
    delivery_spec::AccountLimits,
    ids::{AccountId, ConnectId},
    job::JobSubject,
    platform::{PlatformId, Realm},
    problem::{ErrorCode, Problem, UserAction, codes},
    publication_state::PublicationState,
};
use daypart_ports::{
    browser::RedirectListener,
    platform::{ClientCredentials, Session, SignInSecrets},
    registry::Registered,
    secrets::SecretName,
};
use tokio_util::sync::CancellationToken;

use crate::{Engine, EngineEvent, grant_document};

/// A sign-in is under way in the browser.
#[derive(Debug, Clone)]
pub struct ConnectStarted {
    pub connect_id: ConnectId,
    /// The consent page, for a person whose browser did not open.
    pub authorize_url: String,
}

#[derive(Default)]
pub(crate) struct OpenSignIns(std::sync::Mutex<HashMap<ConnectId, CancellationToken>>);

impl OpenSignIns {
    fn open(&self, id: ConnectId) -> CancellationToken {
        let token = CancellationToken::new();
        self.lock().insert(id, token.clone());
        token
    }

    fn close(&self, id: ConnectId) -> Option<CancellationToken> {
        self.lock().remove(&id)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ConnectId, CancellationToken>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Engine {
    /// Opens the platform's consent page in the system browser and returns at once. How it ended is told by
    /// [`EngineEvent::ConnectFinished`] with the same id.
    ///
    /// # Errors
    /// `auth.client` without client credentials; `connect.port` when no loopback port can be had.
    pub async fn begin_connect(
        &self,
        platform: &PlatformId,
        realm: Realm,
    ) -> Result<ConnectStarted, Problem> {
        let registered = self.parts().platforms.get(platform, realm)?.clone();
        let client = self.client_for(&registered, platform).await?;
        let listener = self
            .parts()
            .redirects
            .bind(registered.platform.redirect_path())
            .await?;
        let secrets = self.sign_in_secrets();
        let authorize_url = registered
            .platform
            .authorize_url(&client, listener.redirect_uri(), &secrets)?;

        let connect_id = ConnectId::from_uuid(self.new_uuid());
        let cancelled = self.inner.sign_ins.open(connect_id);
        let sign_in = SignIn {
            registered,
            realm,
            client,
            secrets,
            listener,
        };
        let engine = self.clone();
        let url = authorize_url.clone();
        tokio::spawn(async move {
            let outcome = tokio::select! {
                outcome = engine.sign_in(sign_in, &url) => outcome,
                () = cancelled.cancelled() => Err(declined("The connection was called off.")),
                () = tokio::time::sleep(engine.parts().pace.sign_in_wait) => Err(declined("The browser did not come back in time.")),
            };
            engine.inner.sign_ins.close(connect_id);
            if let Ok(account) = &outcome {
                engine.emit(EngineEvent::AccountChanged(*account));
            }
            engine.emit(EngineEvent::ConnectFinished { connect_id, outcome });
        });
        Ok(ConnectStarted {
            connect_id,
            authorize_url,
        })
    }

    /// Stops waiting for the browser. An unknown id is not an error: it has ended already.
    pub fn cancel_connect(&self, id: ConnectId) {
        if let Some(token) = self.inner.sign_ins.close(id) {
            token.cancel();
        }
    }

    async fn sign_in(&self, mut sign_in: SignIn, authorize_url: &str) -> Result<AccountId, Problem> {
        self.parts().browser.open(authorize_url).await?;
        let answer = sign_in.listener.answer(&sign_in.secrets.state).await?;
        let adapter = &sign_in.registered.platform;
        let redirect_uri = sign_in.listener.redirect_uri().to_owned();
        let grant = adapter
            .exchange_code(&sign_in.client, &answer.code, &redirect_uri, &sign_in.secrets)
            .await?;
        let name = adapter.capabilities().name;
        let missing = adapter.missing_scopes(&grant.scopes);
        if !missing.is_empty() {
            return Err(Problem::needs_user(
                codes::AUTH_SCOPE,
                UserAction::Reconnect,
                format!("{name} was connected without a permission that posting needs."),
            )
            .fix("Connect again and leave every permission ticked.")
            .detail(format!("not granted: {}", missing.join(", "))));
        }
        let session = Session {
            access_token: grant.access_token.clone(),
            remote_user_id: String::new(),
            scopes: grant.scopes.clone(),
        };
        let profile = adapter.profile(&session).await?;

        let platform = adapter.capabilities().platform.clone();
        let store = &self.parts().store;
        let known = store
            .find_account(&platform, sign_in.realm, &profile.remote_user_id)
            .await?;
        let id = known
            .as_ref()
            .map_or_else(|| AccountId::from_uuid(self.new_uuid()), |account| account.id);
        // The token first: an account row without a token would be a lie, a token without a row is swept away.
        self.parts()
            .vault
            .put(&SecretName::grant(id), grant_document::write_grant(&grant)?)
            .await?;
        let stored = store
            .put_account(&Account {
                id,
                platform,
                realm: sign_in.realm,
                remote_user_id: profile.remote_user_id,
                display_name: profile.display_name,
                avatar_url: profile.avatar_url,
                granted_scopes: grant.scopes,
                limits: known
                    .as_ref()
                    .map_or_else(AccountLimits::default, |account| account.limits),
                health: AccountHealth::Connected,
                connected_at: known.map_or_else(|| self.now(), |account| account.connected_at),
                disconnected_at: None,
            })
            .await?;
        self.resume_after_reconnect(stored.id).await?;
        Ok(stored.id)
    }

    /// Readings that waited for this sign-in go on at once.
    async fn resume_after_reconnect(&self, account: AccountId) -> Result<(), Problem> {
        let waiting = self
            .parts()
            .store
            .publications_in(&[PublicationState::InDoubt, PublicationState::Confirming])
            .await?;
        for publication in waiting
            .into_iter()
            .filter(|publication| publication.account_id == account)
        {
            self.parts()
                .store
                .expedite(JobSubject::Publication(publication.id), self.now())
                .await?;
        }
        self.work_changed();
        Ok(())
    }

    fn sign_in_secrets(&self) -> SignInSecrets {
        let random = |bytes: &mut [u8]| self.parts().randomness.fill(bytes);
        let (mut state, mut verifier) = ([0u8; 32], [0u8; 48]);
        random(&mut state);
        random(&mut verifier);
        SignInSecrets {
            state: URL_SAFE_NO_PAD.encode(state),
            code_verifier: URL_SAFE_NO_PAD.encode(verifier).into(),
        }
    }
}

struct SignIn {
    registered: Registered,
    realm: Realm,
    client: ClientCredentials,
    secrets: SignInSecrets,
    listener: Box<dyn RedirectListener>,
}

fn declined(sentence: &str) -> Problem {
    Problem::needs_user(ErrorCode::new("connect.ended"), UserAction::Reconnect, sentence)
        .fix("Press Connect to try again.")
}
