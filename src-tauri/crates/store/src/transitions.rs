//! The one guarded UPDATE that moves a publication.

use daypart_domain::{
    ids::JobId,
    job::{self, JobState},
    problem::Problem,
    publication_state::valid_prior,
    transfer::is_pausable,
};
use daypart_ports::store::Transition;
use sqlx::{Sqlite, Transaction};

use crate::{
    SqliteStore,
    columns::{document, micros, optional_document},
    connections::commit,
    jobs::insert_job,
    problems::from_sqlx,
    publications::{insert_event, state_of},
};

impl SqliteStore {
    /// Moves, or reports `false` and leaves everything as it was. The state that the move came from is read
    /// under the write lock that the UPDATE runs under; the UPDATE's own `WHERE` is what decides.
    pub(crate) async fn move_publication(&self, transition: &Transition) -> Result<bool, Problem> {
        let legal: Vec<_> = valid_prior(transition.to, transition.mover)
            .into_iter()
            .filter(|from| transition.only_from.is_none_or(|only| only == *from))
            .collect();
        let mut transaction = self.connections.write().await?;
        let from = state_of(&mut transaction, transition.publication_id).await?;
        let change = &transition.change;
        let done = sqlx::query(
            "UPDATE publications SET
                 state = ?,
                 problem = CASE WHEN ? THEN ? ELSE problem END,
                 needs_user = CASE WHEN ? THEN ? ELSE needs_user END,
                 due_at = CASE WHEN ? THEN ? ELSE due_at END,
                 remote = CASE WHEN ? THEN ? ELSE remote END,
                 receipt = CASE WHEN ? THEN ? ELSE receipt END,
                 warnings = coalesce(?, warnings),
                 extras = coalesce(?, extras),
                 paused_at = CASE WHEN ? THEN paused_at END,
                 first_at = CASE WHEN ? THEN first_at END,
                 postponed_from = CASE WHEN ? THEN ? ELSE postponed_from END,
                 updated_at = ?
             WHERE id = ? AND state IN (SELECT value FROM json_each(?))
               AND (? IS NULL OR EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ? AND jobs.state = ?))",
        )
        .bind(transition.to.as_str())
        .bind(change.problem.is_some())
        .bind(optional_document(
            change.problem.as_ref().and_then(Option::as_ref),
        )?)
        .bind(change.needs_user.is_some())
        .bind(optional_document(
            change.needs_user.as_ref().and_then(Option::as_ref),
        )?)
        .bind(change.due_at.is_some())
        .bind(change.due_at.flatten().map(micros))
        .bind(change.remote.is_some())
        .bind(optional_document(
            change.remote.as_ref().and_then(Option::as_ref),
        )?)
        .bind(change.receipt.is_some())
        .bind(optional_document(
            change.receipt.as_ref().and_then(Option::as_ref),
        )?)
        .bind(optional_document(change.warnings.as_ref())?)
        .bind(optional_document(change.extras.as_ref())?)
        .bind(is_pausable(transition.to))
        .bind(is_pausable(transition.to))
        .bind(change.postponed_from.is_some())
        .bind(change.postponed_from.flatten().map(micros))
        .bind(micros(transition.at))
        .bind(transition.publication_id.to_string())
        .bind(document(&legal)?)
        .bind(transition.while_running.map(|id| id.to_string()))
        .bind(transition.while_running.map(|id| id.to_string()))
        .bind(JobState::Running.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        insert_event(
            &mut transaction,
            transition.publication_id,
            transition.at,
            Some(from),
            transition.to,
            transition.mover.as_str(),
            &transition.reason,
        )
        .await?;
        if let Some(kept) = transition.cancel_jobs_except {
            cancel_jobs(&mut transaction, transition, kept).await?;
        }
        for job in &transition.enqueue {
            insert_job(&mut transaction, job, transition.at).await?;
        }
        if transition.drop_upload {
            sqlx::query("DELETE FROM uploads WHERE publication_id = ?")
                .bind(transition.publication_id.to_string())
                .execute(&mut *transaction)
                .await
                .map_err(|error| from_sqlx(&error))?;
        }
        commit(transaction).await?;
        Ok(true)
    }
}

/// A cancelled run learns of it when it tries to end: its lease is gone.
async fn cancel_jobs(
    transaction: &mut Transaction<'static, Sqlite>,
    transition: &Transition,
    kept: Option<JobId>,
) -> Result<(), Problem> {
    sqlx::query(
        "UPDATE jobs SET state = ?, leased_by = NULL
         WHERE publication_id = ? AND id IS NOT ? AND state IN (SELECT value FROM json_each(?))",
    )
    .bind(JobState::Cancelled.as_str())
    .bind(transition.publication_id.to_string())
    .bind(kept.map(|id| id.to_string()))
    .bind(document(&job::valid_prior(JobState::Cancelled))?)
    .execute(&mut **transaction)
    .await
    .map_err(|error| from_sqlx(&error))?;
    Ok(())
}
