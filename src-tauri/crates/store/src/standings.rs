//! Publications beside the queue, for the integrity pass.

use daypart_domain::{
    extra::Extra,
    ids::JobId,
    integrity::{AT_REST, Standing},
    job::{Job, JobKind, JobState, valid_prior},
    problem::Problem,
};

use crate::{
    SqliteStore,
    columns::{document, optional_timestamp, parsed, read_document},
    jobs::job_from,
    problems::from_sqlx,
};

impl SqliteStore {
    pub(crate) async fn read_standings(&self) -> Result<Vec<Standing>, Problem> {
        sqlx::query(
            "SELECT id, state, due_at, extras,
                 (SELECT json_group_array(jobs.kind) FROM jobs WHERE jobs.publication_id = publications.id
                      AND jobs.state NOT IN ('completed', 'cancelled', 'discarded')) AS kinds
             FROM publications
             WHERE state IN ('scheduled', 'preparing', 'ready', 'uploading', 'staged', 'confirming', 'handed_off', 'in_doubt')
                OR (state = 'published' AND extras <> '[]' AND extras LIKE '%waiting%')
             ORDER BY due_at, id",
        )
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(|row| {
            let extras: Vec<Extra> = read_document(row, "extras")?;
            let kinds: Vec<JobKind> = read_document(row, "kinds")?;
            Ok(Standing {
                id: parsed(row, "id")?,
                state: parsed(row, "state")?,
                due_at: optional_timestamp(row, "due_at")?,
                extras_wait: extras.iter().any(Extra::is_waiting),
                unfinished: kinds,
            })
        })
        .collect()
    }

    pub(crate) async fn read_idle_jobs(&self) -> Result<Vec<Job>, Problem> {
        sqlx::query(
            "SELECT jobs.* FROM jobs JOIN publications ON publications.id = jobs.publication_id
             WHERE jobs.state NOT IN ('completed', 'cancelled', 'discarded')
               AND publications.state IN (SELECT value FROM json_each(?))
             ORDER BY jobs.rowid",
        )
        .bind(document(&AT_REST)?)
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(job_from)
        .collect()
    }

    pub(crate) async fn call_job_off(&self, id: JobId) -> Result<bool, Problem> {
        let done = sqlx::query(
            "UPDATE jobs SET state = ?, leased_by = NULL
             WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
        )
        .bind(JobState::Cancelled.as_str())
        .bind(id.to_string())
        .bind(document(&valid_prior(JobState::Cancelled))?)
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected() > 0)
    }
}
