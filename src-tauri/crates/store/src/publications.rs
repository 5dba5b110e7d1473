//! Publications and their history.

use async_trait::async_trait;
use daypart_domain::{
    extra::Extra,
    ids::{AccountId, AssetId, PostId, PublicationId},
    problem::Problem,
    publication::{Publication, PublicationEvent, Receipt},
    publication_state::PublicationState,
    transfer::Transfer,
};
use daypart_ports::store::{FinalCall, PublicationStore, RenditionRecord, Transition, UploadRecord};
use jiff::Timestamp;
use sqlx::{Sqlite, SqliteExecutor, Transaction, sqlite::SqliteRow};

use crate::{
    SqliteStore,
    columns::{
        column, document, micros, optional_document, optional_parsed, optional_timestamp, parsed,
        read_document, read_optional_document, timestamp,
    },
    connections::commit,
    problems::from_sqlx,
};

#[async_trait]
impl PublicationStore for SqliteStore {
    async fn publication(&self, id: PublicationId) -> Result<Option<Publication>, Problem> {
        sqlx::query("SELECT * FROM publications WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| publication_from(&row))
            .transpose()
    }

    /// In the order in which they were added.
    async fn publications_of(&self, post: PostId) -> Result<Vec<Publication>, Problem> {
        of_post(self.connections.readers(), post).await
    }

    /// Earliest due first, those without a due time last.
    async fn publications_in(&self, states: &[PublicationState]) -> Result<Vec<Publication>, Problem> {
        sqlx::query(
            "SELECT * FROM publications WHERE state IN (SELECT value FROM json_each(?))
             ORDER BY due_at NULLS LAST, created_at, id",
        )
        .bind(document(states)?)
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(publication_from)
        .collect()
    }

    async fn transition(&self, transition: &Transition) -> Result<bool, Problem> {
        self.move_publication(transition).await
    }

    async fn note(&self, id: PublicationId, at: Timestamp, actor: &str, reason: &str) -> Result<(), Problem> {
        let mut transaction = self.connections.write().await?;
        let state = state_of(&mut transaction, id).await?;
        insert_event(&mut transaction, id, at, Some(state), state, actor, reason).await?;
        commit(transaction).await
    }

    /// `receipt: None` leaves the receipt as it is.
    async fn set_warnings(
        &self,
        id: PublicationId,
        warnings: &[String],
        receipt: Option<&Receipt>,
        at: Timestamp,
    ) -> Result<(), Problem> {
        let done = sqlx::query(
            "UPDATE publications SET warnings = ?, receipt = coalesce(?, receipt), updated_at = ? WHERE id = ?",
        )
        .bind(document(warnings)?)
        .bind(optional_document(receipt)?)
        .bind(micros(at))
        .bind(id.to_string())
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        if done.rows_affected() == 0 {
            return Err(missing(id));
        }
        Ok(())
    }

    async fn set_extras(&self, id: PublicationId, extras: &[Extra], at: Timestamp) -> Result<(), Problem> {
        let done = sqlx::query("UPDATE publications SET extras = ?, updated_at = ? WHERE id = ?")
            .bind(document(extras)?)
            .bind(micros(at))
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        if done.rows_affected() == 0 {
            return Err(missing(id));
        }
        Ok(())
    }

    async fn set_problem(
        &self,
        id: PublicationId,
        problem: Option<&Problem>,
        at: Timestamp,
    ) -> Result<(), Problem> {
        let done = sqlx::query("UPDATE publications SET problem = ?, updated_at = ? WHERE id = ?")
            .bind(optional_document(problem)?)
            .bind(micros(at))
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        if done.rows_affected() == 0 {
            return Err(missing(id));
        }
        Ok(())
    }

    async fn events_of(&self, id: PublicationId) -> Result<Vec<PublicationEvent>, Problem> {
        sqlx::query("SELECT * FROM publication_events WHERE publication_id = ? ORDER BY sequence")
            .bind(id.to_string())
            .fetch_all(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .iter()
            .map(event_from)
            .collect()
    }

    async fn put_upload(&self, upload: &UploadRecord) -> Result<(), Problem> {
        self.write_upload(upload).await
    }

    async fn upload(&self, id: PublicationId) -> Result<Option<UploadRecord>, Problem> {
        self.read_upload(id).await
    }

    async fn set_confirmed_bytes(&self, id: PublicationId, confirmed_bytes: u64) -> Result<(), Problem> {
        self.write_confirmed_bytes(id, confirmed_bytes).await
    }

    async fn drop_upload(&self, id: PublicationId) -> Result<(), Problem> {
        self.forget_upload(id).await
    }

    async fn final_calls(&self, since: Timestamp) -> Result<Vec<FinalCall>, Problem> {
        self.read_final_calls(since).await
    }

    async fn publications_alike(
        &self,
        account: AccountId,
        asset: AssetId,
        except: PostId,
    ) -> Result<Vec<Publication>, Problem> {
        self.read_alike(account, asset, except).await
    }

    async fn rendition(&self, key: &str) -> Result<Option<RenditionRecord>, Problem> {
        self.read_rendition(key).await
    }

    async fn put_rendition(&self, rendition: &RenditionRecord) -> Result<(), Problem> {
        self.write_rendition(rendition).await
    }
}

pub async fn of_post(executor: impl SqliteExecutor<'_>, post: PostId) -> Result<Vec<Publication>, Problem> {
    sqlx::query("SELECT * FROM publications WHERE post_id = ? ORDER BY created_at, id")
        .bind(post.to_string())
        .fetch_all(executor)
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(publication_from)
        .collect()
}

pub async fn insert_event(
    transaction: &mut Transaction<'static, Sqlite>,
    id: PublicationId,
    at: Timestamp,
    from: Option<PublicationState>,
    to: PublicationState,
    actor: &str,
    reason: &str,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO publication_events (publication_id, at, from_state, to_state, actor, reason)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(id.to_string())
    .bind(micros(at))
    .bind(from.map(PublicationState::as_str))
    .bind(to.as_str())
    .bind(actor)
    .bind(reason)
    .execute(&mut **transaction)
    .await
    .map_err(|error| from_sqlx(&error))?;
    Ok(())
}

/// The present state, read inside a transaction.
pub async fn state_of(
    transaction: &mut Transaction<'static, Sqlite>,
    id: PublicationId,
) -> Result<PublicationState, Problem> {
    let row = sqlx::query("SELECT state FROM publications WHERE id = ?")
        .bind(id.to_string())
        .fetch_optional(&mut **transaction)
        .await
        .map_err(|error| from_sqlx(&error))?
        .ok_or_else(|| missing(id))?;
    parsed(&row, "state")
}

pub fn missing(id: PublicationId) -> Problem {
    Problem::bug(format!("there is no publication {id}"))
}

pub(crate) fn publication_from(row: &SqliteRow) -> Result<Publication, Problem> {
    Ok(Publication {
        id: parsed(row, "id")?,
        post_id: parsed(row, "post_id")?,
        account_id: parsed(row, "account_id")?,
        content: read_document(row, "content")?,
        state: parsed(row, "state")?,
        needs_user: read_optional_document(row, "needs_user")?,
        problem: read_optional_document(row, "problem")?,
        due_at: optional_timestamp(row, "due_at")?,
        lateness: read_document(row, "lateness")?,
        postponed_from: optional_timestamp(row, "postponed_from")?,
        remote: read_optional_document(row, "remote")?,
        receipt: read_optional_document(row, "receipt")?,
        warnings: read_document(row, "warnings")?,
        extras: read_document(row, "extras")?,
        transfer: Transfer {
            paused_at: optional_timestamp(row, "paused_at")?,
            first_at: optional_timestamp(row, "first_at")?,
            plan: read_optional_document(row, "sending_plan")?,
        },
        created_at: timestamp(row, "created_at")?,
        updated_at: timestamp(row, "updated_at")?,
    })
}

fn event_from(row: &SqliteRow) -> Result<PublicationEvent, Problem> {
    Ok(PublicationEvent {
        publication_id: parsed(row, "publication_id")?,
        at: timestamp(row, "at")?,
        from: optional_parsed(row, "from_state")?,
        to: parsed(row, "to_state")?,
        actor: column(row, "actor")?,
        reason: column(row, "reason")?,
    })
}
