//! The sound of an audio track that is not the main one.

use std::{
    collections::hash_map::Entry,
    sync::{Arc, Mutex},
};

use daypart_domain::ids::AssetId;

use super::{Footage, Measured, lock};
use crate::{Engine, EngineEvent};

impl Footage {
    /// The same clip as if that track were its main one; `None` when it is, or when the clip has no such track.
    pub(super) fn with_main_track(&self, stream_index: u32) -> Option<Self> {
        let main = self.info.audio.as_ref()?.stream_index;
        let chosen = self.info.audio_track(stream_index)?.clone();
        (main != stream_index).then(|| {
            let mut info = self.info.clone();
            info.audio = Some(chosen);
            Self {
                path: self.path.clone(),
                info,
                identity: self.identity.clone(),
            }
        })
    }
}

impl Engine {
    /// The record of the main track of `footage`, which is not the file's own; whoever makes it starts the measuring.
    pub(super) fn measured_track(
        &self,
        id: AssetId,
        footage: Footage,
        stream_index: u32,
    ) -> Arc<Mutex<Measured>> {
        let key = format!("{}#{stream_index}", footage.identity.content_hash);
        match lock(&self.inner.timelines.measured).entry(key) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => {
                let measured = Arc::clone(place.insert(Arc::default()));
                let (engine, begun) = (self.clone(), Arc::clone(&measured));
                tokio::spawn(async move { engine.listen(id, footage, begun).await });
                measured
            }
        }
    }

    async fn listen(&self, id: AssetId, footage: Footage, measured: Arc<Mutex<Measured>>) {
        let (timeline, stop) = (&self.parts().media_timeline, &self.inner.stop);
        let heard = timeline
            .sound(footage.clip(), self.listener(id, &measured), stop)
            .await;
        match heard {
            Ok(sound) => {
                let mut measured = lock(&measured);
                measured.sound = Some(sound);
                measured.heard = Vec::new();
            }
            Err(problem) => tracing::info!(asset = %id, code = %problem.code, "another track not measured"),
        }
        self.emit(EngineEvent::TimelineChanged(id));
    }
}
