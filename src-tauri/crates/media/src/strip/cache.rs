//! Strips kept on disk, by the content of the file and the request; the least recently used go first.

use std::{fs, io, path::PathBuf};

use daypart_domain::asset::FileIdentity;

use crate::{encode::part_file::PartFile, kept};

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
            kept::mark_used(&marks);
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
        tokio::task::spawn_blocking(move || kept::shrink(&cache.folder, cache.max_bytes))
            .await
            .map_err(io::Error::other)?
    }
}
