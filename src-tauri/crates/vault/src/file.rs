//! The fallback where there is no keychain: one file, encrypted with a passphrase.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use chacha20poly1305::aead::{OsRng, rand_core::RngCore};
use daypart_domain::problem::{ErrorCode, Problem, UserAction, codes};
use daypart_ports::secrets::{SecretName, SecretVault};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::{
    sealed::{Key, NONCE_BYTES, SALT_BYTES, SealError, SealedDocument, Secrets},
    unavailable,
};

/// Secrets in an encrypted file that only its owner may read.
///
/// Every change is written to a file beside it, flushed and renamed into place. Several processes may use the same
/// file: each call takes a lock on `<file>.lock` and reads the file again.
pub struct FileVault {
    state: Arc<State>,
}

struct State {
    path: PathBuf,
    passphrase: SecretString,
    /// The passphrase's key for the file's header; making it is slow on purpose.
    key: Mutex<Option<Key>>,
}

impl FileVault {
    /// Opens the vault at `path`; a file that is not there yet is made by the first [`SecretVault::put`].
    ///
    /// # Errors
    /// `vault.wrong_passphrase`, `vault.damaged`, `vault.unavailable` (the file cannot be read).
    pub async fn open(path: &Path, passphrase: SecretString) -> Result<Self, Problem> {
        if passphrase.expose_secret().is_empty() {
            return Err(wrong_passphrase(path).detail("the passphrase is empty"));
        }
        let vault = Self {
            state: Arc::new(State {
                path: path.to_owned(),
                passphrase,
                key: Mutex::default(),
            }),
        };
        vault
            .run(|state| state.locked(|state| state.read().map(|_| ())))
            .await?;
        Ok(vault)
    }

    async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&State) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let state = Arc::clone(&self.state);
        tokio::task::spawn_blocking(move || call(&state))
            .await
            .map_err(|error| Problem::bug("a vault call broke off").caused_by(&error))?
    }
}

#[async_trait]
impl SecretVault for FileVault {
    async fn get(&self, name: &SecretName) -> Result<Option<SecretString>, Problem> {
        let name = name.as_str().to_owned();
        self.run(move |state| {
            let secrets = state.locked(State::read)?;
            Ok(secrets.get(&name).map(|value| SecretString::from(value.as_str())))
        })
        .await
    }

    async fn put(&self, name: &SecretName, value: SecretString) -> Result<(), Problem> {
        let name = name.as_str().to_owned();
        self.run(move |state| {
            state.locked(|state| {
                let mut secrets = state.read()?;
                secrets.insert(name, Zeroizing::new(value.expose_secret().to_owned()));
                state.write(&secrets)
            })
        })
        .await
    }

    async fn delete(&self, name: &SecretName) -> Result<(), Problem> {
        let name = name.as_str().to_owned();
        self.run(move |state| {
            state.locked(|state| {
                let mut secrets = state.read()?;
                match secrets.remove(&name) {
                    Some(_) => state.write(&secrets),
                    None => Ok(()),
                }
            })
        })
        .await
    }

    fn description(&self) -> String {
        "encrypted file".into()
    }
}

impl State {
    /// Runs `call` while no other thread or process uses the file.
    fn locked<T>(&self, call: impl FnOnce(&Self) -> Result<T, Problem>) -> Result<T, Problem> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(|error| self.unusable(&error))?;
        }
        let lock = private()
            .create(true)
            .truncate(false)
            .open(self.beside(".lock"))
            .map_err(|error| self.unusable(&error))?;
        lock.lock().map_err(|error| self.unusable(&error))?;
        call(self)
    }

    fn read(&self) -> Result<Secrets, Problem> {
        let mut bytes = Vec::new();
        match File::open(&self.path) {
            Ok(mut file) => file
                .read_to_end(&mut bytes)
                .map_err(|error| self.unusable(&error))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Secrets::new()),
            Err(error) => return Err(self.unusable(&error)),
        };
        let document: SealedDocument =
            serde_json::from_slice(&bytes).map_err(|_| self.sealed(&SealError::Unknown))?;
        let mut slot = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match slot.take() {
            Some(key) if key.fits(&document) => key,
            _ => Key::of(&document, &self.passphrase).map_err(|error| self.sealed(&error))?,
        };
        let secrets = key.open(&document).map_err(|error| self.sealed(&error))?;
        *slot = Some(key);
        Ok(secrets)
    }

    /// Call [`State::read`] before, in the same lock: it finds the key of the file that is there.
    fn write(&self, secrets: &Secrets) -> Result<(), Problem> {
        let mut slot = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match slot.take() {
            Some(key) => key,
            None => {
                Key::new(&self.passphrase, &random::<SALT_BYTES>()).map_err(|error| self.sealed(&error))?
            }
        };
        let document = key
            .seal(secrets, &random::<NONCE_BYTES>())
            .map_err(|error| self.sealed(&error))?;
        *slot = Some(key);
        let bytes = serde_json::to_vec(&document)
            .map_err(|error| Problem::bug("a vault document").caused_by(&error))?;
        self.replace(&bytes).map_err(|error| self.unusable(&error))
    }

    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.beside(".part");
        let mut file = private().create(true).truncate(true).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, &self.path)?;
        #[cfg(unix)]
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(ending);
        name.into()
    }

    fn sealed(&self, error: &SealError) -> Problem {
        match error {
            SealError::WrongPassphrase => wrong_passphrase(&self.path),
            SealError::Unknown => Problem::permanent(
                ErrorCode::new("vault.damaged"),
                format!(
                    "The file with Daypart's secrets, “{}”, cannot be understood.",
                    self.path.display()
                ),
            )
            .fix("Restore it from a backup, or move it away and connect the accounts again."),
        }
        .caused_by(error)
    }

    fn unusable(&self, error: &io::Error) -> Problem {
        if error.kind() == io::ErrorKind::StorageFull {
            return Problem::needs_user(codes::DISK_FULL, UserAction::FreeDisk, "The disk is full.")
                .fix("Free some space; nothing was lost.")
                .caused_by(error);
        }
        unavailable(&format!(
            "The file with Daypart's secrets, “{}”, cannot be used.",
            self.path.display()
        ))
        .fix("Check that the folder exists and belongs to you.")
        .caused_by(error)
    }
}

fn wrong_passphrase(path: &Path) -> Problem {
    Problem::needs_user(
        ErrorCode::new("vault.wrong_passphrase"),
        UserAction::UnlockKeychain,
        format!("The passphrase does not open “{}”.", path.display()),
    )
    .fix("Give the passphrase the file was made with.")
}

/// Readable and writable by its owner only.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0u8; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}
