//! Pictures of connected accounts, kept in the data folder: some platforms' addresses hold for a day only.

use std::path::{Path, PathBuf};

use daypart_domain::{account::Account, ids::AccountId, problem::Problem};
use daypart_platforms::{LoopbackBase, PictureSource};
use tokio::{fs, io, sync::Mutex};

/// One PNG per account, named by the account and the address it came from.
pub struct Pictures {
    folder: PathBuf,
    source: PictureSource,
    /// One at a time: a page asks for the same picture in many places at once.
    turn: Mutex<()>,
}

impl Pictures {
    pub(crate) fn new(folder: PathBuf, practice_base: Option<LoopbackBase>) -> Result<Self, Problem> {
        Ok(Self {
            folder,
            source: PictureSource::new(practice_base)?,
            turn: Mutex::new(()),
        })
    }

    /// The file of the account's picture, fetched when it is not there yet. `None` when the account has none or is
    /// disconnected, and when it cannot be had now; initials stand in for it then.
    pub async fn of(&self, account: &Account) -> Option<PathBuf> {
        let address = account.avatar_url.as_deref()?;
        if account.disconnected_at.is_some() {
            return None;
        }
        let file = self.folder.join(file_name(account.id, address));
        let _turn = self.turn.lock().await;
        if fs::try_exists(&file).await.unwrap_or(false) {
            return Some(file);
        }
        match self.source.fetch(account.realm, address).await {
            Ok(png) => match self.keep(account.id, &file, &png).await {
                Ok(()) => Some(file),
                Err(error) => {
                    tracing::warn!(%error, "a picture of an account could not be kept");
                    None
                }
            },
            Err(problem) => {
                tracing::info!(code = %problem.code, details = ?problem.details, "no picture of an account");
                None
            }
        }
    }

    /// Removes what is kept of the account.
    pub async fn forget(&self, id: AccountId) {
        if let Err(error) = self.remove(id).await {
            tracing::warn!(%error, "a picture of an account could not be removed");
        }
    }

    /// The newest address counts; a picture is there whole or not at all.
    async fn keep(&self, id: AccountId, file: &Path, png: &[u8]) -> io::Result<()> {
        self.remove(id).await?;
        let part = file.with_extension("part");
        fs::write(&part, png).await?;
        fs::rename(&part, file).await
    }

    async fn remove(&self, id: AccountId) -> io::Result<()> {
        let of_account = format!("{id}-");
        let mut files = fs::read_dir(&self.folder).await?;
        while let Some(file) = files.next_entry().await? {
            if file.file_name().to_string_lossy().starts_with(&of_account) {
                fs::remove_file(file.path()).await?;
            }
        }
        Ok(())
    }
}

fn file_name(id: AccountId, address: &str) -> String {
    let address = blake3::hash(address.as_bytes()).to_hex();
    format!("{id}-{}.png", &address[..16])
}
