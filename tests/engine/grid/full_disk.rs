//! A record that cannot be written: the database itself refuses it, exactly where the step would leave its mark.

use std::path::Path;

use daypart_tests::grid::Step;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

/// The statements that fail while the disk is full.
const fn refused(step: Step) -> &'static str {
    match step {
        Step::Probe => "UPDATE OF facts ON assets WHEN new.state <> 'probing'",
        Step::Prepare => "UPDATE OF state ON publications WHEN new.state = 'ready'",
        Step::Open => "INSERT ON uploads",
        Step::Upload => "UPDATE OF state ON publications WHEN new.state = 'staged'",
        Step::Publish | Step::Refresh => "UPDATE OF state ON publications WHEN new.state = 'confirming'",
        Step::HandOver => "UPDATE OF state ON publications WHEN new.state = 'handed_off'",
        Step::Confirm => "UPDATE OF state ON publications WHEN new.state = 'published'",
        Step::Reconcile => "UPDATE OF state ON publications WHEN old.state = 'in_doubt'",
        Step::Amend => "UPDATE OF problem ON publications WHEN new.state = 'handed_off'",
        Step::Extras => "UPDATE OF extras ON publications WHEN new.extras LIKE '%done%'",
    }
}

pub struct FullDisk(SqliteConnection);

impl FullDisk {
    pub async fn at(database: &Path, step: Step) -> Self {
        let mut connection = SqliteConnectOptions::new()
            .filename(database)
            .connect()
            .await
            .unwrap();
        let trigger = format!(
            "CREATE TRIGGER full_disk BEFORE {} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
            refused(step)
        );
        sqlx::query(sqlx::AssertSqlSafe(trigger))
            .execute(&mut connection)
            .await
            .unwrap();
        Self(connection)
    }

    /// Somebody made room.
    pub async fn freed(mut self) {
        sqlx::query("DROP TRIGGER full_disk")
            .execute(&mut self.0)
            .await
            .unwrap();
        self.0.close().await.unwrap();
    }
}
