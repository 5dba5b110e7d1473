//! Owner and guests tell one another that something changed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::{os::unix::fs::PermissionsExt, path::Path, time::Duration};

use daypart_host::{InstanceLock, LockOutcome, WakeGuest, WakeHub};

fn lock(folder: &Path) -> InstanceLock {
    match InstanceLock::try_acquire(folder, "owner").unwrap() {
        LockOutcome::Acquired(lock) => lock,
        LockOutcome::Held(holder) => panic!("held by {holder}"),
    }
}

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .unwrap_or_else(|_| panic!("waited too long for {what}"))
}

/// A guest that has been let in.
async fn guest(folder: &Path) -> WakeGuest {
    let guest = WakeGuest::connect(folder).await.unwrap();
    soon("the greeting", guest.changed()).await.unwrap();
    guest
}

#[tokio::test]
async fn a_nudge_reaches_the_owner_and_an_announcement_every_guest() {
    let folder = tempfile::tempdir().unwrap();
    let lock = lock(folder.path());
    let hub = WakeHub::bind(folder.path(), &lock).unwrap();
    let (one, two) = (guest(folder.path()).await, guest(folder.path()).await);

    one.nudge().await.unwrap();
    soon("the nudge", hub.nudged()).await;

    hub.announce();
    soon("guest one", one.changed()).await.unwrap();
    soon("guest two", two.changed()).await.unwrap();
}

#[tokio::test]
async fn a_nudge_before_the_owner_listens_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let lock = lock(folder.path());
    let hub = WakeHub::bind(folder.path(), &lock).unwrap();
    // Not even let in yet, and gone again at once.
    let guest = WakeGuest::connect(folder.path()).await.unwrap();
    guest.nudge().await.unwrap();
    drop(guest);
    soon("the nudge", hub.nudged()).await;
}

#[tokio::test]
async fn a_guest_learns_that_the_owner_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let lock = lock(folder.path());
    let hub = WakeHub::bind(folder.path(), &lock).unwrap();
    let guest = guest(folder.path()).await;
    drop(hub);
    let problem = soon("the end", guest.changed()).await.unwrap_err();
    assert_eq!(problem.code.as_str(), "host.wake_socket");
}

#[tokio::test]
async fn a_socket_file_of_a_dead_owner_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    // What SIGKILL leaves: the file without anybody behind it.
    drop(std::os::unix::net::UnixListener::bind(folder.path().join("daypart.sock")).unwrap());
    assert!(WakeGuest::connect(folder.path()).await.is_err());

    let lock = lock(folder.path());
    let hub = WakeHub::bind(folder.path(), &lock).unwrap();
    let guest = guest(folder.path()).await;
    guest.nudge().await.unwrap();
    soon("the nudge", hub.nudged()).await;
}

#[tokio::test]
async fn only_this_user_may_use_the_socket() {
    let folder = tempfile::tempdir().unwrap();
    let lock = lock(folder.path());
    let _hub = WakeHub::bind(folder.path(), &lock).unwrap();
    let mode = std::fs::metadata(folder.path().join("daypart.sock"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn nobody_there_is_a_problem_that_passes() {
    let folder = tempfile::tempdir().unwrap();
    let problem = WakeGuest::connect(folder.path()).await.unwrap_err();
    assert_eq!(problem.retry, daypart_domain::problem::RetryClass::Transient);
}
