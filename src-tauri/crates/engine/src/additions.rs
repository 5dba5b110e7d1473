//! Additions to a live post, asked for once more.

use daypart_domain::{
    extra::{Extra, ExtraState},
    job::{JobKind, JobSubject},
    problem::Problem,
    publication::Publication,
};

use crate::{Engine, EngineEvent, publications::not_retryable};

impl Engine {
    /// Makes every addition that was given up or waits be tried now.
    ///
    /// # Errors
    /// `publication.not_retryable` when nothing is left to add.
    pub(crate) async fn retry_extras(&self, publication: &Publication) -> Result<(), Problem> {
        if publication
            .extras
            .iter()
            .all(|extra| extra.state == ExtraState::Done)
        {
            return Err(not_retryable());
        }
        let now = self.now();
        let store = &self.parts().store;
        let extras: Vec<Extra> = publication
            .extras
            .iter()
            .map(|extra| match &extra.state {
                ExtraState::Failed { .. } | ExtraState::Waiting { .. } => Extra {
                    state: ExtraState::Waiting { problem: None },
                    ..extra.clone()
                },
                ExtraState::Done => extra.clone(),
            })
            .collect();
        store.set_extras(publication.id, &extras, now).await?;
        let job = self.new_job(JobKind::Extras, publication.id, now);
        if !store.enqueue(&job, now).await? {
            store
                .expedite(JobSubject::Publication(publication.id), now)
                .await?;
        }
        self.work_changed();
        self.emit(EngineEvent::PostChanged(publication.post_id));
        Ok(())
    }
}

/// It was tried, and is not there.
pub(crate) const fn is_missing(extra: &Extra) -> bool {
    matches!(
        extra.state,
        ExtraState::Failed { .. } | ExtraState::Waiting { problem: Some(_) }
    )
}
