//! Pausing, order and plans of transfers.

use async_trait::async_trait;
use daypart_domain::{
    ids::PublicationId,
    problem::Problem,
    publication_state::{Mover, PublicationState},
    transfer::{SendingPlan, is_pausable},
};
use daypart_ports::transfers::TransferStore;
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use crate::{
    SqliteStore,
    columns::{document, micros, optional_timestamp},
    connections::commit,
    problems::from_sqlx,
    publications::{insert_event, state_of},
};

#[async_trait]
impl TransferStore for SqliteStore {
    async fn pause(&self, id: PublicationId, at: Timestamp) -> Result<bool, Problem> {
        let mut transaction = self.connections.write().await?;
        let done = sqlx::query(
            "UPDATE publications SET paused_at = ?
             WHERE id = ? AND paused_at IS NULL AND state IN (SELECT value FROM json_each(?))",
        )
        .bind(micros(at))
        .bind(id.to_string())
        .bind(document(&pausable())?)
        .execute(&mut *transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        note(&mut transaction, id, at, "paused").await?;
        commit(transaction).await?;
        Ok(true)
    }

    async fn resume(&self, id: PublicationId, at: Timestamp) -> Result<bool, Problem> {
        let mut transaction = self.connections.write().await?;
        make_due(&mut transaction, Some(id), at).await?;
        let done =
            sqlx::query("UPDATE publications SET paused_at = NULL WHERE id = ? AND paused_at IS NOT NULL")
                .bind(id.to_string())
                .execute(&mut *transaction)
                .await
                .map_err(|error| from_sqlx(&error))?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        note(&mut transaction, id, at, "resumed").await?;
        commit(transaction).await?;
        Ok(true)
    }

    async fn pause_all(&self, at: Timestamp) -> Result<(), Problem> {
        sqlx::query(
            "INSERT INTO transfers_paused (only, paused_at) VALUES (1, ?) ON CONFLICT (only) DO NOTHING",
        )
        .bind(micros(at))
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }

    async fn resume_all(&self, at: Timestamp) -> Result<(), Problem> {
        let mut transaction = self.connections.write().await?;
        make_due(&mut transaction, None, at).await?;
        for statement in [
            "DELETE FROM transfers_paused",
            "UPDATE publications SET paused_at = NULL WHERE paused_at IS NOT NULL",
        ] {
            sqlx::query(statement)
                .execute(&mut *transaction)
                .await
                .map_err(|error| from_sqlx(&error))?;
        }
        commit(transaction).await
    }

    async fn all_paused_at(&self) -> Result<Option<Timestamp>, Problem> {
        let row = sqlx::query("SELECT max(paused_at) AS paused_at FROM transfers_paused")
            .fetch_one(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?;
        optional_timestamp(&row, "paused_at")
    }

    async fn send_first(&self, id: PublicationId, at: Timestamp) -> Result<bool, Problem> {
        let done = sqlx::query(
            "UPDATE publications SET first_at = ? WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
        )
        .bind(micros(at))
        .bind(id.to_string())
        .bind(document(&pausable())?)
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected() > 0)
    }

    async fn set_sending_plan(&self, id: PublicationId, plan: &SendingPlan) -> Result<(), Problem> {
        sqlx::query("UPDATE publications SET sending_plan = ? WHERE id = ?")
            .bind(document(plan)?)
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }
}

fn pausable() -> Vec<PublicationState> {
    PublicationState::ALL
        .into_iter()
        .filter(|state| is_pausable(*state))
        .collect()
}

/// Jobs that a pause held back beyond their time are due at `at`. `None`: of every publication.
async fn make_due(
    transaction: &mut Transaction<'static, Sqlite>,
    id: Option<PublicationId>,
    at: Timestamp,
) -> Result<(), Problem> {
    sqlx::query(
        "UPDATE jobs SET available_at = ?
         WHERE available_at < ? AND state IN ('scheduled', 'available', 'retryable')
           AND (? IS NULL OR publication_id = ?)
           AND id IN (SELECT id FROM held_jobs)",
    )
    .bind(micros(at))
    .bind(micros(at))
    .bind(id.map(|id| id.to_string()))
    .bind(id.map(|id| id.to_string()))
    .execute(&mut **transaction)
    .await
    .map_err(|error| from_sqlx(&error))?;
    Ok(())
}

async fn note(
    transaction: &mut Transaction<'static, Sqlite>,
    id: PublicationId,
    at: Timestamp,
    reason: &str,
) -> Result<(), Problem> {
    let state = state_of(transaction, id).await?;
    insert_event(
        transaction,
        id,
        at,
        Some(state),
        state,
        Mover::User.as_str(),
        reason,
    )
    .await
}
