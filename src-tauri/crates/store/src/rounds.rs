//! Looks at accounts, and what may go.

use std::collections::BTreeSet;

use async_trait::async_trait;
use daypart_domain::{
    account_check::AccountCheck,
    ids::{AccountId, JobId, PublicationId},
    integrity::Standing,
    job::Job,
    problem::Problem,
};
use daypart_ports::store::{Forgotten, RecordFacts, RoundsStore};
use jiff::Timestamp;
use sqlx::{Row, sqlite::SqliteRow};

use crate::{
    SqliteStore,
    columns::{
        column, micros, optional_document, optional_timestamp, parsed, read_optional_document, timestamp,
    },
    connections::commit,
    problems::from_sqlx,
};

/// Posts forgotten in one transaction: others want to write too.
const FORGET_BATCH: i64 = 200;

#[async_trait]
impl RoundsStore for SqliteStore {
    async fn account_check(&self, id: AccountId) -> Result<Option<AccountCheck>, Problem> {
        sqlx::query("SELECT * FROM account_checks WHERE account_id = ?")
            .bind(id.to_string())
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| check_from(&row))
            .transpose()
    }

    async fn put_account_check(&self, check: &AccountCheck) -> Result<(), Problem> {
        sqlx::query(
            "INSERT OR REPLACE INTO account_checks (account_id, asked_at, answered_at, problem, sign_in_ends_at, told_end)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(check.account_id.to_string())
        .bind(micros(check.asked_at))
        .bind(check.answered_at.map(micros))
        .bind(optional_document(check.problem.as_ref())?)
        .bind(check.sign_in_ends_at.map(micros))
        .bind(check.told_end.map(micros))
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }

    async fn next_post_of(&self, id: AccountId, after: Timestamp) -> Result<Option<Timestamp>, Problem> {
        let row = sqlx::query(
            "SELECT min(due_at) AS due_at FROM publications WHERE account_id = ? AND due_at > ?
                 AND state IN ('scheduled', 'preparing', 'ready', 'uploading', 'staged')",
        )
        .bind(id.to_string())
        .bind(micros(after))
        .fetch_one(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?;
        optional_timestamp(&row, "due_at")
    }

    /// One statement: a post that is planned meanwhile either finds its rendition or none at all.
    async fn release_renditions(&self, before: Timestamp) -> Result<Vec<String>, Problem> {
        let rows = sqlx::query(
            "DELETE FROM renditions
             WHERE made_at < ?
               AND NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.media_path = renditions.path)
               AND substr(key, 1, instr(key, '/') - 1) NOT IN (
                   SELECT coalesce(json_extract(assets.identity, '$.content_hash'), '')
                   FROM publications
                   JOIN posts ON posts.id = publications.post_id
                   JOIN assets ON assets.id = posts.asset_id
                   WHERE publications.state NOT IN ('draft', 'published', 'failed', 'cancelled')
                      OR EXISTS (SELECT 1 FROM jobs WHERE jobs.publication_id = publications.id
                                 AND jobs.state NOT IN ('completed', 'cancelled', 'discarded')))
             RETURNING path",
        )
        .bind(micros(before))
        .fetch_all(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        texts(&rows, "path")
    }

    async fn rendition_paths(&self) -> Result<BTreeSet<String>, Problem> {
        let rows = sqlx::query("SELECT path FROM renditions")
            .fetch_all(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(texts(&rows, "path")?.into_iter().collect())
    }

    async fn release_posters(&self, before: Timestamp) -> Result<Vec<String>, Problem> {
        let mut transaction = self.connections.write().await?;
        let rows = sqlx::query(
            "SELECT id, poster_file FROM assets
             WHERE removed_at < ? AND poster_file IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM posts WHERE posts.asset_id = assets.id AND posts.deleted_at IS NULL)",
        )
        .bind(micros(before))
        .fetch_all(&mut *transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
        for row in &rows {
            sqlx::query("UPDATE assets SET poster_file = NULL WHERE id = ?")
                .bind(column::<String>(row, "id")?)
                .execute(&mut *transaction)
                .await
                .map_err(|error| from_sqlx(&error))?;
        }
        let names = texts(&rows, "poster_file")?;
        commit(transaction).await?;
        Ok(names)
    }

    async fn poster_names(&self) -> Result<BTreeSet<String>, Problem> {
        let rows = sqlx::query("SELECT poster_file FROM assets WHERE poster_file IS NOT NULL")
            .fetch_all(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(texts(&rows, "poster_file")?.into_iter().collect())
    }

    async fn release_uploads(&self, now: Timestamp) -> Result<Vec<PublicationId>, Problem> {
        sqlx::query(
            "DELETE FROM uploads WHERE publication_id IN (
                 SELECT publications.id FROM publications JOIN uploads AS open ON open.publication_id = publications.id
                 WHERE publications.state IN ('draft', 'published', 'failed', 'cancelled', 'missed')
                    OR (open.expires_at < ? AND publications.state IN ('scheduled', 'preparing', 'ready')))
             RETURNING publication_id",
        )
        .bind(micros(now))
        .fetch_all(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(|row| parsed(row, "publication_id"))
        .collect()
    }

    async fn ended_since(&self, since: Timestamp) -> Result<Vec<PublicationId>, Problem> {
        sqlx::query(
            "SELECT id FROM publications WHERE updated_at >= ? AND state IN ('published', 'failed', 'cancelled')",
        )
        .bind(micros(since))
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(|row| parsed(row, "id"))
        .collect()
    }

    async fn forget_history(&self, before: Timestamp) -> Result<Forgotten, Problem> {
        let mut forgotten = Forgotten::default();
        loop {
            let batch = self.forget_some(before).await?;
            forgotten.posts += batch.posts;
            forgotten.publications.extend(batch.publications);
            if batch.posts == 0 {
                break;
            }
        }
        sqlx::query(
            "DELETE FROM jobs WHERE asset_id IS NOT NULL AND state IN ('completed', 'cancelled', 'discarded')
                 AND id IN (SELECT job_id FROM attempts GROUP BY job_id HAVING max(started_at) < ?)",
        )
        .bind(micros(before))
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(forgotten)
    }

    async fn standings(&self) -> Result<Vec<Standing>, Problem> {
        self.read_standings().await
    }

    async fn idle_jobs(&self) -> Result<Vec<Job>, Problem> {
        self.read_idle_jobs().await
    }

    async fn cancel_job(&self, id: JobId) -> Result<bool, Problem> {
        self.call_job_off(id).await
    }

    async fn record_facts(&self) -> Result<RecordFacts, Problem> {
        let verdict: String = sqlx::query("PRAGMA quick_check(1)")
            .fetch_one(self.connections.readers())
            .await
            .and_then(|row| row.try_get(0))
            .map_err(|error| from_sqlx(&error))?;
        let counts = sqlx::query(
            "SELECT 'publications ' || state AS what, count(*) AS number FROM publications GROUP BY state
             UNION ALL SELECT 'jobs ' || kind || ' ' || state, count(*) FROM jobs GROUP BY kind, state
             UNION ALL SELECT 'posts', count(*) FROM posts
             UNION ALL SELECT 'assets', count(*) FROM assets
             UNION ALL SELECT 'accounts', count(*) FROM accounts
             UNION ALL SELECT 'attempts', count(*) FROM attempts
             UNION ALL SELECT 'renditions', count(*) FROM renditions
             UNION ALL SELECT 'open uploads', count(*) FROM uploads",
        )
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(|row| Ok((column(row, "what")?, crate::columns::unsigned(row, "number")?)))
        .collect::<Result<_, Problem>>()?;
        Ok(RecordFacts {
            damage: (verdict != "ok").then_some(verdict),
            counts,
        })
    }
}

impl SqliteStore {
    async fn forget_some(&self, before: Timestamp) -> Result<Forgotten, Problem> {
        let mut transaction = self.connections.write().await?;
        let posts = sqlx::query(
            "SELECT id FROM posts
             WHERE updated_at < ?1
               AND EXISTS (SELECT 1 FROM publications WHERE post_id = posts.id)
               AND NOT EXISTS (
                   SELECT 1 FROM publications WHERE post_id = posts.id AND (
                       updated_at >= ?1
                       OR state NOT IN ('published', 'failed', 'cancelled')
                          AND NOT (state = 'draft' AND posts.deleted_at IS NOT NULL)
                       OR EXISTS (SELECT 1 FROM jobs WHERE jobs.publication_id = publications.id
                                  AND jobs.state NOT IN ('completed', 'cancelled', 'discarded'))))
             LIMIT ?2",
        )
        .bind(micros(before))
        .bind(FORGET_BATCH)
        .fetch_all(&mut *transaction)
        .await
        .map_err(|error| from_sqlx(&error))?;
        let mut forgotten = Forgotten::default();
        for row in &posts {
            let post: String = column(row, "id")?;
            let gone = sqlx::query("DELETE FROM publications WHERE post_id = ? RETURNING id")
                .bind(&post)
                .fetch_all(&mut *transaction)
                .await
                .map_err(|error| from_sqlx(&error))?;
            for row in &gone {
                forgotten.publications.push(parsed(row, "id")?);
            }
            sqlx::query("DELETE FROM posts WHERE id = ?")
                .bind(&post)
                .execute(&mut *transaction)
                .await
                .map_err(|error| from_sqlx(&error))?;
            forgotten.posts += 1;
        }
        commit(transaction).await?;
        Ok(forgotten)
    }
}

fn texts(rows: &[SqliteRow], name: &'static str) -> Result<Vec<String>, Problem> {
    rows.iter().map(|row| column(row, name)).collect()
}

fn check_from(row: &SqliteRow) -> Result<AccountCheck, Problem> {
    Ok(AccountCheck {
        account_id: parsed(row, "account_id")?,
        asked_at: timestamp(row, "asked_at")?,
        answered_at: optional_timestamp(row, "answered_at")?,
        problem: read_optional_document(row, "problem")?,
        sign_in_ends_at: optional_timestamp(row, "sign_in_ends_at")?,
        told_end: optional_timestamp(row, "told_end")?,
    })
}
