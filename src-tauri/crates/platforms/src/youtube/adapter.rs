//! The adapter: which call goes to which file, and how YouTube's API is called at all.

use std::sync::Arc;

use async_trait::async_trait;
use daypart_domain::{
    account::PostingOptions, capabilities::Capabilities, platform::Realm, post::Content, problem::Problem,
    publication::RemoteHandle, reconcile::Sighting,
};
use daypart_ports::{
    clock::Clock,
    platform::{
        ChunkSource, ClientCredentials, Confirmation, Grant, Live, Platform, Profile, SearchEvidence,
        Session, SignInSecrets, Submission, UploadHandle, UploadProgress,
    },
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use super::{
    Endpoints, NAME, capabilities, channel, confirm, errors, extras, held, look_up, oauth, upload,
    wire::{Listing, Video},
};
use crate::{
    codes,
    http::{HttpClient, Reply, Stakes},
    loopback::LoopbackBase,
};

/// YouTube in one realm. Holds no state about accounts or posts.
pub struct YouTube {
    pub(super) http: HttpClient,
    pub(super) endpoints: Endpoints,
    pub(super) clock: Arc<dyn Clock>,
    capabilities: Capabilities,
}

impl YouTube {
    /// Google's own servers.
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

    /// Reads a list (Y3, Y9, Y10). Changes nothing.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        session: &Session,
        resource: &str,
        query: &[(&str, &str)],
    ) -> Result<(Listing<T>, Reply), Problem> {
        let token = session.access_token.expose_secret();
        let request = self
            .http
            .get(format!("{}/youtube/v3/{resource}", self.endpoints.api))
            .query(query)
            .bearer_auth(token);
        let reply = self
            .http
            .call(request)
            .await
            .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
        if !reply.is_success() {
            return Err(self.refused(&reply, &[token]));
        }
        match reply.json() {
            Some(listing) => Ok((listing, reply)),
            None => Err(Problem::transient(
                codes::PLATFORM_UNEXPECTED,
                "YouTube's answer could not be read.",
            )
            .words(errors::words(&reply, &[token]))),
        }
    }

    /// One of the own videos; `None` when there is no such video (any more).
    pub(super) async fn video(&self, session: &Session, id: &str) -> Result<Option<Video>, Problem> {
        let query = [("part", "snippet,status,processingDetails"), ("id", id)];
        let (listing, _) = self.list::<Video>(session, "videos", &query).await?;
        Ok(listing.items.into_iter().next())
    }

    pub(super) fn refused(&self, reply: &Reply, secrets: &[&str]) -> Problem {
        errors::api_problem(errors::words(reply, secrets), self.clock.now())
    }
}

#[async_trait]
impl Platform for YouTube {
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

    async fn revoke(&self, _client: &ClientCredentials, grant: &Grant) -> Result<(), Problem> {
        oauth::revoke(self, grant).await
    }

    fn missing_scopes(&self, granted: &[String]) -> Vec<String> {
        oauth::missing_scopes(granted)
    }

    async fn profile(&self, session: &Session) -> Result<Profile, Problem> {
        channel::profile(self, session).await
    }

    async fn posting_options(&self, session: &Session) -> Result<PostingOptions, Problem> {
        channel::posting_options(self, session).await
    }

    async fn begin_upload(
        &self,
        session: &Session,
        submission: &Submission,
        _now: Timestamp,
    ) -> Result<UploadHandle, Problem> {
        upload::begin(self, session, submission).await
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

    fn can_hold(&self, content: &Content) -> bool {
        held::can_hold(content)
    }

    async fn amend(
        &self,
        session: &Session,
        remote: &RemoteHandle,
        submission: &Submission,
    ) -> Result<(), Problem> {
        held::amend(self, session, remote, submission).await
    }

    async fn withdraw(&self, session: &Session, remote: &RemoteHandle) -> Result<(), Problem> {
        held::withdraw(self, session, remote).await
    }

    fn wanted_extras(&self, submission: &Submission) -> Vec<&'static str> {
        extras::wanted(submission)
    }

    async fn add_extra(
        &self,
        session: &Session,
        live: Live<'_>,
        submission: &Submission,
        key: &str,
    ) -> Result<(), Problem> {
        extras::add(self, session, live, submission, key).await
    }

    async fn confirm(&self, session: &Session, remote: &RemoteHandle) -> Result<Confirmation, Problem> {
        confirm::confirm(self, session, remote).await
    }

    async fn look_for(&self, session: &Session, evidence: &SearchEvidence) -> Result<Sighting, Problem> {
        look_up::look_for(self, session, evidence).await
    }
}
