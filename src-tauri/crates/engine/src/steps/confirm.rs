//! Confirm: read the post back until the platform says how it ended.

use std::time::Duration;

use daypart_domain::{
    problem::{ErrorCode, Problem, RetryClass, UserAction},
    publication::{NeedsUserReason, Publication},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::{
    platform::{Confirmation, Platform},
    store::PublicationChange,
};

use super::{StepEnd, StepMove, StepResult, StepRun, Subject, refused_late::is_passing};

/// A platform that holds a time publishes a little after it.
const AFTER_DUE: Duration = Duration::from_secs(5);

impl StepRun {
    pub(super) async fn confirm(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        let is_first = matches!(
            publication.state,
            PublicationState::Confirming | PublicationState::HandedOff
        );
        if !is_first && publication.state != PublicationState::Published {
            return Ok(StepEnd::Superseded);
        }
        let Some(remote) = publication.remote.clone() else {
            return Err(Problem::bug("a publication is being confirmed without a remote handle").into());
        };
        let adapter = self.engine.adapter(&subject.account)?;
        let confirmation = self
            .engine
            .with_session(&subject.account, |session| {
                let (adapter, remote) = (adapter.clone(), remote.clone());
                async move { adapter.confirm(&session, &remote).await }
            })
            .await;
        match confirmation {
            Ok(Confirmation::Held { note }) => {
                if publication.state == PublicationState::Confirming {
                    let held = StepMove::to(PublicationState::HandedOff, note.clone());
                    let held = self.adding(&subject, adapter.as_ref(), held).await?;
                    self.go(publication.id, Mover::Step, held).await?;
                }
                self.hold_on(adapter.as_ref(), publication, note).await
            }
            Ok(Confirmation::Pending { note }) if publication.state == PublicationState::HandedOff => {
                self.hold_on(adapter.as_ref(), publication, note).await
            }
            Ok(Confirmation::Pending { note }) => self.poll_again(adapter.as_ref(), publication, note).await,
            Ok(Confirmation::Published {
                receipt,
                warnings,
                more_to_come,
            }) => {
                let outcome = match &receipt.url {
                    Some(url) => format!("read back: {url}"),
                    None => "read back: it is there".to_owned(),
                };
                if is_first {
                    let change = PublicationChange {
                        receipt: Some(Some(receipt)),
                        warnings: Some(warnings),
                        problem: Some(None),
                        ..Default::default()
                    };
                    let published = StepMove::to(PublicationState::Published, outcome.clone()).change(change);
                    let published = self.adding(&subject, adapter.as_ref(), published).await?;
                    self.go(publication.id, Mover::Step, published.dropping_upload())
                        .await?;
                } else {
                    let now = self.engine.now();
                    let store = &self.engine.parts().store;
                    store
                        .set_warnings(publication.id, &warnings, Some(&receipt), now)
                        .await?;
                }
                if more_to_come && !self.polled_enough(adapter.as_ref(), publication) {
                    return Ok(self.next_poll(adapter.as_ref(), outcome));
                }
                Ok(StepEnd::Done(outcome))
            }
            Ok(Confirmation::Refused(problem))
                if publication.state == PublicationState::Confirming && is_passing(&problem) =>
            {
                self.send_again(publication, problem).await
            }
            Ok(Confirmation::Refused(problem)) => {
                let change = PublicationChange {
                    problem: Some(Some(problem.clone())),
                    ..Default::default()
                };
                let failed = StepMove::to(PublicationState::Failed, problem.message.clone()).change(change);
                self.go(publication.id, Mover::Step, failed.dropping_upload())
                    .await?;
                Ok(StepEnd::Done(format!("refused: {}", problem.message)))
            }
            Ok(Confirmation::Unknown) => {
                self.ask_user(publication, "The platform says that it does not know this post.")
                    .await
            }
            Err(problem)
                if problem.retry == RetryClass::Transient
                    && publication.state == PublicationState::HandedOff =>
            {
                self.hold_on(adapter.as_ref(), publication, problem.to_string())
                    .await
            }
            // A reading that failed is read again at the plan's pace; the post is where it is.
            Err(problem) if problem.retry == RetryClass::Transient => {
                self.poll_again(adapter.as_ref(), publication, problem.to_string())
                    .await
            }
            Err(problem) => Err(problem.into()),
        }
    }

    /// The platform holds it. Before its time there is nothing to see; after it, it should have gone live.
    async fn hold_on(&self, adapter: &dyn Platform, publication: &Publication, note: String) -> StepResult {
        let now = self.engine.now();
        let looks_at = publication.due_at.unwrap_or(now) + AFTER_DUE;
        if now < looks_at {
            return Ok(StepEnd::Again { at: looks_at, note });
        }
        let waited = now.duration_since(looks_at).unsigned_abs();
        if waited > adapter.capabilities().confirm_polls.give_up_after {
            return self
                .ask_user(
                    publication,
                    "The platform has not published this post although its time has come.",
                )
                .await;
        }
        Ok(self.next_poll(adapter, note))
    }

    async fn poll_again(
        &self,
        adapter: &dyn Platform,
        publication: &Publication,
        note: String,
    ) -> StepResult {
        if self.polled_enough(adapter, publication) {
            return self
                .ask_user(
                    publication,
                    "The platform has not finished with this post for a long time.",
                )
                .await;
        }
        Ok(self.next_poll(adapter, note))
    }

    fn next_poll(&self, adapter: &dyn Platform, note: String) -> StepEnd {
        let delay = adapter.capabilities().confirm_polls.delay(self.job().polls);
        StepEnd::Again {
            at: self.engine.now() + delay,
            note,
        }
    }

    fn polled_enough(&self, adapter: &dyn Platform, publication: &Publication) -> bool {
        let waited = self.engine.now().duration_since(publication.updated_at);
        waited.unsigned_abs() > adapter.capabilities().confirm_polls.give_up_after
    }

    async fn ask_user(&self, publication: &Publication, sentence: &str) -> StepResult {
        if publication.state == PublicationState::Published {
            return Ok(StepEnd::Done(sentence.to_owned()));
        }
        let problem = Problem::needs_user(
            ErrorCode::new("confirm.unknown"),
            UserAction::CheckPlatform,
            sentence,
        )
        .fix("Look at the account yourself, then say whether the post is there.");
        let change = PublicationChange {
            problem: Some(Some(problem)),
            needs_user: Some(Some(NeedsUserReason::CannotTell)),
            ..Default::default()
        };
        let asked = StepMove::to(PublicationState::NeedsUser, sentence).change(change);
        self.go(publication.id, Mover::Step, asked).await?;
        Ok(StepEnd::Done(sentence.to_owned()))
    }
}
