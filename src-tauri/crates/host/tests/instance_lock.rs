//! One owner per data folder, across processes.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use daypart_host::{InstanceLock, LockOutcome};

const FOLDER_FOR_THE_OTHER_PROCESS: &str = "DAYPART_TEST_LOCK_FOLDER";

/// Runs inside the other process: takes the lock, says so, and holds it until it is killed.
#[test]
fn as_the_other_process() {
    let Some(folder) = std::env::var_os(FOLDER_FOR_THE_OTHER_PROCESS) else {
        return;
    };
    let outcome = InstanceLock::try_acquire(Path::new(&folder), "the window").unwrap();
    assert!(matches!(outcome, LockOutcome::Acquired(_)));
    println!("\nlocked");
    loop {
        std::thread::park();
    }
}

fn other_process(folder: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "as_the_other_process", "--nocapture"])
        .env(FOLDER_FOR_THE_OTHER_PROCESS, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(
        lines.map_while(Result::ok).any(|line| line == "locked"),
        "the other process ended without the lock"
    );
    child
}

#[test]
fn a_second_process_is_told_who_the_owner_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = other_process(folder.path());

    let LockOutcome::Held(holder) = InstanceLock::try_acquire(folder.path(), "daypart list").unwrap() else {
        panic!("two owners");
    };
    assert_eq!(holder.process_id, Some(owner.id()));
    assert_eq!(holder.name.as_deref(), Some("the window"));
    assert_eq!(holder.to_string(), format!("the window (process {})", owner.id()));

    owner.kill().unwrap();
    owner.wait().unwrap();
}

#[test]
fn the_lock_of_a_killed_process_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let mut owner = other_process(folder.path());
    owner.kill().unwrap();
    owner.wait().unwrap();

    let outcome = InstanceLock::try_acquire(folder.path(), "daypart list").unwrap();
    assert!(matches!(outcome, LockOutcome::Acquired(_)), "{outcome:?}");
}

#[test]
fn a_lock_that_was_let_go_is_free() {
    let folder = tempfile::tempdir().unwrap();
    drop(InstanceLock::try_acquire(folder.path(), "one").unwrap());
    let outcome = InstanceLock::try_acquire(folder.path(), "two").unwrap();
    assert!(matches!(outcome, LockOutcome::Acquired(_)), "{outcome:?}");
}

#[test]
fn a_missing_folder_is_a_problem_and_not_a_holder() {
    let folder = tempfile::tempdir().unwrap();
    let problem = InstanceLock::try_acquire(&folder.path().join("gone"), "one").unwrap_err();
    assert_eq!(problem.code.as_str(), "host.lock");
}
