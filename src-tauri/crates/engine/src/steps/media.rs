//! The file a publication sends: the original in place where it complies, else a rendition made once and kept.

use std::path::{Path, PathBuf};

use daypart_domain::{
    asset::{Asset, FileIdentity},
    compliance,
    delivery_spec::AccountLimits,
    media_info::MediaInfo,
    problem::{ErrorCode, Problem, UserAction, codes},
    transcode_plan::{self, Rung, TranscodePlan},
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
        let limits = AccountLimits::default();
        let findings = compliance::check(info, &capabilities.delivery, limits);
        if let Some(finding) = transcode_plan::unfixable(&findings).first() {
            return Err(media_refused(&finding.sentence).into());
        }
        let plan = transcode_plan::plan(info, &capabilities.delivery, limits);
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
        let left = compliance::check(&rendition.info, &capabilities.delivery, limits);
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

    /// The asset, provided that its file is still the one that was measured.
    async fn unchanged_asset(&self, subject: &Subject) -> Result<Asset, StepEnd> {
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
        if same {
            Ok(asset)
        } else {
            Err(file_changed(asset.file_name()).into())
        }
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
        let key = format!(
            "{hash}/{}/{:?}/{}",
            plan.spec_key,
            plan.rung,
            parts.media_encoder.version()
        );
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
        let made = parts
            .media_encoder
            .encode(source, info, plan, &out, &observer, &self.cancel)
            .await;
        if self.cancel.is_cancelled() {
            return Err(StepEnd::Interrupted);
        }
        let record = RenditionRecord {
            key,
            path: out.to_string_lossy().into_owned(),
            info: made?,
            made_at: self.engine.now(),
        };
        parts.store.put_rendition(&record).await?;
        Ok(record)
    }
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
