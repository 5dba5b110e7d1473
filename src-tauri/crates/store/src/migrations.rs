//! The forms the record had, oldest first. A migration that was released is never edited.

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

const SCRIPTS: &[(i64, &str, &str)] = &[
    (1, "the record", include_str!("../migrations/0001_the_record.sql")),
    (2, "edits", include_str!("../migrations/0002_edits.sql")),
    (
        3,
        "account limits",
        include_str!("../migrations/0003_account_limits.sql"),
    ),
    (4, "wishes", include_str!("../migrations/0004_wishes.sql")),
    (
        5,
        "hand-off and extras",
        include_str!("../migrations/0005_hand_off_and_extras.sql"),
    ),
    (6, "rounds", include_str!("../migrations/0006_rounds.sql")),
    (7, "transfers", include_str!("../migrations/0007_transfers.sql")),
    (8, "late", include_str!("../migrations/0008_late.sql")),
];

pub fn migrator() -> Migrator {
    Migrator::with_migrations(
        SCRIPTS
            .iter()
            .map(|(version, description, sql)| migration(*version, description, sql))
            .collect(),
    )
}

/// The newest form a migrator knows; 0 for none.
pub fn latest(migrator: &Migrator) -> i64 {
    migrator
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

pub fn migration(version: i64, description: &'static str, sql: &'static str) -> Migration {
    Migration::new(
        version,
        description.into(),
        MigrationType::Simple,
        sql.into_sql_str(),
        false,
    )
}
