//! What the window plays of a clip: the clip itself, or a copy that is made in the background because the web view
//! cannot play the clip. A copy is made when somebody opens the clip, one at a time, the latest wish first; it is never
//! published.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use daypart_domain::{
    ids::AssetId,
    playback::obstacle,
    problem::{ErrorCode, Problem},
};
use daypart_ports::media::EncodeProgress;
use tokio_util::sync::CancellationToken;

use crate::{Engine, EngineEvent, timeline::Footage};

/// What there is to play. `why`: what the web view cannot play, as part of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Playback {
    Itself,
    Copy,
    /// [`EngineEvent::PlaybackChanged`] says when there is more. No progress in the first moment.
    Making {
        why: String,
        progress: Option<EncodeProgress>,
    },
    /// The user called it off.
    Stopped {
        why: String,
    },
    Failed {
        why: String,
        problem: Problem,
    },
}

/// Everything of this part that lives longer than one call; by content, so that a changed file is looked at anew.
#[derive(Default)]
pub(crate) struct Playbacks {
    copies: Mutex<HashMap<String, Copy>>,
    /// What this web view gave up on although it was worth a try.
    refused: Mutex<HashSet<String>>,
}

enum Copy {
    Making {
        progress: Option<EncodeProgress>,
        cancel: CancellationToken,
    },
    Ready(PathBuf),
    Stopped,
    Failed(Problem),
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// What there is to play of the asset; where that takes a copy, its making has begun when this answers.
    /// `refused`: the web view gave up on the file itself. `again`: try what was stopped or failed once more.
    ///
    /// # Errors
    /// `asset.unknown`, `asset.not_measured`. A copy that cannot be made is an answer.
    pub async fn playback(&self, id: AssetId, refused: bool, again: bool) -> Result<Playback, Problem> {
        let footage = self.footage(id).await?;
        let key = footage.identity.content_hash.clone();
        let playbacks = &self.inner.playbacks;
        if refused {
            lock(&playbacks.refused).insert(key.clone());
        }
        let Some(why) = self.unplayable(&footage) else {
            return Ok(Playback::Itself);
        };
        let gone = match lock(&playbacks.copies).get(&key) {
            Some(Copy::Ready(path)) => Some(path.clone()),
            _ => None,
        };
        // The folder of copies is kept small; one that went is made again.
        let gone = match gone {
            Some(path) => !tokio::fs::try_exists(path).await.unwrap_or(false),
            None => false,
        };
        {
            let mut copies = lock(&playbacks.copies);
            let is_due = match copies.get(&key) {
                None => true,
                Some(Copy::Ready(_)) => gone,
                Some(Copy::Stopped | Copy::Failed(_)) => again,
                Some(Copy::Making { .. }) => false,
            };
            if is_due {
                // Nobody looks at the others any more.
                for copy in copies.values() {
                    if let Copy::Making { cancel, .. } = copy {
                        cancel.cancel();
                    }
                }
                let cancel = self.inner.stop.child_token();
                copies.insert(
                    key.clone(),
                    Copy::Making {
                        progress: None,
                        cancel: cancel.clone(),
                    },
                );
                tokio::spawn(self.clone().make_copy(id, footage, cancel));
            }
        }
        Ok(self.told(&key, why))
    }

    /// What the asset's playback is now, without starting anything; for listeners of
    /// [`EngineEvent::PlaybackChanged`].
    ///
    /// # Errors
    /// As [`Engine::playback`].
    pub async fn playback_now(&self, id: AssetId) -> Result<Playback, Problem> {
        let footage = self.footage(id).await?;
        Ok(match self.unplayable(&footage) {
            Some(why) => self.told(&footage.identity.content_hash, why),
            None => Playback::Itself,
        })
    }

    /// Calls the making of a copy off; nothing of it is left. Not an error when none is being made.
    ///
    /// # Errors
    /// `asset.unknown`, `asset.not_measured`.
    pub async fn stop_playback_copy(&self, id: AssetId) -> Result<(), Problem> {
        let key = self.footage(id).await?.identity.content_hash;
        let stopped = {
            let mut copies = lock(&self.inner.playbacks.copies);
            match copies.get(&key) {
                Some(Copy::Making { cancel, .. }) => {
                    cancel.cancel();
                    copies.insert(key, Copy::Stopped);
                    true
                }
                _ => false,
            }
        };
        if stopped {
            self.emit(EngineEvent::PlaybackChanged(id));
        }
        Ok(())
    }

    /// The copy of an asset, for playback in the window and nothing else.
    ///
    /// # Errors
    /// `asset.unknown`, `asset.not_measured`; `preview.no_copy` while there is none.
    pub async fn playback_copy_file(&self, id: AssetId) -> Result<PathBuf, Problem> {
        let key = self.footage(id).await?.identity.content_hash;
        match lock(&self.inner.playbacks.copies).get(&key) {
            Some(Copy::Ready(path)) => Ok(path.clone()),
            _ => Err(Problem::transient(
                ErrorCode::new("preview.no_copy"),
                "There is no copy of this video to play.",
            )),
        }
    }

    fn unplayable(&self, footage: &Footage) -> Option<String> {
        let known = obstacle(&footage.info).map(|obstacle| obstacle.to_string());
        known.or_else(|| {
            lock(&self.inner.playbacks.refused)
                .contains(&footage.identity.content_hash)
                .then(|| "this video".to_owned())
        })
    }

    fn told(&self, key: &str, why: String) -> Playback {
        match lock(&self.inner.playbacks.copies).get(key) {
            None => Playback::Making { why, progress: None },
            Some(Copy::Making { progress, .. }) => Playback::Making {
                why,
                progress: *progress,
            },
            Some(Copy::Ready(_)) => Playback::Copy,
            Some(Copy::Stopped) => Playback::Stopped { why },
            Some(Copy::Failed(problem)) => Playback::Failed {
                why,
                problem: problem.clone(),
            },
        }
    }

    async fn make_copy(self, id: AssetId, footage: Footage, cancel: CancellationToken) {
        let key = &footage.identity.content_hash;
        let copies = || lock(&self.inner.playbacks.copies);
        let on_progress = |now: EncodeProgress| {
            if let Some(Copy::Making { progress, .. }) = copies().get_mut(key)
                && !cancel.is_cancelled()
            {
                *progress = Some(now);
                self.emit(EngineEvent::PlaybackChanged(id));
            }
        };
        let made = self
            .parts()
            .media_timeline
            .proxy(footage.clip(), &on_progress, &cancel)
            .await;
        {
            let mut copies = copies();
            if cancel.is_cancelled() {
                // Another clip came before it: the next look begins anew. Stopped by the user stays stopped, and what
                // was begun again meanwhile goes on.
                let is_ours =
                    matches!(copies.get(key), Some(Copy::Making { cancel, .. }) if cancel.is_cancelled());
                if is_ours {
                    copies.remove(key);
                }
                return;
            }
            let copy = match made {
                Ok(path) => Copy::Ready(path),
                Err(problem) => {
                    tracing::info!(asset = %id, code = %problem.code, details = ?problem.details, "no copy for looking at");
                    Copy::Failed(problem)
                }
            };
            copies.insert(key.clone(), copy);
        }
        self.emit(EngineEvent::PlaybackChanged(id));
    }
}
