//! What the editor draws: facts of a clip over time, strips of pictures, waveforms. All of it is measured when it is
//! first asked for, told as it comes, and given up at once when nobody looks any more.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use daypart_domain::{
    asset::{Asset, AssetState, FileIdentity},
    ids::AssetId,
    media_info::MediaInfo,
    problem::{ErrorCode, Problem, UserAction},
};
use daypart_ports::timeline::{Clip, CoverSuggestion, Looks, Scenes, Sound};
use tokio_util::sync::CancellationToken;

use crate::{Engine, assets::unknown_asset};

mod covers;
mod facts;
mod pictures;
mod seen;
mod strips;
mod tracks;
mod waveform;

pub use covers::{OwnCover, SuggestedCover};
pub use facts::TimelineFacts;
pub use pictures::PictureId;
pub(crate) use pictures::PictureShelf;
pub(crate) use seen::Seen;
pub use strips::{StripId, StripPicture, StripRequest};
pub use waveform::WaveformColumns;

/// Everything of this part that lives longer than one call.
#[derive(Default)]
pub(crate) struct Timelines {
    /// By content, so that a changed file is measured anew.
    measured: Mutex<HashMap<String, Arc<Mutex<Measured>>>>,
    strips: Mutex<HashMap<StripId, CancellationToken>>,
    pictures: Mutex<PictureShelf>,
}

/// What has been found out of one content so far.
#[derive(Default)]
struct Measured {
    keyframes_us: Option<Vec<u64>>,
    looks: Option<Looks>,
    scenes: Option<Scenes>,
    sound: Option<Sound>,
    /// Filled when it is first asked for.
    covers: Arc<tokio::sync::OnceCell<Vec<CoverSuggestion>>>,
    /// The finest level as far as it has been heard, while `sound` is not there.
    heard: Vec<daypart_ports::timeline::SoundBucket>,
}

impl Timelines {
    fn strips(&self) -> MutexGuard<'_, HashMap<StripId, CancellationToken>> {
        lock(&self.strips)
    }

    fn pictures(&self) -> MutexGuard<'_, PictureShelf> {
        lock(&self.pictures)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A measured asset, taken apart.
pub(crate) struct Footage {
    path: String,
    pub(crate) info: MediaInfo,
    pub(crate) identity: FileIdentity,
}

impl Footage {
    fn of(asset: Asset) -> Result<Self, Problem> {
        let name = asset.file_name().to_owned();
        let Asset {
            path,
            identity,
            state,
            ..
        } = asset;
        match (state, identity) {
            (AssetState::Ready(info), Some(identity)) => Ok(Self {
                path,
                info: *info,
                identity,
            }),
            (AssetState::Picture(_), _) => Err(Problem::needs_user(
                ErrorCode::new("asset.picture"),
                UserAction::ReplaceFile,
                format!("“{name}” is a picture: it has no timeline."),
            )
            .fix("Choose a video.")),
            _ => Err(Problem::needs_user(
                ErrorCode::new("asset.not_measured"),
                UserAction::ReplaceFile,
                format!("“{name}” has not been measured."),
            )),
        }
    }

    pub(crate) fn clip(&self) -> Clip<'_> {
        Clip {
            path: Path::new(&self.path),
            info: &self.info,
            identity: &self.identity,
        }
    }

    pub(crate) fn duration_us(&self) -> u64 {
        (self.info.duration_ms * 1_000).max(1)
    }
}

impl Engine {
    pub(crate) async fn footage(&self, id: AssetId) -> Result<Footage, Problem> {
        Footage::of(self.parts().store.asset(id).await?.ok_or_else(unknown_asset)?)
    }
}
