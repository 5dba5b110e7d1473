//! Publish: the one call that cannot be taken back. The intent is durable before it, the answer after it; an
//! unclear answer is a doubt and is never repeated.

use std::time::Duration;

use daypart_domain::{
    capabilities::PublishTrigger,
    ids::PublicationId,
    job::JobKind,
    problem::{ErrorCode, Problem, RetryClass, codes},
    publication::RemoteHandle,
    publication_state::{Mover, PublicationState},
};
use daypart_ports::{
    platform::{Platform, Submission, UploadProgress},
    store::PublicationChange,
};
use jiff::Timestamp;

use crate::transfer::TransferMeter;

use super::{
    StepEnd, StepMove, StepResult, StepRun, Subject,
    upload_session::{OpenUpload, static_mime},
};

/// How often a platform may store less than the rest before this counts as a fault.
const PARTIAL_ANSWERS_MAX: u32 = 16;

/// Between two attempts at writing down how the final call ended.
const RECORD_PAUSE_MAX: Duration = Duration::from_secs(10);

/// Who waits for the due time.
enum HeldTime {
    /// Nobody: it is due.
    Nobody,
    Platform(Timestamp),
    ThisComputer(Timestamp),
}

enum FinalCall {
    Taken(RemoteHandle),
    /// The platform does not know the upload, so it did not take the rest.
    UploadGone,
    /// A clear answer: not taken.
    Refused(Problem),
    Unclear(Problem),
}

impl StepRun {
    pub(super) async fn publish(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        if publication.state != PublicationState::Staged {
            return Ok(StepEnd::Superseded);
        }
        self.heed_pause(publication).await?;
        self.heed_lateness(publication).await?;
        let Some(mut open) = self.recorded_upload(&subject).await? else {
            return self
                .upload_again(&subject, "the prepared upload has expired")
                .await;
        };
        self.refuse_changed_media(&open.record).await?;
        self.heed_cancel()?;
        if open.record.publish_at.is_none() {
            self.heed_due(publication)?;
        }
        self.heed_gates(&subject).await?;
        let publish_at = match self.held_time(&subject, &open) {
            HeldTime::Platform(at) => Some(at),
            HeldTime::Nobody => None,
            HeldTime::ThisComputer(due_at) => {
                let note = "too late to hand it over: it is published from this computer".to_owned();
                return Ok(StepEnd::Again { at: due_at, note });
            }
        };

        let intent = StepMove::to(PublicationState::Publishing, "the final call is made now");
        self.go(publication.id, Mover::Step, intent).await?;
        if let Err(problem) = self.engine.count_final_call().await {
            tracing::warn!(code = %problem.code, "a final call was not counted");
        }
        match self.final_call(&subject, &mut open, publish_at).await {
            FinalCall::Taken(remote) if publish_at.is_some_and(|at| at > self.engine.now()) => {
                self.handed_over(&subject, open.adapter.as_ref(), remote).await
            }
            FinalCall::Taken(remote) => {
                let confirm = self
                    .engine
                    .new_job(JobKind::Confirm, publication.id, self.engine.now());
                let change = PublicationChange {
                    remote: Some(Some(remote)),
                    problem: Some(None),
                    ..Default::default()
                };
                let taken =
                    StepMove::to(PublicationState::Confirming, "the platform has taken it").change(change);
                self.record(publication.id, taken.then(confirm)).await?;
                Ok(StepEnd::Done("taken by the platform; reading it back".into()))
            }
            FinalCall::UploadGone => {
                self.step_back(&subject, "the platform no longer knows the upload")
                    .await?;
                self.upload_again(
                    &subject,
                    "the platform no longer knows the upload; nothing was published",
                )
                .await
            }
            FinalCall::Refused(problem) => {
                if matches!(
                    problem.retry,
                    RetryClass::Transient | RetryClass::RateLimited { .. }
                ) {
                    self.step_back(&subject, &problem.message).await?;
                }
                Err(problem.into())
            }
            FinalCall::Unclear(problem) => {
                let reconcile = self
                    .engine
                    .new_job(JobKind::Reconcile, publication.id, self.engine.now());
                let change = PublicationChange {
                    problem: Some(Some(problem.clone())),
                    ..Default::default()
                };
                let doubt = StepMove::to(PublicationState::InDoubt, problem.message.clone()).change(change);
                self.record(publication.id, doubt.then(reconcile)).await?;
                Ok(StepEnd::Done(
                    "the answer did not arrive; reading the platform".into(),
                ))
            }
        }
    }

    fn held_time(&self, subject: &Subject, open: &OpenUpload) -> HeldTime {
        let Some(publish_at) = open.record.publish_at else {
            return HeldTime::Nobody;
        };
        let trigger = open.adapter.capabilities().publish_trigger;
        match (trigger, self.handed_time(subject, open.adapter.as_ref())) {
            // The time went along when the upload was opened.
            (PublishTrigger::LastByte, _) => HeldTime::Platform(publish_at),
            (PublishTrigger::SeparateCall, Some(at)) => HeldTime::Platform(at),
            (PublishTrigger::SeparateCall, None) if publish_at > self.engine.now() => {
                HeldTime::ThisComputer(publish_at)
            }
            (PublishTrigger::SeparateCall, None) => HeldTime::Nobody,
        }
    }

    async fn handed_over(
        &self,
        subject: &Subject,
        adapter: &dyn Platform,
        remote: RemoteHandle,
    ) -> StepResult {
        let id = subject.publication.id;
        let confirm = self.engine.new_job(JobKind::Confirm, id, self.engine.now());
        let change = PublicationChange {
            remote: Some(Some(remote)),
            problem: Some(None),
            ..Default::default()
        };
        let held = StepMove::to(PublicationState::HandedOff, "the platform holds the time").change(change);
        let held = self.adding(subject, adapter, held).await?;
        self.record(id, held.then(confirm).dropping_upload()).await?;
        Ok(StepEnd::Done("handed over to the platform".into()))
    }

    async fn final_call(
        &self,
        subject: &Subject,
        open: &mut OpenUpload,
        publish_at: Option<Timestamp>,
    ) -> FinalCall {
        match open.adapter.capabilities().publish_trigger {
            PublishTrigger::LastByte => self.send_last_part(subject, open).await,
            PublishTrigger::SeparateCall => {
                let media = daypart_ports::platform::MediaFile {
                    path: open.record.media_path.clone().into(),
                    size_bytes: open.record.plan.size_bytes,
                    mime: static_mime(&open.record.mime),
                    duration_ms: 0,
                    width_px: 0,
                    height_px: 0,
                };
                let submission = self.submission(subject, media, publish_at);
                match self.publish_call(subject, open, &submission).await {
                    Ok(remote) => FinalCall::Taken(remote),
                    Err(problem) if problem.code == codes::UPLOAD_GONE && is_clear(&problem) => {
                        FinalCall::UploadGone
                    }
                    Err(problem) => unclear_or_refused(problem),
                }
            }
        }
    }

    /// Once more with a refreshed token when the present one has expired: a refused token means that nothing was taken.
    async fn publish_call(
        &self,
        subject: &Subject,
        open: &mut OpenUpload,
        submission: &Submission,
    ) -> Result<RemoteHandle, Problem> {
        match open
            .adapter
            .publish(&open.session, &open.handle, submission)
            .await
        {
            Err(problem) if problem.code == codes::AUTH_EXPIRED => {
                self.line("the access token expired before the final call; refreshed")
                    .await;
                open.session = self
                    .engine
                    .session_after_refusal(&subject.account, &open.session)
                    .await?;
                open.adapter
                    .publish(&open.session, &open.handle, submission)
                    .await
            }
            other => other,
        }
    }

    async fn send_last_part(&self, subject: &Subject, open: &mut OpenUpload) -> FinalCall {
        let plan = open.record.plan;
        let mime = static_mime(&open.record.mime);
        let mut offset = open.record.confirmed_bytes;
        let meter = TransferMeter::new(&self.engine, subject.publication.id, plan.size_bytes, offset);
        for _ in 0..PARTIAL_ANSWERS_MAX {
            let Some(chunk) = plan.chunk_at(offset) else {
                // Everything is there and no post came of it: only the platform can say what this means.
                return FinalCall::Unclear(Problem::in_doubt(
                    ErrorCode::new("publish.no_answer"),
                    "The platform holds the whole file and has not said what became of it.",
                ));
            };
            match self.send(subject, open, chunk, mime, &meter).await {
                Ok(UploadProgress::Complete(remote)) => return FinalCall::Taken(remote),
                Ok(UploadProgress::Gone) => return FinalCall::UploadGone,
                Ok(UploadProgress::Stored { stored_bytes }) => {
                    self.line(format!(
                        "the platform holds {stored_bytes} of {} bytes",
                        plan.size_bytes
                    ))
                    .await;
                    offset = stored_bytes;
                    if let Err(end) = self.keep_confirmed(open, offset).await {
                        tracing::warn!(?end, "confirmed bytes not kept");
                    }
                    meter.set(offset);
                }
                Err(problem) => return unclear_or_refused(problem),
            }
        }
        FinalCall::Unclear(Problem::in_doubt(
            ErrorCode::new("publish.partial"),
            "The platform took the end of the file only in part.",
        ))
    }

    /// A clear “not taken”: the publication waits where it was.
    async fn step_back(&self, subject: &Subject, reason: &str) -> Result<(), StepEnd> {
        let back = StepMove::to(PublicationState::Staged, format!("not taken: {reason}"));
        self.record(subject.publication.id, back).await
    }

    /// Writes down how the final call ended, for as long as it takes: a record that cannot be written (a full disk)
    /// says nothing about the post, and whoever took it for a failure would send the post again. When Daypart ends
    /// first, the next start finds the intent and reads the platform.
    async fn record(&self, id: PublicationId, outcome: StepMove) -> Result<(), StepEnd> {
        let mut pause = self.engine.parts().pace.resume_base;
        loop {
            match self.go(id, Mover::Step, outcome.clone()).await {
                Err(StepEnd::Failed(problem)) => {
                    tracing::error!(publication = %id, to = %outcome.to, code = %problem.code, details = ?problem.details, "the outcome of the final call could not be written down; trying again");
                }
                recorded => return recorded,
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.cancel.cancelled() => return Err(StepEnd::Interrupted),
            }
            pause = pause.saturating_mul(2).min(RECORD_PAUSE_MAX);
        }
    }

    async fn upload_again(&self, subject: &Subject, reason: &str) -> StepResult {
        let upload = self
            .engine
            .new_job(JobKind::Upload, subject.publication.id, self.engine.now());
        let ready = StepMove::to(PublicationState::Ready, reason)
            .then(upload)
            .dropping_upload();
        self.go(subject.publication.id, Mover::Step, ready).await?;
        Ok(StepEnd::Done(reason.to_owned()))
    }
}

fn is_clear(problem: &Problem) -> bool {
    !matches!(problem.retry, RetryClass::InDoubt | RetryClass::Bug)
}

/// Only what the adapter calls in doubt is; a problem of ours in the middle of the call is treated as one too.
fn unclear_or_refused(problem: Problem) -> FinalCall {
    match is_clear(&problem) {
        false => FinalCall::Unclear(problem),
        true => FinalCall::Refused(problem),
    }
}
