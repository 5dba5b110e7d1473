//! Reconcile: the only way out of a doubt. Reads the platform; changes nothing there.

use daypart_domain::{
    job::JobKind,
    problem::{ErrorCode, Problem, UserAction},
    publication::NeedsUserReason,
    publication_state::{Mover, PublicationState},
    reconcile::{Sighting, Verdict, conclude, readings_that_count},
};
use daypart_ports::{
    platform::UploadHandle,
    platform::{MediaFile, SearchEvidence},
    secrets::SecretName,
    store::PublicationChange,
};

use super::{StepEnd, StepMove, StepResult, StepRun, Subject, upload_session::static_mime};

impl StepRun {
    pub(super) async fn reconcile(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        if publication.state != PublicationState::InDoubt {
            return Ok(StepEnd::Superseded);
        }
        let evidence = self.evidence(&subject).await?;
        let adapter = self.engine.adapter(&subject.account)?;
        let sighting = self
            .engine
            .with_session(&subject.account, |session| {
                let (adapter, evidence) = (adapter.clone(), evidence.clone());
                async move { adapter.look_for(&session, &evidence).await }
            })
            .await?;
        self.line(format!("looked at the platform: {}", describe(&sighting)))
            .await;
        let stored_bytes = match sighting {
            Sighting::UploadOpen { stored_bytes } => Some(stored_bytes),
            _ => None,
        };
        let delays = adapter.capabilities().look_up.listing_delays;
        let needed = u32::try_from(delays.len()).unwrap_or(u32::MAX);
        let since_call = self.engine.now().duration_since(evidence.attempted_at);
        let before = readings_that_count(self.job().polls, delays, since_call);
        let verdict = conclude(sighting, before, needed);
        let cleared = PublicationChange {
            problem: Some(None),
            ..Default::default()
        };
        let now = self.engine.now();
        let id = publication.id;
        let (step, outcome) = match verdict {
            Verdict::Published(receipt) => {
                let change = PublicationChange {
                    receipt: Some(Some(receipt)),
                    ..cleared
                };
                let step = StepMove::to(PublicationState::Published, "found on the platform").change(change);
                (step.dropping_upload(), "found on the platform")
            }
            Verdict::Confirming(remote) => {
                let change = PublicationChange {
                    remote: Some(Some(remote)),
                    ..cleared
                };
                let step = StepMove::to(
                    PublicationState::Confirming,
                    "the platform has it and is working on it",
                );
                let confirm = self.engine.new_job(JobKind::Confirm, id, now);
                (step.change(change).then(confirm), "the platform has it")
            }
            Verdict::HandedOff(remote) => {
                let change = PublicationChange {
                    remote: Some(Some(remote)),
                    ..cleared
                };
                let step = StepMove::to(
                    PublicationState::HandedOff,
                    "found on the platform, which holds its time",
                );
                let confirm = self.engine.new_job(JobKind::Confirm, id, now);
                let step = step.change(change).then(confirm).dropping_upload();
                (step, "the platform holds it")
            }
            Verdict::ContinueUpload => {
                if let Some(stored_bytes) = stored_bytes {
                    self.engine
                        .parts()
                        .store
                        .set_confirmed_bytes(id, stored_bytes)
                        .await?;
                }
                let step = StepMove::to(
                    PublicationState::Staged,
                    "provably not published: the upload still waits for its end",
                );
                let publish = self.engine.new_job(JobKind::Publish, id, now);
                (step.change(cleared).then(publish), "the upload is still open")
            }
            Verdict::StartOver => {
                let step = StepMove::to(
                    PublicationState::Ready,
                    "provably not published: every reading shows that it is absent",
                );
                let upload = self.engine.new_job(JobKind::Upload, id, now);
                (step.change(cleared).then(upload).dropping_upload(), "absent")
            }
            Verdict::Refused(problem) => {
                let change = PublicationChange {
                    problem: Some(Some(problem.clone())),
                    ..Default::default()
                };
                let step = StepMove::to(PublicationState::Failed, problem.message.clone()).change(change);
                (step.dropping_upload(), "refused by the platform")
            }
            Verdict::ReadAgain => {
                let index = usize::try_from(self.job().polls).unwrap_or(usize::MAX);
                let delay = delays.get(index).or(delays.last()).copied().unwrap_or_default();
                return Ok(StepEnd::Again {
                    at: now + delay,
                    note: "not seen yet; reading again".into(),
                });
            }
            Verdict::AskUser => {
                let sentence = format!(
                    "{} gives no way to tell whether this post went out.",
                    adapter.capabilities().name
                );
                let problem = Problem::needs_user(
                    ErrorCode::new("publish.cannot_tell"),
                    UserAction::CheckPlatform,
                    sentence.clone(),
                )
                .fix("Look at the account yourself, then say whether the post is there.");
                let change = PublicationChange {
                    problem: Some(Some(problem)),
                    needs_user: Some(Some(NeedsUserReason::CannotTell)),
                    ..Default::default()
                };
                (
                    StepMove::to(PublicationState::NeedsUser, sentence).change(change),
                    "only the user can tell",
                )
            }
        };
        let is_there = matches!(step.to, PublicationState::Published | PublicationState::HandedOff);
        let step = match is_there {
            true => self.adding(&subject, adapter.as_ref(), step).await?,
            false => step,
        };
        self.go(id, Mover::Reconciler, step).await?;
        Ok(StepEnd::Done(outcome.into()))
    }

    async fn evidence(&self, subject: &Subject) -> Result<SearchEvidence, StepEnd> {
        let parts = self.engine.parts();
        let id = subject.publication.id;
        let record = parts.store.upload(id).await?;
        let secret = parts.vault.get(&SecretName::upload(id)).await?;
        let attempted_at = parts
            .store
            .events_of(id)
            .await?
            .iter()
            .rev()
            .find(|event| event.to == PublicationState::Publishing)
            .map_or(subject.publication.updated_at, |event| event.at);
        let info = match subject.post.asset_id {
            Some(asset) => parts.store.asset(asset).await?,
            None => None,
        };
        let info = info.as_ref().and_then(|asset| asset.media_info());
        let media = MediaFile {
            path: record
                .as_ref()
                .map(|record| record.media_path.clone().into())
                .unwrap_or_default(),
            size_bytes: record.as_ref().map_or(0, |record| record.plan.size_bytes),
            mime: static_mime(record.as_ref().map_or("", |record| record.mime.as_str())),
            duration_ms: info.map_or(0, |info| info.duration_ms),
            width_px: info.map_or(0, |info| info.video.width_px),
            height_px: info.map_or(0, |info| info.video.height_px),
        };
        let publish_at = record.as_ref().and_then(|record| record.publish_at);
        let upload = match (record, secret) {
            (Some(record), Some(secret)) => Some(UploadHandle {
                public: record.public,
                secret,
                plan: record.plan,
                expires_at: record.expires_at,
            }),
            _ => None,
        };
        Ok(SearchEvidence {
            submission: self.submission(subject, media, publish_at),
            upload,
            remote: subject.publication.remote.clone(),
            attempted_at,
        })
    }
}

fn describe(sighting: &Sighting) -> String {
    match sighting {
        Sighting::Published(_) => "the post is there".into(),
        Sighting::Processing(_) => "the platform has it and is working on it".into(),
        Sighting::Held(_) => "the platform holds it until its time".into(),
        Sighting::UploadOpen { stored_bytes } => format!("the upload is open and holds {stored_bytes} bytes"),
        Sighting::Refused(problem) => format!("refused: {}", problem.message),
        Sighting::NotSeen => "not seen".into(),
        Sighting::CannotTell => "it cannot be told".into(),
    }
}
