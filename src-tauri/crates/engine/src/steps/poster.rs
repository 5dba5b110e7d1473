//! Poster: the picture beside a measured file. A missing one is a pity, not a failure.

use std::path::Path;

use daypart_domain::{asset::AssetState, ids::AssetId};

use crate::{Engine, EngineEvent, steps::StepEnd};

use super::StepResult;

impl Engine {
    pub(super) async fn poster_step(&self, id: AssetId) -> StepResult {
        let parts = self.parts();
        let Some(asset) = parts.store.asset(id).await? else {
            return Ok(StepEnd::Superseded);
        };
        let file = format!("poster-{id}.jpg");
        let out = parts.folders.media.join(&file);
        let (probe, path) = (&parts.media_probe, Path::new(&asset.path));
        let made = match &asset.state {
            AssetState::Ready(info) => probe.poster(path, info, &out).await,
            AssetState::Picture(info) => probe.picture_poster(path, info, &out).await,
            AssetState::Probing | AssetState::Refused(_) => return Ok(StepEnd::Superseded),
        };
        if let Err(problem) = made {
            tracing::warn!(asset = %id, code = %problem.code, "no poster");
            return Ok(StepEnd::Done(format!("no poster: {problem}")));
        }
        if parts.store.put_poster(id, &file).await? {
            self.emit(EngineEvent::AssetChanged(id));
        }
        Ok(StepEnd::Done("made".into()))
    }
}
