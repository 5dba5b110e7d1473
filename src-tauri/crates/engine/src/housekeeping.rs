//! Removes what nothing refers to any more. Originals are never touched: only the folder of our own making is looked at.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use daypart_domain::{
    housekeeping::{ABANDONED_AFTER, HISTORY_DAYS, HISTORY_DAYS_RANGE, Left, POSTER_KEPT, history_ends},
    problem::{ErrorCode, Problem, UserAction},
};
use jiff::Timestamp;

use crate::Engine;

/// A number of days, or `for_ever`.
const HISTORY: &str = "history_days";
const FOR_EVER: &str = "for_ever";
/// When housekeeping was last finished.
const CLEANED_AT: &str = "cleaned_at";

/// What housekeeping removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleaned {
    pub files: u64,
    pub size_bytes: u64,
    /// Open uploads that nobody will go on with.
    pub uploads: u64,
    /// Posts whose history was older than is kept.
    pub posts: u64,
}

impl Engine {
    /// Removes what nothing refers to: renditions, pictures of removed files, upload handles and their addresses,
    /// half-made files, history that is older than is kept. A file that is gone already is success.
    ///
    /// # Errors
    /// `store.…`, `vault.…`; what was removed before stays removed, and the next round goes on.
    pub async fn clean_up(&self) -> Result<Cleaned, Problem> {
        let now = self.now();
        let store = &self.parts().store;
        let mut cleaned = Cleaned::default();

        if let Some(before) = history_ends(now, self.history_days().await?) {
            let forgotten = store.forget_history(before).await?;
            cleaned.posts = forgotten.posts;
            for id in forgotten.publications {
                self.forget_upload_secret(id).await;
            }
        }
        let dropped = store.release_uploads(now).await?;
        cleaned.uploads = dropped.len() as u64;
        // The record lets go of an upload before the vault does: a crash in between leaves an address there.
        let since = self.cleaned_at().await?.unwrap_or(Timestamp::MIN);
        let ended = store.ended_since(since).await?;
        for id in dropped.into_iter().chain(ended) {
            self.forget_upload_secret(id).await;
        }

        let released = store.release_renditions(now - ABANDONED_AFTER).await?;
        let media = &self.parts().folders.media;
        let posters = store.release_posters(now - POSTER_KEPT).await?;
        let files = released
            .into_iter()
            .map(PathBuf::from)
            .chain(posters.into_iter().map(|name| media.join(name)))
            // Whatever the record says: nothing outside our own folder goes.
            .filter(|path| path.parent() == Some(media.as_path()));
        for file in files {
            cleaned.count(remove(&file).await, &file);
        }
        let named = Named {
            renditions: store.rendition_paths().await?,
            posters: store.poster_names().await?,
        };
        self.sweep(&named, &mut cleaned).await;
        store.put_setting(CLEANED_AT, &now.to_string()).await?;
        if cleaned != Cleaned::default() {
            let Cleaned {
                files,
                size_bytes,
                uploads,
                posts,
            } = cleaned;
            tracing::info!(files, size_bytes, uploads, posts, "housekeeping");
        }
        Ok(cleaned)
    }

    /// For how many days history is kept; `None`: for ever.
    pub async fn history_days(&self) -> Result<Option<u32>, Problem> {
        let kept = self.parts().store.setting(HISTORY).await?;
        Ok(match kept.as_deref() {
            Some(FOR_EVER) => None,
            Some(days) => Some(days.parse().unwrap_or(HISTORY_DAYS)),
            None => Some(HISTORY_DAYS),
        })
    }

    /// The next housekeeping follows it.
    ///
    /// # Errors
    /// `history.days` outside [`HISTORY_DAYS_RANGE`].
    pub async fn keep_history(&self, days: Option<u32>) -> Result<(), Problem> {
        let value = match days {
            None => FOR_EVER.to_owned(),
            Some(days) if HISTORY_DAYS_RANGE.contains(&days) => days.to_string(),
            Some(days) => {
                return Err(Problem::needs_user(
                    ErrorCode::new("history.days"),
                    UserAction::Retry,
                    format!("History cannot be kept for {days} days."),
                )
                .fix(format!(
                    "Choose {} to {} days, or keep it for ever.",
                    HISTORY_DAYS_RANGE.start(),
                    HISTORY_DAYS_RANGE.end()
                )));
            }
        };
        self.parts().store.put_setting(HISTORY, &value).await
    }

    /// When housekeeping was last finished.
    pub async fn cleaned_at(&self) -> Result<Option<Timestamp>, Problem> {
        let kept = self.parts().store.setting(CLEANED_AT).await?;
        Ok(kept.and_then(|text| text.parse().ok()))
    }

    /// Goes through the media folder, and through the folders of its caches for what is half-made.
    async fn sweep(&self, named: &Named, cleaned: &mut Cleaned) {
        let media = self.parts().folders.media.clone();
        let Ok(disk_now) = disk_time(&media).await else {
            tracing::warn!("the media folder cannot be written to, so nothing in it is judged");
            return;
        };
        let mut folders = vec![(media.clone(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            let Ok(mut entries) = tokio::fs::read_dir(&folder).await else {
                continue;
            };
            while let Ok(Some(entry)) = entries.next_entry().await {
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = entry.path();
                let is_folder = entry.file_type().await.is_ok_and(|kind| kind.is_dir());
                let left = Left::by_name(&name);
                if left == Left::Other || depth > 0 && left != Left::HalfMade {
                    if is_folder && depth < 2 {
                        folders.push((path, depth + 1));
                    }
                    continue;
                }
                let is_named = named.renditions.contains(path.to_string_lossy().as_ref())
                    || named.posters.contains(&name);
                let age = newest_change(&path)
                    .await
                    .and_then(|changed| disk_now.duration_since(changed).ok())
                    .unwrap_or(Duration::ZERO);
                if left.may_go(is_named, age) {
                    cleaned.count(remove(&path).await, &path);
                }
            }
        }
    }
}

struct Named {
    renditions: BTreeSet<String>,
    posters: BTreeSet<String>,
}

impl Cleaned {
    fn count(&mut self, removed: io::Result<u64>, path: &Path) {
        match removed {
            Ok(size_bytes) => {
                self.files += 1;
                self.size_bytes += size_bytes;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, file = %path.display(), "a file could not be removed"),
        }
    }
}

/// Answers how many bytes are free now.
async fn remove(path: &Path) -> io::Result<u64> {
    let metadata = tokio::fs::symlink_metadata(path).await?;
    if metadata.is_dir() {
        tokio::fs::remove_dir_all(path).await?;
        return Ok(0);
    }
    tokio::fs::remove_file(path).await?;
    Ok(metadata.len())
}

/// The latest change of a file, or of anything directly in a folder.
async fn newest_change(path: &Path) -> Option<SystemTime> {
    let metadata = tokio::fs::symlink_metadata(path).await.ok()?;
    let mut newest = metadata.modified().ok()?;
    if metadata.is_dir() {
        let mut entries = tokio::fs::read_dir(path).await.ok()?;
        while let Ok(Some(entry)) = entries.next_entry().await {
            if let Ok(changed) = entry.metadata().await.and_then(|inner| inner.modified()) {
                newest = newest.max(changed);
            }
        }
    }
    Some(newest)
}

/// What time it is by the clock that dates the files: it may be another computer's.
async fn disk_time(folder: &Path) -> io::Result<SystemTime> {
    let probe = folder.join(".time");
    tokio::fs::write(&probe, b"").await?;
    let at = tokio::fs::metadata(&probe).await?.modified()?;
    tokio::fs::remove_file(&probe).await?;
    Ok(at)
}
