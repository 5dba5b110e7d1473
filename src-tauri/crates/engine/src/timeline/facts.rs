//! Keyframes, scenes and sound of a clip, measured once in the background.

use std::{collections::hash_map::Entry, sync::Arc};

use daypart_domain::{ids::AssetId, media_info::MediaInfo, problem::Problem};
use daypart_ports::timeline::{Scenes, SoundObserver, TimeSpan};

use super::{Footage, Measured, lock};
use crate::{Engine, EngineEvent};

/// What is known by now. What is `None` is still being measured, or cannot be.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineFacts {
    pub info: MediaInfo,
    pub duration_us: u64,
    pub keyframes_us: Option<Vec<u64>>,
    pub scenes: Option<Scenes>,
    pub silences: Option<Vec<TimeSpan>>,
}

impl Engine {
    /// What is known of the asset over time, at once. The first question starts measuring;
    /// [`EngineEvent::TimelineChanged`] says when there is more.
    ///
    /// # Errors
    /// `asset.unknown`, `asset.not_measured`.
    pub async fn timeline(&self, id: AssetId) -> Result<TimelineFacts, Problem> {
        let footage = self.footage(id).await?;
        let measured = self.measured(id, &footage);
        let measured = lock(&measured);
        Ok(TimelineFacts {
            duration_us: footage.duration_us(),
            keyframes_us: measured.keyframes_us.clone(),
            scenes: measured.scenes.clone(),
            silences: measured.sound.as_ref().map(|sound| sound.silences.clone()),
            info: footage.info,
        })
    }

    /// The record of this content; whoever makes it starts the measuring.
    pub(super) fn measured(&self, id: AssetId, footage: &Footage) -> Arc<std::sync::Mutex<Measured>> {
        let key = footage.identity.content_hash.clone();
        match lock(&self.inner.timelines.measured).entry(key) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => {
                let measured = Arc::clone(place.insert(Arc::default()));
                let (engine, begun) = (self.clone(), Arc::clone(&measured));
                tokio::spawn(async move { engine.measure(id, begun).await });
                measured
            }
        }
    }

    /// One after the other, cheapest first: a person looks on meanwhile. What fails stays unknown.
    async fn measure(&self, id: AssetId, measured: Arc<std::sync::Mutex<Measured>>) {
        let footage = match self.footage(id).await {
            Ok(footage) => footage,
            Err(problem) => {
                tracing::info!(asset = %id, %problem, "not measured over time");
                return;
            }
        };
        let (timeline, stop) = (&self.parts().media_timeline, &self.inner.stop);
        let unknown = |what: &str, problem: Problem| {
            tracing::info!(asset = %id, code = %problem.code, details = ?problem.details, "{what} not measured");
        };
        match timeline.keyframes_us(footage.clip()).await {
            Ok(keyframes_us) => lock(&measured).keyframes_us = keyframes_us,
            Err(problem) => unknown("keyframes", problem),
        }
        self.emit(EngineEvent::TimelineChanged(id));
        match timeline.looks(footage.clip(), stop).await {
            Ok(looks) => lock(&measured).looks = Some(looks),
            Err(problem) => unknown("pictures", problem),
        }
        self.emit(EngineEvent::TimelineChanged(id));
        match timeline
            .sound(footage.clip(), self.listener(id, &measured), stop)
            .await
        {
            Ok(sound) => {
                let mut measured = lock(&measured);
                measured.sound = Some(sound);
                measured.heard = Vec::new();
            }
            Err(problem) => unknown("sound", problem),
        }
        self.emit(EngineEvent::TimelineChanged(id));
        match timeline.scenes(footage.clip(), stop).await {
            Ok(scenes) => lock(&measured).scenes = Some(scenes),
            Err(problem) => unknown("scenes", problem),
        }
        self.emit(EngineEvent::TimelineChanged(id));
    }

    pub(super) fn listener(&self, id: AssetId, measured: &Arc<std::sync::Mutex<Measured>>) -> SoundObserver {
        let (engine, measured) = (self.clone(), Arc::clone(measured));
        Box::new(move |buckets| {
            lock(&measured).heard.extend_from_slice(buckets);
            engine.emit(EngineEvent::TimelineChanged(id));
        })
    }
}
