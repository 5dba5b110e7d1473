//! The part of the record that rounds, housekeeping and the integrity pass read and tidy.

use std::collections::BTreeSet;

use async_trait::async_trait;
use daypart_domain::{
    account_check::AccountCheck,
    ids::{AccountId, JobId, PublicationId},
    integrity::Standing,
    job::Job,
    problem::Problem,
};
use jiff::Timestamp;

/// What was taken out of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub posts: u64,
    /// Their addresses in the vault may go too.
    pub publications: Vec<PublicationId>,
}

/// How the record is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFacts {
    /// `None` when it is whole; otherwise what its own check found.
    pub damage: Option<String>,
    /// What there is and how much of it, e.g. `publications published`.
    pub counts: Vec<(String, u64)>,
}

#[async_trait]
pub trait RoundsStore: Send + Sync {
    async fn account_check(&self, id: AccountId) -> Result<Option<AccountCheck>, Problem>;
    async fn put_account_check(&self, check: &AccountCheck) -> Result<(), Problem>;
    /// When the next post of the account is due that this computer still has to send; later than `after`.
    async fn next_post_of(&self, id: AccountId, after: Timestamp) -> Result<Option<Timestamp>, Problem>;

    /// Takes the renditions out of the record that no unfinished publication can want, that no upload sends, and that
    /// were made before `before`. Answers their paths; the files are still there.
    async fn release_renditions(&self, before: Timestamp) -> Result<Vec<String>, Problem>;
    /// Paths of the renditions in the record.
    async fn rendition_paths(&self) -> Result<BTreeSet<String>, Problem>;
    /// Takes the pictures away from assets that were removed before `before` and that no post shows. Answers their
    /// names; the files are still there.
    async fn release_posters(&self, before: Timestamp) -> Result<Vec<String>, Problem>;
    /// Names of the pictures in the record.
    async fn poster_names(&self) -> Result<BTreeSet<String>, Problem>;
    /// Forgets open uploads of publications that ended or went back to a draft, and those that expired before `now`
    /// while nothing was being sent.
    async fn release_uploads(&self, now: Timestamp) -> Result<Vec<PublicationId>, Problem>;
    /// Publications that ended at `since` or later.
    async fn ended_since(&self, since: Timestamp) -> Result<Vec<PublicationId>, Problem>;
    /// Forgets posts whose every publication ended before `before`, with their attempts and lines, and what was
    /// measured before it. Posts without publications, and those of which one may still move, are kept.
    async fn forget_history(&self, before: Timestamp) -> Result<Forgotten, Problem>;

    /// Every publication that should move by itself, with its unfinished jobs.
    async fn standings(&self) -> Result<Vec<Standing>, Problem>;
    /// Unfinished jobs of publications in which none has anything left to do
    /// ([`daypart_domain::integrity::AT_REST`]).
    async fn idle_jobs(&self) -> Result<Vec<Job>, Problem>;
    /// Calls a job off. False when it had ended.
    async fn cancel_job(&self, id: JobId) -> Result<bool, Problem>;

    /// Checks the file and counts what is in it.
    async fn record_facts(&self) -> Result<RecordFacts, Problem>;
}
