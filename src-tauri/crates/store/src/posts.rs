//! Posts, and making their publications match.

use std::collections::HashSet;

use async_trait::async_trait;
use daypart_domain::{
    ids::PostId,
    post::Post,
    problem::{Problem, UserAction},
    publication::Publication,
    publication_state::{Mover, PublicationState},
    transcode_plan::Wishes,
};
use daypart_ports::store::PostStore;
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction, sqlite::SqliteRow};

use crate::{
    SqliteStore,
    columns::{
        column, document, micros, optional_document, optional_parsed, optional_timestamp, parsed,
        read_optional_document, timestamp,
    },
    connections::commit,
    problems::{POST_BUSY, POST_DUPLICATE, from_sqlx, is_unique_violation},
    publications::{self, insert_event},
};

#[async_trait]
impl PostStore for SqliteStore {
    /// Content and lateness of a known publication are what is replaced; its state and all that follows from
    /// its state stay.
    async fn save_post(&self, post: &Post, publications: &[Publication]) -> Result<(), Problem> {
        let mut transaction = self.connections.write().await?;
        let known = publications::of_post(&mut *transaction, post.id).await?;
        let wanted: HashSet<_> = publications.iter().map(|publication| publication.id).collect();

        upsert_post(&mut transaction, post).await?;
        for gone in known.iter().filter(|known| !wanted.contains(&known.id)) {
            if gone.state == PublicationState::Draft {
                delete_draft(&mut transaction, gone).await?;
            } else if !gone.state.is_editable() || gone.state == PublicationState::HandedOff {
                return Err(busy(gone));
            }
        }
        for publication in publications {
            match known.iter().find(|known| known.id == publication.id) {
                None => insert_draft(&mut transaction, post, publication).await?,
                Some(known)
                    if known.content == publication.content && known.lateness == publication.lateness => {}
                Some(known) if known.state.is_editable() => {
                    replace_content(&mut transaction, publication, post.updated_at).await?;
                }
                Some(known) => return Err(busy(known)),
            }
        }
        commit(transaction).await
    }

    async fn post(&self, id: PostId) -> Result<Option<Post>, Problem> {
        sqlx::query("SELECT * FROM posts WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| post_from(&row))
            .transpose()
    }

    async fn posts(&self) -> Result<Vec<Post>, Problem> {
        sqlx::query("SELECT * FROM posts WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC")
            .fetch_all(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .iter()
            .map(post_from)
            .collect()
    }

    async fn set_post_deleted(&self, id: PostId, deleted_at: Option<Timestamp>) -> Result<bool, Problem> {
        let done = sqlx::query("UPDATE posts SET deleted_at = ? WHERE id = ?")
            .bind(deleted_at.map(micros))
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected() > 0)
    }
}

type Write = Transaction<'static, Sqlite>;

async fn upsert_post(transaction: &mut Write, post: &Post) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO posts (id, asset_id, edit, wishes, caption, schedule, created_at, updated_at, deleted_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET asset_id = excluded.asset_id, edit = excluded.edit, wishes = excluded.wishes,
             caption = excluded.caption, schedule = excluded.schedule, updated_at = excluded.updated_at, deleted_at = excluded.deleted_at",
    )
    .bind(post.id.to_string())
    .bind(post.asset_id.map(|id| id.to_string()))
    .bind(optional_document(post.edit.as_ref())?)
    .bind(optional_document(
        Some(&post.wishes).filter(|wishes| **wishes != Wishes::sending()),
    )?)
    .bind(&post.caption)
    .bind(optional_document(post.schedule.as_ref())?)
    .bind(micros(post.created_at))
    .bind(micros(post.updated_at))
    .bind(post.deleted_at.map(micros))
    .execute(&mut **transaction)
    .await
    .map_err(|error| from_sqlx(&error))?;
    Ok(())
}

async fn insert_draft(
    transaction: &mut Write,
    post: &Post,
    publication: &Publication,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO publications (id, post_id, account_id, content, state, lateness, warnings, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, '[]', ?, ?)",
    )
    .bind(publication.id.to_string())
    .bind(post.id.to_string())
    .bind(publication.account_id.to_string())
    .bind(document(&publication.content)?)
    .bind(PublicationState::Draft.as_str())
    .bind(document(&publication.lateness)?)
    .bind(micros(publication.created_at))
    .bind(micros(publication.updated_at))
    .execute(&mut **transaction)
    .await
    .map_err(|error| {
        if is_unique_violation(&error) { duplicate(&error) } else { from_sqlx(&error) }
    })?;
    insert_event(
        transaction,
        publication.id,
        publication.created_at,
        None,
        PublicationState::Draft,
        Mover::User.as_str(),
        "Added to the post.",
    )
    .await
}

async fn replace_content(
    transaction: &mut Write,
    publication: &Publication,
    updated_at: Timestamp,
) -> Result<(), Problem> {
    sqlx::query("UPDATE publications SET content = ?, lateness = ?, updated_at = ? WHERE id = ?")
        .bind(document(&publication.content)?)
        .bind(document(&publication.lateness)?)
        .bind(micros(updated_at))
        .bind(publication.id.to_string())
        .execute(&mut **transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
    Ok(())
}

async fn delete_draft(transaction: &mut Write, publication: &Publication) -> Result<(), Problem> {
    sqlx::query("DELETE FROM publications WHERE id = ?")
        .bind(publication.id.to_string())
        .execute(&mut **transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
    Ok(())
}

fn busy(publication: &Publication) -> Problem {
    Problem::needs_user(
        POST_BUSY,
        UserAction::EditPost,
        "This post is being sent or has been sent to one of its accounts, so that destination can no longer be \
         changed.",
    )
    .fix("Cancel it there first, or make a new post.")
    .detail(format!("publication {} is {}", publication.id, publication.state))
}

fn duplicate(error: &sqlx::Error) -> Problem {
    Problem::needs_user(
        POST_DUPLICATE,
        UserAction::EditPost,
        "This post already goes to that account.",
    )
    .fix("Make a new post to publish the clip there again.")
    .caused_by(error)
}

fn post_from(row: &SqliteRow) -> Result<Post, Problem> {
    Ok(Post {
        id: parsed(row, "id")?,
        asset_id: optional_parsed(row, "asset_id")?,
        edit: read_optional_document(row, "edit")?,
        wishes: read_optional_document(row, "wishes")?.unwrap_or_else(Wishes::sending),
        caption: column(row, "caption")?,
        schedule: read_optional_document(row, "schedule")?,
        created_at: timestamp(row, "created_at")?,
        updated_at: timestamp(row, "updated_at")?,
        deleted_at: optional_timestamp(row, "deleted_at")?,
    })
}
