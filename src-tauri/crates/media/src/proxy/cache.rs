//! Copies kept on disk by the content of their clip; the least recently used go first.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use daypart_domain::asset::FileIdentity;

/// Raised when the same clip would get another copy than before.
const RECIPE_VERSION: u32 = 1;
/// Some three hours of copies.
const MAX_BYTES: u64 = 3 << 30;

/// Where one copy is or would be: `KEY.mp4`, and `KEY.used`, whose time tells when it was last asked for. Losing the
/// folder costs time only.
pub(super) struct ProxyPlace {
    copy: PathBuf,
    used: PathBuf,
}

impl ProxyPlace {
    pub(super) fn of(folder: &Path, identity: &FileIdentity, stream_index: u32) -> Self {
        let what = format!(
            "{RECIPE_VERSION} {} {} {stream_index}",
            identity.size_bytes, identity.content_hash
        );
        let key = blake3::hash(what.as_bytes()).to_hex();
        Self {
            copy: folder.join(format!("{key}.mp4")),
            used: folder.join(format!("{key}.used")),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.copy
    }

    /// True when it is there. It is the most recently used one then.
    pub(super) async fn find(&self) -> bool {
        let there = tokio::fs::try_exists(&self.copy).await.unwrap_or(false);
        if there {
            self.mark_used().await;
        }
        there
    }

    /// After a copy was made: the folder is brought under its limit, this one stays.
    pub(super) async fn made_room(&self) {
        self.mark_used().await;
        let kept = self.copy.clone();
        let shrunk = tokio::task::spawn_blocking(move || shrink(&kept, MAX_BYTES)).await;
        match shrunk {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "old preview copies could not be removed"),
            Err(error) => tracing::warn!(%error, "old preview copies could not be removed"),
        }
    }

    async fn mark_used(&self) {
        if let Err(error) = tokio::fs::write(&self.used, b"1").await {
            tracing::debug!(%error, "a preview copy could not be marked as used");
        }
    }
}

/// Removes whole entries, least recently used first, until the rest is small enough; never the one of `kept`.
/// Leftovers of a crash are entries that nobody uses.
fn shrink(kept: &Path, max_bytes: u64) -> io::Result<()> {
    let Some(folder) = kept.parent() else {
        return Ok(());
    };
    let key_of = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let kept_key = kept.file_name().map(|name| key_of(&name.to_string_lossy()));
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        let Ok(metadata) = file.metadata() else { continue };
        let entry = entries
            .entry(key_of(&file.file_name().to_string_lossy()))
            .or_default();
        entry.size_bytes += metadata.len();
        entry.used_at = entry.used_at.max(metadata.modified().ok());
        entry.files.push(file.path());
    }
    let mut total_bytes: u64 = entries.values().map(|entry| entry.size_bytes).sum();
    let mut oldest_first: Vec<(String, Entry)> = entries.into_iter().collect();
    oldest_first.sort_by_key(|(_, entry)| entry.used_at);
    for (key, entry) in oldest_first {
        if total_bytes <= max_bytes {
            break;
        }
        if kept_key.as_ref() == Some(&key) {
            continue;
        }
        total_bytes = total_bytes.saturating_sub(entry.size_bytes);
        for file in entry.files {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Entry {
    size_bytes: u64,
    used_at: Option<SystemTime>,
    files: Vec<PathBuf>,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_least_recently_used_copies_go_first_and_the_one_in_use_stays() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (key, age_s) in [("a", 50), ("b", 40), ("c", 30), ("d", 60)] {
            let file = fs::File::create(folder.path().join(format!("{key}.mp4"))).unwrap();
            file.set_len(100).unwrap();
            file.set_modified(now - Duration::from_secs(age_s)).unwrap();
        }
        // The oldest copy was looked at a moment ago.
        let used = fs::File::create(folder.path().join("d.used")).unwrap();
        used.set_modified(now).unwrap();
        shrink(&folder.path().join("a.mp4"), 200).unwrap();
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        left.sort();
        assert_eq!(left, ["a.mp4", "d.mp4", "d.used"]);
    }
}
