//! One row per run of a job, and what it logged.

use daypart_domain::{
    ids::{AttemptId, JobId, OwnerId},
    job::{Attempt, JobSubject},
    problem::Problem,
};
use daypart_ports::store::{AttemptLine, JobEnd};
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction, sqlite::SqliteRow};

use crate::{
    SqliteStore,
    columns::{
        column, micros, optional_document, optional_timestamp, parsed, read_optional_document, timestamp,
    },
    jobs::{subject_columns, subject_from},
    problems::from_sqlx,
};

pub async fn begin(
    transaction: &mut Transaction<'static, Sqlite>,
    id: AttemptId,
    job: JobId,
    owner: OwnerId,
    at: Timestamp,
) -> Result<(), Problem> {
    sqlx::query("INSERT INTO attempts (id, job_id, owner_id, started_at) VALUES (?, ?, ?, ?)")
        .bind(id.to_string())
        .bind(job.to_string())
        .bind(owner.to_string())
        .bind(micros(at))
        .execute(&mut **transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
    Ok(())
}

/// Closes an open attempt of this owner; a closed one keeps its first outcome.
pub async fn close(
    transaction: &mut Transaction<'static, Sqlite>,
    id: AttemptId,
    owner: OwnerId,
    end: &JobEnd,
) -> Result<(), Problem> {
    sqlx::query(
        "UPDATE attempts SET ended_at = ?, outcome = ?, problem = ?
         WHERE id = ? AND job_id = ? AND owner_id = ? AND ended_at IS NULL",
    )
    .bind(micros(end.at))
    .bind(&end.outcome)
    .bind(optional_document(end.problem.as_ref())?)
    .bind(id.to_string())
    .bind(end.job_id.to_string())
    .bind(owner.to_string())
    .execute(&mut **transaction)
    .await
    .map_err(|error| from_sqlx(&error))?;
    Ok(())
}

impl SqliteStore {
    pub(crate) async fn read_attempts(&self, subject: JobSubject) -> Result<Vec<Attempt>, Problem> {
        let (asset_id, publication_id) = subject_columns(subject);
        sqlx::query(
            "SELECT attempts.*, jobs.kind, jobs.asset_id, jobs.publication_id
             FROM attempts JOIN jobs ON jobs.id = attempts.job_id
             WHERE jobs.asset_id = ? OR jobs.publication_id = ? ORDER BY attempts.sequence",
        )
        .bind(asset_id)
        .bind(publication_id)
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(attempt_from)
        .collect()
    }

    pub(crate) async fn write_attempt_line(&self, line: &AttemptLine) -> Result<(), Problem> {
        sqlx::query("INSERT INTO attempt_lines (attempt_id, at, line) VALUES (?, ?, ?)")
            .bind(line.attempt_id.to_string())
            .bind(micros(line.at))
            .bind(&line.line)
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }

    pub(crate) async fn read_attempt_lines(&self, subject: JobSubject) -> Result<Vec<AttemptLine>, Problem> {
        let (asset_id, publication_id) = subject_columns(subject);
        sqlx::query(
            "SELECT attempt_lines.* FROM attempt_lines
             JOIN attempts ON attempts.id = attempt_lines.attempt_id
             JOIN jobs ON jobs.id = attempts.job_id
             WHERE jobs.asset_id = ? OR jobs.publication_id = ? ORDER BY attempt_lines.sequence",
        )
        .bind(asset_id)
        .bind(publication_id)
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(line_from)
        .collect()
    }
}

fn attempt_from(row: &SqliteRow) -> Result<Attempt, Problem> {
    Ok(Attempt {
        id: parsed(row, "id")?,
        job_id: parsed(row, "job_id")?,
        kind: parsed(row, "kind")?,
        subject: subject_from(row)?,
        started_at: timestamp(row, "started_at")?,
        ended_at: optional_timestamp(row, "ended_at")?,
        outcome: column(row, "outcome")?,
        problem: read_optional_document(row, "problem")?,
    })
}

fn line_from(row: &SqliteRow) -> Result<AttemptLine, Problem> {
    Ok(AttemptLine {
        attempt_id: parsed(row, "attempt_id")?,
        at: timestamp(row, "at")?,
        line: column(row, "line")?,
    })
}
