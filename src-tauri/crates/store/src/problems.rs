//! SQLite's errors as problems.

use std::path::Path;

use daypart_domain::problem::{ErrorCode, Problem, UserAction, codes};

pub const UNAVAILABLE: ErrorCode = ErrorCode::new("store.unavailable");
pub const NEWER: ErrorCode = ErrorCode::new("store.newer");
pub const OLDER: ErrorCode = ErrorCode::new("store.older");
pub const NOT_READY: ErrorCode = ErrorCode::new("store.not_ready");
pub const CORRUPT: ErrorCode = ErrorCode::new("store.corrupt");
pub const POST_BUSY: ErrorCode = ErrorCode::new("post.busy");
pub const POST_DUPLICATE: ErrorCode = ErrorCode::new("post.duplicate_destination");

// Primary result codes, https://www.sqlite.org/rescode.html.
const SQLITE_BUSY: i64 = 5;
const SQLITE_LOCKED: i64 = 6;
const SQLITE_READONLY: i64 = 8;
const SQLITE_IOERR: i64 = 10;
const SQLITE_CORRUPT: i64 = 11;
const SQLITE_FULL: i64 = 13;
const SQLITE_CANTOPEN: i64 = 14;
const SQLITE_NOTADB: i64 = 26;

/// The problem behind an error of sqlx.
pub fn from_sqlx(error: &sqlx::Error) -> Problem {
    match primary_code(error) {
        Some(SQLITE_FULL) => Problem::needs_user(
            codes::DISK_FULL,
            UserAction::FreeDisk,
            "The disk is full, so Daypart could not save.",
        )
        .fix("Free some space, then try again. Nothing that was saved before is lost."),
        Some(SQLITE_CORRUPT | SQLITE_NOTADB) => damaged("Daypart's database is damaged."),
        Some(SQLITE_BUSY | SQLITE_LOCKED) => {
            Problem::transient(UNAVAILABLE, "Daypart's database is in use by another program.")
        }
        Some(SQLITE_READONLY | SQLITE_IOERR | SQLITE_CANTOPEN) => Problem::transient(
            UNAVAILABLE,
            "Daypart's database cannot be read or written just now.",
        )
        .fix("Check that the disk is there and that its folder may be written to."),
        Some(_) | None => match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => {
                Problem::transient(UNAVAILABLE, "Daypart's database does not answer just now.")
            }
            _ => Problem::bug("the database refused a statement"),
        },
    }
    .caused_by(error)
}

/// A value on disk that this version cannot make sense of.
pub fn unreadable(what: &str, error: &dyn std::error::Error) -> Problem {
    Problem::bug(format!("the record's {what} could not be read")).caused_by(error)
}

pub fn damaged(message: impl Into<String>) -> Problem {
    Problem::permanent(CORRUPT, message).fix(
        "Nothing was changed. Copies made before updates are in the folder “backups” beside the database; put one \
         in its place, or move the damaged file away to start with an empty record.",
    )
}

pub fn newer(path: &Path, found: i64, known: i64) -> Problem {
    Problem::permanent(
        NEWER,
        format!(
            "The database {} was made by a newer version of Daypart; this version cannot read it and has left it \
             as it was.",
            path.display()
        ),
    )
    .fix("Install the newest version of Daypart.")
    .detail(format!("schema {found} found, {known} known"))
}

pub fn older(path: &Path, found: i64, known: i64) -> Problem {
    Problem::permanent(
        OLDER,
        format!(
            "The Daypart that is running was made before this one, and the database {} is still in its form.",
            path.display()
        ),
    )
    .fix("Quit the running Daypart and start the new one.")
    .detail(format!("schema {found} found, {known} known"))
}

pub fn not_ready(path: &Path) -> Problem {
    Problem::transient(
        NOT_READY,
        format!(
            "The database {} is not there yet; Daypart may just be starting.",
            path.display()
        ),
    )
    .fix("Try again in a moment.")
}

pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

fn primary_code(error: &sqlx::Error) -> Option<i64> {
    let extended: i64 = error.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xff)
}
