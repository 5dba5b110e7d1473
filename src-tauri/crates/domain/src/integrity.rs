//! What must hold between a publication and the queue: whatever moves by itself has a job that moves it.

use std::time::Duration;

use jiff::Timestamp;

use crate::{ids::PublicationId, job::JobKind, publication_state::PublicationState};

/// Uploads of a lost plan start this long before the due time: within every platform's staging lifetime.
const UPLOAD_AHEAD: Duration = Duration::from_secs(30 * 60);

/// A publication as the start finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub id: PublicationId,
    pub state: PublicationState,
    pub due_at: Option<Timestamp>,
    /// Additions to it wait.
    pub extras_wait: bool,
    /// Kinds of its unfinished jobs.
    pub unfinished: Vec<JobKind>,
}

/// A job that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    pub kind: JobKind,
    pub at: Timestamp,
}

/// The job without which this publication would stay where it is for ever. Never later than its due time, so that a post
/// that is late by now is judged as late.
pub fn missing_job(standing: &Standing, now: Timestamp) -> Option<Missing> {
    let kind = match standing.state {
        PublicationState::Scheduled | PublicationState::Preparing => JobKind::Prepare,
        PublicationState::Ready | PublicationState::Uploading => JobKind::Upload,
        PublicationState::Staged => JobKind::Publish,
        PublicationState::Confirming | PublicationState::HandedOff => JobKind::Confirm,
        PublicationState::InDoubt => JobKind::Reconcile,
        PublicationState::Published if standing.extras_wait => JobKind::Extras,
        PublicationState::Published
        // The rescuer's: it becomes a doubt, never a job.
        | PublicationState::Publishing
        | PublicationState::Draft
        | PublicationState::NeedsUser
        | PublicationState::Missed
        | PublicationState::Failed
        | PublicationState::Cancelled => return None,
    };
    if standing.unfinished.contains(&kind) {
        return None;
    }
    let due_at = standing.due_at.unwrap_or(now);
    let at = match kind {
        JobKind::Upload if standing.state == PublicationState::Ready => {
            (due_at - UPLOAD_AHEAD).max(now).min(due_at)
        }
        JobKind::Publish => due_at,
        JobKind::Prepare | JobKind::Upload => now.min(due_at),
        JobKind::Confirm if standing.state == PublicationState::HandedOff => now.max(due_at),
        _ => now,
    };
    Some(Missing { kind, at })
}

/// States in which no job has anything left to do.
pub const AT_REST: [PublicationState; 4] = [
    PublicationState::Draft,
    PublicationState::Missed,
    PublicationState::Failed,
    PublicationState::Cancelled,
];
