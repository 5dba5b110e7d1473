//! Settles at start what a dead process left: its leases go back to the queue, except that a final call which
//! may have been made becomes a doubt.

use daypart_domain::{
    job::{JobKind, JobSubject},
    problem::Problem,
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::{PublicationChange, Transition};

use crate::Engine;

impl Engine {
    pub(crate) async fn rescue(&self) -> Result<(), Problem> {
        let now = self.now();
        self.sweep_half_made().await;
        for job in self.parts().store.dead_leases(self.inner.owner).await? {
            tracing::info!(job = %job.id, kind = %job.kind, "found work of a process that died");
            if let (JobKind::Publish, JobSubject::Publication(id)) = (job.kind, job.subject)
                && self.doubt(id).await?
            {
                continue;
            }
            self.parts().store.release_dead(job.id, now).await?;
        }
        // A final call whose job row is gone or ended is a doubt all the same.
        for publication in self
            .parts()
            .store
            .publications_in(&[PublicationState::Publishing])
            .await?
        {
            self.doubt(publication.id).await?;
        }
        Ok(())
    }

    /// Half-made files of a conversion that died. Nothing refers to them: a rendition is known only once it is whole.
    async fn sweep_half_made(&self) {
        let Ok(mut entries) = tokio::fs::read_dir(&self.parts().folders.media).await else {
            return;
        };
        while let Ok(Some(entry)) = entries.next_entry().await {
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "part")
            {
                match tokio::fs::remove_file(entry.path()).await {
                    Ok(()) => tracing::info!(file = %entry.path().display(), "removed a half-made file"),
                    Err(error) => {
                        tracing::warn!(file = %entry.path().display(), %error, "a half-made file stays")
                    }
                }
            }
        }
    }

    /// True when the publication was in the middle of its final call and is now in doubt.
    async fn doubt(&self, id: daypart_domain::ids::PublicationId) -> Result<bool, Problem> {
        let now = self.now();
        self.move_publication(Transition {
            publication_id: id,
            to: PublicationState::InDoubt,
            mover: Mover::Rescuer,
            reason: "Daypart ended while the final call was under way".into(),
            at: now,
            only_from: Some(PublicationState::Publishing),
            while_running: None,
            change: PublicationChange::default(),
            enqueue: vec![self.new_job(JobKind::Reconcile, id, now)],
            cancel_jobs_except: Some(None),
            drop_upload: false,
        })
        .await
    }
}
