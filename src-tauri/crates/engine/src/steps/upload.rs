//! Upload: everything that can be sent before the due time. Where the last byte makes the post public, the last
//! chunk is held back for the publish step.

use std::time::{Duration, Instant};

use daypart_domain::{
    capabilities::PublishTrigger,
    chunk_plan::{Chunk, ChunkPlan},
    job::JobKind,
    problem::{ErrorCode, Problem},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::{
    platform::UploadProgress,
    secrets::SecretName,
    store::{PublicationChange, UploadRecord},
};

use crate::transfer::TransferMeter;

use super::{
    StepEnd, StepMove, StepResult, StepRun, Subject,
    upload_session::{OpenUpload, is_interruption, static_mime},
};

/// How often it is written down how much the platform holds. It only shows progress after a restart: an upload goes
/// on from what the platform itself says.
const KEEP_EVERY: Duration = Duration::from_secs(1);
/// Fresh starts within one run before it counts as a failure.
const STARTS_MAX: u32 = 3;

impl StepRun {
    pub(super) async fn upload(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        self.heed_pause(publication).await?;
        match publication.state {
            PublicationState::Ready => {
                self.heed_lateness(publication).await?;
                self.heed_gates(&subject).await?;
                self.go(
                    publication.id,
                    Mover::Step,
                    StepMove::to(PublicationState::Uploading, "upload starts"),
                )
                .await?;
            }
            PublicationState::Uploading => {
                if self.engine.parts().store.upload(publication.id).await?.is_none() {
                    self.heed_lateness(publication).await?;
                }
                self.heed_gates(&subject).await?;
            }
            _ => return Ok(StepEnd::Superseded),
        }
        for _ in 0..STARTS_MAX {
            let recorded = self.recorded_upload(&subject).await?;
            let is_resumed = recorded.is_some();
            let mut open = match recorded {
                Some(open) => {
                    self.refuse_changed_media(&open.record).await?;
                    open
                }
                None => self.begin(&subject).await?,
            };
            if self.send_early_part(&subject, &mut open, is_resumed).await? {
                return self.stage(&subject, &open).await;
            }
            self.line("the platform no longer knows this upload; starting it again")
                .await;
            self.drop_open_upload(&subject).await?;
        }
        Err(Problem::transient(
            ErrorCode::new("upload.lost"),
            "The platform lost the upload again and again.",
        )
        .into())
    }

    async fn drop_open_upload(&self, subject: &Subject) -> Result<(), StepEnd> {
        self.engine
            .parts()
            .store
            .drop_upload(subject.publication.id)
            .await?;
        self.engine.forget_upload_secret(subject.publication.id).await;
        Ok(())
    }

    async fn begin(&self, subject: &Subject) -> Result<OpenUpload, StepEnd> {
        let parts = self.engine.parts();
        let adapter = self.engine.adapter(&subject.account)?;
        let media = self.chosen_media(subject, adapter.as_ref()).await?;
        self.heed_cancel()?;
        let publish_at = self.handed_time(subject, adapter.as_ref());
        let submission = self.submission(subject, media.file.clone(), publish_at);
        let now = self.engine.now();
        let handle = self
            .engine
            .with_session(&subject.account, |session| {
                let (adapter, submission) = (adapter.clone(), submission.clone());
                async move { adapter.begin_upload(&session, &submission, now).await }
            })
            .await?;
        let id = subject.publication.id;
        let record = UploadRecord {
            publication_id: id,
            public: handle.public.clone(),
            plan: handle.plan,
            media_path: media.file.path.to_string_lossy().into_owned(),
            media_identity: media.identity,
            mime: media.file.mime.to_owned(),
            confirmed_bytes: 0,
            opened_at: now,
            expires_at: handle.expires_at,
            publish_at,
        };
        // The address first: a record without its address would look resumable and not be.
        parts
            .vault
            .put(&SecretName::upload(id), handle.secret.clone())
            .await?;
        parts.store.put_upload(&record).await?;
        self.line(format!(
            "upload opened: {} bytes in {} parts",
            record.plan.size_bytes, record.plan.chunk_count
        ))
        .await;
        let session = self.engine.session(&subject.account).await?;
        Ok(OpenUpload {
            adapter,
            session,
            handle,
            record,
        })
    }

    /// Sends what may be sent early. `false`: the platform does not know this upload any more.
    async fn send_early_part(
        &self,
        subject: &Subject,
        open: &mut OpenUpload,
        is_resumed: bool,
    ) -> Result<bool, StepEnd> {
        let until = early_end(open.adapter.capabilities().publish_trigger, &open.record.plan);
        let meter = TransferMeter::new(
            &self.engine,
            subject.publication.id,
            open.record.plan.size_bytes,
            open.record.confirmed_bytes,
        );
        let mime = static_mime(&open.record.mime);
        let pace = self.engine.parts().pace;
        let mut offset = open.record.confirmed_bytes;
        // Bytes may have arrived without our having recorded it: the platform knows better.
        if is_resumed && until > 0 {
            match self.first_resume_offset(subject, open).await? {
                Some(stored) => offset = stored,
                None => return Ok(false),
            }
        }
        let mut breaks = 0;
        let mut kept_at = Instant::now();
        while let Some(chunk) = early_chunk(&open.record.plan, offset, until) {
            self.heed_cancel()?;
            meter.set(offset);
            // Letting go in the middle is safe here: the platform tells later how much it holds.
            let sent = tokio::select! {
                sent = self.send(subject, open, chunk, mime, &meter) => sent,
                () = self.cancel.cancelled() => return Err(StepEnd::Interrupted),
            };
            match sent {
                Ok(UploadProgress::Stored { stored_bytes }) => {
                    breaks = if stored_bytes > offset { 0 } else { breaks + 1 };
                    offset = stored_bytes;
                    if offset >= until || kept_at.elapsed() >= KEEP_EVERY {
                        self.keep_confirmed(open, offset).await?;
                        kept_at = Instant::now();
                    }
                }
                Ok(UploadProgress::Complete(_)) => return Ok(true),
                Ok(UploadProgress::Gone) => return Ok(false),
                Err(problem) if is_interruption(&problem) && breaks < pace.resumes_max => {
                    breaks += 1;
                    self.line(format!("interrupted at byte {offset}: {problem}; resuming"))
                        .await;
                    let pause = pace.resume_base.saturating_mul(1 << (breaks - 1).min(4));
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = self.cancel.cancelled() => return Err(StepEnd::Interrupted),
                    }
                    match self.resume_offset(subject, open).await {
                        Ok(Some(stored)) => offset = stored,
                        Ok(None) => return Ok(false),
                        // Still cut off: the next round tries again from what is known.
                        Err(StepEnd::Failed(problem)) if is_interruption(&problem) => {}
                        Err(end) => return Err(end),
                    }
                }
                Err(problem) => return Err(as_transient(problem).into()),
            }
            if breaks > pace.resumes_max {
                return Err(Problem::transient(
                    ErrorCode::new("upload.stuck"),
                    "The upload makes no progress.",
                )
                .into());
            }
        }
        meter.set(offset);
        Ok(true)
    }

    /// As [`StepRun::resume_offset`], asked again within this run while the question itself is interrupted.
    async fn first_resume_offset(
        &self,
        subject: &Subject,
        open: &mut OpenUpload,
    ) -> Result<Option<u64>, StepEnd> {
        let pace = self.engine.parts().pace;
        let mut breaks = 0;
        loop {
            match self.resume_offset(subject, open).await {
                Err(StepEnd::Failed(problem)) if is_interruption(&problem) && breaks < pace.resumes_max => {
                    breaks += 1;
                    self.line(format!(
                        "the platform could not be asked how far it got: {problem}"
                    ))
                    .await;
                    let pause = pace.resume_base.saturating_mul(1 << (breaks - 1).min(4));
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = self.cancel.cancelled() => return Err(StepEnd::Interrupted),
                    }
                }
                answer => return answer,
            }
        }
    }

    /// Where to go on, as the platform says; `None` when it does not know the upload.
    async fn resume_offset(&self, subject: &Subject, open: &mut OpenUpload) -> Result<Option<u64>, StepEnd> {
        match self.ask_progress(subject, open).await? {
            UploadProgress::Stored { stored_bytes } => {
                self.line(format!(
                    "the platform holds {stored_bytes} bytes; going on from there"
                ))
                .await;
                self.keep_confirmed(open, stored_bytes).await?;
                Ok(Some(stored_bytes))
            }
            UploadProgress::Complete(_) => Ok(Some(open.record.plan.size_bytes)),
            UploadProgress::Gone => Ok(None),
        }
    }

    async fn stage(&self, subject: &Subject, open: &OpenUpload) -> StepResult {
        let now = self.engine.now();
        let due_at = match open.record.publish_at {
            Some(_) => now,
            None => subject.publication.due_at.unwrap_or(now).max(now),
        };
        let publish = self
            .engine
            .new_job(JobKind::Publish, subject.publication.id, due_at);
        let plan = open.record.plan;
        let reason = if plan.chunk_count == 1 {
            "the upload is open; the file goes out in one part at the due time".to_owned()
        } else {
            format!(
                "{} of {} bytes are there",
                open.record.confirmed_bytes, plan.size_bytes
            )
        };
        let staged = StepMove::to(PublicationState::Staged, reason.clone())
            .change(PublicationChange {
                problem: Some(None),
                ..Default::default()
            })
            .then(publish);
        self.go(subject.publication.id, Mover::Step, staged).await?;
        Ok(StepEnd::Done(reason))
    }
}

/// Up to which byte may be sent before the due time.
fn early_end(trigger: PublishTrigger, plan: &ChunkPlan) -> u64 {
    match trigger {
        PublishTrigger::LastByte => plan.last_offset(),
        PublishTrigger::SeparateCall => plan.size_bytes,
    }
}

fn early_chunk(plan: &ChunkPlan, offset: u64, until: u64) -> Option<Chunk> {
    if offset >= until {
        None
    } else {
        plan.chunk_at(offset)
    }
}

/// Before the last byte nothing can be in doubt: a lost answer only means to ask again.
fn as_transient(mut problem: Problem) -> Problem {
    if problem.retry == daypart_domain::problem::RetryClass::InDoubt {
        problem.retry = daypart_domain::problem::RetryClass::Transient;
    }
    problem
}
