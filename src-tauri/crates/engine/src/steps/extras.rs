//! Extras: what is added to a post once it is at the platform. Each addition fails alone and never touches the post.

use daypart_domain::{
    extra::{Extra, ExtraState},
    job::JobKind,
    problem::{Problem, RetryClass},
    publication_state::PublicationState,
};
use daypart_ports::platform::{Live, MediaFile, Platform, Submission};

use super::{StepEnd, StepResult, StepRun, Subject};

impl StepRun {
    /// The additions that a post wants, all waiting.
    pub(super) fn wanted_extras(&self, subject: &Subject, adapter: &dyn Platform) -> Vec<Extra> {
        adapter
            .wanted_extras(&self.said(subject))
            .into_iter()
            .map(Extra::waiting)
            .collect()
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

    /// Plans the additions of a post that has just become live. They are kept before they are made.
    pub(super) async fn plan_extras(&self, subject: &Subject, adapter: &dyn Platform) -> Result<(), StepEnd> {
        let id = subject.publication.id;
        let extras = self.wanted_extras(subject, adapter);
        if extras.is_empty() || !subject.publication.extras.is_empty() {
            return Ok(());
        }
        let now = self.engine.now();
        let store = &self.engine.parts().store;
        store.set_extras(id, &extras, now).await?;
        let job = self.engine.new_job(JobKind::Extras, id, now);
        store.enqueue(&job, now).await?;
        self.engine.work_changed();
        Ok(())
    }

    pub(super) async fn extras(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        if publication.state != PublicationState::Published {
            return Ok(StepEnd::Superseded);
        }
        let adapter = self.engine.adapter(&subject.account)?;
        let mut extras = publication.extras.clone();
        let submission = self.said(&subject);
        let mut postponed: Option<Problem> = None;
        for index in 0..extras.len() {
            if !extras[index].is_waiting() {
                continue;
            }
            self.heed_cancel()?;
            let key = extras[index].key.clone();
            let made = self
                .engine
                .with_session(&subject.account, |session| {
                    let (adapter, submission, key) = (adapter.clone(), submission.clone(), key.clone());
                    async move {
                        let live = Live {
                            remote: publication.remote.as_ref(),
                            receipt: publication.receipt.as_ref(),
                        };
                        adapter.add_extra(&session, live, &submission, &key).await
                    }
                })
                .await;
            extras[index].state = match made {
                Ok(()) => {
                    self.line(format!("{key}: done")).await;
                    ExtraState::Done
                }
                // May be repeated, so an unclear answer is a passing fault.
                Err(problem)
                    if matches!(
                        problem.retry,
                        RetryClass::Transient | RetryClass::RateLimited { .. } | RetryClass::InDoubt
                    ) =>
                {
                    self.line(format!("{key}: {problem}")).await;
                    postponed.get_or_insert_with(|| problem.clone());
                    ExtraState::Waiting {
                        problem: Some(problem),
                    }
                }
                Err(problem) => {
                    self.line(format!("{key}: {problem}")).await;
                    ExtraState::Failed { problem }
                }
            };
            self.keep_extras(&subject, &extras).await?;
        }
        match postponed {
            Some(mut problem) => {
                if problem.retry == RetryClass::InDoubt {
                    problem.retry = RetryClass::Transient;
                }
                Err(problem.into())
            }
            None => Ok(StepEnd::Done("additions made".into())),
        }
    }

    async fn keep_extras(&self, subject: &Subject, extras: &[Extra]) -> Result<(), StepEnd> {
        let id = subject.publication.id;
        let store = &self.engine.parts().store;
        store.set_extras(id, extras, self.engine.now()).await?;
        self.engine.tell_changed(id).await?;
        Ok(())
    }
}
