//! A vault in memory.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use daypart_domain::problem::{Problem, UserAction, codes};
use secrecy::{ExposeSecret, SecretString};

use crate::secrets::{SecretName, SecretVault};

/// Keeps secrets until it is dropped.
#[derive(Default)]
pub struct MemoryVault {
    secrets: Mutex<BTreeMap<String, SecretString>>,
    locked: AtomicBool,
}

impl MemoryVault {
    /// While locked every call is `vault.unavailable`, like a locked keychain.
    pub fn set_locked(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    /// Every value that is in here now, for tests that search logs and files for them.
    pub fn values(&self) -> Vec<String> {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets
            .values()
            .map(|secret| secret.expose_secret().to_owned())
            .collect()
    }

    fn opened(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<String, SecretString>>, Problem> {
        if self.locked.load(Ordering::SeqCst) {
            return Err(Problem::needs_user(
                codes::VAULT_UNAVAILABLE,
                UserAction::UnlockKeychain,
                "The keychain is locked.",
            )
            .fix("Unlock it, then try again."));
        }
        Ok(self.secrets.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl SecretVault for MemoryVault {
    async fn get(&self, name: &SecretName) -> Result<Option<SecretString>, Problem> {
        Ok(self.opened()?.get(name.as_str()).cloned())
    }

    async fn put(&self, name: &SecretName, value: SecretString) -> Result<(), Problem> {
        self.opened()?.insert(name.as_str().to_owned(), value);
        Ok(())
    }

    async fn delete(&self, name: &SecretName) -> Result<(), Problem> {
        self.opened()?.remove(name.as_str());
        Ok(())
    }

    fn description(&self) -> String {
        "memory".into()
    }
}
