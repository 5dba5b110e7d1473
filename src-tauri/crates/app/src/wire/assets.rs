//! Assets on the wire.

use std::collections::BTreeMap;

use daypart_domain::{compliance, delivery_spec::AccountLimits, ids::AssetId};
use daypart_engine::{AssetOverview, Engine};
use daypart_ipc::{self as ipc, convert::AssetLinks};

/// Makes the addresses of an asset on the preview server; the terminal has none.
pub type Links<'a> = &'a (dyn Fn(AssetId, bool) -> AssetLinks + Send + Sync);

/// `links` gets the asset and whether it has a poster.
pub async fn asset(engine: &Engine, overview: AssetOverview, links: Links<'_>) -> ipc::Asset {
    let AssetOverview { asset, poster_path } = overview;
    let mut judged = BTreeMap::new();
    if asset.media_info().is_some() || asset.picture_info().is_some() {
        for listing in engine.platforms().await {
            let spec = &listing.capabilities.delivery;
            judged
                .entry(listing.capabilities.platform.clone())
                .or_insert_with(|| {
                    let findings = match (asset.media_info(), asset.picture_info()) {
                        (Some(info), _) => compliance::check(info, spec, AccountLimits::default()),
                        (None, Some(picture)) => compliance::check_picture(picture, spec),
                        (None, None) => Vec::new(),
                    };
                    ipc::AssetCompliance::from_findings(&listing.capabilities, findings)
                });
        }
    }
    let asset_links = links(asset.id, poster_path.is_some());
    ipc::Asset::from_domain(asset, asset_links, judged.into_values().collect())
}
