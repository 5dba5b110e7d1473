//! Poster: the picture beside a measured file. A missing one is a pity, not a failure.

use std::path::Path;

use daypart_domain::ids::AssetId;

use crate::{Engine, EngineEvent, steps::StepEnd};

use super::StepResult;

impl Engine {
    pub(super) async fn poster_step(&self, id: AssetId) -> StepResult {
        let parts = self.parts();
        let Some(asset) = parts.store.asset(id).await? else {
            return Ok(StepEnd::Superseded);
        };
        let Some(info) = asset.media_info() else {
            return Ok(StepEnd::Superseded);
        };
        let file = format!("poster-{id}.jpg");
        let out = parts.folders.media.join(&file);
        let made = parts.media_probe.poster(Path::new(&asset.path), info, &out).await;
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
