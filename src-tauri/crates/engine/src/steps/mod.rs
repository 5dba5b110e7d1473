//! The steps, one file each. A step reads the record, does its own stretch, and says how it ended; it may run
//! twice for the same work and must then come to the same end.

mod accompany;
mod amend;
mod confirm;
mod extras;
mod media;
mod pause;
mod poster;
mod prepare;
mod probe;
mod publish;
mod reconcile;
mod refused_late;
mod upload;
mod upload_session;

use daypart_domain::{
    account::Account,
    ids::PublicationId,
    job::{Job, JobKind, JobSubject},
    lateness,
    post::Post,
    problem::{ErrorCode, Problem, UserAction},
    publication::Publication,
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::{AttemptLine, LeasedJob, NewJob, PublicationChange, Transition};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::{
    Engine,
    late::{UPLOAD_BEFORE, judged_from},
};

/// How a step ended.
#[derive(Debug, Clone)]
pub(crate) enum StepEnd {
    Done(String),
    /// Look again then; not a failure.
    Again {
        at: Timestamp,
        note: String,
    },
    Failed(Problem),
    /// The publication is no longer where this step belongs: somebody moved it meanwhile.
    Superseded,
    /// Daypart is ending, or the user called the publication off.
    Interrupted,
}

impl From<Problem> for StepEnd {
    fn from(problem: Problem) -> Self {
        StepEnd::Failed(problem)
    }
}

/// A publication and what it refers to.
pub(crate) struct Subject {
    pub publication: Publication,
    pub post: Post,
    pub account: Account,
}

impl Engine {
    pub(crate) async fn run_step(&self, leased: &LeasedJob, cancel: &CancellationToken) -> StepEnd {
        let end = match (leased.job.kind, leased.job.subject) {
            (JobKind::Probe, JobSubject::Asset(id)) => self.probe_step(id).await,
            (JobKind::Poster, JobSubject::Asset(id)) => self.poster_step(id).await,
            (kind, JobSubject::Publication(id)) => match self.subject(id).await {
                Ok(Some(subject)) => {
                    let run = StepRun {
                        engine: self.clone(),
                        leased: leased.clone(),
                        cancel: cancel.clone(),
                    };
                    match kind {
                        JobKind::Prepare => run.prepare(subject).await,
                        JobKind::Upload => run.upload(subject).await,
                        JobKind::Publish => run.publish(subject).await,
                        JobKind::Confirm => run.confirm(subject).await,
                        JobKind::Reconcile => run.reconcile(subject).await,
                        JobKind::Amend => run.amend(subject).await,
                        JobKind::Extras => run.extras(subject).await,
                        JobKind::Probe | JobKind::Poster => Err(StepEnd::Superseded),
                    }
                }
                Ok(None) => Err(StepEnd::Superseded),
                Err(problem) => Err(problem.into()),
            },
            (_, JobSubject::Asset(_)) => Err(StepEnd::Superseded),
        };
        end.unwrap_or_else(|early| early)
    }

    pub(crate) async fn subject(&self, id: PublicationId) -> Result<Option<Subject>, Problem> {
        let store = &self.parts().store;
        let Some(publication) = store.publication(id).await? else {
            return Ok(None);
        };
        let Some(post) = store.post(publication.post_id).await? else {
            return Ok(None);
        };
        let Some(account) = store.account(publication.account_id).await? else {
            return Ok(None);
        };
        if account.disconnected_at.is_some() {
            return Err(Problem::needs_user(
                ErrorCode::new("account.disconnected"),
                UserAction::Reconnect,
                format!("{} has been disconnected.", account.display_name),
            )
            .fix("Connect the account again, then retry."));
        }
        Ok(Some(Subject {
            publication,
            post,
            account,
        }))
    }
}

/// One run of one step. `Err` is an early end, not necessarily a failure.
pub(crate) struct StepRun {
    pub engine: Engine,
    pub leased: LeasedJob,
    pub cancel: CancellationToken,
}

pub(crate) type StepResult = Result<StepEnd, StepEnd>;

/// A move that a step makes.
#[derive(Clone)]
pub(crate) struct StepMove {
    pub to: PublicationState,
    pub reason: String,
    pub change: PublicationChange,
    pub enqueue: Vec<NewJob>,
    pub drop_upload: bool,
    /// Everything else that waits for this publication is called off.
    pub cancel_others: bool,
}

impl StepMove {
    pub fn to(to: PublicationState, reason: impl Into<String>) -> Self {
        Self {
            to,
            reason: reason.into(),
            change: PublicationChange::default(),
            enqueue: Vec::new(),
            drop_upload: false,
            cancel_others: false,
        }
    }

    pub fn change(mut self, change: PublicationChange) -> Self {
        self.change = change;
        self
    }

    pub fn then(mut self, job: NewJob) -> Self {
        self.enqueue.push(job);
        self
    }

    pub fn cancelling_others(mut self) -> Self {
        self.cancel_others = true;
        self
    }

    pub fn dropping_upload(mut self) -> Self {
        self.drop_upload = true;
        self
    }
}

impl StepRun {
    pub fn job(&self) -> &Job {
        &self.leased.job
    }

    /// Moves the publication, or ends the step because somebody else moved it first.
    pub async fn go(&self, id: PublicationId, mover: Mover, step: StepMove) -> Result<(), StepEnd> {
        let drop_upload = step.drop_upload;
        let moved = self
            .engine
            .move_publication(Transition {
                publication_id: id,
                to: step.to,
                mover,
                reason: step.reason,
                at: self.engine.now(),
                only_from: None,
                while_running: Some(self.job().id),
                change: step.change,
                enqueue: step.enqueue,
                cancel_jobs_except: step.cancel_others.then_some(Some(self.job().id)),
                drop_upload,
            })
            .await?;
        if !moved {
            return Err(StepEnd::Superseded);
        }
        if drop_upload {
            self.engine.forget_upload_secret(id).await;
        }
        Ok(())
    }

    /// Writes a line to the attempt's log. A log that cannot be written never stops the work.
    pub async fn line(&self, line: impl Into<String>) {
        let line = AttemptLine {
            attempt_id: self.leased.attempt_id,
            at: self.engine.now(),
            line: line.into(),
        };
        if let Err(problem) = self.engine.parts().store.add_attempt_line(&line).await {
            tracing::warn!(code = %problem.code, line = %line.line, "an attempt line could not be kept");
        }
    }

    /// Ends the step when the publication's time passed while nobody could act: as missed, or to be run again for
    /// the slot that its policy gave it.
    pub async fn heed_lateness(&self, publication: &Publication) -> Result<(), StepEnd> {
        let Some(due_at) = publication.due_at else {
            return Ok(());
        };
        let now = self.engine.now();
        if !lateness::is_late(judged_from(publication, due_at, self.job().available_at), now) {
            return Ok(());
        }
        self.engine.settle_late().await?;
        let settled = self.engine.publication(publication.id).await?;
        match settled.state {
            PublicationState::Missed => Err(StepEnd::Done("missed its time".into())),
            state if state == publication.state => {
                let slot = settled.due_at.unwrap_or(now);
                let at = match self.job().kind {
                    JobKind::Publish => slot,
                    _ => slot - UPLOAD_BEFORE,
                };
                let note = format!("this computer could not act in time; due anew at {slot}");
                Err(StepEnd::Again {
                    at: at.max(now),
                    note,
                })
            }
            _ => Err(StepEnd::Superseded),
        }
    }

    /// Ends the publish step until the due time, which may have moved since it was planned.
    pub fn heed_due(&self, publication: &Publication) -> Result<(), StepEnd> {
        match publication.due_at {
            Some(at) if at > self.engine.now() => {
                let note = format!("due at {at}");
                Err(StepEnd::Again { at, note })
            }
            _ => Ok(()),
        }
    }

    pub fn heed_cancel(&self) -> Result<(), StepEnd> {
        if self.cancel.is_cancelled() {
            Err(StepEnd::Interrupted)
        } else {
            Ok(())
        }
    }
}
