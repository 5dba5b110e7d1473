//! Which local files the preview server may hand to the window.

use std::path::PathBuf;

use daypart_domain::{ids::AssetId, problem::Problem};

use crate::{Engine, assets::unknown_asset};

impl Engine {
    /// The file of an asset, for playback in the window.
    ///
    /// # Errors
    /// `asset.unknown`. A file that has gone is not noticed here.
    pub async fn preview_file(&self, id: AssetId) -> Result<PathBuf, Problem> {
        Ok(PathBuf::from(
            self.parts()
                .store
                .asset(id)
                .await?
                .ok_or_else(unknown_asset)?
                .path,
        ))
    }

    /// The poster of an asset; `None` while there is none.
    pub async fn poster_file(&self, id: AssetId) -> Result<Option<PathBuf>, Problem> {
        let asset = self.parts().store.asset(id).await?.ok_or_else(unknown_asset)?;
        Ok(self.overview(asset).poster_path)
    }
}
