//! Opening the file: whose it is, what form it has, and whether it is whole.

use std::path::Path;

use daypart_domain::problem::Problem;
use sqlx::{Connection, Row, SqliteConnection, migrate::Migrator};

use crate::{
    backup,
    connections::{Connections, options},
    migrations,
    problems::{damaged, from_sqlx, newer, not_ready, older},
};

/// What this process may do with the form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Holds the instance lock: makes the file, and brings an older one up to date.
    Owner,
    /// Works beside an owner: takes the file as it is or not at all.
    Guest,
}

/// The record. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pub(crate) connections: Connections,
}

impl SqliteStore {
    /// Opens the database at `path`; its folder must exist.
    ///
    /// An owner makes a missing file, and copies an older one into `backups/` (the last three copies are kept)
    /// before it brings it up to date. A guest changes nothing about the form.
    ///
    /// # Errors
    /// `store.newer`: made by a newer version; the file is left untouched. `store.older`, `store.not_ready`:
    /// a guest came upon an older or a missing file. `store.corrupt`: not a database, or a damaged one; it is
    /// left as it is. `store.unavailable`, `disk.full`.
    pub async fn open(path: &Path, role: Role) -> Result<Self, Problem> {
        Self::open_with(path, role, &migrations::migrator()).await
    }

    pub(crate) async fn open_with(path: &Path, role: Role, migrator: &Migrator) -> Result<Self, Problem> {
        let known = migrations::latest(migrator);
        let found = match form_of(path).await? {
            Some(form) if form > known => return Err(newer(path, form, known)),
            Some(form) => form,
            None if role == Role::Guest => return Err(not_ready(path)),
            None => 0,
        };
        if role == Role::Guest && found < known {
            return Err(if found == 0 {
                not_ready(path)
            } else {
                older(path, found, known)
            });
        }
        let connections = Connections::open(path, role == Role::Owner).await?;
        if role == Role::Owner {
            check_whole(&connections).await?;
            if found < known {
                if found > 0 {
                    backup::copy_before_migration(connections.writer(), path, found).await?;
                }
                migrator
                    .run(connections.writer())
                    .await
                    .map_err(|error| migration_problem(&error))?;
            }
        }
        Ok(Self { connections })
    }

    /// Waits for running statements and closes the file. Dropping the store is as safe, only less tidy.
    pub async fn close(&self) {
        self.connections.close().await;
    }
}

/// The form of an existing file without changing a byte of it: `None` when there is no file, 0 when it is an
/// empty database.
async fn form_of(path: &Path) -> Result<Option<i64>, Problem> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        // An owner died between making the file and its first page.
        Ok(metadata) if metadata.len() == 0 => return Ok(Some(0)),
        _ => {}
    }
    let mut connection = SqliteConnection::connect_with(&options(path).read_only(true))
        .await
        .map_err(|error| from_sqlx(&error))?;
    let form = read_form(&mut connection)
        .await
        .map_err(|error| from_sqlx(&error));
    // Nothing was written; an error on closing says nothing that matters here.
    let _ = connection.close().await;
    form.map(Some)
}

async fn read_form(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let migrated = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_optional(&mut *connection)
        .await?
        .is_some();
    if !migrated {
        return Ok(0);
    }
    sqlx::query("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await?
        .try_get(0)
}

async fn check_whole(connections: &Connections) -> Result<(), Problem> {
    let verdict: String = sqlx::query("PRAGMA quick_check(1)")
        .fetch_one(connections.writer())
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|error| from_sqlx(&error))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(damaged("Daypart's database is damaged.").detail(verdict))
    }
}

fn migration_problem(error: &sqlx::migrate::MigrateError) -> Problem {
    match error {
        sqlx::migrate::MigrateError::Execute(cause)
        | sqlx::migrate::MigrateError::ExecuteMigration(cause, _) => {
            from_sqlx(cause).detail("while the form of the database was being changed")
        }
        _ => Problem::bug("the form of the database could not be changed").caused_by(error),
    }
}

#[cfg(test)]
mod tests;
