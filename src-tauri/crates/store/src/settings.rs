//! Small named values.

use async_trait::async_trait;
use daypart_domain::problem::Problem;
use daypart_ports::store::SettingStore;

use crate::{SqliteStore, columns::column, problems::from_sqlx};

#[async_trait]
impl SettingStore for SqliteStore {
    async fn setting(&self, key: &str) -> Result<Option<String>, Problem> {
        sqlx::query("SELECT value FROM settings WHERE key = ?")
            .bind(key)
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| column(&row, "value"))
            .transpose()
    }

    async fn put_setting(&self, key: &str, value: &str) -> Result<(), Problem> {
        sqlx::query(
            "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        Ok(())
    }
}
