//! Open uploads, without the secret part of their handles.

use daypart_domain::{ids::PublicationId, problem::Problem};
use daypart_ports::store::UploadRecord;
use sqlx::sqlite::SqliteRow;

use crate::{
    SqliteStore,
    columns::{
        column, document, integer, micros, optional_timestamp, parsed, read_document, timestamp, unsigned,
    },
    problems::from_sqlx,
};

impl SqliteStore {
    pub(crate) async fn write_upload(&self, upload: &UploadRecord) -> Result<(), Problem> {
        sqlx::query(
            "INSERT OR REPLACE INTO uploads (publication_id, handle, plan, media_path, media_identity, mime,
                 confirmed_bytes, opened_at, expires_at, publish_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(upload.publication_id.to_string())
        .bind(document(&upload.public)?)
        .bind(document(&upload.plan)?)
        .bind(&upload.media_path)
        .bind(document(&upload.media_identity)?)
        .bind(&upload.mime)
        .bind(integer(upload.confirmed_bytes)?)
        .bind(micros(upload.opened_at))
        .bind(upload.expires_at.map(micros))
        .bind(upload.publish_at.map(micros))
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }

    pub(crate) async fn read_upload(&self, id: PublicationId) -> Result<Option<UploadRecord>, Problem> {
        sqlx::query("SELECT * FROM uploads WHERE publication_id = ?")
            .bind(id.to_string())
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| upload_from(&row))
            .transpose()
    }

    /// An upload that was dropped meanwhile stays dropped; that is not an error.
    pub(crate) async fn write_confirmed_bytes(&self, id: PublicationId, bytes: u64) -> Result<(), Problem> {
        sqlx::query("UPDATE uploads SET confirmed_bytes = ? WHERE publication_id = ?")
            .bind(integer(bytes)?)
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }

    pub(crate) async fn forget_upload(&self, id: PublicationId) -> Result<(), Problem> {
        sqlx::query("DELETE FROM uploads WHERE publication_id = ?")
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }
}

fn upload_from(row: &SqliteRow) -> Result<UploadRecord, Problem> {
    Ok(UploadRecord {
        publication_id: parsed(row, "publication_id")?,
        public: read_document(row, "handle")?,
        plan: read_document(row, "plan")?,
        media_path: column(row, "media_path")?,
        media_identity: read_document(row, "media_identity")?,
        mime: column(row, "mime")?,
        confirmed_bytes: unsigned(row, "confirmed_bytes")?,
        opened_at: timestamp(row, "opened_at")?,
        expires_at: optional_timestamp(row, "expires_at")?,
        publish_at: optional_timestamp(row, "publish_at")?,
    })
}
