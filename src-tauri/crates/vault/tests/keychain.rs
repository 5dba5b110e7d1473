//! The keychain of this session. `tests/keychain.sh` starts one of its own and runs this; run elsewhere it works on
//! the keychain of whoever runs it, under names that no Daypart uses.

#![allow(clippy::unwrap_used, reason = "a broken step ends the test")]

use std::time::{Duration, Instant};

use daypart_domain::{ids::AccountId, problem::codes};
use daypart_ports::{
    conformance::vault,
    secrets::{SecretName, SecretVault},
};
use daypart_vault::KeychainVault;
use secrecy::SecretString;
use uuid::Uuid;

fn name() -> SecretName {
    SecretName::grant(AccountId::from_uuid(Uuid::from_u128(1)))
}

/// What to expect is told by `tests/keychain.sh`; without it, that every call ends in time with a clear problem or
/// an answer.
#[tokio::test]
async fn the_keychain_keeps_the_promises_of_a_vault_or_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let keychain = KeychainVault::new(folder.path());
    match std::env::var("DAYPART_TEST_KEYCHAIN").as_deref() {
        Ok("unlocked") => {
            vault::all(&keychain).await;
            two_data_folders_do_not_share_secrets(&keychain).await;
        }
        Ok("absent") => {
            let problem = keychain.get(&name()).await.expect_err("there is no keychain");
            assert_eq!(problem.code, codes::VAULT_UNAVAILABLE);
            assert!(problem.fix.is_some());
        }
        _ => {
            let started = Instant::now();
            if let Err(problem) = keychain.get(&name()).await {
                assert_eq!(problem.code, codes::VAULT_UNAVAILABLE);
            }
            assert!(
                started.elapsed() < Duration::from_secs(8),
                "a call must end within seconds"
            );
        }
    }
}

async fn two_data_folders_do_not_share_secrets(first: &KeychainVault) {
    let folder = tempfile::tempdir().unwrap();
    let second = KeychainVault::new(folder.path());
    first.put(&name(), SecretString::from("mine")).await.unwrap();
    assert!(second.get(&name()).await.unwrap().is_none());
    first.delete(&name()).await.unwrap();
}
