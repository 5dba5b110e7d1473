//! Prepare: choose or make the file to send, then plan the upload ahead of the due time.

use daypart_domain::{
    hand_off,
    job::JobKind,
    lead_time::lead_time,
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::PublicationChange;

use super::{StepEnd, StepMove, StepResult, StepRun, Subject};

impl StepRun {
    pub(super) async fn prepare(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        match publication.state {
            PublicationState::Scheduled => {
                self.heed_lateness(publication).await?;
                self.go(
                    publication.id,
                    Mover::Step,
                    StepMove::to(PublicationState::Preparing, "checking the file"),
                )
                .await?;
            }
            PublicationState::Preparing => {}
            _ => return Ok(StepEnd::Superseded),
        }
        let adapter = self.engine.adapter(&subject.account)?;
        let media = self.chosen_media(&subject, adapter.as_ref()).await?;
        self.line(&media.reason).await;

        let now = self.engine.now();
        let due_at = publication.due_at.unwrap_or(now);
        let lead = lead_time(media.file.size_bytes, None, adapter.capabilities());
        let capabilities = adapter.capabilities();
        let handed = hand_off::starts_at(capabilities.native_schedule, due_at, lead, now)
            .filter(|_| !publication.content.from_this_computer && adapter.can_hold(&publication.content));
        let starts_at = handed.unwrap_or_else(|| (due_at - lead).max(now));
        let upload = self.engine.new_job(JobKind::Upload, publication.id, starts_at);
        let ready = StepMove::to(PublicationState::Ready, media.reason.clone())
            .change(PublicationChange {
                problem: Some(None),
                ..Default::default()
            })
            .then(upload);
        self.go(publication.id, Mover::Step, ready).await?;
        Ok(StepEnd::Done(media.reason))
    }
}
