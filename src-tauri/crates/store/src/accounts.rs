//! Accounts; never their tokens.

use async_trait::async_trait;
use daypart_domain::{
    account::{Account, AccountHealth},
    delivery_spec::AccountLimits,
    ids::AccountId,
    platform::{PlatformId, Realm},
    problem::Problem,
};
use daypart_ports::store::AccountStore;
use sqlx::sqlite::SqliteRow;

use crate::{
    SqliteStore,
    columns::{
        column, document, micros, optional_document, optional_timestamp, parsed, read_document,
        read_optional_document, timestamp,
    },
    problems::from_sqlx,
};

#[async_trait]
impl AccountStore for SqliteStore {
    async fn put_account(&self, account: &Account) -> Result<Account, Problem> {
        let health_problem = match &account.health {
            AccountHealth::Connected => None,
            AccountHealth::NeedsReconnect(problem) => Some(problem),
        };
        let row = sqlx::query(
            "INSERT INTO accounts (id, platform, realm, remote_user_id, display_name, avatar_url, granted_scopes,
                 limits, health_problem, connected_at, disconnected_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (platform, realm, remote_user_id) DO UPDATE SET
                 display_name = excluded.display_name, avatar_url = excluded.avatar_url,
                 granted_scopes = excluded.granted_scopes, health_problem = excluded.health_problem,
                 connected_at = excluded.connected_at, disconnected_at = excluded.disconnected_at
             RETURNING *",
        )
        .bind(account.id.to_string())
        .bind(account.platform.as_str())
        .bind(account.realm.as_str())
        .bind(&account.remote_user_id)
        .bind(&account.display_name)
        .bind(&account.avatar_url)
        .bind(document(&account.granted_scopes)?)
        .bind(document(&account.limits)?)
        .bind(optional_document(health_problem)?)
        .bind(micros(account.connected_at))
        .bind(account.disconnected_at.map(micros))
        .fetch_one(self.connections.writer())
        .await
        .map_err(|error| from_sqlx(&error))?;
        account_from(&row)
    }

    async fn put_account_limits(&self, id: AccountId, limits: AccountLimits) -> Result<bool, Problem> {
        let done = sqlx::query("UPDATE accounts SET limits = ?1 WHERE id = ?2 AND limits IS NOT ?1")
            .bind(document(&limits)?)
            .bind(id.to_string())
            .execute(self.connections.writer())
            .await
            .map_err(|error| from_sqlx(&error))?;
        Ok(done.rows_affected() > 0)
    }

    async fn account(&self, id: AccountId) -> Result<Option<Account>, Problem> {
        sqlx::query("SELECT * FROM accounts WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| account_from(&row))
            .transpose()
    }

    async fn find_account(
        &self,
        platform: &PlatformId,
        realm: Realm,
        remote_user_id: &str,
    ) -> Result<Option<Account>, Problem> {
        sqlx::query("SELECT * FROM accounts WHERE platform = ? AND realm = ? AND remote_user_id = ?")
            .bind(platform.as_str())
            .bind(realm.as_str())
            .bind(remote_user_id)
            .fetch_optional(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .map(|row| account_from(&row))
            .transpose()
    }

    async fn accounts(&self) -> Result<Vec<Account>, Problem> {
        sqlx::query("SELECT * FROM accounts WHERE disconnected_at IS NULL ORDER BY connected_at, id")
            .fetch_all(self.connections.readers())
            .await
            .map_err(|error| from_sqlx(&error))?
            .iter()
            .map(account_from)
            .collect()
    }
}

fn account_from(row: &SqliteRow) -> Result<Account, Problem> {
    Ok(Account {
        id: parsed(row, "id")?,
        platform: PlatformId::new(column::<String>(row, "platform")?),
        realm: parsed(row, "realm")?,
        remote_user_id: column(row, "remote_user_id")?,
        display_name: column(row, "display_name")?,
        avatar_url: column(row, "avatar_url")?,
        granted_scopes: read_document(row, "granted_scopes")?,
        limits: read_optional_document(row, "limits")?.unwrap_or_default(),
        health: read_optional_document(row, "health_problem")?
            .map_or(AccountHealth::Connected, AccountHealth::NeedsReconnect),
        connected_at: timestamp(row, "connected_at")?,
        disconnected_at: optional_timestamp(row, "disconnected_at")?,
    })
}
