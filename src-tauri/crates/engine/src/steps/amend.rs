//! Amend: tell a platform that holds a post what has changed about it.

use daypart_domain::{
    hand_off,
    job::{JobKind, JobSubject},
    problem::{Problem, codes},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::{
    platform::{MediaFile, Platform},
    store::PublicationChange,
};

use crate::held::TYPING_PAUSE;

use super::{StepEnd, StepMove, StepResult, StepRun, Subject};

impl StepRun {
    pub(super) async fn amend(&self, subject: Subject) -> StepResult {
        let publication = &subject.publication;
        if publication.state != PublicationState::HandedOff {
            return Ok(StepEnd::Superseded);
        }
        let (Some(remote), Some(due_at)) = (publication.remote.clone(), publication.due_at) else {
            return Err(Problem::bug("a held post has neither handle nor time").into());
        };
        let adapter = self.engine.adapter(&subject.account)?;
        let can_hold = !publication.content.from_this_computer
            && adapter.can_hold(&publication.content)
            && adapter
                .capabilities()
                .native_schedule
                .is_some_and(|schedule| hand_off::is_possible(schedule, due_at, self.engine.now()));
        if !can_hold {
            return self
                .send_anew(&subject, "the platform cannot hold the new time")
                .await;
        }
        // The file is not touched: only what is said about it.
        let media = MediaFile {
            path: Default::default(),
            size_bytes: 0,
            mime: "",
            duration_ms: 0,
            width_px: 0,
            height_px: 0,
        };
        let submission = self.submission(&subject, media, Some(due_at));
        let amended = self
            .engine
            .with_session(&subject.account, |session| {
                let (adapter, remote, submission) = (adapter.clone(), remote.clone(), submission.clone());
                async move { adapter.amend(&session, &remote, &submission).await }
            })
            .await;
        match amended {
            Ok(()) => self.amended(&subject, adapter.as_ref()).await,
            Err(problem) if problem.code == codes::CANNOT_AMEND => {
                self.send_anew(&subject, &problem.message).await
            }
            Err(problem) if problem.code == codes::ALREADY_PUBLIC => {
                self.read_back_now(&subject).await?;
                Ok(StepEnd::Done("too late: it is public by now".into()))
            }
            Err(problem) => Err(problem.into()),
        }
    }

    async fn amended(&self, told: &Subject, adapter: &dyn Platform) -> StepResult {
        let store = &self.engine.parts().store;
        let id = told.publication.id;
        store.set_problem(id, None, self.engine.now()).await?;
        // Whatever was typed while the call was under way is told next.
        if let Some(present) = self.engine.subject(id).await? {
            let same = present.post.caption == told.post.caption
                && present.publication.content == told.publication.content
                && present.publication.due_at == told.publication.due_at;
            if !same {
                return Ok(StepEnd::Again {
                    at: self.engine.now() + TYPING_PAUSE,
                    note: "changed once more meanwhile".into(),
                });
            }
            self.add_what_changed(&present, adapter).await?;
        }
        // The time to look may be another one now.
        self.read_back_now(told).await?;
        Ok(StepEnd::Done("the platform knows the change".into()))
    }

    async fn read_back_now(&self, subject: &Subject) -> Result<(), StepEnd> {
        let now = self.engine.now();
        let about = JobSubject::Publication(subject.publication.id);
        self.engine.parts().store.expedite(about, now).await?;
        self.engine.work_changed();
        Ok(())
    }

    async fn send_anew(&self, subject: &Subject, reason: &str) -> StepResult {
        let publication = &subject.publication;
        self.engine.take_back_if_held(publication).await?;
        let prepare = self
            .engine
            .new_job(JobKind::Prepare, publication.id, self.engine.now());
        let change = PublicationChange {
            remote: Some(None),
            receipt: Some(None),
            problem: Some(None),
            ..Default::default()
        };
        let anew = StepMove::to(PublicationState::Scheduled, reason)
            .change(change)
            .then(prepare)
            .cancelling_others();
        self.go(publication.id, Mover::Step, anew).await?;
        Ok(StepEnd::Done("taken back; it is sent anew".into()))
    }
}
