//! What happens on YouTube by itself as time passes: processing, rejection, scheduled publication.

use serde_json::{Value, json};

use crate::probe::Looked;
use crate::world::World;
use crate::youtube::{UploadStatus, Video, YOUTUBE};

const UNVERIFIED_MAX_S: f64 = 900.0;
const VERIFIED_MAX_S: f64 = 43_200.0;

/// Applies what is due.
pub(crate) fn settle(world: &mut World) {
    let settings = world.youtube.settings();
    let now_ms = world.now_ms;
    let processed = |v: &Video| {
        v.upload_status == UploadStatus::Uploaded
            && v.looked.is_some()
            && v.created_ms + settings.processing_ms <= now_ms
    };
    for id in world.youtube.videos.keys_where(processed) {
        finish_processing(world, &id);
    }
    let due = |v: &Video| is_scheduled(v) && v.metadata.publish_at_ms.is_some_and(|at| at <= now_ms);
    for id in world.youtube.videos.keys_where(due) {
        if let Some(video) = world.youtube.videos.edit(&id) {
            video.published_ms = video.metadata.publish_at_ms.take().unwrap_or(now_ms);
            video.metadata.privacy_status = "public".to_owned();
            video.ever_public = true;
        }
    }
    for id in world.youtube.videos.keys_where(turns_public) {
        let Some(video) = world.youtube.videos.edit(&id) else {
            continue;
        };
        video.public_ms = Some(now_ms);
        let account = video.account.clone();
        world.raise("public", YOUTUBE, Some(&account), Some(&id), Value::Null);
    }
}

fn is_scheduled(video: &Video) -> bool {
    video.upload_status == UploadStatus::Processed && video.metadata.publish_at_ms.is_some()
}

fn turns_public(video: &Video) -> bool {
    video.upload_status == UploadStatus::Processed
        && video.metadata.privacy_status == "public"
        && video.public_ms.is_none()
}

fn finish_processing(world: &mut World, id: &str) {
    let Some(video) = world.youtube.videos.get(id).cloned() else {
        return;
    };
    let verdict = verdict(world, &video);
    let now_ms = world.now_ms;
    let Some(row) = world.youtube.videos.edit(id) else {
        return;
    };
    row.processed_ms = Some(now_ms);
    let (event, detail) = match verdict {
        Verdict::Fine => {
            row.upload_status = UploadStatus::Processed;
            ("published", Value::Null)
        }
        Verdict::Failed(reason) => {
            row.upload_status = UploadStatus::Failed;
            row.failure_reason = Some(reason.clone());
            ("failed", json!({"reason": reason}))
        }
        Verdict::Rejected(reason) => {
            row.upload_status = UploadStatus::Rejected;
            row.rejection_reason = Some(reason.clone());
            ("rejected", json!({"reason": reason}))
        }
    };
    world.raise(event, YOUTUBE, Some(&video.account), Some(id), detail);
}

enum Verdict {
    Fine,
    Failed(String),
    Rejected(String),
}

fn verdict(world: &World, video: &Video) -> Verdict {
    let settings = world.youtube.settings();
    for outcome in &settings.outcomes {
        let by_title = outcome
            .title_contains
            .as_ref()
            .map(|part| video.metadata.title.contains(part));
        let by_hash = outcome.sha256.as_ref().map(|hash| *hash == video.sha256);
        if by_title == Some(false) || by_hash == Some(false) || (by_title.is_none() && by_hash.is_none()) {
            continue;
        }
        if let Some(reason) = &outcome.failed {
            return Verdict::Failed(reason.clone());
        }
        if let Some(reason) = &outcome.rejected {
            return Verdict::Rejected(reason.clone());
        }
    }
    let facts = match &video.looked {
        Some(Looked::NoVideo) => return Verdict::Failed("invalidFile".to_owned()),
        Some(Looked::Video(facts)) => Some(facts),
        _ => None,
    };
    let verified = world
        .youtube
        .accounts
        .get(&video.account)
        .is_some_and(|a| a.long_uploads == "allowed");
    let max_s = if verified {
        VERIFIED_MAX_S
    } else {
        UNVERIFIED_MAX_S
    };
    if facts.is_some_and(|facts| facts.duration_s > max_s) {
        return Verdict::Rejected("length".to_owned());
    }
    let twin = |other: &Video| {
        other.id != video.id
            && other.account == video.account
            && other.sha256 == video.sha256
            && other.created_ms <= video.created_ms
            && matches!(
                other.upload_status,
                UploadStatus::Uploaded | UploadStatus::Processed
            )
    };
    if settings.reject_duplicates && world.youtube.videos.values().any(twin) {
        return Verdict::Rejected("duplicate".to_owned());
    }
    Verdict::Fine
}

/// When [`settle`] will next have something to do.
pub(crate) fn next_due_ms(world: &World) -> Option<i64> {
    let settings = world.youtube.settings();
    let due = |v: &Video| match v.upload_status {
        UploadStatus::Uploaded if v.looked.is_some() => Some(v.created_ms + settings.processing_ms),
        UploadStatus::Processed if turns_public(v) => Some(world.now_ms),
        UploadStatus::Processed => v.metadata.publish_at_ms,
        _ => None,
    };
    world.youtube.videos.values().filter_map(due).min()
}
