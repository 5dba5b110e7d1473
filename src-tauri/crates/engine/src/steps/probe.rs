//! Probe: measure a file and make its poster.

use std::path::Path;

use daypart_domain::{
    asset::{Asset, AssetState},
    ids::AssetId,
    media_info::MediaInfo,
};

use crate::{Engine, EngineEvent, steps::StepEnd};

use super::StepResult;

impl Engine {
    pub(super) async fn probe_step(&self, id: AssetId) -> StepResult {
        let store = &self.parts().store;
        let Some(asset) = store.asset(id).await? else {
            return Ok(StepEnd::Superseded);
        };
        let path = Path::new(&asset.path);
        let probe = &self.parts().media_probe;
        let measured = match probe.identify(path).await {
            Ok(identity) => probe.probe(path).await.map(|info| (identity, info)),
            Err(problem) => Err(problem),
        };
        let (measured_asset, outcome) = match measured {
            Ok((identity, info)) => {
                let poster_file = self.poster(&asset, path, &info).await;
                let outcome = format!(
                    "{} × {}, {:.1} s, {}",
                    info.video.width_px,
                    info.video.height_px,
                    info.duration_ms as f64 / 1000.0,
                    info.video.codec
                );
                let state = AssetState::Ready(Box::new(info));
                (
                    Asset {
                        identity: Some(identity),
                        state,
                        poster_file,
                        ..asset
                    },
                    outcome,
                )
            }
            Err(problem) => {
                let outcome = problem.to_string();
                (
                    Asset {
                        state: AssetState::Refused(problem),
                        ..asset
                    },
                    outcome,
                )
            }
        };
        store.put_asset_facts(&measured_asset).await?;
        self.emit(EngineEvent::AssetChanged(id));
        Ok(StepEnd::Done(outcome))
    }

    /// A missing poster is a pity, not a failure.
    async fn poster(&self, asset: &Asset, path: &Path, info: &MediaInfo) -> Option<String> {
        let file = format!("poster-{}.jpg", asset.id);
        let out = self.parts().folders.media.join(&file);
        match self.parts().media_probe.poster(path, info, &out).await {
            Ok(()) => Some(file),
            Err(problem) => {
                tracing::warn!(asset = %asset.id, code = %problem.code, "no poster");
                None
            }
        }
    }
}
