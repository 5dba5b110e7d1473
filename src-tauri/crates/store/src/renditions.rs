//! Files we made.

use daypart_domain::problem::Problem;
use daypart_ports::store::RenditionRecord;
use sqlx::sqlite::SqliteRow;

use crate::{
    SqliteStore,
    columns::{column, document, micros, read_document, timestamp},
    problems::from_sqlx,
};

impl SqliteStore {
    pub(crate) async fn read_rendition(&self, key: &str) -> Result<Option<RenditionRecord>, Problem> {
        sqlx::query("SELECT * FROM renditions WHERE key = ?")
            .bind(key)
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| rendition_from(&row))
            .transpose()
    }

    pub(crate) async fn write_rendition(&self, rendition: &RenditionRecord) -> Result<(), Problem> {
        sqlx::query("INSERT OR REPLACE INTO renditions (key, path, info, made_at) VALUES (?, ?, ?, ?)")
            .bind(&rendition.key)
            .bind(&rendition.path)
            .bind(document(&rendition.info)?)
            .bind(micros(rendition.made_at))
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }
}

fn rendition_from(row: &SqliteRow) -> Result<RenditionRecord, Problem> {
    Ok(RenditionRecord {
        key: column(row, "key")?,
        path: column(row, "path")?,
        info: read_document(row, "info")?,
        made_at: timestamp(row, "made_at")?,
    })
}
