//! How a step heeds what the user wants of transfers, and what it learns from them.

use std::{sync::Arc, time::Duration};

use daypart_domain::{chunk_plan::Chunk, job::JobKind, problem::Problem, publication::Publication};
use daypart_ports::{
    platform::UploadProgress,
    transfers::{Pacing, Unlimited},
};

use crate::Engine;

use super::{StepEnd, StepRun, Subject};

impl StepRun {
    /// Ends the step while the publication is paused; the queue does not start it again before it is resumed.
    pub(super) async fn heed_pause(&self, publication: &Publication) -> Result<(), StepEnd> {
        match self.engine.paused_because(publication).await? {
            Some(reason) => {
                self.line(reason).await;
                Err(StepEnd::Interrupted)
            }
            None => Ok(()),
        }
    }

    /// The part that is due now goes as fast as it can: it is what makes a post punctual.
    pub(super) fn pacing(&self) -> Arc<dyn Pacing> {
        match self.job().kind {
            JobKind::Publish => Arc::new(Unlimited),
            _ => self.engine.inner.throttle.clone(),
        }
    }

    pub(super) async fn learn_from(
        &self,
        subject: &Subject,
        answer: &Result<UploadProgress, Problem>,
        chunk: Chunk,
        took: Duration,
    ) {
        let is_last = match answer {
            Ok(UploadProgress::Stored { stored_bytes }) if *stored_bytes >= chunk.offset + chunk.length => {
                false
            }
            Ok(UploadProgress::Complete(_)) => true,
            _ => return,
        };
        self.engine
            .learn_uplink(subject.account.realm, chunk.length, took, is_last)
            .await;
    }
}

impl Engine {
    /// In words for the log of the attempt.
    pub(crate) fn why_interrupted(&self) -> String {
        if self.inner.stop.is_cancelled() {
            "Daypart was asked to stop".into()
        } else {
            "paused; goes on where it was".into()
        }
    }
}
