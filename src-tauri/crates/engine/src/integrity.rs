//! The integrity pass at start: what should move by itself and has no job that moves it gets one, what is at rest loses
//! the jobs that it has left. Nothing here repeats a final call: that is the rescuer's and the reconciler's.

use daypart_domain::{
    integrity::missing_job,
    job::JobSubject,
    problem::{ErrorCode, Problem, RetryClass},
    publication_state::Mover,
};
use daypart_ports::store::RecordFacts;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Engine, EngineEvent};

/// What the last pass did, as a document.
const LAST_PASS: &str = "integrity_pass";

/// What a pass did, in sentences; none when all was in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrityPass {
    pub at: Timestamp,
    pub repairs: Vec<String>,
}

impl Engine {
    /// Runs after the rescuer, before the queue. Every repair stands in the log and in the history of its publication;
    /// one notice sums them up.
    pub(crate) async fn mend_record(&self) -> Result<(), Problem> {
        let now = self.now();
        let store = &self.parts().store;
        let mut repairs = Vec::new();
        for standing in store.standings().await? {
            let Some(missing) = missing_job(&standing, now) else {
                continue;
            };
            let job = self.new_job(missing.kind, standing.id, missing.at);
            if !store.enqueue(&job, now).await? {
                continue;
            }
            let said = format!(
                "was {} and nothing worked on it: {} goes on",
                standing.state.as_str().replace('_', " "),
                missing.kind
            );
            tracing::warn!(publication = %standing.id, state = %standing.state, job = %missing.kind, at = %missing.at, "mended: a job was missing");
            store
                .note(standing.id, now, Mover::Rescuer.as_str(), &said)
                .await?;
            repairs.push(format!("publication {} {said}", standing.id));
        }
        for job in store.idle_jobs().await? {
            if !store.cancel_job(job.id).await? {
                continue;
            }
            tracing::warn!(job = %job.id, kind = %job.kind, "mended: a job had nothing left to do");
            if let JobSubject::Publication(id) = job.subject {
                let said = format!("{} was left over and has been called off", job.kind);
                store.note(id, now, Mover::Rescuer.as_str(), &said).await?;
                repairs.push(format!("publication {id}: {said}"));
            }
        }
        if !repairs.is_empty() {
            self.emit(EngineEvent::Notice(mended(repairs.len(), repairs.clone())));
        }
        let pass = IntegrityPass { at: now, repairs };
        let document =
            serde_json::to_string(&pass).map_err(|error| Problem::bug("a pass").caused_by(&error))?;
        store.put_setting(LAST_PASS, &document).await
    }

    /// Checks the record's file and counts what is in it.
    pub async fn record_facts(&self) -> Result<RecordFacts, Problem> {
        self.parts().store.record_facts().await
    }

    /// When the queue last ran something, and when it will next.
    pub async fn heartbeat(&self) -> Result<(Option<Timestamp>, Option<Timestamp>), Problem> {
        let store = &self.parts().store;
        Ok((store.latest_run().await?, store.next_due().await?))
    }

    /// What the pass of the last start did; `None` before the first.
    pub async fn integrity_pass(&self) -> Result<Option<IntegrityPass>, Problem> {
        let kept = self.parts().store.setting(LAST_PASS).await?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

fn mended(count: usize, repairs: Vec<String>) -> Problem {
    let what = match count {
        1 => "one loose end".to_owned(),
        count => format!("{count} loose ends"),
    };
    let mut problem = Problem::new(
        ErrorCode::new("record.mended"),
        RetryClass::Transient,
        format!("Daypart found {what} of its last run and put them in order."),
    )
    .fix("Nothing is left to do; the log of each post says what was done.");
    problem.details = repairs;
    problem
}
