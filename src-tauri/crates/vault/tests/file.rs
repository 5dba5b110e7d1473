//! The encrypted file keeps every promise of a vault, and some of its own.

#![allow(clippy::unwrap_used, reason = "a broken step ends the test")]

use std::path::Path;

use daypart_domain::{ids::AccountId, problem::Problem};
use daypart_ports::{
    conformance::vault,
    fakes::MemoryVault,
    secrets::{SecretName, SecretVault},
};
use daypart_vault::FileVault;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

async fn open(path: &Path, passphrase: &str) -> Result<FileVault, Problem> {
    FileVault::open(path, SecretString::from(passphrase)).await
}

fn name() -> SecretName {
    SecretName::grant(AccountId::from_uuid(Uuid::from_u128(1)))
}

#[tokio::test]
async fn it_keeps_the_promises_of_a_vault() {
    let folder = tempfile::tempdir().unwrap();
    vault::all(&open(&folder.path().join("vault.json"), "pass").await.unwrap()).await;
}

#[tokio::test]
async fn the_fake_in_memory_keeps_them_too() {
    vault::all(&MemoryVault::default()).await;
}

#[tokio::test]
async fn secrets_survive_a_restart_and_are_shared_between_processes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new folder/vault.json");
    let owner = open(&path, "pass").await.unwrap();
    let guest = open(&path, "pass").await.unwrap();
    owner.put(&name(), SecretString::from("token")).await.unwrap();
    let seen = guest.get(&name()).await.unwrap().expect("the guest must see it");
    assert_eq!(seen.expose_secret(), "token");
}

#[tokio::test]
async fn a_wrong_passphrase_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.json");
    let vault = open(&path, "right").await.unwrap();
    vault.put(&name(), SecretString::from("token")).await.unwrap();
    for wrong in ["wrong", ""] {
        let problem = open(&path, wrong).await.err().expect("must not open");
        assert_eq!(problem.code.as_str(), "vault.wrong_passphrase");
        assert!(problem.fix.is_some());
    }
    assert!(
        open(&path, "right")
            .await
            .unwrap()
            .get(&name())
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_damaged_file_is_neither_read_nor_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.json");
    std::fs::write(&path, b"not a vault").unwrap();
    let problem = open(&path, "pass").await.err().expect("must not open");
    assert_eq!(problem.code.as_str(), "vault.damaged");
    assert_eq!(std::fs::read(&path).unwrap(), b"not a vault");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_file_and_it_shows_no_secret() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.json");
    let vault = open(&path, "my-phrase").await.unwrap();
    vault
        .put(&name(), SecretString::from("act.very-secret"))
        .await
        .unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned();
        assert!(!text.contains("very-secret") && !text.contains("my-phrase"));
    }
}
