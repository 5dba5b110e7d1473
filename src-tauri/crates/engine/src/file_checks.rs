//! Are the library's files still there, and still the same? Asked at the start, when the window is looked at again,
//! and before a file is used. Nothing watches the disk in between: most files lie on drives and shares that tell nothing.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use daypart_domain::{
    asset::{Asset, AssetState, FileIdentity},
    problem::{Problem, UserAction, codes},
};

use crate::{Engine, EngineEvent};

/// Folders in which a lost file is looked for: its own, then those of the other files.
const FOLDERS_MAX: usize = 32;
/// Entries looked at in each.
const ENTRIES_MAX: usize = 5_000;

/// What the file system says of a path, without reading the file.
enum Glance {
    /// Size and time are the known ones.
    Same,
    Different,
    Gone,
    /// The disk does not answer as it should: nothing is concluded.
    Unclear,
}

impl Engine {
    /// Looks at every measured file of the library and records what became of it: one that moved within the
    /// folders of the library is followed, one that changed or vanished is refused with words that say what to
    /// do, and one that came back is measured again. Costs one look per file; only files that differ are read.
    ///
    /// # Errors
    /// Only when the record cannot be read or written.
    pub async fn check_files(&self) -> Result<(), Problem> {
        for asset in self.parts().store.assets().await? {
            if let Some(identity) = asset.identity.clone().filter(|_| is_checkable(&asset.state)) {
                self.check_file(asset, &identity).await?;
            }
        }
        Ok(())
    }

    async fn check_file(&self, asset: Asset, known: &FileIdentity) -> Result<(), Problem> {
        match glance(Path::new(&asset.path), known).await {
            Glance::Same => self.welcome_back(asset).await,
            Glance::Unclear => Ok(()),
            Glance::Gone => {
                if self.follow_moved(&asset).await?.is_none() && !is_refused_as(&asset, codes::FILE_MISSING) {
                    self.refuse(&asset, missing(&asset)).await?;
                }
                Ok(())
            }
            Glance::Different => {
                let Ok(now) = self.parts().media_probe.identify(Path::new(&asset.path)).await else {
                    return Ok(());
                };
                if is_same_content(&now, known) {
                    // Copied back or touched: the bytes are what counts.
                    let touched = Asset {
                        identity: Some(now),
                        ..asset
                    };
                    self.parts().store.put_asset_facts(&touched).await?;
                    return self.welcome_back(touched).await;
                }
                if !is_refused_as(&asset, codes::FILE_CHANGED) {
                    self.refuse(&asset, changed(&asset)).await?;
                }
                Ok(())
            }
        }
    }

    /// A file that was refused only because it was gone or different, and is as it was.
    async fn welcome_back(&self, asset: Asset) -> Result<(), Problem> {
        if matches!(asset.state, AssetState::Refused(_)) {
            self.probe_again(&asset).await?;
        }
        Ok(())
    }

    async fn refuse(&self, asset: &Asset, problem: Problem) -> Result<(), Problem> {
        let refused = Asset {
            state: AssetState::Refused(problem),
            ..asset.clone()
        };
        self.parts().store.put_asset_facts(&refused).await?;
        self.emit(EngineEvent::AssetChanged(asset.id));
        Ok(())
    }

    /// Finds a file that is no longer at its path by its size and content, in its own folder and in those of the
    /// library's other files, and lets the asset follow. `None`: not found.
    pub(crate) async fn follow_moved(&self, asset: &Asset) -> Result<Option<Asset>, Problem> {
        let Some(identity) = &asset.identity else {
            return Ok(None);
        };
        let library = self.parts().store.assets().await?;
        let taken: HashSet<&Path> = library.iter().map(|known| Path::new(&known.path)).collect();
        let own = Path::new(&asset.path).parent();
        let others = library.iter().filter_map(|known| Path::new(&known.path).parent());
        let mut seen = HashSet::new();
        let folders = own
            .into_iter()
            .chain(others)
            .filter(|folder| seen.insert(*folder));
        for folder in folders.take(FOLDERS_MAX) {
            for candidate in files_of_size(folder.to_owned(), identity.size_bytes).await {
                let Some(path) = candidate
                    .to_str()
                    .filter(|_| !taken.contains(candidate.as_path()))
                else {
                    continue;
                };
                let found = self.parts().media_probe.identify(&candidate).await;
                if found.is_ok_and(|found| is_same_content(&found, identity)) {
                    let moved = self.relink(asset, path).await?;
                    self.welcome_back(moved.clone()).await?;
                    return Ok(Some(moved));
                }
            }
        }
        Ok(None)
    }

    /// The asset's file is at `path` now.
    pub(crate) async fn relink(&self, asset: &Asset, path: &str) -> Result<Asset, Problem> {
        self.parts()
            .store
            .relink_asset(asset.id, path, self.now())
            .await?;
        tracing::info!(asset = %asset.id, "a file was found again at another place");
        self.emit(EngineEvent::AssetChanged(asset.id));
        Ok(Asset {
            path: path.to_owned(),
            ..asset.clone()
        })
    }
}

/// Measured, or refused by a check.
fn is_checkable(state: &AssetState) -> bool {
    match state {
        AssetState::Ready(_) | AssetState::Picture(_) => true,
        AssetState::Probing => false,
        AssetState::Refused(problem) => [codes::FILE_MISSING, codes::FILE_CHANGED].contains(&problem.code),
    }
}

fn is_refused_as(asset: &Asset, code: daypart_domain::problem::ErrorCode) -> bool {
    matches!(&asset.state, AssetState::Refused(problem) if problem.code == code)
}

fn is_same_content(one: &FileIdentity, other: &FileIdentity) -> bool {
    one.size_bytes == other.size_bytes && one.content_hash == other.content_hash
}

async fn glance(path: &Path, known: &FileIdentity) -> Glance {
    match tokio::fs::metadata(path).await {
        Ok(metadata) => {
            let modified_at_ms = metadata
                .modified()
                .ok()
                .and_then(|modified| modified.duration_since(UNIX_EPOCH).ok())
                .and_then(|since| i64::try_from(since.as_millis()).ok());
            if metadata.len() == known.size_bytes && modified_at_ms == Some(known.modified_at_ms) {
                Glance::Same
            } else {
                Glance::Different
            }
        }
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Glance::Gone,
            _ => Glance::Unclear,
        },
    }
}

/// A folder that cannot be listed has none.
async fn files_of_size(folder: PathBuf, size_bytes: u64) -> Vec<PathBuf> {
    let listed = tokio::task::spawn_blocking(move || {
        std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .take(ENTRIES_MAX)
            .filter_map(Result::ok)
            .filter(|entry| {
                entry
                    .metadata()
                    .is_ok_and(|found| found.is_file() && found.len() == size_bytes)
            })
            .map(|entry| entry.path())
            .collect()
    });
    listed.await.unwrap_or_default()
}

fn missing(asset: &Asset) -> Problem {
    Problem::needs_user(
        codes::FILE_MISSING,
        UserAction::ReplaceFile,
        format!("“{}” is no longer where it was.", asset.file_name()),
    )
    .fix("Put it back, or add it from its new place: it is recognised, and everything planned with it goes on.")
}

fn changed(asset: &Asset) -> Problem {
    Problem::needs_user(
        codes::FILE_CHANGED,
        UserAction::ReplaceFile,
        format!("“{}” has changed since it was added.", asset.file_name()),
    )
    .fix("Add the file again to use it as it is now, or put the old version back.")
}
