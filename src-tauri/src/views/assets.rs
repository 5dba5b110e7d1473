use std::collections::BTreeMap;

use daypart_domain::capabilities::Capabilities;
use daypart_domain::compliance;
use daypart_domain::delivery_spec::AccountLimits;
use daypart_domain::platform::PlatformId;
use daypart_domain::problem::Problem;
use daypart_engine::{AddOutcome, AssetOverview};
use daypart_ipc as wire;

use super::Views;

impl Views<'_> {
    pub async fn assets(&self, overviews: Vec<AssetOverview>) -> Vec<wire::Asset> {
        let capabilities = self.capabilities().await;
        overviews
            .into_iter()
            .map(|overview| self.one_asset(overview, &capabilities))
            .collect()
    }

    pub async fn asset(&self, overview: AssetOverview) -> wire::Asset {
        self.one_asset(overview, &self.capabilities().await)
    }

    /// Adds `paths` and tells what became of each, in their order.
    pub async fn add(&self, paths: &[String]) -> Result<Vec<wire::AddOutcome>, Problem> {
        let outcomes = self.engine.add_assets(paths).await?;
        let capabilities = self.capabilities().await;
        let mut views = Vec::with_capacity(outcomes.len());
        for (path, outcome) in paths.iter().cloned().zip(outcomes) {
            views.push(match outcome {
                AddOutcome::Added(asset) => {
                    let asset = self.one_asset(self.engine.asset(asset.id).await?, &capabilities);
                    wire::AddOutcome::Added { path, asset }
                }
                AddOutcome::AlreadyThere(asset) => {
                    let asset = self.one_asset(self.engine.asset(asset.id).await?, &capabilities);
                    wire::AddOutcome::AlreadyThere { path, asset }
                }
                AddOutcome::Refused { path, problem } => wire::AddOutcome::Refused {
                    path,
                    error: problem.into(),
                },
            });
        }
        Ok(views)
    }

    fn one_asset(
        &self,
        overview: AssetOverview,
        capabilities: &BTreeMap<PlatformId, Capabilities>,
    ) -> wire::Asset {
        let AssetOverview { asset, poster_path } = overview;
        let id = asset.id.to_string();
        let links = wire::convert::AssetLinks {
            poster_url: poster_path.map(|_| self.preview.poster_url(&id)),
            preview_url: asset.media_info().map(|_| self.preview.clip_url(&id)),
        };
        let judged = |info| {
            let judge = |platform: &Capabilities| {
                let findings = compliance::check(info, &platform.delivery, AccountLimits::default());
                wire::AssetCompliance::from_findings(platform, findings)
            };
            capabilities.values().map(judge).collect()
        };
        let compliance = asset.media_info().map(judged).unwrap_or_default();
        wire::Asset::from_domain(asset, links, compliance)
    }
}
