//! The queue.

use async_trait::async_trait;
use daypart_domain::{
    ids::{AttemptId, JobId, OwnerId},
    job::{Attempt, Job, JobKind, JobState, JobSubject, valid_prior},
    problem::Problem,
};
use daypart_ports::store::{AttemptLine, JobEnd, JobStore, LeasedJob, NewJob};
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction, sqlite::SqliteRow};

use crate::{
    SqliteStore, attempts,
    columns::{document, integer, micros, optional_parsed, optional_timestamp, parsed, timestamp, unsigned},
    connections::commit,
    problems::{from_sqlx, unreadable},
};

/// States from which a job is leased once its time has come. `Pending` waits for another job, not for time.
const LEASABLE: [JobState; 3] = [JobState::Scheduled, JobState::Available, JobState::Retryable];

#[async_trait]
impl JobStore for SqliteStore {
    async fn enqueue(&self, job: &NewJob, at: Timestamp) -> Result<bool, Problem> {
        let mut transaction = self.connections.write().await?;
        let inserted = insert_job(&mut transaction, job, at).await?;
        commit(transaction).await?;
        Ok(inserted)
    }

    async fn lease_due(
        &self,
        owner: OwnerId,
        now: Timestamp,
        attempt_ids: &[AttemptId],
    ) -> Result<Vec<LeasedJob>, Problem> {
        let mut transaction = self.connections.write().await?;
        let rows = sqlx::query(
            "UPDATE jobs SET state = ?, leased_by = ?
             WHERE id IN (
                 SELECT id FROM jobs
                 WHERE state IN (SELECT value FROM json_each(?)) AND available_at <= ?
                     AND NOT EXISTS (SELECT 1 FROM held_jobs WHERE held_jobs.id = jobs.id)
                 ORDER BY available_at, id LIMIT ?
             )
             RETURNING *",
        )
        .bind(JobState::Running.as_str())
        .bind(owner.to_string())
        .bind(document(&LEASABLE)?)
        .bind(micros(now))
        .bind(integer(attempt_ids.len() as u64)?)
        .fetch_all(&mut *transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
        let mut jobs = rows.iter().map(job_from).collect::<Result<Vec<_>, _>>()?;
        // RETURNING promises no order.
        jobs.sort_by_key(|job| (job.available_at, job.id));
        let mut leased = Vec::with_capacity(jobs.len());
        for (job, attempt_id) in jobs.into_iter().zip(attempt_ids) {
            attempts::begin(&mut transaction, *attempt_id, job.id, owner, now).await?;
            leased.push(LeasedJob {
                job,
                attempt_id: *attempt_id,
            });
        }
        commit(transaction).await?;
        Ok(leased)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Problem> {
        let row = sqlx::query(
            "SELECT min(available_at) AS available_at FROM jobs WHERE state IN ('scheduled', 'available', 'retryable')
                 AND NOT EXISTS (SELECT 1 FROM held_jobs WHERE held_jobs.id = jobs.id)",
        )
        .fetch_one(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?;
        optional_timestamp(&row, "available_at")
    }

    /// False when the lease was lost (the job was cancelled or given back meanwhile); the attempt row is closed
    /// all the same, because the run did end.
    async fn end_job(&self, owner: OwnerId, attempt: AttemptId, end: &JobEnd) -> Result<bool, Problem> {
        let mut transaction = self.connections.write().await?;
        let done = sqlx::query(
            "UPDATE jobs SET state = ?, leased_by = NULL, available_at = coalesce(?, available_at),
                 counted_attempts = counted_attempts + ?, polls = polls + ?
             WHERE id = ? AND leased_by = ? AND state IN (SELECT value FROM json_each(?))",
        )
        .bind(end.to.as_str())
        .bind(end.available_at.map(micros))
        .bind(end.counted)
        .bind(end.polled)
        .bind(end.job_id.to_string())
        .bind(owner.to_string())
        .bind(document(&valid_prior(end.to))?)
        .execute(&mut *transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
        attempts::close(&mut transaction, attempt, owner, end).await?;
        commit(transaction).await?;
        Ok(done.rows_affected() > 0)
    }

    async fn dead_leases(&self, owner: OwnerId) -> Result<Vec<Job>, Problem> {
        sqlx::query(
            "SELECT * FROM jobs WHERE leased_by IS NOT NULL AND leased_by <> ? ORDER BY available_at, id",
        )
        .bind(owner.to_string())
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(job_from)
        .collect()
    }

    async fn release_dead(&self, job: JobId, at: Timestamp) -> Result<bool, Problem> {
        let done = sqlx::query(
            "UPDATE jobs SET state = ?, leased_by = NULL, available_at = ?
             WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
        )
        .bind(JobState::Retryable.as_str())
        .bind(micros(at))
        .bind(job.to_string())
        .bind(document(&valid_prior(JobState::Retryable))?)
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected() > 0)
    }

    /// Waiting for another job ends too. Returns how many jobs were moved.
    async fn expedite(&self, subject: JobSubject, at: Timestamp) -> Result<u64, Problem> {
        let (asset_id, publication_id) = subject_columns(subject);
        let done = sqlx::query(
            "UPDATE jobs SET state = ?, available_at = ?
             WHERE coalesce(asset_id, publication_id) = coalesce(?, ?)
                 AND state IN ('pending', 'scheduled', 'available', 'retryable')",
        )
        .bind(JobState::Scheduled.as_str())
        .bind(micros(at))
        .bind(asset_id)
        .bind(publication_id)
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected())
    }

    async fn expedite_looks(&self, at: Timestamp) -> Result<u64, Problem> {
        let done = sqlx::query(
            "UPDATE jobs SET available_at = ?
             WHERE available_at > ? AND kind IN (?, ?, ?, ?, ?) AND state IN (SELECT value FROM json_each(?))",
        )
        .bind(micros(at))
        .bind(micros(at))
        .bind(JobKind::Probe.as_str())
        .bind(JobKind::Poster.as_str())
        .bind(JobKind::Confirm.as_str())
        .bind(JobKind::Reconcile.as_str())
        .bind(JobKind::Amend.as_str())
        .bind(document(&LEASABLE)?)
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected())
    }

    async fn latest_run(&self) -> Result<Option<Timestamp>, Problem> {
        let row = sqlx::query("SELECT max(started_at) AS started_at FROM attempts")
            .fetch_one(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?;
        optional_timestamp(&row, "started_at")
    }

    /// In the order in which they were added.
    async fn jobs_of(&self, subject: JobSubject) -> Result<Vec<Job>, Problem> {
        let (asset_id, publication_id) = subject_columns(subject);
        sqlx::query("SELECT * FROM jobs WHERE asset_id = ? OR publication_id = ? ORDER BY rowid")
            .bind(asset_id)
            .bind(publication_id)
            .fetch_all(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .iter()
            .map(job_from)
            .collect()
    }

    async fn attempts_of(&self, subject: JobSubject) -> Result<Vec<Attempt>, Problem> {
        self.read_attempts(subject).await
    }

    async fn add_attempt_line(&self, line: &AttemptLine) -> Result<(), Problem> {
        self.write_attempt_line(line).await
    }

    async fn attempt_lines_of(&self, subject: JobSubject) -> Result<Vec<AttemptLine>, Problem> {
        self.read_attempt_lines(subject).await
    }
}

/// Adds a job inside a transaction unless an unfinished one of its kind and subject exists. One whose time is
/// still to come at `at` starts as scheduled, any other as available.
pub async fn insert_job(
    transaction: &mut Transaction<'static, Sqlite>,
    job: &NewJob,
    at: Timestamp,
) -> Result<bool, Problem> {
    let (asset_id, publication_id) = subject_columns(job.subject);
    let state = if job.available_at > at {
        JobState::Scheduled
    } else {
        JobState::Available
    };
    let done = sqlx::query(
        "INSERT INTO jobs (id, kind, asset_id, publication_id, state, available_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (kind, coalesce(asset_id, publication_id))
         WHERE state NOT IN ('completed', 'cancelled', 'discarded') DO NOTHING",
    )
    .bind(job.id.to_string())
    .bind(job.kind.as_str())
    .bind(asset_id)
    .bind(publication_id)
    .bind(state.as_str())
    .bind(micros(job.available_at))
    .execute(&mut **transaction)
    .await
    .map_err(|error| from_sqlx(&error))?;
    Ok(done.rows_affected() > 0)
}

/// (asset id, publication id), of which one is set.
pub fn subject_columns(subject: JobSubject) -> (Option<String>, Option<String>) {
    match subject {
        JobSubject::Asset(id) => (Some(id.to_string()), None),
        JobSubject::Publication(id) => (None, Some(id.to_string())),
    }
}

pub fn subject_from(row: &SqliteRow) -> Result<JobSubject, Problem> {
    match (
        optional_parsed(row, "asset_id")?,
        optional_parsed(row, "publication_id")?,
    ) {
        (Some(id), None) => Ok(JobSubject::Asset(id)),
        (None, Some(id)) => Ok(JobSubject::Publication(id)),
        _ => Err(unreadable(
            "subject",
            &std::io::Error::other("a job needs exactly one subject"),
        )),
    }
}

pub fn job_from(row: &SqliteRow) -> Result<Job, Problem> {
    Ok(Job {
        id: parsed(row, "id")?,
        kind: parsed(row, "kind")?,
        subject: subject_from(row)?,
        state: parsed(row, "state")?,
        available_at: timestamp(row, "available_at")?,
        counted_attempts: unsigned(row, "counted_attempts")?,
        polls: unsigned(row, "polls")?,
        leased_by: optional_parsed(row, "leased_by")?,
    })
}
