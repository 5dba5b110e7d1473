//! What every [`Platform`] promises, as cases over a small harness: the adapter under test, a person in the browser,
//! troubles on request, and the other side's own record of what was posted.

pub mod sign_in;
pub mod trouble;
pub mod upload;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use daypart_domain::{
    chunk_plan::Chunk,
    problem::{ErrorCode, Problem},
    publication::RemoteHandle,
};
use jiff::Timestamp;
use secrecy::SecretString;

use crate::{
    browser::RedirectListeners,
    platform::{
        ChunkSource, ClientCredentials, Confirmation, Grant, MediaFile, Platform, Session, SignInSecrets,
        Submission, UploadHandle, UploadProgress,
    },
};

/// Where trouble can strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Refresh,
    Begin,
    /// The check that comes with [`Call::Begin`] on platforms that have one; else the same as it.
    Options,
    Chunk,
    LastChunk,
    Progress,
}

/// What goes wrong, once, at the next such call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The connection breaks before anything was done.
    LostBefore,
    /// Everything was done; the answer is lost.
    LostAfter,
    /// A gateway says 503 before anything was done.
    GatewayBefore,
    /// A gateway says 503 although everything was done.
    GatewayAfter,
    /// The answer breaks off in the middle although everything was done.
    Truncated,
    /// The connection breaks after this many bytes of the body.
    CutAfter(u64),
    TokenExpired,
    /// The platform no longer knows the upload.
    UploadGone,
    /// A short-term throttle.
    Throttled,
    /// The daily limit.
    DailyLimit,
}

/// File sizes that are interesting for the platform's chunk rule.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// One small chunk.
    pub small: u64,
    /// Fills the last chunk exactly.
    pub exact: u64,
    /// One byte more than fits one chunk.
    pub one_over: u64,
    /// At least three chunks.
    pub many: u64,
}

/// What the other side holds, in its own record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub size_bytes: u64,
    pub sha256: String,
    pub visibility: String,
}

/// One platform in a state of its own for one case.
#[async_trait]
pub trait PlatformHarness: Send + Sync {
    fn platform(&self) -> &dyn Platform;
    /// An adapter of the same platform whose servers cannot be reached.
    fn unreachable(&self) -> Arc<dyn Platform>;
    fn client(&self) -> ClientCredentials;
    fn redirects(&self) -> &dyn RedirectListeners;
    fn sizes(&self) -> Sizes;
    /// A folder for the files of this case.
    fn folder(&self) -> &Path;
    /// A submission that the platform takes.
    fn submission(&self, media: MediaFile) -> Submission;
    fn now(&self) -> Timestamp;

    /// What a person does at the consent page; returns the address the browser is sent to.
    async fn consent(&self, authorize_url: &str, allow: bool) -> String;
    /// Opens an address as a browser does; returns the status.
    async fn browse(&self, url: &str) -> u16;
    /// Makes the other side's time pass.
    async fn advance(&self, seconds: u64);
    /// Whether a refresh hands out a new refresh token, from now on. `false`: this platform never does.
    async fn rotate_refresh_tokens(&self, rotate: bool) -> bool;
    /// The person takes the app's access away at the platform.
    async fn revoke_remotely(&self);
    async fn trouble(&self, call: Call, trouble: Trouble);
    /// Returns once `count` posts have been processed since the start.
    async fn processed(&self, count: usize);
    async fn ledger(&self) -> Vec<Posted>;
    /// Bytes that arrived more than once, over all uploads.
    async fn resent_bytes(&self) -> u64;
}

/// Random values of a sign-in; the same every time, since nobody attacks a test.
pub fn sign_in_secrets() -> SignInSecrets {
    SignInSecrets {
        state: "state-0123456789abcdef".into(),
        code_verifier: SecretString::from("conformance-0123456789_ABCDEFGHIJ.abcdefghij~verifier"),
    }
}

/// Signs in from the consent page to the grant.
pub async fn connect(harness: &dyn PlatformHarness) -> Grant {
    let platform = harness.platform();
    let secrets = sign_in_secrets();
    let mut listener = ok(harness.redirects().bind(platform.redirect_path()).await, "bind");
    let redirect_uri = listener.redirect_uri().to_owned();
    let url = ok(
        platform.authorize_url(&harness.client(), &redirect_uri, &secrets),
        "authorize_url",
    );
    let back = harness.consent(&url, true).await;
    let (answer, status) = tokio::join!(listener.answer(&secrets.state), harness.browse(&back));
    assert_eq!(status, 200, "the browser must see a friendly page");
    let answer = ok(answer, "answer");
    let exchanged = platform
        .exchange_code(&harness.client(), &answer.code, &redirect_uri, &secrets)
        .await;
    ok(exchanged, "exchange_code")
}

pub async fn session(harness: &dyn PlatformHarness) -> Session {
    session_of(harness, &connect(harness).await).await
}

pub async fn session_of(harness: &dyn PlatformHarness, grant: &Grant) -> Session {
    let mut session = Session {
        access_token: grant.access_token.clone(),
        remote_user_id: String::new(),
        scopes: grant.scopes.clone(),
    };
    session.remote_user_id = ok(harness.platform().profile(&session).await, "profile").remote_user_id;
    session
}

/// A file of `size_bytes` whose every block differs; the ledger's hash is compared with [`sha256`].
pub async fn file(harness: &dyn PlatformHarness, size_bytes: u64) -> MediaFile {
    let path = harness.folder().join(format!("{size_bytes}.mp4"));
    let mut bytes = Vec::with_capacity(usize::try_from(size_bytes).unwrap_or_default());
    let mut word = size_bytes.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    while (bytes.len() as u64) < size_bytes {
        // xorshift64
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.truncate(usize::try_from(size_bytes).unwrap_or_default());
    tokio::fs::write(&path, bytes)
        .await
        .expect("a test file must be writable");
    MediaFile {
        path,
        size_bytes,
        mime: "video/mp4",
        duration_ms: 4000,
        width_px: 640,
        height_px: 360,
    }
}

/// An upload under way.
pub struct Transfer {
    pub submission: Submission,
    pub upload: UploadHandle,
}

pub async fn begin(harness: &dyn PlatformHarness, session: &Session, size_bytes: u64) -> Transfer {
    let submission = harness.submission(file(harness, size_bytes).await);
    begin_as(harness, session, submission).await
}

/// Opens an upload for this very submission.
pub async fn begin_as(harness: &dyn PlatformHarness, session: &Session, submission: Submission) -> Transfer {
    let begun = harness
        .platform()
        .begin_upload(session, &submission, harness.now())
        .await;
    Transfer {
        upload: ok(begun, "begin_upload"),
        submission,
    }
}

impl Transfer {
    pub fn source(&self, chunk: Chunk) -> ChunkSource {
        ChunkSource {
            path: self.submission.media.path.clone(),
            chunk,
            mime: self.submission.media.mime,
            sent: Arc::new(|_| {}),
            pacing: Arc::new(crate::transfers::Unlimited),
        }
    }

    pub fn chunk_at(&self, offset: u64) -> Chunk {
        self.upload
            .plan
            .chunk_at(offset)
            .expect("an offset inside the file")
    }

    pub async fn send(
        &self,
        harness: &dyn PlatformHarness,
        session: &Session,
        offset: u64,
    ) -> Result<UploadProgress, Problem> {
        let source = self.source(self.chunk_at(offset));
        harness.platform().send_chunk(session, &self.upload, source).await
    }

    /// Sends everything from `offset` on. Panics when a chunk brings nothing forward.
    pub async fn send_rest(
        &self,
        harness: &dyn PlatformHarness,
        session: &Session,
        mut offset: u64,
    ) -> RemoteHandle {
        loop {
            match ok(self.send(harness, session, offset).await, "send_chunk") {
                UploadProgress::Complete(remote) => return remote,
                UploadProgress::Stored { stored_bytes } if stored_bytes > offset => offset = stored_bytes,
                other => panic!("no progress from {offset}: {other:?}"),
            }
        }
    }

    /// Sends all chunks but the last.
    pub async fn stage(&self, harness: &dyn PlatformHarness, session: &Session) {
        let mut offset = 0;
        while offset < self.upload.plan.last_offset() {
            match ok(self.send(harness, session, offset).await, "send_chunk") {
                UploadProgress::Stored { stored_bytes } if stored_bytes > offset => offset = stored_bytes,
                other => panic!("no progress from {offset}: {other:?}"),
            }
        }
    }

    pub async fn stored(&self, harness: &dyn PlatformHarness, session: &Session) -> UploadProgress {
        let progress = harness.platform().upload_progress(session, &self.upload).await;
        ok(progress, "upload_progress")
    }
}

/// Waits for the platform to finish and reads the post back.
pub async fn read_back(
    harness: &dyn PlatformHarness,
    session: &Session,
    remote: &RemoteHandle,
    posts_so_far: usize,
) -> Confirmation {
    harness.processed(posts_so_far).await;
    ok(harness.platform().confirm(session, remote).await, "confirm")
}

/// The ledger holds exactly one post, and it is this file.
pub async fn exactly_one_post(harness: &dyn PlatformHarness, media: &MediaFile) {
    let ledger = harness.ledger().await;
    assert_eq!(ledger.len(), 1, "exactly one post: {ledger:?}");
    assert_eq!(ledger[0].size_bytes, media.size_bytes);
    assert_eq!(
        ledger[0].sha256,
        sha256(media).await,
        "the bytes that arrived are the file's"
    );
}

pub async fn sha256(media: &MediaFile) -> String {
    use sha2::Digest;
    let bytes = tokio::fs::read(&media.path)
        .await
        .expect("the test file is there");
    let digest = sha2::Sha256::digest(&bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn ok<T>(outcome: Result<T, Problem>, step: &str) -> T {
    match outcome {
        Ok(value) => value,
        Err(problem) => panic!(
            "{step}: {problem} {:?} {:?}",
            problem.platform_words, problem.details
        ),
    }
}

pub fn refused<T>(outcome: Result<T, Problem>, step: &str) -> Problem {
    match outcome {
        Ok(_) => panic!("{step} must not succeed here"),
        Err(problem) => problem,
    }
}

pub fn has_code(problem: &Problem, code: &ErrorCode) {
    assert_eq!(&problem.code, code, "{problem} {:?}", problem.details);
}
