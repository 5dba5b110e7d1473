//! Something between the engine and the scripted platform that lets one call hang, wait, fail or lose its answer.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use daypart_domain::{
    account::PostingOptions,
    capabilities::Capabilities,
    post::Content,
    problem::{Problem, codes},
    publication::RemoteHandle,
    reconcile::Sighting,
};
use daypart_ports::platform::{
    ChunkSource, ClientCredentials, Confirmation, Grant, Live, Platform, Profile, SearchEvidence, Session,
    SignInSecrets, Submission, UploadHandle, UploadProgress,
};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::watch;

use crate::platform::ScriptedPlatform;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    Open,
    Chunk,
    LastChunk,
    Confirm,
    LookFor,
    Amend,
    Refresh,
    Extra,
}

/// What happens to one call.
#[derive(Debug, Clone)]
pub enum Act {
    /// It never comes back; the platform has not heard of it.
    HangBefore,
    /// It never comes back; the platform has done it.
    HangAfter,
    /// It goes on once [`Script::release`] is called.
    Wait,
    FailBefore(Problem),
    /// The platform has done it.
    FailAfter(Problem),
    /// Nothing happens to it; it is only noted.
    Note,
}

/// What shall happen, and how much of it has.
#[derive(Clone)]
pub struct Script {
    acts: Arc<Mutex<HashMap<Call, VecDeque<Act>>>>,
    is_offline: Arc<Mutex<bool>>,
    met: watch::Sender<usize>,
    is_released: watch::Sender<bool>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            acts: Arc::default(),
            is_offline: Arc::default(),
            met: watch::Sender::new(0),
            is_released: watch::Sender::new(false),
        }
    }
}

impl Script {
    pub fn next(&self, call: Call, act: Act) {
        self.acts.lock().unwrap().entry(call).or_default().push_back(act);
    }

    /// Returns once so many acts have begun (and, where they come after the effect, the effect has happened).
    pub async fn met(&self, count: usize) {
        self.met.subscribe().wait_for(|met| *met >= count).await.unwrap();
    }

    pub fn has_met(&self, count: usize) -> bool {
        *self.met.borrow() >= count
    }

    pub fn release(&self) {
        self.is_released.send_replace(true);
    }

    /// No call reaches the platform, and each says so.
    pub fn set_offline(&self, is_offline: bool) {
        *self.is_offline.lock().unwrap() = is_offline;
    }

    fn note(&self) {
        self.met.send_modify(|met| *met += 1);
    }

    async fn around<T>(
        &self,
        call: Call,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        if *self.is_offline.lock().unwrap() {
            return Err(Problem::transient(codes::NETWORK_OFFLINE, "no network"));
        }
        let act = self
            .acts
            .lock()
            .unwrap()
            .get_mut(&call)
            .and_then(VecDeque::pop_front);
        match act {
            None => work.await,
            Some(Act::Note) => {
                let done = work.await;
                self.note();
                done
            }
            Some(Act::HangBefore) => {
                self.note();
                std::future::pending().await
            }
            Some(Act::HangAfter) => {
                let _ = work.await;
                self.note();
                std::future::pending().await
            }
            Some(Act::Wait) => {
                self.note();
                let _ = self
                    .is_released
                    .subscribe()
                    .wait_for(|is_released| *is_released)
                    .await;
                work.await
            }
            Some(Act::FailBefore(problem)) => {
                self.note();
                Err(problem)
            }
            Some(Act::FailAfter(problem)) => {
                let _ = work.await;
                self.note();
                Err(problem)
            }
        }
    }
}

pub struct TroubledPlatform {
    pub inner: ScriptedPlatform,
    pub script: Script,
}

#[async_trait]
impl Platform for TroubledPlatform {
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn redirect_path(&self) -> &'static str {
        self.inner.redirect_path()
    }

    fn authorize_url(
        &self,
        client: &ClientCredentials,
        to: &str,
        secrets: &SignInSecrets,
    ) -> Result<String, Problem> {
        self.inner.authorize_url(client, to, secrets)
    }

    async fn exchange_code(
        &self,
        client: &ClientCredentials,
        code: &SecretString,
        to: &str,
        secrets: &SignInSecrets,
    ) -> Result<Grant, Problem> {
        self.inner.exchange_code(client, code, to, secrets).await
    }

    async fn refresh(&self, client: &ClientCredentials, grant: &Grant) -> Result<Grant, Problem> {
        self.script
            .around(Call::Refresh, self.inner.refresh(client, grant))
            .await
    }

    async fn revoke(&self, client: &ClientCredentials, grant: &Grant) -> Result<(), Problem> {
        self.inner.revoke(client, grant).await
    }

    fn missing_scopes(&self, granted: &[String]) -> Vec<String> {
        self.inner.missing_scopes(granted)
    }

    async fn profile(&self, session: &Session) -> Result<Profile, Problem> {
        self.inner.profile(session).await
    }

    async fn posting_options(&self, session: &Session) -> Result<PostingOptions, Problem> {
        self.inner.posting_options(session).await
    }

    async fn begin_upload(
        &self,
        session: &Session,
        submission: &Submission,
        now: Timestamp,
    ) -> Result<UploadHandle, Problem> {
        self.script
            .around(Call::Open, self.inner.begin_upload(session, submission, now))
            .await
    }

    async fn upload_progress(
        &self,
        session: &Session,
        upload: &UploadHandle,
    ) -> Result<UploadProgress, Problem> {
        self.inner.upload_progress(session, upload).await
    }

    async fn send_chunk(
        &self,
        session: &Session,
        upload: &UploadHandle,
        source: ChunkSource,
    ) -> Result<UploadProgress, Problem> {
        let is_end = source.chunk.offset + source.chunk.length == upload.plan.size_bytes;
        let call = if is_end { Call::LastChunk } else { Call::Chunk };
        self.script
            .around(call, self.inner.send_chunk(session, upload, source))
            .await
    }

    fn can_hold(&self, content: &Content) -> bool {
        self.inner.can_hold(content)
    }

    async fn amend(
        &self,
        session: &Session,
        remote: &RemoteHandle,
        submission: &Submission,
    ) -> Result<(), Problem> {
        self.script
            .around(Call::Amend, self.inner.amend(session, remote, submission))
            .await
    }

    async fn withdraw(&self, session: &Session, remote: &RemoteHandle) -> Result<(), Problem> {
        self.inner.withdraw(session, remote).await
    }

    fn wanted_extras(&self, submission: &Submission) -> Vec<&'static str> {
        self.inner.wanted_extras(submission)
    }

    async fn add_extra(
        &self,
        session: &Session,
        live: Live<'_>,
        submission: &Submission,
        key: &str,
    ) -> Result<(), Problem> {
        self.script
            .around(Call::Extra, self.inner.add_extra(session, live, submission, key))
            .await
    }

    async fn confirm(&self, session: &Session, remote: &RemoteHandle) -> Result<Confirmation, Problem> {
        self.script
            .around(Call::Confirm, self.inner.confirm(session, remote))
            .await
    }

    async fn look_for(&self, session: &Session, evidence: &SearchEvidence) -> Result<Sighting, Problem> {
        self.script
            .around(Call::LookFor, self.inner.look_for(session, evidence))
            .await
    }
}
