//! The durable record: assets, accounts, posts, publications, uploads, jobs, attempts, events.
//!
//! Every method is one transaction: it happened or it did not. What is returned is what is on disk. Errors are
//! `store.…` problems: `store.unavailable` (disk, lock; transient), `disk.full`, `store.newer` (made by a newer
//! Daypart) and `daypart.bug`.

use async_trait::async_trait;
use daypart_domain::{
    account::Account,
    asset::{Asset, FileIdentity},
    chunk_plan::ChunkPlan,
    delivery_spec::AccountLimits,
    extra::Extra,
    ids::{AccountId, AssetId, AttemptId, JobId, OwnerId, PostId, PublicationId},
    job::{Attempt, Job, JobKind, JobState, JobSubject},
    platform::{PlatformId, Realm},
    post::Post,
    problem::Problem,
    publication::{NeedsUserReason, Publication, PublicationEvent, Receipt, RemoteHandle},
    publication_state::{Mover, PublicationState},
};
use jiff::Timestamp;

pub use crate::rounds::{Forgotten, RecordFacts, RoundsStore};
use crate::transfers::TransferStore;

/// The public part of an open upload.
#[derive(Debug, Clone, PartialEq)]
pub struct UploadRecord {
    pub publication_id: PublicationId,
    /// Which sign-in's token it was opened with is not recorded: any token of the account will do.
    pub public: serde_json::Value,
    pub plan: ChunkPlan,
    /// Absolute path of the file being sent: the original in place, or a rendition.
    pub media_path: String,
    /// Identity of that file when the upload was opened; a changed file is never spliced.
    pub media_identity: FileIdentity,
    pub mime: String,
    /// Bytes the platform is known to hold.
    pub confirmed_bytes: u64,
    pub opened_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// Opened for the platform to publish by itself at this time.
    pub publish_at: Option<Timestamp>,
}

/// A file we made for some destination.
#[derive(Debug, Clone, PartialEq)]
pub struct RenditionRecord {
    /// Asset hash + spec + edit + encoder version.
    pub key: String,
    pub path: String,
    pub info: daypart_domain::media_info::MediaInfo,
    pub made_at: Timestamp,
}

/// A move of a publication and everything that becomes true with it.
#[derive(Debug, Clone)]
pub struct Transition {
    pub publication_id: PublicationId,
    pub to: PublicationState,
    pub mover: Mover,
    /// One sentence for the log.
    pub reason: String,
    pub at: Timestamp,
    /// When set, the move only happens from this state (a subset of the legal ones).
    pub only_from: Option<PublicationState>,
    /// When set, the move only happens while this job is `Running`: a step that was called off cannot move a
    /// publication that has been planned anew meanwhile.
    pub while_running: Option<JobId>,
    pub change: PublicationChange,
    /// Job work that starts with this move, in the same transaction; a kind that already has an unfinished job
    /// of this publication is not added twice. Cancelling (below) happens first.
    pub enqueue: Vec<NewJob>,
    /// Cancels every unfinished job of the publication except the one given.
    pub cancel_jobs_except: Option<Option<JobId>>,
    /// Forgets the open upload.
    pub drop_upload: bool,
}

/// Fields to set; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct PublicationChange {
    /// `Some(None)` clears.
    pub problem: Option<Option<Problem>>,
    pub needs_user: Option<Option<NeedsUserReason>>,
    pub due_at: Option<Option<Timestamp>>,
    pub remote: Option<Option<RemoteHandle>>,
    pub receipt: Option<Option<Receipt>>,
    pub warnings: Option<Vec<String>>,
    pub extras: Option<Vec<Extra>>,
    /// `Some(None)` clears.
    pub postponed_from: Option<Option<Timestamp>>,
}

/// A final call that was made and was not clearly refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinalCall {
    pub publication_id: PublicationId,
    pub account_id: AccountId,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    pub id: JobId,
    pub kind: JobKind,
    pub subject: JobSubject,
    pub available_at: Timestamp,
}

/// How a job's run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct JobEnd {
    pub job_id: JobId,
    pub to: JobState,
    /// For `Retryable` and `Scheduled`.
    pub available_at: Option<Timestamp>,
    pub counted: bool,
    pub polled: bool,
    pub at: Timestamp,
    pub outcome: String,
    pub problem: Option<Problem>,
}

/// A leased job and its attempt row.
#[derive(Debug, Clone, PartialEq)]
pub struct LeasedJob {
    pub job: Job,
    pub attempt_id: AttemptId,
}

/// One log line of an attempt; already redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptLine {
    pub attempt_id: AttemptId,
    pub at: Timestamp,
    pub line: String,
}

#[async_trait]
pub trait AssetStore: Send + Sync {
    /// Inserts the assets and their probe jobs in one transaction and answers in the same order. Where an asset
    /// with this path is already there (and not removed) nothing changes and that one is returned with `false`; a
    /// removed one comes back.
    async fn add_assets(&self, new: &[(Asset, NewJob)]) -> Result<Vec<(Asset, bool)>, Problem>;
    /// [`AssetStore::add_assets`] for one.
    async fn add_asset(&self, asset: &Asset, probe: &NewJob) -> Result<(Asset, bool), Problem> {
        let mut added = self.add_assets(&[(asset.clone(), probe.clone())]).await?;
        added
            .pop()
            .ok_or_else(|| Problem::bug("the record answered nothing about an added file"))
    }
    async fn asset(&self, id: AssetId) -> Result<Option<Asset>, Problem>;
    /// Not removed ones, newest first.
    async fn assets(&self) -> Result<Vec<Asset>, Problem>;
    /// Not removed ones whose file had this size and content when it was last looked at, oldest first.
    async fn assets_alike(&self, identity: &FileIdentity) -> Result<Vec<Asset>, Problem>;
    /// Replaces identity and state; the poster is left as it is, since it is made meanwhile.
    async fn put_asset_facts(&self, asset: &Asset) -> Result<(), Problem>;
    /// Names the asset's poster and nothing else. False when there is no such asset.
    async fn put_poster(&self, id: AssetId, file: &str) -> Result<bool, Problem>;
    /// The asset's file is at `path` from now on. Another asset there gives the path up: it takes the old one in
    /// exchange, counts as removed, and its posts become posts about the first. False when there is no such asset.
    async fn relink_asset(&self, id: AssetId, path: &str, at: Timestamp) -> Result<bool, Problem>;
    /// Marks as removed (`Some`) or brings back (`None`). False when there is no such asset.
    async fn set_asset_removed(&self, id: AssetId, removed_at: Option<Timestamp>) -> Result<bool, Problem>;
}

#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Inserts, or updates the one with the same platform, realm and remote user (which keeps its id: history
    /// stays). Returns what is stored.
    /// The limits of an account that is there already stay as they are; see [`AccountStore::put_account_limits`].
    async fn put_account(&self, account: &Account) -> Result<Account, Problem>;
    /// Keeps what the platform said that the account may send. True when that is something new.
    async fn put_account_limits(&self, id: AccountId, limits: AccountLimits) -> Result<bool, Problem>;
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Problem>;
    async fn find_account(
        &self,
        platform: &PlatformId,
        realm: Realm,
        remote_user_id: &str,
    ) -> Result<Option<Account>, Problem>;
    /// Connected ones (not disconnected), oldest first.
    async fn accounts(&self) -> Result<Vec<Account>, Problem>;
}

#[async_trait]
pub trait PostStore: Send + Sync {
    /// Inserts or replaces a post, and makes its publications match `publications`: new ones are inserted as
    /// drafts, known ones get their content replaced when [`PublicationState::is_editable`], and those that are
    /// missing are deleted when they are `Draft`. Fails with `post.busy` and changes nothing when a publication
    /// that is not editable would change or go.
    async fn save_post(&self, post: &Post, publications: &[Publication]) -> Result<(), Problem>;
    async fn post(&self, id: PostId) -> Result<Option<Post>, Problem>;
    /// Not deleted ones, newest change first.
    async fn posts(&self) -> Result<Vec<Post>, Problem>;
    async fn set_post_deleted(&self, id: PostId, deleted_at: Option<Timestamp>) -> Result<bool, Problem>;
}

#[async_trait]
pub trait PublicationStore: Send + Sync {
    async fn publication(&self, id: PublicationId) -> Result<Option<Publication>, Problem>;
    async fn publications_of(&self, post: PostId) -> Result<Vec<Publication>, Problem>;
    async fn publications_in(&self, states: &[PublicationState]) -> Result<Vec<Publication>, Problem>;
    /// Moves a publication by the one guarded UPDATE (`WHERE state IN valid_prior(to, mover)`) and writes the
    /// event, the change and the jobs in the same transaction. `Ok(false)`: it was not in a legal state, and
    /// nothing at all changed.
    async fn transition(&self, transition: &Transition) -> Result<bool, Problem>;
    /// Adds a line to the history without a move.
    async fn note(&self, id: PublicationId, at: Timestamp, actor: &str, reason: &str) -> Result<(), Problem>;
    async fn set_warnings(
        &self,
        id: PublicationId,
        warnings: &[String],
        receipt: Option<&Receipt>,
        at: Timestamp,
    ) -> Result<(), Problem>;
    /// Keeps how far the additions to a live post are.
    async fn set_extras(&self, id: PublicationId, extras: &[Extra], at: Timestamp) -> Result<(), Problem>;
    /// Sets or clears the problem shown beside the state, without a move; for retries that are still under way.
    async fn set_problem(
        &self,
        id: PublicationId,
        problem: Option<&Problem>,
        at: Timestamp,
    ) -> Result<(), Problem>;
    /// Oldest first.
    async fn events_of(&self, id: PublicationId) -> Result<Vec<PublicationEvent>, Problem>;

    async fn put_upload(&self, upload: &UploadRecord) -> Result<(), Problem>;
    async fn upload(&self, id: PublicationId) -> Result<Option<UploadRecord>, Problem>;
    async fn set_confirmed_bytes(&self, id: PublicationId, confirmed_bytes: u64) -> Result<(), Problem>;
    async fn drop_upload(&self, id: PublicationId) -> Result<(), Problem>;

    /// Every final call after `since` that the platform took or may have taken, oldest first.
    async fn final_calls(&self, since: Timestamp) -> Result<Vec<FinalCall>, Problem>;
    /// Publications of the account whose post is about the same file: one with the same content, or with the same
    /// asset while it is not measured. Of `except` and of deleted posts that never went out, none. Latest first.
    async fn publications_alike(
        &self,
        account: AccountId,
        asset: AssetId,
        except: PostId,
    ) -> Result<Vec<Publication>, Problem>;

    async fn rendition(&self, key: &str) -> Result<Option<RenditionRecord>, Problem>;
    async fn put_rendition(&self, rendition: &RenditionRecord) -> Result<(), Problem>;
}

#[async_trait]
pub trait JobStore: Send + Sync {
    /// Adds a job unless an unfinished one of the same kind and subject exists.
    async fn enqueue(&self, job: &NewJob, at: Timestamp) -> Result<bool, Problem>;
    /// Leases up to `limit` jobs that are due at `now` (available, scheduled or retryable with
    /// `available_at <= now`), oldest due first, each with an attempt row. `attempt_ids` supplies the ids;
    /// at most its length is leased.
    async fn lease_due(
        &self,
        owner: OwnerId,
        now: Timestamp,
        attempt_ids: &[AttemptId],
    ) -> Result<Vec<LeasedJob>, Problem>;
    /// When the next unfinished, unleased job is due.
    async fn next_due(&self) -> Result<Option<Timestamp>, Problem>;
    /// Ends the run: moves the job (guarded by `valid_prior` and by the lease) and closes the attempt row.
    async fn end_job(&self, owner: OwnerId, attempt: AttemptId, end: &JobEnd) -> Result<bool, Problem>;
    /// Jobs still leased by somebody other than `owner`: their process is dead, because there is one owner.
    async fn dead_leases(&self, owner: OwnerId) -> Result<Vec<Job>, Problem>;
    /// Gives a dead job back to the queue, due at `at`.
    async fn release_dead(&self, job: JobId, at: Timestamp) -> Result<bool, Problem>;
    /// Makes the publication's unfinished, unleased jobs due at `at`.
    async fn expedite(&self, subject: JobSubject, at: Timestamp) -> Result<u64, Problem>;
    /// Makes every unleased job that only looks (probe, confirm, reconcile) and is due later than `at` due at `at`.
    async fn expedite_looks(&self, at: Timestamp) -> Result<u64, Problem>;
    /// When the latest run of any job began; `None` before the first.
    async fn latest_run(&self) -> Result<Option<Timestamp>, Problem>;
    async fn jobs_of(&self, subject: JobSubject) -> Result<Vec<Job>, Problem>;
    /// Oldest first.
    async fn attempts_of(&self, subject: JobSubject) -> Result<Vec<Attempt>, Problem>;
    async fn add_attempt_line(&self, line: &AttemptLine) -> Result<(), Problem>;
    async fn attempt_lines_of(&self, subject: JobSubject) -> Result<Vec<AttemptLine>, Problem>;
}

#[async_trait]
pub trait SettingStore: Send + Sync {
    async fn setting(&self, key: &str) -> Result<Option<String>, Problem>;
    async fn put_setting(&self, key: &str, value: &str) -> Result<(), Problem>;
}

/// The whole record.
pub trait Store:
    AssetStore
    + AccountStore
    + PostStore
    + PublicationStore
    + JobStore
    + SettingStore
    + RoundsStore
    + TransferStore
{
}

impl<
    T: AssetStore
        + AccountStore
        + PostStore
        + PublicationStore
        + JobStore
        + SettingStore
        + RoundsStore
        + TransferStore,
> Store for T
{
}
