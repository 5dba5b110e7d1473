//! What follows from the end of a step. The class of the problem decides, alone.

use daypart_domain::{
    extra::{Extra, ExtraState},
    ids::{JobId, PublicationId},
    job::{JobKind, JobState, JobSubject},
    problem::Problem,
    publication::NeedsUserReason,
    publication_state::{Mover, PublicationState},
    retry::{NextTry, backoff, next_try},
};
use daypart_ports::{
    randomness::unit_interval,
    store::{JobEnd, LeasedJob, PublicationChange, Transition},
};
use jiff::Timestamp;

use crate::{Engine, EngineEvent, steps::StepEnd};

impl Engine {
    pub(crate) async fn settle(&self, leased: &LeasedJob, end: StepEnd) -> Result<(), Problem> {
        let now = self.now();
        if let Err(problem) = self.learn(leased, &end).await {
            tracing::warn!(code = %problem.code, "what a step's end says about its platform was not kept");
        }
        let job_end = match end {
            StepEnd::Done(outcome) => self.job_end(leased, JobState::Completed, None, outcome, None),
            StepEnd::Superseded => self.job_end(
                leased,
                JobState::Cancelled,
                None,
                "the publication moved on without this step".into(),
                None,
            ),
            StepEnd::Interrupted => self.job_end(
                leased,
                JobState::Scheduled,
                Some(now),
                self.why_interrupted(),
                None,
            ),
            StepEnd::Again { at, note } => {
                let mut end = self.job_end(leased, JobState::Scheduled, Some(at), note, None);
                end.polled = true;
                end
            }
            StepEnd::Failed(problem) => self.after_failure(leased, problem, now).await?,
        };
        self.parts()
            .store
            .end_job(self.inner.owner, leased.attempt_id, &job_end)
            .await?;
        // A reading may have brought a link without moving anything, and whoever waits for one learns here that no
        // further reading follows.
        if let (JobKind::Confirm, JobSubject::Publication(id)) = (leased.job.kind, leased.job.subject) {
            self.tell_changed(id).await?;
        }
        Ok(())
    }

    async fn after_failure(
        &self,
        leased: &LeasedJob,
        problem: Problem,
        now: Timestamp,
    ) -> Result<JobEnd, Problem> {
        tracing::warn!(job = %leased.job.kind, code = %problem.code, message = %problem.message, details = ?problem.details, "step failed");
        let JobSubject::Publication(id) = leased.job.subject else {
            return Ok(self.after_failed_look(leased, problem, now));
        };
        let jitter = unit_interval(self.parts().randomness.as_ref());
        let base = self.parts().pace.retry_base;
        if leased.job.kind == JobKind::Extras {
            return self.after_failed_extras(leased, id, problem, now).await;
        }
        let verdict = next_try(&problem, leased.job.counted_attempts, now, base, jitter);
        Ok(match verdict {
            NextTry::At { at, counted } => {
                self.parts().store.set_problem(id, Some(&problem), now).await?;
                self.tell_changed(id).await?;
                let mut end = self.job_end(
                    leased,
                    JobState::Retryable,
                    Some(at),
                    problem.message.clone(),
                    Some(problem),
                );
                end.counted = counted;
                end
            }
            // Reading is not sending: a reading that failed is repeated, whatever it was. So is a change that the
            // platform has not heard of.
            NextTry::AskUser | NextTry::GiveUp | NextTry::Reconcile if keeps_state(leased.job.kind) => {
                self.parts().store.set_problem(id, Some(&problem), now).await?;
                self.tell_changed(id).await?;
                let at = now + self.parts().pace.retry_base.saturating_mul(8);
                self.job_end(
                    leased,
                    JobState::Retryable,
                    Some(at),
                    problem.message.clone(),
                    Some(problem),
                )
            }
            NextTry::AskUser => {
                self.stop_publication(leased.job.id, id, PublicationState::NeedsUser, &problem)
                    .await?;
                self.job_end(
                    leased,
                    JobState::Discarded,
                    None,
                    problem.message.clone(),
                    Some(problem),
                )
            }
            NextTry::GiveUp => {
                self.stop_publication(leased.job.id, id, PublicationState::Failed, &problem)
                    .await?;
                self.job_end(
                    leased,
                    JobState::Discarded,
                    None,
                    problem.message.clone(),
                    Some(problem),
                )
            }
            // Only the publish step can be in doubt, and it has moved the publication itself.
            NextTry::Reconcile => self.job_end(
                leased,
                JobState::Discarded,
                None,
                problem.message.clone(),
                Some(problem),
            ),
        })
    }

    /// What is wrong with a file is a measurement, so this failure is ours (a full disk): a file that waits to be
    /// measured is looked at again, for as long as it takes. Nothing waits for a poster.
    fn after_failed_look(&self, leased: &LeasedJob, problem: Problem, now: Timestamp) -> JobEnd {
        let sentence = problem.message.clone();
        if leased.job.kind != JobKind::Probe {
            return self.job_end(leased, JobState::Discarded, None, sentence, Some(problem));
        }
        let jitter = unit_interval(self.parts().randomness.as_ref());
        let wait = backoff(leased.job.counted_attempts, self.parts().pace.retry_base, jitter);
        let mut end = self.job_end(
            leased,
            JobState::Retryable,
            Some(now + wait),
            sentence,
            Some(problem),
        );
        end.counted = true;
        end
    }

    /// The post is live whatever becomes of its additions: they alone wait, or are given up.
    async fn after_failed_extras(
        &self,
        leased: &LeasedJob,
        id: PublicationId,
        problem: Problem,
        now: Timestamp,
    ) -> Result<JobEnd, Problem> {
        let jitter = unit_interval(self.parts().randomness.as_ref());
        let base = self.parts().pace.retry_base;
        let sentence = problem.message.clone();
        if let NextTry::At { at, counted } =
            next_try(&problem, leased.job.counted_attempts, now, base, jitter)
        {
            let mut end = self.job_end(leased, JobState::Retryable, Some(at), sentence, Some(problem));
            end.counted = counted;
            return Ok(end);
        }
        if let Some(publication) = self.parts().store.publication(id).await? {
            let given_up: Vec<Extra> = publication
                .extras
                .into_iter()
                .map(|extra| match extra.state {
                    ExtraState::Waiting { problem: its_own } => Extra {
                        state: ExtraState::Failed {
                            problem: its_own.unwrap_or_else(|| problem.clone()),
                        },
                        ..extra
                    },
                    ExtraState::Done | ExtraState::Failed { .. } => extra,
                })
                .collect();
            self.parts().store.set_extras(id, &given_up, now).await?;
            self.tell_changed(id).await?;
        }
        Ok(self.job_end(leased, JobState::Discarded, None, sentence, Some(problem)))
    }

    async fn stop_publication(
        &self,
        job: JobId,
        id: PublicationId,
        to: PublicationState,
        problem: &Problem,
    ) -> Result<(), Problem> {
        self.move_publication(Transition {
            publication_id: id,
            to,
            mover: Mover::Step,
            reason: problem.message.clone(),
            at: self.now(),
            only_from: None,
            while_running: Some(job),
            change: PublicationChange {
                problem: Some(Some(problem.clone())),
                needs_user: Some((to == PublicationState::NeedsUser).then_some(NeedsUserReason::FixAndRetry)),
                ..Default::default()
            },
            enqueue: Vec::new(),
            cancel_jobs_except: None,
            drop_upload: false,
        })
        .await?;
        Ok(())
    }

    /// The publication shows something new without having moved.
    pub(crate) async fn tell_changed(&self, id: PublicationId) -> Result<(), Problem> {
        if let Some(publication) = self.parts().store.publication(id).await? {
            self.emit(EngineEvent::PostChanged(publication.post_id));
        }
        Ok(())
    }

    fn job_end(
        &self,
        leased: &LeasedJob,
        to: JobState,
        available_at: Option<Timestamp>,
        outcome: String,
        problem: Option<Problem>,
    ) -> JobEnd {
        JobEnd {
            job_id: leased.job.id,
            to,
            available_at,
            counted: false,
            polled: false,
            at: self.now(),
            outcome,
            problem,
        }
    }
}

/// A failure of these says nothing about where the publication is: readings, and telling a platform of a change.
fn keeps_state(kind: JobKind) -> bool {
    matches!(kind, JobKind::Confirm | JobKind::Reconcile | JobKind::Amend)
}
