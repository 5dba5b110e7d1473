//! A source file, used in place.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ids::AssetId, media_info::MediaInfo, picture_info::PictureInfo, problem::Problem};

/// What tells whether a file is still the one that was added. Content hash: BLAKE3 over spread blocks and the
/// size (MEDIA.md §4a), quick enough to be taken before every upload and every resumed upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileIdentity {
    pub size_bytes: u64,
    pub modified_at_ms: i64,
    pub content_hash: String,
}

/// Where the probe of an asset stands.
#[derive(Debug, Clone, PartialEq)]
pub enum AssetState {
    /// Waiting for or under probe.
    Probing,
    /// A video, measured.
    Ready(Box<MediaInfo>),
    /// A picture, measured. It has no length, no tracks and no timeline, so nothing that asks for
    /// [`Asset::media_info`] takes it for a video.
    Picture(Box<PictureInfo>),
    /// Not usable; the problem says why and what to do.
    Refused(Problem),
}

/// A file the user dropped. The file itself is never changed, moved or copied.
#[derive(Debug, Clone, PartialEq)]
pub struct Asset {
    pub id: AssetId,
    /// Absolute path as given.
    pub path: String,
    pub identity: Option<FileIdentity>,
    pub state: AssetState,
    /// File name of the poster in the media folder, when one was made.
    pub poster_file: Option<String>,
    pub added_at: Timestamp,
    /// Set when the user removed it; removal can be undone.
    pub removed_at: Option<Timestamp>,
}

impl Asset {
    pub fn media_info(&self) -> Option<&MediaInfo> {
        match &self.state {
            AssetState::Ready(info) => Some(info),
            AssetState::Probing | AssetState::Picture(_) | AssetState::Refused(_) => None,
        }
    }

    pub fn picture_info(&self) -> Option<&PictureInfo> {
        match &self.state {
            AssetState::Picture(info) => Some(info),
            AssetState::Probing | AssetState::Ready(_) | AssetState::Refused(_) => None,
        }
    }

    /// The last component of the path, for sentences to the user.
    pub fn file_name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }
}
