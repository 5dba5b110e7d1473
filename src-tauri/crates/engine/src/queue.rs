//! The queue: leases what is due, runs it within limits, sleeps until the next due time. It never polls.

use std::{collections::HashMap, sync::Arc, time::Duration};

use daypart_domain::{
    ids::{AttemptId, JobId, PublicationId},
    job::{Job, JobKind, JobSubject},
    problem::Problem,
};
use daypart_ports::store::LeasedJob;
use jiff::Timestamp;
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{Engine, steps::StepEnd, transfer_gate::Turn};

/// Jobs leased in one look. More than this many due at once are leased in the next looks, at once.
const LEASE_BATCH: usize = 64;

/// Corrections by a time server are smaller.
const SET_BACK_TOLERANCE: Duration = Duration::from_secs(60);

/// Between two attempts at recording how a step ended.
const SETTLE_PAUSE_MAX: Duration = Duration::from_secs(30);

/// The cancellation of every step that runs for a publication.
#[derive(Default)]
pub(crate) struct RunningSteps(std::sync::Mutex<HashMap<JobId, RunningStep>>);

struct RunningStep {
    publication: PublicationId,
    kind: JobKind,
    cancel: CancellationToken,
}

impl RunningSteps {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, RunningStep>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Asks every step of the publication to let go at its next safe point.
    pub(crate) fn cancel(&self, id: PublicationId) {
        self.lock()
            .values()
            .filter(|step| step.publication == id)
            .for_each(|step| step.cancel.cancel());
    }

    /// Asks its upload alone to let go.
    pub(crate) fn let_go_of_upload(&self, id: PublicationId) {
        self.lock()
            .values()
            .filter(|step| step.publication == id && step.kind == JobKind::Upload)
            .for_each(|step| step.cancel.cancel());
    }

    /// Publications that are being sent, or wait for their turn.
    pub(crate) fn uploading(&self) -> Vec<PublicationId> {
        self.lock()
            .values()
            .filter(|step| step.kind == JobKind::Upload)
            .map(|step| step.publication)
            .collect()
    }

    fn begin(&self, job: &Job, publication: PublicationId, stop: &CancellationToken) -> CancellationToken {
        let cancel = stop.child_token();
        let step = RunningStep {
            publication,
            kind: job.kind,
            cancel: cancel.clone(),
        };
        self.lock().insert(job.id, step);
        cancel
    }

    fn end(&self, job: JobId) {
        self.lock().remove(&job);
    }
}

/// How many steps of a kind run at the same time.
struct Lanes {
    probes: Arc<Semaphore>,
    /// Apart from the probes: verdicts must not wait for pictures.
    posters: Arc<Semaphore>,
    conversions: Arc<Semaphore>,
    calls: Arc<Semaphore>,
}

impl Lanes {
    /// Uploads have none: they wait at the [`crate::transfer_gate::TransferGate`].
    fn of(&self, kind: JobKind) -> Option<Arc<Semaphore>> {
        Some(match kind {
            JobKind::Probe => self.probes.clone(),
            JobKind::Poster => self.posters.clone(),
            JobKind::Prepare => self.conversions.clone(),
            JobKind::Upload => return None,
            JobKind::Publish | JobKind::Confirm | JobKind::Reconcile | JobKind::Amend | JobKind::Extras => {
                self.calls.clone()
            }
        })
    }
}

impl Engine {
    pub(crate) async fn run_queue(&self) -> Result<(), Problem> {
        let pace = self.parts().pace;
        let lanes = Arc::new(Lanes {
            probes: Arc::new(Semaphore::new(pace.probes_max)),
            posters: Arc::new(Semaphore::new(pace.probes_max)),
            conversions: Arc::new(Semaphore::new(pace.conversions_max)),
            calls: Arc::new(Semaphore::new(pace.calls_max)),
        });
        let mut steps = JoinSet::new();
        let mut latest = self.parts().store.latest_run().await?;
        while !self.inner.stop.is_cancelled() {
            let attempts: Vec<AttemptId> = (0..LEASE_BATCH)
                .map(|_| AttemptId::from_uuid(self.new_uuid()))
                .collect();
            latest = Some(self.heed_set_back_clock(latest).await?);
            let leased = self
                .parts()
                .store
                .lease_due(self.inner.owner, self.now(), &attempts)
                .await?;
            let is_full = leased.len() == LEASE_BATCH;
            for job in leased {
                let (engine, lanes) = (self.clone(), lanes.clone());
                steps.spawn(async move { engine.run_leased(job, &lanes).await });
            }
            while steps.try_join_next().is_some() {}
            if !is_full {
                self.wait_for_work().await?;
            }
        }
        while steps.join_next().await.is_some() {}
        Ok(())
    }

    /// A clock that was set back leaves looks waiting for an hour that may be a year away; they do no harm at any
    /// time, so they are due now. What publishes keeps its time: that is what the person asked for.
    /// Returns the clock's present time, against which the next call compares.
    async fn heed_set_back_clock(&self, latest: Option<Timestamp>) -> Result<Timestamp, Problem> {
        let now = self.now();
        if let Some(latest) = latest.filter(|latest| now + SET_BACK_TOLERANCE < *latest) {
            let looks = self.parts().store.expedite_looks(now).await?;
            tracing::warn!(%latest, %now, looks, "the clock was set back");
        }
        Ok(now)
    }

    async fn wait_for_work(&self) -> Result<(), Problem> {
        let next_due = self.parts().store.next_due().await?;
        let timer = async {
            match next_due {
                Some(at) => self.parts().clock.sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = timer => {}
            () = self.inner.nudge.notified() => {}
            () = self.inner.stop.cancelled() => {}
        }
        Ok(())
    }

    async fn run_leased(&self, leased: LeasedJob, lanes: &Lanes) {
        let cancel = match leased.job.subject {
            JobSubject::Publication(id) => self.inner.running.begin(&leased.job, id, &self.inner.stop),
            JobSubject::Asset(_) => self.inner.stop.child_token(),
        };
        let end = match (leased.job.kind, leased.job.subject) {
            (JobKind::Upload, JobSubject::Publication(id)) => tokio::select! {
                _turn = self.turn_to_send(id) => self.run_step(&leased, &cancel).await,
                () = cancel.cancelled() => StepEnd::Interrupted,
            },
            (kind, _) => {
                let lane = lanes.of(kind);
                let _turn = match &lane {
                    Some(lane) => lane.acquire().await.ok(),
                    None => None,
                };
                self.run_step(&leased, &cancel).await
            }
        };
        self.inner.running.end(leased.job.id);
        self.settle_at_last(&leased, end).await;
        self.inner.nudge.notify_one();
    }

    /// Records the end of a step for as long as it takes: a lease that nobody gives back would keep its publication
    /// where it is. When Daypart ends first the lease stays, and the next start settles it.
    async fn settle_at_last(&self, leased: &LeasedJob, end: StepEnd) {
        let mut pause = self.parts().pace.resume_base;
        while let Err(problem) = self.settle(leased, end.clone()).await {
            tracing::error!(job = %leased.job.id, code = %problem.code, details = ?problem.details, "the end of a step could not be recorded; trying again");
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.inner.stop.cancelled() => return,
            }
            pause = pause.saturating_mul(2).min(SETTLE_PAUSE_MAX);
        }
    }

    /// A publication that is gone or cannot be read needs no turn: its step finds out.
    async fn turn_to_send(&self, id: PublicationId) -> Option<Turn> {
        let publication = self.parts().store.publication(id).await.ok().flatten()?;
        let first_at = publication.transfer.first_at;
        self.inner.gate.turn(publication.account_id, id, first_at).await
    }
}
