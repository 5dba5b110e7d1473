//! One platform, as the engine sees it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use daypart_domain::{
    account::PostingOptions,
    capabilities::Capabilities,
    chunk_plan::{Chunk, ChunkPlan},
    post::Content,
    problem::{Problem, codes},
    publication::{Receipt, RemoteHandle},
    reconcile::Sighting,
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::transfers::Pacing;

/// The app's own credentials at a platform. For real accounts the user's own; practice has built-in ones.
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    pub client_id: String,
    pub client_secret: SecretString,
}

/// Random values of one sign-in, drawn by the engine.
#[derive(Debug, Clone)]
pub struct SignInSecrets {
    pub state: String,
    /// 43–128 unreserved characters (RFC 7636 §4.1).
    pub code_verifier: SecretString,
}

/// What a sign-in or refresh gave. Goes to the vault as a whole.
#[derive(Debug, Clone)]
pub struct Grant {
    pub access_token: SecretString,
    /// `None` only when the platform gave none; an empty string never replaces a good token.
    pub refresh_token: Option<SecretString>,
    pub expires_at: Timestamp,
    pub refresh_expires_at: Option<Timestamp>,
    /// As granted, which may be fewer than asked.
    pub scopes: Vec<String>,
}

/// A usable access token and whose it is.
#[derive(Debug, Clone)]
pub struct Session {
    pub access_token: SecretString,
    pub remote_user_id: String,
    pub scopes: Vec<String>,
}

/// Who an account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub remote_user_id: String,
    pub display_name: String,
    pub avatar_url: Option<String>,
}

/// The file that will be sent: the original in place, or a rendition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFile {
    pub path: PathBuf,
    pub size_bytes: u64,
    pub mime: &'static str,
    pub duration_ms: u64,
    pub width_px: u32,
    pub height_px: u32,
}

/// Everything an adapter needs to know about what is posted.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The shared caption; `content.text` holds own texts where they differ.
    pub caption: String,
    pub content: Content,
    pub media: MediaFile,
    /// The platform shall publish it by itself at this time. Only where [`Capabilities::native_schedule`] allows it.
    pub publish_at: Option<Timestamp>,
    pub accompaniment: Accompaniment,
}

/// What goes along with the file, where a platform takes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accompaniment {
    /// `None` leaves the cover to the platform.
    pub cover: Option<SubmittedCover>,
    /// Captions beside the video; those that are drawn into it are none of these.
    pub captions: Option<SubmittedCaptions>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedCover {
    /// When its frame is shown in the file that is sent; `None` when it is no frame of it.
    pub at_ms: Option<u64>,
    /// A JPEG of at most 2 MB. There while the addition [`daypart_domain::extra::COVER`] is made, and only then.
    pub jpeg: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedCaptions {
    /// UTF-8, timed on the file that is sent. There while the addition [`daypart_domain::extra::CAPTIONS`] is made, and
    /// only then.
    pub srt: Option<PathBuf>,
}

/// An upload as it is kept. `public` goes to the database, `secret` to the vault (addresses that act as credentials).
#[derive(Debug, Clone)]
pub struct UploadHandle {
    pub public: serde_json::Value,
    pub secret: SecretString,
    pub plan: ChunkPlan,
    pub expires_at: Option<Timestamp>,
}

/// Part of a file to send. The adapter streams it from disk; memory does not grow with it.
#[derive(Clone)]
pub struct ChunkSource {
    pub path: PathBuf,
    pub chunk: Chunk,
    pub mime: &'static str,
    /// Called with the number of bytes handed to the network since the last call.
    pub sent: Arc<dyn Fn(u64) + Send + Sync>,
    /// Asked before bytes are handed over; see there.
    pub pacing: Arc<dyn Pacing>,
}

/// Where an upload stands, in the platform's own words.
#[derive(Debug, Clone, PartialEq)]
pub enum UploadProgress {
    /// The platform holds exactly the first `stored_bytes`.
    Stored { stored_bytes: u64 },
    /// All bytes are in; the platform has, or is making, the post. For platforms that publish by the last byte
    /// this is the answer to the publish step.
    Complete(RemoteHandle),
    /// The platform does not know this upload (any more).
    Gone,
}

/// What reading a post back showed.
#[derive(Debug, Clone, PartialEq)]
pub enum Confirmation {
    /// Still working; ask again. The sentence is for the log.
    Pending { note: String },
    /// It is there. `more_to_come`: a later reading may add the link or the public time.
    Published {
        receipt: Receipt,
        warnings: Vec<String>,
        more_to_come: bool,
    },
    /// The platform holds it and will publish it by itself; nothing is public. The sentence is for the log.
    Held { note: String },
    /// The platform refused it; nothing is public.
    Refused(Problem),
    /// The platform has no record of it (any more).
    Unknown,
}

/// What is known when a post has to be looked for.
#[derive(Debug, Clone)]
pub struct SearchEvidence {
    pub submission: Submission,
    pub upload: Option<UploadHandle>,
    pub remote: Option<RemoteHandle>,
    /// When the final call was decided.
    pub attempted_at: Timestamp,
}

/// A post that is at the platform: at least one of the two is there.
#[derive(Debug, Clone, Copy)]
pub struct Live<'a> {
    pub remote: Option<&'a RemoteHandle>,
    pub receipt: Option<&'a Receipt>,
}

/// How far a platform's clock is from ours, and similar facts for the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformNotes {
    pub clock_offset: Option<Duration>,
}

/// One platform in one realm.
///
/// Adapters hold no state of their own about accounts or posts and read no clock but the one they are given.
/// They never retry by themselves: one call, one answer, one class. Errors:
///
/// - a request that provably never reached the platform, or that may be repeated harmlessly, is `Transient`
///   (`network.offline` when there was no route or the connection was refused);
/// - a request that may have had an irreversible effect and whose answer did not arrive or could not be read
///   is `InDoubt`;
/// - an access token that is no longer accepted is `auth.expired`; a dead grant is `auth.revoked`.
#[async_trait]
pub trait Platform: Send + Sync {
    fn capabilities(&self) -> &Capabilities;

    /// Path of the redirect URI to listen on, e.g. `/callback/`, or empty.
    fn redirect_path(&self) -> &'static str;

    /// The address of the consent page. Pure.
    fn authorize_url(
        &self,
        client: &ClientCredentials,
        redirect_uri: &str,
        secrets: &SignInSecrets,
    ) -> Result<String, Problem>;

    async fn exchange_code(
        &self,
        client: &ClientCredentials,
        code: &SecretString,
        redirect_uri: &str,
        secrets: &SignInSecrets,
    ) -> Result<Grant, Problem>;

    /// Trades the refresh token. The returned grant is complete: it carries the old refresh token where the
    /// platform sent no new one. `auth.revoked` only when the platform itself said so.
    async fn refresh(&self, client: &ClientCredentials, grant: &Grant) -> Result<Grant, Problem>;

    /// Ends the grant at the platform. A grant that is already dead is success.
    async fn revoke(&self, client: &ClientCredentials, grant: &Grant) -> Result<(), Problem>;

    /// Scopes that were asked for and are needed but not granted; empty when all is well. Pure.
    fn missing_scopes(&self, granted: &[String]) -> Vec<String>;

    async fn profile(&self, session: &Session) -> Result<Profile, Problem>;

    /// What this account may do right now (TikTok's creator_info). Platforms without such a call give the default.
    async fn posting_options(&self, session: &Session) -> Result<PostingOptions, Problem>;

    /// Opens an upload. Nothing is public before the last byte (or the separate publish call); a lost answer is
    /// therefore `Transient` here.
    async fn begin_upload(
        &self,
        session: &Session,
        submission: &Submission,
        now: Timestamp,
    ) -> Result<UploadHandle, Problem>;

    /// Asks the platform where the upload stands. Changes nothing.
    async fn upload_progress(
        &self,
        session: &Session,
        upload: &UploadHandle,
    ) -> Result<UploadProgress, Problem>;

    /// Sends one chunk. When no readable answer arrived after bytes left this machine: `InDoubt` for the last chunk
    /// of a platform that publishes by it, `Transient` for every other (ask [`Platform::upload_progress`], go on).
    /// The answer may name an offset before the end of the chunk, or none beyond its start.
    async fn send_chunk(
        &self,
        session: &Session,
        upload: &UploadHandle,
        source: ChunkSource,
    ) -> Result<UploadProgress, Problem>;

    /// Makes a completed upload public, for [`daypart_domain::capabilities::PublishTrigger::SeparateCall`].
    async fn publish(
        &self,
        session: &Session,
        upload: &UploadHandle,
        submission: &Submission,
    ) -> Result<RemoteHandle, Problem> {
        let _ = (session, upload, submission);
        Err(Problem::bug("this platform publishes with the last byte"))
    }

    /// Whether the platform's own timer can publish a post with these options; asked only where
    /// [`Capabilities::native_schedule`] exists. Pure.
    fn can_hold(&self, content: &Content) -> bool {
        let _ = content;
        true
    }

    /// Tells the platform the present text, options and [`Submission::publish_at`] of a post that it holds.
    /// May be repeated.
    ///
    /// # Errors
    /// [`codes::CANNOT_AMEND`] when this platform, or this change, asks for taking it back and sending it anew;
    /// [`codes::ALREADY_PUBLIC`] when it is public by now.
    async fn amend(
        &self,
        session: &Session,
        remote: &RemoteHandle,
        submission: &Submission,
    ) -> Result<(), Problem> {
        let _ = (session, remote, submission);
        Err(Problem::permanent(
            codes::CANNOT_AMEND,
            "This platform cannot change what it holds.",
        ))
    }

    /// Takes a post that the platform holds away from it. One that is gone already is success. May be repeated.
    ///
    /// # Errors
    /// [`codes::ALREADY_PUBLIC`] when it is public by now: it is then left alone.
    async fn withdraw(&self, session: &Session, remote: &RemoteHandle) -> Result<(), Problem> {
        let _ = (session, remote);
        Err(Problem::bug("this platform holds nothing"))
    }

    /// Keys of the additions that this submission asks for, in the order in which they are to be made. Pure.
    fn wanted_extras(&self, submission: &Submission) -> Vec<&'static str> {
        let _ = submission;
        Vec::new()
    }

    /// Adds one of [`Capabilities::extras`] to a live post, or, where it is `early`, to one that the platform holds. May
    /// be repeated: a second call leaves one addition. `RateLimited` also says that the platform is not ready for it
    /// yet.
    async fn add_extra(
        &self,
        session: &Session,
        live: Live<'_>,
        submission: &Submission,
        key: &str,
    ) -> Result<(), Problem> {
        let _ = (session, live, submission);
        Err(Problem::bug(format!("this platform knows no {key}")))
    }

    /// Reads a post back.
    async fn confirm(&self, session: &Session, remote: &RemoteHandle) -> Result<Confirmation, Problem>;

    /// Looks for a post after an unclear answer. Changes nothing.
    async fn look_for(&self, session: &Session, evidence: &SearchEvidence) -> Result<Sighting, Problem>;
}
