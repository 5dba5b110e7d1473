//! What was sent, and what is about the same file: read from the history.

use daypart_domain::{
    ids::{AccountId, AssetId, PostId},
    problem::Problem,
    publication::Publication,
};
use daypart_ports::store::FinalCall;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::{
    SqliteStore,
    columns::{micros, parsed, timestamp},
    problems::from_sqlx,
    publications::publication_from,
};

impl SqliteStore {
    /// A call is not counted when the very next move says that the platform did not take it.
    pub(crate) async fn read_final_calls(&self, since: Timestamp) -> Result<Vec<FinalCall>, Problem> {
        sqlx::query(
            "SELECT call.publication_id AS publication_id, publications.account_id AS account_id, call.at AS at
             FROM publication_events AS call
             JOIN publications ON publications.id = call.publication_id
             WHERE call.to_state = 'publishing' AND call.at > ?
               AND coalesce((SELECT next.to_state FROM publication_events AS next
                             WHERE next.publication_id = call.publication_id AND next.sequence > call.sequence
                             ORDER BY next.sequence LIMIT 1), '')
                   NOT IN ('staged', 'ready', 'failed', 'needs_user')
             ORDER BY call.at, call.sequence",
        )
        .bind(micros(since))
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(final_call)
        .collect()
    }

    pub(crate) async fn read_alike(
        &self,
        account: AccountId,
        asset: AssetId,
        except: PostId,
    ) -> Result<Vec<Publication>, Problem> {
        sqlx::query(
            "SELECT publications.* FROM publications
             JOIN posts ON posts.id = publications.post_id
             JOIN assets ON assets.id = posts.asset_id
             WHERE publications.account_id = ? AND posts.id <> ?
               AND (posts.deleted_at IS NULL OR publications.state = 'published')
               AND (assets.id = ? OR json_extract(assets.identity, '$.content_hash') =
                    (SELECT json_extract(identity, '$.content_hash') FROM assets WHERE id = ?))
             ORDER BY publications.updated_at DESC",
        )
        .bind(account.to_string())
        .bind(except.to_string())
        .bind(asset.to_string())
        .bind(asset.to_string())
        .fetch_all(self.connections.readers())
        .await
        .map_err(|error| from_sqlx(&error))?
        .iter()
        .map(publication_from)
        .collect()
    }
}

fn final_call(row: &SqliteRow) -> Result<FinalCall, Problem> {
    Ok(FinalCall {
        publication_id: parsed(row, "publication_id")?,
        account_id: parsed(row, "account_id")?,
        at: timestamp(row, "at")?,
    })
}
