//! Strips kept on disk, by the content of the file and the request; the least recently used go first.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use daypart_domain::asset::FileIdentity;

use crate::encode::part_file::PartFile;

use super::{Strip, StripRequest};

/// Raised when the same request would give another strip than before.
const RECIPE_VERSION: u32 = 1;

/// A folder of sprites (`KEY.jpg`) and what is in them (`KEY.json`). Several processes may use it at once. Losing
/// it costs time only, so failures to write are logged and nothing more.
#[derive(Debug, Clone)]
pub struct StripCache {
    folder: PathBuf,
    max_bytes: u64,
}

impl StripCache {
    /// The folder is made when something is kept.
    pub fn new(folder: impl Into<PathBuf>, max_bytes: u64) -> Self {
        Self {
            folder: folder.into(),
            max_bytes,
        }
    }

    pub(super) fn place_of(
        &self,
        identity: &FileIdentity,
        stream_index: u32,
        request: StripRequest,
    ) -> StripPlace {
        let what = format!(
            "{RECIPE_VERSION} {} {} {stream_index} {request:?}",
            identity.size_bytes, identity.content_hash
        );
        let key = blake3::hash(what.as_bytes()).to_hex();
        StripPlace {
            picture: self.folder.join(format!("{key}.jpg")),
            marks: self.folder.join(format!("{key}.json")),
            cache: self.clone(),
        }
    }

    /// Removes whole entries, least recently used first, until the rest is small enough. Leftovers of a crash are
    /// entries that nobody uses.
    fn shrink(&self) -> io::Result<()> {
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let Ok(metadata) = file.metadata() else { continue };
            let name = file.file_name().to_string_lossy().into_owned();
            let key = name.split('.').next().unwrap_or_default().to_owned();
            let entry = entries.entry(key).or_default();
            entry.size_bytes += metadata.len();
            entry.used_at = entry.used_at.max(metadata.modified().ok());
            entry.files.push(file.path());
        }
        let mut total_bytes: u64 = entries.values().map(|entry| entry.size_bytes).sum();
        let mut oldest_first: Vec<Entry> = entries.into_values().collect();
        oldest_first.sort_by_key(|entry| entry.used_at);
        for entry in oldest_first {
            if total_bytes <= self.max_bytes {
                break;
            }
            total_bytes = total_bytes.saturating_sub(entry.size_bytes);
            for file in entry.files {
                remove(&file)?;
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Entry {
    size_bytes: u64,
    used_at: Option<SystemTime>,
    files: Vec<PathBuf>,
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Where one strip is or would be.
pub(super) struct StripPlace {
    picture: PathBuf,
    marks: PathBuf,
    cache: StripCache,
}

impl StripPlace {
    /// What cannot be read is not there.
    pub(super) async fn find(&self) -> Option<Strip> {
        let (picture, marks) = (self.picture.clone(), self.marks.clone());
        let found = tokio::task::spawn_blocking(move || {
            let described = fs::read(&marks).ok()?;
            let mut strip: Strip = serde_json::from_slice(&described).ok()?;
            strip.sprite_jpeg = fs::read(&picture).ok()?;
            // Written again, it is the most recently used, by the disk's own clock.
            if let Err(error) = fs::write(&marks, &described) {
                tracing::debug!(%error, "a kept strip could not be marked as used");
            }
            Some(strip)
        });
        found.await.ok().flatten()
    }

    pub(super) async fn keep(&self, strip: &Strip) {
        if let Err(error) = self.write(strip).await {
            tracing::warn!(%error, "a strip could not be kept");
        }
    }

    async fn write(&self, strip: &Strip) -> io::Result<()> {
        tokio::fs::create_dir_all(&self.cache.folder).await?;
        let described = serde_json::to_vec(strip)?;
        // The picture first: what is described is there.
        for (path, bytes) in [(&self.picture, &strip.sprite_jpeg), (&self.marks, &described)] {
            let part = PartFile::beside(path);
            tokio::fs::write(part.path(), bytes).await?;
            part.rename_to(path).await?;
        }
        let cache = self.cache.clone();
        tokio::task::spawn_blocking(move || cache.shrink())
            .await
            .map_err(io::Error::other)?
    }
}
