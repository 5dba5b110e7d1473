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
    /// Takes files in, in the given order and in one transaction, however many they are. The answer tells what was
    /// added; measuring happens in the background, and what a file turns out to be is told by
    /// [`EngineEvent::AssetChanged`]. One bad path never stops the others.
    pub async fn add_assets(&self, paths: &[String]) -> Result<Vec<AddOutcome>, Problem> {
        let full_paths: Vec<Result<String, Problem>> = paths.iter().map(|path| absolute(path)).collect();
        let new: Vec<(Asset, NewJob)> = full_paths
            .iter()
            .flatten()
            .map(|path| self.new_asset(path))
            .collect();
        let mut stored = self.parts().store.add_assets(&new).await?.into_iter();
        let mut outcomes = Vec::with_capacity(paths.len());
        for (given, full_path) in paths.iter().zip(full_paths) {
            outcomes.push(match full_path {
                Ok(_) => match stored.next() {
                    Some((asset, true)) => AddOutcome::Added(asset),
                    Some((asset, false)) => self.already_there(asset).await?,
                    None => return Err(Problem::bug("the record lost an added file")),
                },
                Err(problem) => AddOutcome::Refused {
                    path: given.clone(),
                    problem,
                },
            });
        }
        self.work_changed();
        Ok(outcomes)
    }

    /// Adding a refused file again means: look again.
    async fn already_there(&self, asset: Asset) -> Result<AddOutcome, Problem> {
        if !matches!(asset.state, AssetState::Refused(_)) {
            return Ok(AddOutcome::AlreadyThere(asset));
        }
        Ok(AddOutcome::AlreadyThere(self.probe_again(&asset).await?))
    }

    fn new_asset(&self, path: &str) -> (Asset, NewJob) {
        let now = self.now();
        let asset = Asset {
            id: AssetId::from_uuid(self.new_uuid()),
            path: path.to_owned(),
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
        (asset, probe)
    }

    /// Measures the file anew, as it is now.
    pub(crate) async fn probe_again(&self, asset: &Asset) -> Result<Asset, Problem> {
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
        self.emit(EngineEvent::AssetChanged(asset.id));
        self.work_changed();
        Ok(asset)
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
        self.set_removed(id, None).await?;
        // Its picture may have been tidied away meanwhile.
        if self.asset(id).await?.asset.poster_file.is_none() {
            self.enqueue_poster(id).await?;
            self.work_changed();
        }
        Ok(())
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
