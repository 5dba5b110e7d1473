//! Probe: measure a file. Its poster is made afterwards, by a job of its own, so that verdicts come first.

use std::path::Path;

use daypart_domain::{
    asset::{Asset, AssetState, FileIdentity},
    ids::{AssetId, JobId},
    job::{JobKind, JobSubject},
    problem::Problem,
};
use daypart_ports::{media::Measured, store::NewJob};

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
            Ok(identity) => probe.measure(path).await.map(|facts| (identity, facts)),
            Err(problem) => Err(problem),
        };
        match measured {
            Ok((identity, facts)) => {
                let outcome = in_words(&facts);
                let asset = self.as_moved(asset, &identity).await?;
                let measured_asset = Asset {
                    identity: Some(identity),
                    state: match facts {
                        Measured::Video(info) => AssetState::Ready(info),
                        Measured::Picture(info) => AssetState::Picture(info),
                    },
                    ..asset
                };
                store.put_asset_facts(&measured_asset).await?;
                self.emit(EngineEvent::AssetChanged(measured_asset.id));
                self.enqueue_poster(measured_asset.id).await?;
                Ok(StepEnd::Done(outcome))
            }
            Err(problem) => {
                let outcome = problem.to_string();
                let refused_asset = Asset {
                    state: AssetState::Refused(problem),
                    ..asset
                };
                store.put_asset_facts(&refused_asset).await?;
                self.emit(EngineEvent::AssetChanged(id));
                Ok(StepEnd::Done(outcome))
            }
        }
    }

    /// A file that was in the library under another path, where it is no longer: it keeps its entry and everything
    /// planned with it. Any other file is itself.
    async fn as_moved(&self, added: Asset, identity: &FileIdentity) -> Result<Asset, StepEnd> {
        for known in self.parts().store.assets_alike(identity).await? {
            let is_gone = known.id != added.id && !tokio::fs::try_exists(&known.path).await.unwrap_or(true);
            if is_gone {
                let moved = self.relink(&known, &added.path).await?;
                self.emit(EngineEvent::AssetChanged(added.id));
                return Ok(moved);
            }
        }
        Ok(added)
    }

    pub(crate) async fn enqueue_poster(&self, id: AssetId) -> Result<(), Problem> {
        let job = NewJob {
            id: JobId::from_uuid(self.new_uuid()),
            kind: JobKind::Poster,
            subject: JobSubject::Asset(id),
            available_at: self.now(),
        };
        self.parts().store.enqueue(&job, self.now()).await?;
        Ok(())
    }
}

/// For the log of the run.
fn in_words(facts: &Measured) -> String {
    match facts {
        Measured::Video(info) => format!(
            "{} × {}, {:.1} s, {}",
            info.video.width_px,
            info.video.height_px,
            info.duration_ms as f64 / 1000.0,
            info.video.codec
        ),
        Measured::Picture(info) => {
            format!("{} × {}, {}", info.width_px, info.height_px, info.format.label())
        }
    }
}
