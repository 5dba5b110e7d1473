//! What the user does to a post that a platform holds: the platform has to learn of it.

use std::time::Duration;

use daypart_domain::{
    account::Account,
    edit::Edit,
    extra::ExtraSpec,
    hand_off,
    job::{JobKind, JobSubject},
    post::Post,
    problem::{ErrorCode, Problem, UserAction, codes},
    publication::{Publication, RemoteHandle},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::{PublicationChange, Transition};
use jiff::Timestamp;

use crate::Engine;

/// Texts are saved as they are typed; the platform is told once the typing pauses.
pub(crate) const TYPING_PAUSE: Duration = Duration::from_secs(5);

impl Engine {
    /// Whether the platform will be given the time of this publication to hold; false once it has it, or when it
    /// is too late for that.
    pub fn will_hand_over(&self, publication: &Publication, account: &Account) -> bool {
        let waits = matches!(
            publication.state,
            PublicationState::Scheduled
                | PublicationState::Preparing
                | PublicationState::Ready
                | PublicationState::Uploading
                | PublicationState::Staged
        );
        let (Ok(adapter), Some(due_at)) = (self.adapter(account), publication.due_at) else {
            return false;
        };
        let content = &publication.content;
        waits
            && !content.from_this_computer
            && adapter.can_hold(content)
            && hand_off::starts_at(
                adapter.capabilities().native_schedule,
                due_at,
                Duration::ZERO,
                self.now(),
            )
            .is_some()
    }

    /// What an account's platform can add to a live post.
    pub fn extras_of(&self, account: &Account) -> &'static [ExtraSpec] {
        self.adapter(account)
            .map_or(&[], |adapter| adapter.capabilities().extras)
    }

    /// Before a post is saved: plans to tell the platforms that hold it. The plan comes first, so that no crash can
    /// leave a text here that a platform never hears of.
    ///
    /// # Errors
    /// `post.handed_off` when the video itself would change: nothing is saved.
    pub(crate) async fn heed_held(
        &self,
        known: Option<&Post>,
        post: &Post,
        before: &[Publication],
        after: &[Publication],
    ) -> Result<(), Problem> {
        let Some(known) = known else { return Ok(()) };
        let is_held = |publication: &&Publication| publication.state == PublicationState::HandedOff;
        let video_changed = known.asset_id != post.asset_id
            || without_cover(known) != without_cover(post)
            || known.wishes != post.wishes;
        if video_changed && before.iter().any(|publication| is_held(&publication)) {
            return Err(Problem::needs_user(
                ErrorCode::new("post.handed_off"),
                UserAction::EditPost,
                "The video has already been handed over to a platform, which will publish it at its time.",
            )
            .fix("Take the post off the schedule first, then change the video."));
        }
        for publication in before.iter().filter(is_held) {
            let content_changed = after
                .iter()
                .any(|after| after.id == publication.id && after.content != publication.content);
            if content_changed || known.caption != post.caption || known.edit != post.edit {
                let amend = self.new_job(JobKind::Amend, publication.id, self.now() + TYPING_PAUSE);
                self.parts().store.enqueue(&amend, self.now()).await?;
                self.work_changed();
            }
        }
        Ok(())
    }

    /// Another time for a post that a platform holds.
    pub(crate) async fn tell_new_time(
        &self,
        publication: &Publication,
        due_at: Timestamp,
    ) -> Result<(), Problem> {
        let now = self.now();
        self.move_publication(Transition {
            publication_id: publication.id,
            to: PublicationState::HandedOff,
            mover: Mover::User,
            reason: format!("another time: {due_at}; the platform is told"),
            at: now,
            only_from: Some(PublicationState::HandedOff),
            while_running: None,
            change: PublicationChange {
                due_at: Some(Some(due_at)),
                ..Default::default()
            },
            enqueue: vec![self.new_job(JobKind::Amend, publication.id, now)],
            cancel_jobs_except: None,
            drop_upload: false,
        })
        .await?;
        Ok(())
    }

    /// Takes a post away from the platform that holds it; does nothing for any other. It is in the same state
    /// afterwards, and the caller moves it.
    ///
    /// # Errors
    /// What the platform said; nothing changed then. [`codes::ALREADY_PUBLIC`] makes it be read back at once.
    pub(crate) async fn take_back_if_held(&self, publication: &Publication) -> Result<(), Problem> {
        let (PublicationState::HandedOff, Some(remote)) = (publication.state, &publication.remote) else {
            return Ok(());
        };
        let taken = self.withdraw(publication, remote).await;
        if taken
            .as_ref()
            .is_err_and(|problem| problem.code == codes::ALREADY_PUBLIC)
        {
            self.parts()
                .store
                .expedite(JobSubject::Publication(publication.id), self.now())
                .await?;
            self.work_changed();
        }
        taken
    }

    /// Before a post is sent again that a platform took to hold and seems not to have published: it must not publish
    /// it later all the same.
    ///
    /// # Errors
    /// As [`Engine::take_back_if_held`].
    pub(crate) async fn take_back_what_may_be_held(&self, publication: &Publication) -> Result<(), Problem> {
        let Some(remote) = &publication.remote else {
            return Ok(());
        };
        let account = self.account(publication.account_id).await?;
        if self.adapter(&account)?.capabilities().native_schedule.is_none() {
            return Ok(());
        }
        self.withdraw(publication, remote).await
    }

    async fn withdraw(&self, publication: &Publication, remote: &RemoteHandle) -> Result<(), Problem> {
        let account = self.account(publication.account_id).await?;
        let adapter = self.adapter(&account)?;
        self.with_session(&account, |session| {
            let adapter = adapter.clone();
            async move { adapter.withdraw(&session, remote).await }
        })
        .await?;
        // What was added went with it.
        self.parts()
            .store
            .set_extras(publication.id, &[], self.now())
            .await?;
        self.parts()
            .store
            .note(
                publication.id,
                self.now(),
                Mover::User.as_str(),
                "taken back from the platform",
            )
            .await
    }
}

/// A cover is no part of the video: it can be another one until the last moment.
fn without_cover(post: &Post) -> Edit {
    Edit {
        cover: None,
        ..post.edit.clone().unwrap_or_default()
    }
}
