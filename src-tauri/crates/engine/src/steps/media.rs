//! The file a publication sends: the original in place where it complies, else a rendition made once and kept.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use daypart_domain::{
    asset::{Asset, AssetState, FileIdentity},
    compliance,
    media_info::MediaInfo,
    problem::{ErrorCode, Problem, UserAction, codes},
    transcode_plan::{PastRun, PlannedRendition, Rung, TranscodePlan, work_of},
};
use daypart_ports::{
    media::EncodeProgress,
    platform::{MediaFile, Platform},
    store::RenditionRecord,
};

use super::{StepEnd, StepRun, Subject};

/// What will be sent and how to know it again.
pub(super) struct ChosenMedia {
    pub file: MediaFile,
    pub identity: FileIdentity,
    /// For the log.
    pub reason: String,
}

impl StepRun {
    /// Finds or makes the file to send. Same asset, spec and encoder: same file.
    pub(super) async fn chosen_media(
        &self,
        subject: &Subject,
        adapter: &dyn Platform,
    ) -> Result<ChosenMedia, StepEnd> {
        let asset = self.unchanged_asset(subject).await?;
        let info = &match asset.media_info() {
            Some(info) => info.clone(),
            // Back at its place, and its turn to be looked at again has not come yet.
            None => {
                let probe = &self.engine.parts().media_probe;
                probe.probe(Path::new(&asset.path)).await?
            }
        };
        let capabilities = adapter.capabilities();
        let planned = self.planned(subject, &asset).await?;
        if let Some(obstacle) = planned.obstacles.first() {
            return Err(media_refused(&obstacle.sentence).into());
        }
        let plan = planned.plan;
        if plan.rung == Rung::AsIs {
            let path = PathBuf::from(&asset.path);
            let identity = asset.identity.clone().ok_or_else(|| not_measured(&asset))?;
            let file = media_file(path, info, capabilities.name)?;
            return Ok(ChosenMedia {
                file,
                identity,
                reason: "sent as it is: the file complies".into(),
            });
        }
        let rendition = self.rendition(&asset, info, &plan).await?;
        let left = compliance::check(&rendition.info, &capabilities.delivery, subject.account.limits);
        if let Some(finding) = left.iter().find(|finding| finding.is_refusal()) {
            return Err(media_refused(&format!(
                "Even converted, the file is not accepted: {}",
                finding.sentence
            ))
            .into());
        }
        let path = PathBuf::from(&rendition.path);
        let identity = self.engine.parts().media_probe.identify(&path).await?;
        let file = media_file(path, &rendition.info, capabilities.name)?;
        Ok(ChosenMedia {
            file,
            identity,
            reason: format!("converted: {}", plan.reasons.join("; ")),
        })
    }

    /// The rendition of the post's plan that serves this publication, without the others' obstacles.
    async fn planned(&self, subject: &Subject, asset: &Asset) -> Result<PlannedRendition, StepEnd> {
        let id = subject.publication.id;
        let mut overview = self.engine.post(subject.post.id).await?;
        // As it was found just now: in the record it may be waiting to be measured again.
        if let Some(of_post) = &mut overview.asset {
            of_post.asset = asset.clone();
        }
        let mine = self
            .engine
            .plan_overview(&overview)
            .await?
            .into_iter()
            .find(|planned| planned.serves.contains(&id))
            .ok_or_else(|| Problem::bug("a plan that leaves out a publication"))?;
        let place = mine.serves.iter().position(|served| *served == id);
        let mut rendition = mine.rendition;
        let destination = place.map(|place| rendition.serves[place]);
        rendition
            .obstacles
            .retain(|obstacle| Some(obstacle.destination) == destination);
        Ok(rendition)
    }

    /// The asset, provided that its file is still the one that was measured.
    pub(super) async fn unchanged_asset(&self, subject: &Subject) -> Result<Asset, StepEnd> {
        let id = subject.post.asset_id.ok_or_else(|| {
            Problem::needs_user(
                ErrorCode::new("post.no_asset"),
                UserAction::EditPost,
                "This post has no video.",
            )
        })?;
        let parts = self.engine.parts();
        let mut asset = parts
            .store
            .asset(id)
            .await?
            .ok_or_else(crate::assets::unknown_asset)?;
        let identity = match parts.media_probe.identify(Path::new(&asset.path)).await {
            Err(problem) if problem.code == codes::FILE_MISSING => {
                // Moved since the last look: what is planned goes on from its new place.
                asset = self.engine.follow_moved(&asset).await?.ok_or(problem)?;
                parts.media_probe.identify(Path::new(&asset.path)).await?
            }
            looked => looked?,
        };
        let same = asset.identity.as_ref().is_some_and(|known| {
            known.size_bytes == identity.size_bytes && known.content_hash == identity.content_hash
        });
        if !same {
            return Err(file_changed(asset.file_name()).into());
        }
        if asset.media_info().is_none() {
            // It came back a moment ago and waits to be measured again.
            let info = parts.media_probe.probe(Path::new(&asset.path)).await?;
            asset.state = AssetState::Ready(Box::new(info));
            parts.store.put_asset_facts(&asset).await?;
        }
        Ok(asset)
    }

    /// Empty without captions to draw. What is wrong with them is told before anything is converted.
    async fn captions_hash(&self, plan: &TranscodePlan) -> Result<String, Problem> {
        let target = plan.target.as_ref();
        let Some(path) = target.and_then(|target| target.captions_path.as_ref()) else {
            return Ok(String::new());
        };
        let (parts, path) = (self.engine.parts(), Path::new(path));
        parts.media_timeline.captions(path).await?;
        Ok(parts.media_probe.identify(path).await?.content_hash)
    }

    async fn rendition(
        &self,
        asset: &Asset,
        info: &MediaInfo,
        plan: &TranscodePlan,
    ) -> Result<RenditionRecord, StepEnd> {
        let parts = self.engine.parts();
        let hash = asset
            .identity
            .as_ref()
            .map_or("unknown", |identity| identity.content_hash.as_str());
        let captions = self.captions_hash(plan).await?;
        let key = rendition_key(hash, plan, &captions, &parts.media_encoder.version())?;
        if let Some(known) = parts.store.rendition(&key).await?
            && tokio::fs::try_exists(&known.path).await.unwrap_or(false)
        {
            return Ok(known);
        }
        self.line(format!(
            "converting ({:?}): {}",
            plan.rung,
            plan.reasons.join("; ")
        ))
        .await;
        let out = parts
            .folders
            .media
            .join(format!("rendition-{}.mp4", self.engine.new_uuid()));
        let observer = |_: EncodeProgress| {};
        let source = Path::new(&asset.path);
        let begun = Instant::now();
        let made = parts
            .media_encoder
            .encode(source, info, plan, &out, &observer, &self.cancel)
            .await;
        if self.cancel.is_cancelled() {
            return Err(StepEnd::Interrupted);
        }
        let made = made?;
        self.engine
            .remember_conversion(PastRun {
                rung: plan.rung,
                work: work_of(plan, &made),
                took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            })
            .await;
        let record = RenditionRecord {
            key,
            path: out.to_string_lossy().into_owned(),
            info: made,
            made_at: self.engine.now(),
        };
        parts.store.put_rendition(&record).await?;
        Ok(record)
    }
}

/// Same source, same work with the same captions, same encoder: same file. Why it is made does not matter.
fn rendition_key(
    content_hash: &str,
    plan: &TranscodePlan,
    captions_hash: &str,
    encoder: &str,
) -> Result<String, Problem> {
    let work = TranscodePlan {
        reasons: Vec::new(),
        spec_key: String::new(),
        ..plan.clone()
    };
    let work = serde_json::to_string(&work).map_err(|error| Problem::bug("a plan").caused_by(&error))?;
    let captions = if captions_hash.is_empty() {
        String::new()
    } else {
        format!("/captions {captions_hash}")
    };
    Ok(format!(
        "{content_hash}/{}/{work}{captions}/{encoder}",
        plan.spec_key
    ))
}

fn media_file(path: PathBuf, info: &MediaInfo, platform: &str) -> Result<MediaFile, Problem> {
    let mime = info.container.mime().ok_or_else(|| {
        Problem::bug(format!(
            "{platform}: {} was planned to be sent as it is",
            info.container.label()
        ))
    })?;
    Ok(MediaFile {
        path,
        size_bytes: info.size_bytes,
        mime,
        duration_ms: info.duration_ms,
        width_px: info.video.width_px,
        height_px: info.video.height_px,
    })
}

pub(super) fn file_changed(name: &str) -> Problem {
    Problem::needs_user(
        codes::FILE_CHANGED,
        UserAction::ReplaceFile,
        format!("“{name}” has changed since it was added, so it was not sent."),
    )
    .fix("Remove it from the library, add it again and choose it in the post.")
}

fn not_measured(asset: &Asset) -> Problem {
    Problem::needs_user(
        ErrorCode::new("asset.not_measured"),
        UserAction::ReplaceFile,
        format!("“{}” could not be measured.", asset.file_name()),
    )
}

fn media_refused(sentence: &str) -> Problem {
    Problem::needs_user(ErrorCode::new("media.refused"), UserAction::ReplaceFile, sentence)
        .fix("Choose another file, or change this one outside Daypart and add it again.")
}
