//! The platform took a post, failed by a fault of its own and says so: nothing is public, and it is sent again.

use daypart_domain::{
    job::JobKind,
    problem::{Problem, RetryClass},
    publication::{NeedsUserReason, Publication},
    publication_state::{Mover, PublicationState},
    retry::{COUNTED_ATTEMPTS_MAX, NextTry, next_try},
};
use daypart_ports::{randomness::unit_interval, store::PublicationChange};

use super::{StepEnd, StepMove, StepResult, StepRun};

/// Worth sending again by itself.
pub(super) fn is_passing(problem: &Problem) -> bool {
    matches!(
        problem.retry,
        RetryClass::Transient | RetryClass::RateLimited { .. }
    )
}

impl StepRun {
    /// Plans a new upload after the usual delay, or puts it to the user after the usual number of times.
    pub(super) async fn send_again(&self, publication: &Publication, problem: Problem) -> StepResult {
        let engine = &self.engine;
        let events = engine.parts().store.events_of(publication.id).await?;
        // Since the user planned it last.
        let failures = events
            .iter()
            .rev()
            .take_while(|event| event.to != PublicationState::Scheduled)
            .filter(|event| {
                event.from == Some(PublicationState::Confirming) && event.to == PublicationState::Ready
            })
            .count();
        let failures = u32::try_from(failures).unwrap_or(COUNTED_ATTEMPTS_MAX);
        let jitter = unit_interval(engine.parts().randomness.as_ref());
        let now = engine.now();
        let verdict = next_try(&problem, failures, now, engine.parts().pace.retry_base, jitter);
        let change = PublicationChange {
            problem: Some(Some(problem.clone())),
            remote: Some(None),
            ..Default::default()
        };
        if let NextTry::At { at, .. } = verdict {
            let upload = engine.new_job(JobKind::Upload, publication.id, at);
            let again = StepMove::to(PublicationState::Ready, problem.message.clone()).change(change);
            self.go(publication.id, Mover::Step, again.then(upload).dropping_upload())
                .await?;
            return Ok(StepEnd::Done(format!("refused for now: {}", problem.message)));
        }
        let asked =
            StepMove::to(PublicationState::NeedsUser, problem.message.clone()).change(PublicationChange {
                needs_user: Some(Some(NeedsUserReason::FixAndRetry)),
                ..change
            });
        self.go(publication.id, Mover::Step, asked.dropping_upload())
            .await?;
        Ok(StepEnd::Done(format!("refused: {}", problem.message)))
    }
}
