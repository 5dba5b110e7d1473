//! Source files.

use async_trait::async_trait;
use daypart_domain::{
    asset::{Asset, AssetState, FileIdentity},
    ids::AssetId,
    job::JobSubject,
    media_info::MediaInfo,
    picture_info::PictureInfo,
    problem::Problem,
};
use daypart_ports::store::{AssetStore, NewJob};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{Sqlite, Transaction, sqlite::SqliteRow};

use crate::{
    SqliteStore,
    columns::{
        column, document, micros, optional_document, optional_timestamp, parsed, read_document,
        read_optional_document, timestamp,
    },
    connections::commit,
    jobs::insert_job,
    problems::{from_sqlx, unreadable},
};

#[async_trait]
impl AssetStore for SqliteStore {
    /// A removed asset comes back under its old id with the state given, probed anew, and counts as added: the
    /// file may have changed meanwhile.
    async fn add_assets(&self, new: &[(Asset, NewJob)]) -> Result<Vec<(Asset, bool)>, Problem> {
        let mut transaction = self.connections.write().await?;
        let mut added = Vec::with_capacity(new.len());
        for (asset, probe) in new {
            added.push(add_one(&mut transaction, asset, probe).await?);
        }
        commit(transaction).await?;
        Ok(added)
    }

    async fn asset(&self, id: AssetId) -> Result<Option<Asset>, Problem> {
        sqlx::query("SELECT * FROM assets WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| asset_from(&row))
            .transpose()
    }

    async fn assets(&self) -> Result<Vec<Asset>, Problem> {
        sqlx::query("SELECT * FROM assets WHERE removed_at IS NULL ORDER BY added_at DESC, id DESC")
            .fetch_all(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .iter()
            .map(asset_from)
            .collect()
    }

    async fn assets_alike(&self, identity: &FileIdentity) -> Result<Vec<Asset>, Problem> {
        sqlx::query(
            "SELECT * FROM assets WHERE removed_at IS NULL AND identity ->> 'content_hash' = ?
                 AND identity ->> 'size_bytes' = ? ORDER BY added_at, id",
        )
        .bind(&identity.content_hash)
        .bind(i64::try_from(identity.size_bytes).unwrap_or(i64::MAX))
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(asset_from)
        .collect()
    }

    async fn put_asset_facts(&self, asset: &Asset) -> Result<(), Problem> {
        let (state, facts) = state_columns(&asset.state)?;
        let done = sqlx::query("UPDATE assets SET identity = ?, state = ?, facts = ? WHERE id = ?")
            .bind(optional_document(asset.identity.as_ref())?)
            .bind(state)
            .bind(facts)
            .bind(asset.id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        if done.rows_affected() == 0 {
            return Err(Problem::bug(format!("there is no asset {}", asset.id)));
        }
        Ok(())
    }

    async fn put_poster(&self, id: AssetId, file: &str) -> Result<bool, Problem> {
        let done = sqlx::query("UPDATE assets SET poster_file = ? WHERE id = ?")
            .bind(file)
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected() > 0)
    }

    async fn relink_asset(&self, id: AssetId, path: &str, at: Timestamp) -> Result<bool, Problem> {
        let mut transaction = self.connections.write().await?;
        let old_path: Option<String> = sqlx::query_scalar("SELECT path FROM assets WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(|error| from_sqlx(&error))?;
        let Some(old_path) = old_path else {
            return Ok(false);
        };
        // Two rows cannot have one path even for a moment, so the exchange goes over a third.
        let aside = format!("(moving) {id}");
        let exchange = [
            "UPDATE posts SET asset_id = ?1 WHERE asset_id =
                 (SELECT id FROM assets WHERE path = ?2 AND id <> ?1 AND removed_at IS NULL)",
            "UPDATE assets SET path = ?3 WHERE id = ?1",
            "UPDATE assets SET path = ?4, removed_at = coalesce(removed_at, ?5) WHERE path = ?2",
            "UPDATE assets SET path = ?2 WHERE id = ?1",
        ];
        for statement in exchange {
            sqlx::query(statement)
                .bind(id.to_string())
                .bind(path)
                .bind(&aside)
                .bind(&old_path)
                .bind(micros(at))
                .execute(&mut *transaction)
                .await
                .map_err(|error| from_sqlx(&error))?;
        }
        commit(transaction).await?;
        Ok(true)
    }

    async fn set_asset_removed(&self, id: AssetId, removed_at: Option<Timestamp>) -> Result<bool, Problem> {
        let done = sqlx::query("UPDATE assets SET removed_at = ? WHERE id = ?")
            .bind(removed_at.map(micros))
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected() > 0)
    }
}

async fn add_one(
    transaction: &mut Transaction<'static, Sqlite>,
    asset: &Asset,
    probe: &NewJob,
) -> Result<(Asset, bool), Problem> {
    let known = sqlx::query("SELECT * FROM assets WHERE path = ?")
        .bind(&asset.path)
        .fetch_optional(&mut **transaction)
        .await
        .map_err(|error| from_sqlx(&error))?
        .map(|row| asset_from(&row))
        .transpose()?;
    let stored = match known {
        Some(known) if known.removed_at.is_none() => return Ok((known, false)),
        Some(known) => Asset {
            id: known.id,
            added_at: known.added_at,
            removed_at: None,
            ..asset.clone()
        },
        None => asset.clone(),
    };
    let (state, facts) = state_columns(&stored.state)?;
    let row = sqlx::query(
        "INSERT INTO assets (id, path, identity, state, facts, poster_file, added_at, removed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET identity = excluded.identity, state = excluded.state,
             facts = excluded.facts, poster_file = excluded.poster_file, removed_at = excluded.removed_at
         RETURNING *",
    )
    .bind(stored.id.to_string())
    .bind(&stored.path)
    .bind(optional_document(stored.identity.as_ref())?)
    .bind(state)
    .bind(facts)
    .bind(&stored.poster_file)
    .bind(micros(stored.added_at))
    .bind(stored.removed_at.map(micros))
    .fetch_one(&mut **transaction)
    .await
    .map_err(|error| from_sqlx(&error))?;
    let stored = asset_from(&row)?;
    let probe = NewJob {
        subject: JobSubject::Asset(stored.id),
        ..probe.clone()
    };
    insert_job(transaction, &probe, asset.added_at).await?;
    Ok((stored, true))
}

/// What the facts of a measured file look like. A video's stand bare, as they did before there were pictures.
#[derive(Deserialize)]
#[serde(untagged)]
enum Facts {
    Picture { picture: Box<PictureInfo> },
    Video(Box<MediaInfo>),
}

#[derive(Serialize)]
struct PictureFacts<'a> {
    picture: &'a PictureInfo,
}

fn state_columns(state: &AssetState) -> Result<(&'static str, Option<String>), Problem> {
    Ok(match state {
        AssetState::Probing => ("probing", None),
        AssetState::Ready(info) => ("ready", Some(document(info)?)),
        AssetState::Picture(picture) => ("ready", Some(document(&PictureFacts { picture })?)),
        AssetState::Refused(problem) => ("refused", Some(document(problem)?)),
    })
}

fn asset_from(row: &SqliteRow) -> Result<Asset, Problem> {
    let state = match column::<&str>(row, "state")? {
        "probing" => AssetState::Probing,
        "ready" => match read_document(row, "facts")? {
            Facts::Picture { picture } => AssetState::Picture(picture),
            Facts::Video(info) => AssetState::Ready(info),
        },
        "refused" => AssetState::Refused(read_document(row, "facts")?),
        other => {
            return Err(unreadable(
                "state",
                &std::io::Error::other(format!("{other:?} is no state of an asset")),
            ));
        }
    };
    Ok(Asset {
        id: parsed(row, "id")?,
        path: column(row, "path")?,
        identity: read_optional_document(row, "identity")?,
        state,
        poster_file: column(row, "poster_file")?,
        added_at: timestamp(row, "added_at")?,
        removed_at: optional_timestamp(row, "removed_at")?,
    })
}
