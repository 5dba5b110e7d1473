//! Covers: frames that suit, and pictures of the user's own.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use daypart_domain::{
    edit::Cover,
    ids::{AccountId, AssetId, PostId},
    problem::Problem,
};
use daypart_ports::timeline::{CoverSuggestion, Scenes};

use super::{Footage, Measured, PictureId, lock};
use crate::Engine;

/// As large as the window ever shows a cover.
const OWN_SIDE_PX: u32 = 720;

/// A frame that would make a good cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedCover {
    pub at_us: u64,
    pub picture: PictureId,
    /// In a few words: "A face, sharp, well lit".
    pub reason: String,
}

/// A picture of the user's own that is to be the cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCover {
    pub path: String,
    pub picture: PictureId,
}

impl Engine {
    /// At most six frames, best first; none when nothing can be seen in the clip. Judged once per content: who asks
    /// meanwhile waits for the same answer. A failure is not kept.
    ///
    /// # Errors
    /// `asset.unknown`, `asset.not_measured`, `media.ffmpeg_missing`, `media.strip_failed`, `file.missing`.
    pub async fn suggest_covers(&self, id: AssetId) -> Result<Vec<SuggestedCover>, Problem> {
        let footage = self.footage(id).await?;
        let measured = self.measured(id, &footage);
        let covers = Arc::clone(&lock(&measured).covers);
        let found = covers
            .get_or_try_init(|| self.judge_covers(&footage, &measured))
            .await?;
        let mut pictures = self.inner.timelines.pictures();
        Ok(found
            .iter()
            .map(|suggestion| SuggestedCover {
                at_us: suggestion.picture.at_us,
                picture: pictures.put(suggestion.picture.jpeg.clone()),
                reason: suggestion.reason(),
            })
            .collect())
    }

    /// A picture that the user has just picked, for the window. Only its pixels are kept, and smaller.
    ///
    /// # Errors
    /// `file.missing`, `file.unreadable`, `cover.not_a_picture`, `cover.too_large`.
    pub async fn show_own_cover(&self, path: &Path) -> Result<PictureId, Problem> {
        let timeline = &self.parts().media_timeline;
        let jpeg = timeline.own_cover(path, OWN_SIDE_PX).await?;
        Ok(self.inner.timelines.pictures().put(jpeg))
    }

    /// The own picture that the saved post names as its cover, or as the cover of one destination; `None` when that is
    /// a frame or left to the platform. Whoever asks names a post and never a file.
    ///
    /// # Errors
    /// `post.unknown`, and as [`Engine::show_own_cover`].
    pub async fn own_cover(
        &self,
        post: PostId,
        account: Option<AccountId>,
    ) -> Result<Option<OwnCover>, Problem> {
        let overview = self.post(post).await?;
        let cover = match account {
            None => overview.post.edit.and_then(|edit| edit.cover),
            Some(account) => overview
                .publications
                .into_iter()
                .find(|publication| publication.account_id == account)
                .and_then(|publication| publication.content.cover),
        };
        let Some(Cover::Image { path }) = cover else {
            return Ok(None);
        };
        let picture = self.show_own_cover(Path::new(&path)).await?;
        Ok(Some(OwnCover { path, picture }))
    }

    async fn judge_covers(
        &self,
        footage: &Footage,
        measured: &Mutex<Measured>,
    ) -> Result<Vec<CoverSuggestion>, Problem> {
        let (timeline, stop) = (&self.parts().media_timeline, &self.inner.stop);
        let scenes = match known_scenes(measured) {
            Some(scenes) => scenes,
            None => match timeline.scenes(footage.clip(), stop).await {
                Ok(scenes) => scenes,
                Err(problem) if stop.is_cancelled() => return Err(problem),
                // Good frames can be told without knowing the cuts, if less well.
                Err(problem) => {
                    tracing::info!(code = %problem.code, "covers are judged without scenes");
                    Scenes::default()
                }
            },
        };
        timeline.covers(footage.clip(), &scenes, stop).await
    }
}

/// By itself, so that nothing stays locked while others are looked for.
fn known_scenes(measured: &Mutex<Measured>) -> Option<Scenes> {
    lock(measured).scenes.clone()
}
