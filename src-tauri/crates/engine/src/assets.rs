//! Intake: files come in, are measured, and can be taken out again.

use daypart_domain::{
    asset::{Asset, AssetState},
    ids::{AssetId, JobId},
    job::{JobKind, JobSubject},
    problem::{ErrorCode, Problem, UserAction, codes},
};
use daypart_ports::store::NewJob;

use crate::{Engine, EngineEvent};

/// What became of one given path.
#[derive(Debug, Clone, PartialEq)]
pub enum AddOutcome {
    Added(Asset),
    AlreadyThere(Asset),
    /// Not even looked at: the path itself is unusable.
    Refused {
        path: String,
        problem: Problem,
    },
}

/// An asset and where its poster lies.
#[derive(Debug, Clone, PartialEq)]
pub struct AssetOverview {
    pub asset: Asset,
    pub poster_path: Option<std::path::PathBuf>,
}

impl Engine {
    /// Takes files in, in the given order. Measuring happens in the background; what a file turns out to be is
    /// told by [`EngineEvent::AssetChanged`]. One bad path never stops the others.
    pub async fn add_assets(&self, paths: &[String]) -> Result<Vec<AddOutcome>, Problem> {
        let mut outcomes = Vec::with_capacity(paths.len());
        for path in paths {
            let outcome = match absolute(path) {
                Ok(path) => self.add_asset(path).await?,
                Err(problem) => AddOutcome::Refused {
                    path: path.clone(),
                    problem,
                },
            };
            outcomes.push(outcome);
        }
        self.work_changed();
        Ok(outcomes)
    }

    async fn add_asset(&self, path: String) -> Result<AddOutcome, Problem> {
        let now = self.now();
        let asset = Asset {
            id: AssetId::from_uuid(self.new_uuid()),
            path,
            identity: None,
            state: AssetState::Probing,
            poster_file: None,
            added_at: now,
            removed_at: None,
        };
        let probe = NewJob {
            id: JobId::from_uuid(self.new_uuid()),
            kind: JobKind::Probe,
            subject: JobSubject::Asset(asset.id),
            available_at: now,
        };
        let (stored, is_new) = self.parts().store.add_asset(&asset, &probe).await?;
        self.emit(EngineEvent::AssetChanged(stored.id));
        if !is_new && matches!(stored.state, AssetState::Refused(_)) {
            // Dropping a refused file again means: look again.
            self.probe_again(&stored).await?;
        }
        Ok(if is_new {
            AddOutcome::Added(stored)
        } else {
            AddOutcome::AlreadyThere(stored)
        })
    }

    async fn probe_again(&self, asset: &Asset) -> Result<(), Problem> {
        let mut asset = asset.clone();
        asset.state = AssetState::Probing;
        self.parts().store.put_asset_facts(&asset).await?;
        let job = NewJob {
            id: JobId::from_uuid(self.new_uuid()),
            kind: JobKind::Probe,
            subject: JobSubject::Asset(asset.id),
            available_at: self.now(),
        };
        self.parts().store.enqueue(&job, self.now()).await?;
        Ok(())
    }

    /// The library, newest first.
    pub async fn assets(&self) -> Result<Vec<AssetOverview>, Problem> {
        let assets = self.parts().store.assets().await?;
        Ok(assets.into_iter().map(|asset| self.overview(asset)).collect())
    }

    /// # Errors
    /// `asset.unknown`.
    pub async fn asset(&self, id: AssetId) -> Result<AssetOverview, Problem> {
        let asset = self.parts().store.asset(id).await?.ok_or_else(unknown_asset)?;
        Ok(self.overview(asset))
    }

    pub(crate) fn overview(&self, asset: Asset) -> AssetOverview {
        let poster_path = asset
            .poster_file
            .as_ref()
            .map(|file| self.parts().folders.media.join(file));
        AssetOverview { asset, poster_path }
    }

    /// Takes an asset out of the library; the file itself is never touched. Undone by [`Engine::restore_asset`].
    pub async fn remove_asset(&self, id: AssetId) -> Result<(), Problem> {
        self.set_removed(id, Some(self.now())).await
    }

    pub async fn restore_asset(&self, id: AssetId) -> Result<(), Problem> {
        self.set_removed(id, None).await
    }

    async fn set_removed(&self, id: AssetId, removed_at: Option<jiff::Timestamp>) -> Result<(), Problem> {
        if !self.parts().store.set_asset_removed(id, removed_at).await? {
            return Err(unknown_asset());
        }
        self.emit(EngineEvent::AssetChanged(id));
        Ok(())
    }

    pub(crate) fn work_changed(&self) {
        self.inner.nudge.notify_one();
        self.emit(EngineEvent::WorkChanged);
    }
}

pub(crate) fn unknown_asset() -> Problem {
    Problem::permanent(
        ErrorCode::new("asset.unknown"),
        "This file is no longer in the library.",
    )
}

fn absolute(path: &str) -> Result<String, Problem> {
    let refused =
        |sentence: String| Problem::needs_user(codes::FILE_UNREADABLE, UserAction::ReplaceFile, sentence);
    if path.is_empty() {
        return Err(refused("No file was named.".into()));
    }
    let full = std::path::absolute(path)
        .map_err(|error| refused(format!("“{path}” is not a usable path.")).caused_by(&error))?;
    full.into_os_string().into_string().map_err(|_| {
        refused(format!(
            "The name of “{path}” is not valid text; rename the file and add it again."
        ))
    })
}
