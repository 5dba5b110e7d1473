//! The keychain of the operating system: Secret Service, Keychain Services, Credential Manager.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use daypart_domain::problem::Problem;
use daypart_ports::secrets::{SecretName, SecretVault};
use keyring_core::{CredentialStore, Entry, Error};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, oneshot};

use crate::unavailable;

/// A locked keychain asks the user in a dialog of its own and blocks meanwhile; Daypart does not wait for that.
const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Calls that may hang at a time. A further call finds the keychain unavailable at once.
const CALLS_MAX: usize = 4;

const FIX: &str = "Unlock the keychain (on Linux a Secret Service such as GNOME Keyring or KWallet must run), then try \
                   again. Without one, Daypart can keep secrets in an encrypted file: see DAYPART_VAULT in the README.";

/// Secrets in the keychain of the operating system.
///
/// The connection is made by the first call and made anew after a failure: the keychain may start later than
/// Daypart, or be restarted.
pub struct KeychainVault {
    shared: Arc<Shared>,
    calls: Arc<Semaphore>,
    /// Two writes at a time could both find nothing and leave two entries of one name.
    writes: tokio::sync::Mutex<()>,
}

struct Shared {
    service: String,
    reconnected: AtomicBool,
}

impl KeychainVault {
    /// Entries are kept under a name that is made from `data_folder`, so that two data folders never see each
    /// other's secrets. Does not touch the keychain.
    pub fn new(data_folder: &Path) -> Self {
        let folder = std::fs::canonicalize(data_folder).unwrap_or_else(|_| data_folder.to_owned());
        let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
        let tag: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self {
            shared: Arc::new(Shared {
                service: format!("daypart-{tag}"),
                reconnected: AtomicBool::new(false),
            }),
            calls: Arc::new(Semaphore::new(CALLS_MAX)),
            writes: tokio::sync::Mutex::default(),
        }
    }

    /// Runs `call` on a thread of its own: a hanging keychain must block neither the engine nor the end of the
    /// process. `call` learns whether anybody still waits for it.
    async fn run<T: Send + 'static>(
        &self,
        call: impl Fn(&Entry, &AtomicBool) -> keyring_core::Result<T> + Send + 'static,
        name: &SecretName,
    ) -> Result<T, Problem> {
        let Ok(permit) = Arc::clone(&self.calls).try_acquire_owned() else {
            return Err(unavailable("The keychain does not answer.")
                .fix(FIX)
                .detail("earlier calls still hang"));
        };
        let shared = Arc::clone(&self.shared);
        let user = name.as_str().to_owned();
        let abandoned = Arc::new(AtomicBool::new(false));
        let given_up = Arc::clone(&abandoned);
        let (answer, answered) = oneshot::channel();
        let started = std::thread::Builder::new()
            .name("keychain".into())
            .spawn(move || {
                let outcome = shared.call(&user, |entry| call(entry, &given_up));
                drop(permit);
                let _ = answer.send(outcome);
            });
        if let Err(error) = started {
            return Err(unavailable("The keychain could not be asked.")
                .fix(FIX)
                .caused_by(&error));
        }
        match tokio::time::timeout(CALL_TIMEOUT, answered).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(error))) => Err(unavailable("The keychain is locked or not there.")
                .fix(FIX)
                .detail(describe(&error))),
            Ok(Err(_)) => Err(Problem::bug("a keychain call ended without an answer")),
            Err(_) => {
                abandoned.store(true, Ordering::Relaxed);
                Err(unavailable("The keychain does not answer; it may be locked.")
                    .fix(FIX)
                    .detail(format!("no answer within {} s", CALL_TIMEOUT.as_secs())))
            }
        }
    }
}

#[async_trait]
impl SecretVault for KeychainVault {
    async fn get(&self, name: &SecretName) -> Result<Option<SecretString>, Problem> {
        let read = self.run(|entry, _| optional(entry.get_secret()), name).await?;
        let Some(bytes) = read.map(Zeroizing::new) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Problem::bug("a keychain entry of ours is no text").detail(name.as_str()))?;
        Ok(Some(SecretString::from(text)))
    }

    async fn put(&self, name: &SecretName, value: SecretString) -> Result<(), Problem> {
        let _one_at_a_time = self.writes.lock().await;
        let write = move |entry: &Entry, abandoned: &AtomicBool| {
            // Reading unlocks. A write that nobody waits for any more must not come after a later one.
            optional(entry.get_secret()).map(|secret| drop(secret.map(Zeroizing::new)))?;
            if abandoned.load(Ordering::Relaxed) {
                return Ok(());
            }
            entry.set_secret(value.expose_secret().as_bytes())
        };
        self.run(write, name).await
    }

    async fn delete(&self, name: &SecretName) -> Result<(), Problem> {
        let _one_at_a_time = self.writes.lock().await;
        let delete = |entry: &Entry, _: &AtomicBool| optional(entry.delete_credential()).map(|_| ());
        self.run(delete, name).await
    }

    fn description(&self) -> String {
        if cfg!(target_os = "macos") {
            "Keychain Services".into()
        } else if cfg!(windows) {
            "Windows Credential Manager".into()
        } else {
            "Secret Service keychain".into()
        }
    }
}

impl Shared {
    /// Calls the keychain through `keyring`; after a broken connection once more over a new one.
    fn call<T>(
        &self,
        user: &str,
        call: impl Fn(&Entry) -> keyring_core::Result<T>,
    ) -> keyring_core::Result<T> {
        match self.entry(user).and_then(|entry| call(&entry)) {
            Err(Error::PlatformFailure(_) | Error::NoStorageAccess(_) | Error::NoDefaultStore) => {
                keyring_core::set_default_store(connect()?);
                self.reconnected.store(true, Ordering::Relaxed);
                self.entry(user).and_then(|entry| call(&entry))
            }
            outcome => outcome,
        }
    }

    /// `keyring` makes its connection once per process and remembers a failure for ever; after a new connection of
    /// ours its entries are made without asking it for its state.
    fn entry(&self, user: &str) -> keyring_core::Result<Entry> {
        if self.reconnected.load(Ordering::Relaxed) {
            Entry::new(&self.service, user)
        } else {
            keyring::Entry::new(&self.service, user).map(|entry| entry.inner)
        }
    }
}

#[cfg(target_os = "macos")]
fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

fn optional<T>(outcome: keyring_core::Result<T>) -> keyring_core::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Some of the crate's errors carry the secret itself; their `Display` does not, their `Debug` does.
fn describe(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the entry is not one of ours".into(),
        other => other.to_string(),
    }
}
