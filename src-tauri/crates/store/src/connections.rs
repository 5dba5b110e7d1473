//! The connections to one file: a single writer, because SQLite has one, and a few readers.

use std::{path::Path, time::Duration};

use daypart_domain::problem::Problem;
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::problems::from_sqlx;

/// How long a write waits for another process's write. Ours are short; a copy before a migration is not.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
const READERS_MAX: u32 = 3;

/// Pools over one file. Writers queue inside the process, so that only other processes are waited for by
/// SQLite's own (sleeping) means.
#[derive(Debug, Clone)]
pub struct Connections {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// How every connection is opened. `FULL` makes a commit wait for the disk: an intent that is recorded before
/// an irreversible call has to survive a power cut.
pub fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .synchronous(SqliteSynchronous::Full)
}

impl Connections {
    /// Connects to an existing database, or makes an empty one when `create` is set.
    pub async fn open(path: &Path, create: bool) -> Result<Self, Problem> {
        let writing = options(path)
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal);
        let writer = pool(1)
            .connect_with(writing)
            .await
            .map_err(|error| from_sqlx(&error))?;
        let readers = pool(READERS_MAX).connect_lazy_with(options(path).pragma("query_only", "ON"));
        Ok(Self { writer, readers })
    }

    pub fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    pub fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// A transaction that holds the write lock from its first statement: what it reads stays true until it
    /// commits, and it never fails half way for want of the lock.
    pub async fn write(&self) -> Result<Transaction<'static, Sqlite>, Problem> {
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(|error| from_sqlx(&error))
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn pool(connections_max: u32) -> SqlitePoolOptions {
    // Connections are kept for good: reopening one costs more than it holds.
    SqlitePoolOptions::new()
        .max_connections(connections_max)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Ends a transaction; only now is anything of it true.
pub async fn commit(transaction: Transaction<'static, Sqlite>) -> Result<(), Problem> {
    transaction.commit().await.map_err(|error| from_sqlx(&error))
}
