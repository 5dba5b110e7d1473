//! What a person can do to a publication, and its history.

use daypart_domain::{
    ids::PublicationId,
    job::{Attempt, JobKind, JobState, JobSubject},
    problem::{ErrorCode, Problem, UserAction},
    publication::{NeedsUserReason, Publication, PublicationEvent, Receipt},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::{
    secrets::SecretName,
    store::{AttemptLine, PublicationChange, Transition},
};

use jiff::Timestamp;

use crate::{Engine, EngineEvent, additions::is_missing};

/// What the user found when they looked at the platform themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoubtAnswer {
    ItIsThere,
    SendAgain,
}

/// The history of a publication.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicationLog {
    pub events: Vec<PublicationEvent>,
    pub attempts: Vec<Attempt>,
    pub lines: Vec<AttemptLine>,
}

impl Engine {
    /// # Errors
    /// `publication.unknown`.
    pub async fn publication(&self, id: PublicationId) -> Result<Publication, Problem> {
        self.parts().store.publication(id).await?.ok_or_else(|| {
            Problem::permanent(
                ErrorCode::new("publication.unknown"),
                "This publication no longer exists.",
            )
        })
    }

    /// Calls a publication off. Possible until its final call has been decided.
    ///
    /// # Errors
    /// `publication.too_late` afterwards; `publication.unanswered` while only the user can tell whether it is public;
    /// the platform's problem where it holds the post and could not be told, in
    /// which case nothing changed.
    pub async fn cancel_publication(&self, id: PublicationId) -> Result<Publication, Problem> {
        let publication = self.publication(id).await?;
        refuse_unanswered(&publication)?;
        self.take_back_if_held(&publication).await?;
        let moved = self
            .move_publication(Transition {
                publication_id: id,
                to: PublicationState::Cancelled,
                mover: Mover::User,
                reason: "called off".into(),
                at: self.now(),
                only_from: None,
                while_running: None,
                change: PublicationChange {
                    problem: Some(None),
                    needs_user: Some(None),
                    ..Default::default()
                },
                enqueue: Vec::new(),
                cancel_jobs_except: Some(None),
                drop_upload: true,
            })
            .await?;
        if !moved && publication.state != PublicationState::Cancelled {
            return Err(Problem::permanent(
                ErrorCode::new("publication.too_late"),
                "It is too late to call this off: the post is public or is being published.",
            )
            .fix("Delete it at the platform if it should not be there."));
        }
        self.inner.running.cancel(id);
        self.forget_upload_secret(id).await;
        self.publication(id).await
    }

    /// Tries again at once: wakes a waiting retry, or plans anew what stopped. Never repeats a final call whose
    /// outcome is not known.
    ///
    /// # Errors
    /// `publication.not_retryable`.
    pub async fn retry_publication(&self, id: PublicationId) -> Result<Publication, Problem> {
        let publication = self.publication(id).await?;
        self.forget_limit(publication.account_id).await?;
        let held_with_extras =
            publication.state == PublicationState::HandedOff && publication.extras.iter().any(is_missing);
        if publication.state == PublicationState::Published || held_with_extras {
            self.retry_extras(&publication).await?;
            return self.publication(id).await;
        }
        let can_plan = matches!(
            publication.state,
            PublicationState::Failed | PublicationState::Missed
        ) || (publication.state == PublicationState::NeedsUser
            && publication.needs_user == Some(NeedsUserReason::FixAndRetry));
        if can_plan {
            if publication.remote.is_some() && publication.state == PublicationState::NeedsUser {
                // The platform has it: only reading can go on.
                return Err(not_retryable());
            }
            let due_at = publication.due_at.unwrap_or_else(|| self.now()).max(self.now());
            self.plan_from(&publication, due_at, "tried again by the user")
                .await?;
        } else if self
            .parts()
            .store
            .expedite(JobSubject::Publication(id), self.now())
            .await?
            > 0
        {
            self.work_changed();
        } else {
            return Err(not_retryable());
        }
        self.publication(id).await
    }

    /// Ends a doubt that only a person could end.
    ///
    /// # Errors
    /// `publication.not_in_doubt` when there is none (any more). What the platform said when it may still hold the post
    /// and could not be told to let go; nothing changed then.
    pub async fn answer_in_doubt(
        &self,
        id: PublicationId,
        answer: DoubtAnswer,
    ) -> Result<Publication, Problem> {
        let publication = self.publication(id).await?;
        if publication.state != PublicationState::NeedsUser
            || publication.needs_user != Some(NeedsUserReason::CannotTell)
        {
            return Err(Problem::permanent(
                ErrorCode::new("publication.not_in_doubt"),
                "There is nothing to answer here: the state of this post is known.",
            ));
        }
        match answer {
            DoubtAnswer::SendAgain => {
                self.take_back_what_may_be_held(&publication).await?;
                self.plan_from(
                    &publication,
                    self.now(),
                    "sent again: the user saw that it is not there",
                )
                .await?;
            }
            DoubtAnswer::ItIsThere => {
                let receipt = Receipt {
                    remote_id: None,
                    url: None,
                    published_at: self.now(),
                    visibility: None,
                    read_back: false,
                };
                self.move_publication(Transition {
                    publication_id: id,
                    to: PublicationState::Published,
                    mover: Mover::User,
                    reason: "the user saw it at the platform".into(),
                    at: self.now(),
                    only_from: Some(PublicationState::NeedsUser),
                    while_running: None,
                    change: PublicationChange {
                        problem: Some(None),
                        needs_user: Some(None),
                        receipt: Some(Some(receipt)),
                        ..Default::default()
                    },
                    enqueue: Vec::new(),
                    cancel_jobs_except: Some(None),
                    drop_upload: true,
                })
                .await?;
                self.forget_upload_secret(id).await;
            }
        }
        self.publication(id).await
    }

    /// Whether a reading of the platform is under way or planned; after publication that means that a link may follow.
    pub async fn is_being_read(&self, id: PublicationId) -> Result<bool, Problem> {
        let jobs = self.parts().store.jobs_of(JobSubject::Publication(id)).await?;
        Ok(jobs
            .iter()
            .any(|job| job.kind == JobKind::Confirm && !job.state.is_final()))
    }

    /// When its waiting retry or reading starts by itself; `None` when nothing waits.
    pub async fn next_attempt_at(&self, id: PublicationId) -> Result<Option<Timestamp>, Problem> {
        let jobs = self.parts().store.jobs_of(JobSubject::Publication(id)).await?;
        Ok(jobs
            .into_iter()
            .filter(|job| {
                matches!(
                    job.state,
                    JobState::Retryable | JobState::Scheduled | JobState::Available
                )
            })
            .map(|job| job.available_at)
            .min())
    }

    pub async fn publication_log(&self, id: PublicationId) -> Result<PublicationLog, Problem> {
        let store = &self.parts().store;
        let subject = JobSubject::Publication(id);
        Ok(PublicationLog {
            events: store.events_of(id).await?,
            attempts: store.attempts_of(subject).await?,
            lines: store.attempt_lines_of(subject).await?,
        })
    }

    /// The one way a publication moves: guarded in the store, told to the listeners.
    pub(crate) async fn move_publication(&self, transition: Transition) -> Result<bool, Problem> {
        let moved = self.parts().store.transition(&transition).await?;
        if moved {
            tracing::info!(publication = %transition.publication_id, to = %transition.to, mover = %transition.mover, reason = %transition.reason, "moved");
            if let Some(publication) = self.parts().store.publication(transition.publication_id).await? {
                self.emit(EngineEvent::PublicationMoved {
                    publication_id: publication.id,
                    post_id: publication.post_id,
                    to: publication.state,
                });
            }
            if !transition.enqueue.is_empty() {
                self.work_changed();
            }
        }
        Ok(moved)
    }

    /// The address of an upload that is no longer needed. Failing to delete it is logged, never an obstacle.
    pub(crate) async fn forget_upload_secret(&self, id: PublicationId) {
        if let Err(problem) = self.parts().vault.delete(&SecretName::upload(id)).await {
            tracing::warn!(publication = %id, code = %problem.code, "an upload address stays in the vault");
        }
    }
}

/// “Called off” would claim that nothing is public, and sending it anew could make it two.
fn refuse_unanswered(publication: &Publication) -> Result<(), Problem> {
    let is_asked = publication.state == PublicationState::NeedsUser
        && publication.needs_user == Some(NeedsUserReason::CannotTell);
    if !is_asked {
        return Ok(());
    }
    Err(Problem::needs_user(
        ErrorCode::new("publication.unanswered"),
        UserAction::CheckPlatform,
        "It is not known whether this post went out, so it cannot be called off.",
    )
    .fix("Look at the account yourself, then say whether the post is there."))
}

pub(crate) fn not_retryable() -> Problem {
    Problem::needs_user(
        ErrorCode::new("publication.not_retryable"),
        UserAction::CheckPlatform,
        "There is nothing to try again here.",
    )
}
