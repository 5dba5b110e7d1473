//! How work runs: at least once, leased, one row per attempt. What the user cares about is the publication's
//! state; a job may be repeated, a publication's final call may not.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AssetId, AttemptId, JobId, OwnerId, PublicationId},
    problem::Problem,
};

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    Probe,
    /// The picture beside a measured file; nothing waits for it.
    Poster,
    Prepare,
    Upload,
    Publish,
    Confirm,
    Reconcile,
    /// A change to what a platform holds.
    Amend,
    /// What is added to a live post.
    Extras,
}

/// What a job is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobSubject {
    Asset(AssetId),
    Publication(PublicationId),
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for another job.
    Pending,
    /// Waits for its time.
    Scheduled,
    /// May run now.
    Available,
    /// Leased by a live owner.
    Running,
    /// Failed, and will be tried again at its time.
    Retryable,
    Completed,
    Cancelled,
    /// Will not be tried again.
    Discarded,
}

use JobState::{Available, Cancelled, Completed, Discarded, Pending, Retryable, Running, Scheduled};

/// Every legal move of a job.
pub const TRANSITIONS: &[(JobState, JobState)] = &[
    (Pending, Scheduled),
    (Pending, Available),
    (Pending, Cancelled),
    (Scheduled, Available),
    (Scheduled, Running),
    (Scheduled, Cancelled),
    (Available, Running),
    (Available, Scheduled),
    (Available, Cancelled),
    (Running, Completed),
    (Running, Retryable),
    (Running, Scheduled),
    (Running, Cancelled),
    (Running, Discarded),
    (Retryable, Running),
    (Retryable, Available),
    (Retryable, Scheduled),
    (Retryable, Cancelled),
    (Retryable, Discarded),
];

/// The states from which a job may move to `target`.
pub fn valid_prior(target: JobState) -> Vec<JobState> {
    TRANSITIONS
        .iter()
        .filter(|(_, to)| *to == target)
        .map(|(from, _)| *from)
        .collect()
}

impl JobState {
    pub const ALL: [JobState; 8] = [
        Pending, Scheduled, Available, Running, Retryable, Completed, Cancelled, Discarded,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Pending => "pending",
            Scheduled => "scheduled",
            Available => "available",
            Running => "running",
            Retryable => "retryable",
            Completed => "completed",
            Cancelled => "cancelled",
            Discarded => "discarded",
        }
    }

    pub const fn is_final(self) -> bool {
        matches!(self, Completed | Cancelled | Discarded)
    }
}

impl JobKind {
    pub const ALL: [JobKind; 9] = [
        JobKind::Probe,
        JobKind::Poster,
        JobKind::Prepare,
        JobKind::Upload,
        JobKind::Publish,
        JobKind::Confirm,
        JobKind::Reconcile,
        JobKind::Amend,
        JobKind::Extras,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            JobKind::Probe => "probe",
            JobKind::Poster => "poster",
            JobKind::Prepare => "prepare",
            JobKind::Upload => "upload",
            JobKind::Publish => "publish",
            JobKind::Confirm => "confirm",
            JobKind::Reconcile => "reconcile",
            JobKind::Amend => "amend",
            JobKind::Extras => "extras",
        }
    }
}

/// A text that names no job kind or state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown job word {0:?}")]
pub struct UnknownJobWord(pub String);

impl FromStr for JobKind {
    type Err = UnknownJobWord;

    fn from_str(text: &str) -> Result<Self, UnknownJobWord> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownJobWord(text.to_owned()))
    }
}

impl FromStr for JobState {
    type Err = UnknownJobWord;

    fn from_str(text: &str) -> Result<Self, UnknownJobWord> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownJobWord(text.to_owned()))
    }
}

impl fmt::Display for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A row of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: JobId,
    pub kind: JobKind,
    pub subject: JobSubject,
    pub state: JobState,
    /// Not before then.
    pub available_at: Timestamp,
    /// Failures that count; waiting for network, quota or sleep does not.
    pub counted_attempts: u32,
    /// Runs of a polling job so far, for its growing delays.
    pub polls: u32,
    pub leased_by: Option<OwnerId>,
}

/// One run of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    pub id: AttemptId,
    pub job_id: JobId,
    pub kind: JobKind,
    pub subject: JobSubject,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// One sentence; `None` while it runs or when the process died in it.
    pub outcome: Option<String>,
    pub problem: Option<Problem>,
}
