//! Files of every age and condition.

use std::{
    fs,
    path::{Path, PathBuf},
};

use daypart_ports::store::SettingStore;
use sqlx::migrate::Migrator;

use super::*;
use crate::migrations::migration;

struct Place {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place {
        path: folder.path().join("daypart.db"),
        _folder: folder,
    }
}

/// The migrations of a Daypart that knows `version` forms, the first of which is ours.
fn daypart_of(version: i64) -> Migrator {
    let mut known: Vec<_> = migrations::migrator().iter().cloned().collect();
    for later in known.len() as i64 + 1..=version {
        let sql = format!("CREATE TABLE later_{later} (x TEXT); INSERT INTO later_{later} VALUES ('made');");
        known.push(migration(later, "later", Box::leak(sql.into_boxed_str())));
    }
    known.truncate(usize::try_from(version).unwrap());
    Migrator::with_migrations(known)
}

async fn made_by(path: &Path, version: i64) {
    let store = SqliteStore::open_with(path, Role::Owner, &daypart_of(version))
        .await
        .unwrap();
    store.put_setting("made by", &version.to_string()).await.unwrap();
    store.close().await;
}

fn copies(path: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(backup::folder_of(path)) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_new_file_is_made_in_the_newest_form_without_a_copy() {
    let place = place();
    let store = SqliteStore::open(&place.path, Role::Owner).await.unwrap();
    store.put_setting("zone", "Europe/Berlin").await.unwrap();
    store.close().await;
    assert!(copies(&place.path).is_empty());

    let again = SqliteStore::open(&place.path, Role::Owner).await.unwrap();
    assert_eq!(
        again.setting("zone").await.unwrap().as_deref(),
        Some("Europe/Berlin")
    );
    assert!(copies(&place.path).is_empty(), "nothing was migrated");
}

#[tokio::test]
async fn an_older_file_is_copied_whole_and_then_brought_up_to_date() {
    let place = place();
    made_by(&place.path, 1).await;
    let store = SqliteStore::open_with(&place.path, Role::Owner, &daypart_of(2))
        .await
        .unwrap();
    assert_eq!(store.setting("made by").await.unwrap().as_deref(), Some("1"));
    assert_eq!(copies(&place.path), ["0001-schema-1.db"]);

    // The copy is a working database of the old form.
    let copy = backup::folder_of(&place.path).join("0001-schema-1.db");
    let old = SqliteStore::open_with(&copy, Role::Owner, &daypart_of(1))
        .await
        .unwrap();
    assert_eq!(old.setting("made by").await.unwrap().as_deref(), Some("1"));
}

#[tokio::test]
async fn what_still_stands_in_the_write_ahead_log_is_in_the_copy() {
    let place = place();
    let store = SqliteStore::open_with(&place.path, Role::Owner, &daypart_of(1))
        .await
        .unwrap();
    store.put_setting("unflushed", "yes").await.unwrap();
    // A process that was killed leaves file and log as they are.
    let killed = place.path.with_file_name("killed.db");
    for ending in ["", "-wal"] {
        fs::copy(
            format!("{}{ending}", place.path.display()),
            format!("{}{ending}", killed.display()),
        )
        .unwrap();
    }
    SqliteStore::open_with(&killed, Role::Owner, &daypart_of(2))
        .await
        .unwrap();
    let copy = backup::folder_of(&killed).join("0001-schema-1.db");
    let old = SqliteStore::open_with(&copy, Role::Owner, &daypart_of(1))
        .await
        .unwrap();
    assert_eq!(old.setting("unflushed").await.unwrap().as_deref(), Some("yes"));
}

#[tokio::test]
async fn the_last_three_copies_are_kept() {
    let place = place();
    for version in 1..=6 {
        made_by(&place.path, version).await;
    }
    assert_eq!(
        copies(&place.path),
        ["0003-schema-3.db", "0004-schema-4.db", "0005-schema-5.db"]
    );
}

#[tokio::test]
async fn a_copy_that_was_interrupted_does_not_count() {
    let place = place();
    made_by(&place.path, 1).await;
    fs::create_dir(backup::folder_of(&place.path)).unwrap();
    fs::write(
        backup::folder_of(&place.path).join("0001-schema-1.db.partial"),
        b"half",
    )
    .unwrap();
    made_by(&place.path, 2).await;
    assert_eq!(copies(&place.path), ["0001-schema-1.db"]);
}

#[tokio::test]
async fn no_copy_no_migration() {
    let place = place();
    made_by(&place.path, 1).await;
    // A file where the folder should be.
    fs::write(backup::folder_of(&place.path), b"in the way").unwrap();
    let problem = SqliteStore::open_with(&place.path, Role::Owner, &daypart_of(2))
        .await
        .unwrap_err();
    assert_eq!(problem.code.as_str(), "store.unavailable");
    let untouched = SqliteStore::open_with(&place.path, Role::Owner, &daypart_of(1))
        .await
        .unwrap();
    assert_eq!(untouched.setting("made by").await.unwrap().as_deref(), Some("1"));
}

#[tokio::test]
async fn a_migration_that_fails_leaves_the_old_form() {
    let place = place();
    made_by(&place.path, 1).await;
    let mut broken: Vec<_> = daypart_of(1).iter().cloned().collect();
    broken.push(migration(
        2,
        "broken",
        "CREATE TABLE half (x TEXT); INSERT INTO nowhere VALUES (1);",
    ));
    let problem = SqliteStore::open_with(&place.path, Role::Owner, &Migrator::with_migrations(broken))
        .await
        .unwrap_err();
    assert_eq!(problem.code.as_str(), "daypart.bug");
    assert_eq!(form_of(&place.path).await.unwrap(), Some(1));
    made_by(&place.path, 2).await;
}

#[tokio::test]
async fn a_newer_file_is_refused_in_words_and_left_untouched() {
    let place = place();
    made_by(&place.path, 2).await;
    let before = fs::read(&place.path).unwrap();
    for role in [Role::Owner, Role::Guest] {
        let problem = SqliteStore::open_with(&place.path, role, &daypart_of(1))
            .await
            .unwrap_err();
        assert_eq!(problem.code.as_str(), "store.newer");
        assert!(
            problem.message.contains("newer version of Daypart"),
            "{}",
            problem.message
        );
        assert!(problem.message.contains("daypart.db"), "{}", problem.message);
    }
    assert_eq!(fs::read(&place.path).unwrap(), before);
    assert!(copies(&place.path).is_empty());
    made_by(&place.path, 2).await;
}

#[tokio::test]
async fn a_guest_changes_no_form() {
    let place = place();
    let absent = SqliteStore::open(&place.path, Role::Guest).await.unwrap_err();
    assert_eq!(absent.code.as_str(), "store.not_ready");
    assert!(!place.path.exists(), "a guest makes no file");

    fs::write(&place.path, b"").unwrap();
    let empty = SqliteStore::open(&place.path, Role::Guest).await.unwrap_err();
    assert_eq!(empty.code.as_str(), "store.not_ready");
    fs::remove_file(&place.path).unwrap();

    made_by(&place.path, 1).await;
    let older = SqliteStore::open_with(&place.path, Role::Guest, &daypart_of(2))
        .await
        .unwrap_err();
    assert_eq!(older.code.as_str(), "store.older");
    assert_eq!(form_of(&place.path).await.unwrap(), Some(1));

    let guest = SqliteStore::open_with(&place.path, Role::Guest, &daypart_of(1))
        .await
        .unwrap();
    guest.put_setting("by", "guest").await.unwrap();
    assert_eq!(guest.setting("by").await.unwrap().as_deref(), Some("guest"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_kept() {
    let place = place();
    let text = "This is a letter and no database. ".repeat(200);
    fs::write(&place.path, &text).unwrap();
    for role in [Role::Owner, Role::Guest] {
        let problem = SqliteStore::open(&place.path, role).await.unwrap_err();
        assert_eq!(problem.code.as_str(), "store.corrupt");
        assert!(problem.fix.is_some_and(|fix| fix.contains("backups")));
    }
    assert_eq!(fs::read_to_string(&place.path).unwrap(), text);
}

#[tokio::test]
async fn a_damaged_database_is_noticed_before_anything_is_written() {
    let place = place();
    let store = SqliteStore::open(&place.path, Role::Owner).await.unwrap();
    for number in 0..300 {
        store
            .put_setting(&format!("key {number}"), &"value ".repeat(20))
            .await
            .unwrap();
    }
    store.close().await;
    let mut bytes = fs::read(&place.path).unwrap();
    // Every page but the first, whose header and schema still look right.
    for byte in bytes.iter_mut().skip(4096) {
        *byte ^= 0x5a;
    }
    fs::write(&place.path, &bytes).unwrap();
    let problem = SqliteStore::open(&place.path, Role::Owner).await.unwrap_err();
    assert_eq!(problem.code.as_str(), "store.corrupt", "{problem:?}");
    assert_eq!(fs::read(&place.path).unwrap(), bytes);
}

#[tokio::test]
async fn a_missing_folder_is_a_problem_that_names_no_bug() {
    let place = place();
    let problem = SqliteStore::open(&place.path.join("deeper/daypart.db"), Role::Owner)
        .await
        .unwrap_err();
    assert_eq!(problem.code.as_str(), "store.unavailable", "{problem:?}");
}

#[tokio::test]
async fn a_commit_waits_for_the_disk_and_references_are_enforced() {
    let place = place();
    let store = SqliteStore::open(&place.path, Role::Owner).await.unwrap();
    // FULL is 2: https://www.sqlite.org/pragma.html#pragma_synchronous.
    for (pragma, expected) in [("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1)] {
        let row = sqlx::query(pragma)
            .fetch_one(store.connections.writer())
            .await
            .unwrap();
        assert_eq!(row.get::<i64, _>(0), expected, "{pragma}");
    }
    let row = sqlx::query("PRAGMA journal_mode")
        .fetch_one(store.connections.writer())
        .await
        .unwrap();
    assert_eq!(row.get::<String, _>(0), "wal");
}
