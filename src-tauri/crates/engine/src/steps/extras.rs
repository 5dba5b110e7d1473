//! Extras: what is added to a post once it is at the platform. Each addition fails alone and never touches the post.

use daypart_domain::{
    extra::{Extra, ExtraState},
    job::JobKind,
    problem::{Problem, RetryClass},
    publication::Publication,
    publication_state::PublicationState,
};
use daypart_ports::platform::{Live, MediaFile, Platform, Submission};

use super::{StepEnd, StepMove, StepResult, StepRun, Subject, accompany::made_of};

impl StepRun {
    /// The move to a state in which the platform has the post, together with the making of what is to be added. The
    /// additions are kept first, so that whoever sees the new state sees them too.
    pub(super) async fn adding(
        &self,
        subject: &Subject,
        adapter: &dyn Platform,
        step: StepMove,
    ) -> Result<StepMove, StepEnd> {
        let id = subject.publication.id;
        Ok(if self.plan_extras(subject, adapter, step.to).await? {
            step.then(self.engine.new_job(JobKind::Extras, id, self.engine.now()))
        } else {
            step
        })
    }

    /// After a change of a post that the platform holds: what it changes is added anew.
    pub(super) async fn add_what_changed(
        &self,
        subject: &Subject,
        adapter: &dyn Platform,
    ) -> Result<(), StepEnd> {
        let publication = &subject.publication;
        if self.plan_extras(subject, adapter, publication.state).await? {
            let now = self.engine.now();
            let job = self.engine.new_job(JobKind::Extras, publication.id, now);
            self.engine.parts().store.enqueue(&job, now).await?;
            self.engine.work_changed();
        }
        Ok(())
    }

    /// Keeps which additions the post wants. True when something is to be added once it is in `state`.
    async fn plan_extras(
        &self,
        subject: &Subject,
        adapter: &dyn Platform,
        state: PublicationState,
    ) -> Result<bool, StepEnd> {
        let publication = self.engine.publication(subject.publication.id).await?;
        let wanted = adapter
            .wanted_extras(&self.said(subject))
            .into_iter()
            .map(|key| Extra {
                made_of: made_of(subject, key),
                ..Extra::waiting(key)
            });
        let extras = carried_over(&publication.extras, wanted);
        if extras != publication.extras {
            self.engine
                .parts()
                .store
                .set_extras(publication.id, &extras, self.engine.now())
                .await?;
        }
        Ok(extras.iter().any(|extra| is_next(extra, adapter, state)))
    }

    /// What is said about the post, without its file.
    fn said(&self, subject: &Subject) -> Submission {
        let media = MediaFile {
            path: Default::default(),
            size_bytes: 0,
            mime: "",
            duration_ms: 0,
            width_px: 0,
            height_px: 0,
        };
        self.submission(subject, media, None)
    }

    pub(super) async fn extras(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        let state = publication.state;
        if !matches!(state, PublicationState::Published | PublicationState::HandedOff) {
            return Ok(StepEnd::Superseded);
        }
        let adapter = self.engine.adapter(&subject.account)?;
        let mut extras = publication.extras.clone();
        let mut postponed: Option<Problem> = None;
        for index in 0..extras.len() {
            if !is_next(&extras[index], adapter.as_ref(), state) {
                continue;
            }
            self.heed_cancel()?;
            let key = extras[index].key.clone();
            extras[index].state = match self.add(&subject, &adapter, &key).await {
                Ok(()) => {
                    self.line(format!("{key}: done")).await;
                    ExtraState::Done
                }
                Err(StepEnd::Failed(problem)) => {
                    self.line(format!("{key}: {problem}")).await;
                    if passes(&problem) {
                        postponed = Some(sooner(postponed, problem.clone()));
                        ExtraState::Waiting {
                            problem: Some(problem),
                        }
                    } else {
                        ExtraState::Failed { problem }
                    }
                }
                Err(end) => return Err(end),
            };
            self.keep_extras(&subject, &extras).await?;
        }
        if let Some(mut problem) = postponed {
            // May be repeated, so an unclear answer is a passing fault.
            if problem.retry == RetryClass::InDoubt {
                problem.retry = RetryClass::Transient;
            }
            return Err(problem.into());
        }
        let present = self.engine.publication(publication.id).await?;
        let more_to_add = present
            .extras
            .iter()
            .any(|extra| is_next(extra, adapter.as_ref(), present.state));
        if more_to_add {
            return Ok(StepEnd::Again {
                at: self.engine.now(),
                note: "more is to be added meanwhile".into(),
            });
        }
        Ok(StepEnd::Done("additions made".into()))
    }

    async fn add(
        &self,
        subject: &Subject,
        adapter: &std::sync::Arc<dyn Platform>,
        key: &str,
    ) -> Result<(), StepEnd> {
        let mut submission = self.said(subject);
        let _kept_until_answered = self.prepared(subject, key, &mut submission).await?;
        let publication = &subject.publication;
        let added = self
            .engine
            .with_session(&subject.account, |session| {
                let (adapter, submission) = (adapter.clone(), submission.clone());
                async move {
                    let live = Live {
                        remote: publication.remote.as_ref(),
                        receipt: publication.receipt.as_ref(),
                    };
                    adapter.add_extra(&session, live, &submission, key).await
                }
            })
            .await;
        Ok(added?)
    }

    /// Only for the post to which they were added: it may have been taken back and sent anew meanwhile.
    async fn keep_extras(&self, subject: &Subject, extras: &[Extra]) -> Result<(), StepEnd> {
        let id = subject.publication.id;
        let present = self.engine.publication(id).await?;
        if !is_same_post(&present, &subject.publication) {
            return Err(StepEnd::Superseded);
        }
        let kept = made_meanwhile(&present.extras, extras);
        let store = &self.engine.parts().store;
        store.set_extras(id, &kept, self.engine.now()).await?;
        self.engine.tell_changed(id).await?;
        Ok(())
    }
}

/// What is wanted now; an addition that is made of the same as before stays where it is.
fn carried_over(known: &[Extra], wanted: impl Iterator<Item = Extra>) -> Vec<Extra> {
    wanted
        .map(|extra| {
            let same = |known: &&Extra| known.key == extra.key && known.made_of == extra.made_of;
            known.iter().find(same).cloned().unwrap_or(extra)
        })
        .collect()
}

/// The present list with what this run found out; what was asked for anew meanwhile still waits.
fn made_meanwhile(present: &[Extra], run: &[Extra]) -> Vec<Extra> {
    carried_over(run, present.iter().cloned())
}

fn is_same_post(one: &Publication, other: &Publication) -> bool {
    let at_platform = matches!(
        one.state,
        PublicationState::Published | PublicationState::HandedOff
    );
    at_platform && one.remote == other.remote
}

/// Waits, and can be made while the post is in `state`.
fn is_next(extra: &Extra, adapter: &dyn Platform, state: PublicationState) -> bool {
    let specs = adapter.capabilities().extras;
    let is_early = || specs.iter().any(|spec| spec.key == extra.key && spec.early);
    extra.is_waiting() && (state == PublicationState::Published || is_early())
}

fn passes(problem: &Problem) -> bool {
    matches!(
        problem.retry,
        RetryClass::Transient | RetryClass::RateLimited { .. } | RetryClass::InDoubt
    )
}

/// The one that lets the next try be sooner: a passing fault, or the limit that ends first.
fn sooner(known: Option<Problem>, other: Problem) -> Problem {
    let Some(known) = known else { return other };
    match (&known.retry, &other.retry) {
        (RetryClass::RateLimited { until }, RetryClass::RateLimited { until: other_until }) => {
            if other_until < until { other } else { known }
        }
        (RetryClass::RateLimited { .. }, _) => other,
        _ => known,
    }
}
