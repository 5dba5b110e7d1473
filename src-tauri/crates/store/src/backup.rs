//! A copy of the record before its form changes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use daypart_domain::problem::{Problem, UserAction, codes};
use sqlx::SqlitePool;

use crate::problems::{UNAVAILABLE, from_sqlx};

/// How many copies are kept.
const KEPT: usize = 3;

/// Writes a complete copy into `backups/` beside the database and forgets all but the newest copies. Returns
/// once the copy is whole and on disk. Copies are named `NNNN-schema-V.db`, numbered upwards.
pub async fn copy_before_migration(
    pool: &SqlitePool,
    database: &Path,
    version: i64,
) -> Result<PathBuf, Problem> {
    let folder = folder_of(database);
    fs::create_dir_all(&folder).map_err(|error| io_problem(&folder, &error))?;
    let number = copies(&folder)?.last().map_or(1, |(number, _)| number + 1);
    let copy = folder.join(format!("{number:04}-schema-{version}.db"));
    let partial = folder.join(format!("{number:04}-schema-{version}.db.partial"));
    // Left by a process that died while it copied.
    let _ = fs::remove_file(&partial);
    sqlx::query("VACUUM INTO ?")
        .bind(partial.to_string_lossy().into_owned())
        .execute(pool)
        .await
        .map_err(|error| from_sqlx(&error))?;
    fs::File::open(&partial)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&partial, &copy))
        .map_err(|error| io_problem(&copy, &error))?;
    let mut all = copies(&folder)?;
    all.truncate(all.len().saturating_sub(KEPT));
    for (_, old) in all {
        if let Err(error) = fs::remove_file(&old) {
            tracing::warn!(path = %old.display(), %error, "an old copy of the database could not be removed");
        }
    }
    tracing::info!(path = %copy.display(), "copied the database before changing its form");
    Ok(copy)
}

pub fn folder_of(database: &Path) -> PathBuf {
    database.with_file_name("backups")
}

/// Whole copies with their numbers, oldest first.
fn copies(folder: &Path) -> Result<Vec<(u32, PathBuf)>, Problem> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| io_problem(folder, &error))? {
        let path = entry.map_err(|error| io_problem(folder, &error))?.path();
        let number = path
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|name| name.ends_with(".db"))
            .and_then(|name| name.split_once("-schema-"))
            .and_then(|(number, _)| number.parse().ok());
        if let Some(number) = number {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}

fn io_problem(path: &Path, error: &std::io::Error) -> Problem {
    let place = path.display();
    if error.kind() == std::io::ErrorKind::StorageFull {
        Problem::needs_user(
            codes::DISK_FULL,
            UserAction::FreeDisk,
            format!("The disk is full, so the database could not be copied to {place} before the update."),
        )
        .fix("Free some space and start Daypart again. Nothing was changed.")
    } else {
        Problem::transient(
            UNAVAILABLE,
            format!("The database could not be copied to {place} before the update, so it was not updated."),
        )
    }
    .caused_by(error)
}
