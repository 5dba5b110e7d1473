//! The adapter: which call goes to which file, and how TikTok's API is called at all.

use std::sync::Arc;

use async_trait::async_trait;
use daypart_domain::{
    account::PostingOptions, capabilities::Capabilities, platform::Realm, problem::Problem,
    publication::RemoteHandle, reconcile::Sighting,
};
use daypart_ports::{
    clock::Clock,
    platform::{
        ChunkSource, ClientCredentials, Confirmation, Grant, Platform, Profile, SearchEvidence, Session,
        SignInSecrets, Submission, UploadHandle, UploadProgress,
    },
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Endpoints, NAME, capabilities, confirm, creator, errors, look_up, oauth, upload,
    wire::{Envelope, ErrorEnvelope},
};
use crate::{
    codes,
    http::{HttpClient, Reply, Stakes},
    loopback::LoopbackBase,
};

/// TikTok in one realm. Holds no state about accounts or posts.
pub struct TikTok {
    pub(super) http: HttpClient,
    pub(super) endpoints: Endpoints,
    pub(super) clock: Arc<dyn Clock>,
    capabilities: Capabilities,
}

impl TikTok {
    /// TikTok's own servers.
    pub fn real(clock: Arc<dyn Clock>) -> Result<Self, Problem> {
        Ok(Self {
            http: HttpClient::real()?,
            endpoints: Endpoints::real(),
            clock,
            capabilities: capabilities::capabilities(Realm::Real),
        })
    }

    /// The simulator at `base`.
    pub fn practice(base: &LoopbackBase, clock: Arc<dyn Clock>) -> Result<Self, Problem> {
        Ok(Self {
            http: HttpClient::practice()?,
            endpoints: Endpoints::practice(base),
            clock,
            capabilities: capabilities::capabilities(Realm::Practice),
        })
    }

    /// One API call (§3). Every call that this adapter makes so may be repeated: none makes anything public.
    pub(super) async fn api<T: DeserializeOwned>(
        &self,
        session: &Session,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Problem> {
        let token = session.access_token.expose_secret();
        let body =
            serde_json::to_vec(body).map_err(|error| Problem::bug("a request body").caused_by(&error))?;
        let request = self
            .http
            .post(format!("{}{path}", self.endpoints.api))
            .bearer_auth(token)
            .header("content-type", "application/json; charset=UTF-8")
            .body(body);
        let reply = self
            .http
            .call(request)
            .await
            .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
        self.read(&reply, token)
    }

    pub(super) fn read<T: DeserializeOwned>(&self, reply: &Reply, token: &str) -> Result<T, Problem> {
        let ok = reply
            .json::<ErrorEnvelope>()
            .is_some_and(|envelope| envelope.error.code == "ok");
        let words = || errors::words(reply, &[token]);
        if !ok {
            return Err(errors::api_problem(words(), self.clock.now()));
        }
        reply
            .json::<Envelope<T>>()
            .and_then(|envelope| envelope.data)
            .ok_or_else(|| {
                Problem::transient(codes::PLATFORM_UNEXPECTED, "TikTok's answer could not be read.")
                    .words(words())
            })
    }
}

#[async_trait]
impl Platform for TikTok {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn redirect_path(&self) -> &'static str {
        oauth::REDIRECT_PATH
    }

    fn authorize_url(
        &self,
        client: &ClientCredentials,
        redirect_uri: &str,
        secrets: &SignInSecrets,
    ) -> Result<String, Problem> {
        oauth::authorize_url(&self.endpoints, client, redirect_uri, secrets)
    }

    async fn exchange_code(
        &self,
        client: &ClientCredentials,
        code: &SecretString,
        redirect_uri: &str,
        secrets: &SignInSecrets,
    ) -> Result<Grant, Problem> {
        oauth::exchange_code(self, client, code, redirect_uri, secrets).await
    }

    async fn refresh(&self, client: &ClientCredentials, grant: &Grant) -> Result<Grant, Problem> {
        oauth::refresh(self, client, grant).await
    }

    async fn revoke(&self, client: &ClientCredentials, grant: &Grant) -> Result<(), Problem> {
        oauth::revoke(self, client, grant).await
    }

    fn missing_scopes(&self, granted: &[String]) -> Vec<String> {
        oauth::missing_scopes(granted)
    }

    async fn profile(&self, session: &Session) -> Result<Profile, Problem> {
        creator::profile(self, session).await
    }

    async fn posting_options(&self, session: &Session) -> Result<PostingOptions, Problem> {
        creator::posting_options(self, session).await
    }

    async fn begin_upload(
        &self,
        session: &Session,
        submission: &Submission,
        now: Timestamp,
    ) -> Result<UploadHandle, Problem> {
        upload::begin(self, session, submission, now).await
    }

    async fn upload_progress(
        &self,
        session: &Session,
        upload: &UploadHandle,
    ) -> Result<UploadProgress, Problem> {
        upload::progress(self, session, upload).await
    }

    async fn send_chunk(
        &self,
        session: &Session,
        upload: &UploadHandle,
        source: ChunkSource,
    ) -> Result<UploadProgress, Problem> {
        upload::send_chunk(self, session, upload, source).await
    }

    async fn confirm(&self, session: &Session, remote: &RemoteHandle) -> Result<Confirmation, Problem> {
        confirm::confirm(self, session, remote).await
    }

    async fn look_for(&self, session: &Session, evidence: &SearchEvidence) -> Result<Sighting, Problem> {
        look_up::look_for(self, session, evidence).await
    }
}
