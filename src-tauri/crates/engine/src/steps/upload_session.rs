//! One open upload during one run: its handle, its session, and sending one chunk after another.

use std::sync::Arc;

use daypart_domain::{
    chunk_plan::Chunk,
    hand_off,
    problem::{Problem, RetryClass, codes},
};
use daypart_ports::{
    platform::{ChunkSource, MediaFile, Platform, Session, Submission, UploadHandle, UploadProgress},
    secrets::SecretName,
    store::UploadRecord,
};

use jiff::Timestamp;

use crate::transfer::TransferMeter;

use super::{StepEnd, StepRun, Subject, accompany::accompaniment, media::file_changed};

/// What is needed to go on with an upload.
pub(super) struct OpenUpload {
    pub adapter: Arc<dyn Platform>,
    pub session: Session,
    pub handle: UploadHandle,
    pub record: UploadRecord,
}

impl StepRun {
    /// The recorded upload with its address from the vault; `None` when either is missing or it has expired, which
    /// before the last byte means: start over.
    pub(super) async fn recorded_upload(&self, subject: &Subject) -> Result<Option<OpenUpload>, StepEnd> {
        let parts = self.engine.parts();
        let id = subject.publication.id;
        let Some(record) = parts.store.upload(id).await? else {
            return Ok(None);
        };
        let Some(secret) = parts.vault.get(&SecretName::upload(id)).await? else {
            return Ok(None);
        };
        if record
            .expires_at
            .is_some_and(|expires_at| expires_at <= self.engine.now())
        {
            return Ok(None);
        }
        let handle = UploadHandle {
            public: record.public.clone(),
            secret,
            plan: record.plan,
            expires_at: record.expires_at,
        };
        let adapter = self.engine.adapter(&subject.account)?;
        let session = self.engine.session(&subject.account).await?;
        Ok(Some(OpenUpload {
            adapter,
            session,
            handle,
            record,
        }))
    }

    /// # Errors
    /// `file.changed` when the file is not the one whose first bytes were sent: never spliced.
    pub(super) async fn refuse_changed_media(&self, record: &UploadRecord) -> Result<(), StepEnd> {
        let path = std::path::Path::new(&record.media_path);
        let identity = self.engine.parts().media_probe.identify(path).await?;
        let known = &record.media_identity;
        if identity.size_bytes == known.size_bytes && identity.content_hash == known.content_hash {
            return Ok(());
        }
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        Err(file_changed(&name).into())
    }

    pub(super) fn submission(
        &self,
        subject: &Subject,
        media: MediaFile,
        publish_at: Option<Timestamp>,
    ) -> Submission {
        Submission {
            caption: subject.post.caption.clone(),
            content: subject.publication.content.clone(),
            media,
            publish_at,
            accompaniment: accompaniment(subject),
        }
    }

    /// The time the platform shall hold, when it can, the user lets it, and a final call made now is early enough.
    pub(super) fn handed_time(&self, subject: &Subject, adapter: &dyn Platform) -> Option<Timestamp> {
        let publication = &subject.publication;
        let (schedule, due_at) = (adapter.capabilities().native_schedule?, publication.due_at?);
        let possible = hand_off::is_possible(schedule, due_at, self.engine.now());
        (!publication.content.from_this_computer && possible && adapter.can_hold(&publication.content))
            .then_some(due_at)
    }

    /// Asks the platform where the upload stands, with a refreshed token when the present one has expired.
    pub(super) async fn ask_progress(
        &self,
        subject: &Subject,
        open: &mut OpenUpload,
    ) -> Result<UploadProgress, Problem> {
        match open.adapter.upload_progress(&open.session, &open.handle).await {
            Err(problem) if problem.code == codes::AUTH_EXPIRED => {
                open.session = self
                    .engine
                    .session_after_refusal(&subject.account, &open.session)
                    .await?;
                open.adapter.upload_progress(&open.session, &open.handle).await
            }
            other => other,
        }
    }

    /// Sends one chunk, once more with a refreshed token when the present one has expired (a refused token means
    /// that nothing was taken).
    pub(super) async fn send(
        &self,
        subject: &Subject,
        open: &mut OpenUpload,
        chunk: Chunk,
        mime: &'static str,
        meter: &Arc<TransferMeter>,
    ) -> Result<UploadProgress, Problem> {
        let source = ChunkSource {
            path: open.record.media_path.clone().into(),
            chunk,
            mime,
            sent: meter.counter(),
            pacing: self.pacing(),
        };
        let began = std::time::Instant::now();
        let answer = match open
            .adapter
            .send_chunk(&open.session, &open.handle, source.clone())
            .await
        {
            Err(problem) if problem.code == codes::AUTH_EXPIRED => {
                self.line("the access token expired during the upload; refreshed")
                    .await;
                meter.set(chunk.offset);
                open.session = self
                    .engine
                    .session_after_refusal(&subject.account, &open.session)
                    .await?;
                open.adapter.send_chunk(&open.session, &open.handle, source).await
            }
            other => other,
        };
        self.learn_from(subject, &answer, chunk, began.elapsed()).await;
        answer
    }

    pub(super) async fn keep_confirmed(
        &self,
        open: &mut OpenUpload,
        stored_bytes: u64,
    ) -> Result<(), StepEnd> {
        open.record.confirmed_bytes = stored_bytes;
        let id = open.record.publication_id;
        Ok(self
            .engine
            .parts()
            .store
            .set_confirmed_bytes(id, stored_bytes)
            .await?)
    }
}

/// Worth asking the platform and going on within this run.
pub(super) fn is_interruption(problem: &Problem) -> bool {
    matches!(problem.retry, RetryClass::Transient | RetryClass::InDoubt)
}

/// The recorded MIME type as the adapter wants it.
pub(super) fn static_mime(mime: &str) -> &'static str {
    match mime {
        "video/quicktime" => "video/quicktime",
        "video/webm" => "video/webm",
        _ => "video/mp4",
    }
}
