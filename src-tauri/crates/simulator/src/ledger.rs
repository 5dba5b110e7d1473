//! The ledger: what really got posted, whatever the client believes.

use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::probe::Looked;
use crate::tiktok::videos::share_url;
use crate::tiktok::{PostState, Publish};
use crate::world::{Platform, Upload, World};
use crate::youtube::{UploadStatus, Video};

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    pub(crate) platform: Platform,
    pub(crate) account: String,
    pub(crate) remote_id: Option<String>,
    /// Whether the platform's API names the id.
    pub(crate) remote_id_shown: bool,
    pub(crate) upload_id: String,
    pub(crate) publish_id: Option<String>,
    pub(crate) text: String,
    pub(crate) visibility: String,
    pub(crate) options: Value,
    pub(crate) size_bytes: u64,
    pub(crate) sha256: String,
    pub(crate) created_at: String,
    pub(crate) created_at_ms: i64,
    pub(crate) received_real_ms: i64,
    pub(crate) public: bool,
    pub(crate) state: &'static str,
    pub(crate) fail_reason: Option<String>,
    pub(crate) publish_at: Option<String>,
    pub(crate) is_short: Option<bool>,
    pub(crate) url: String,
}

/// Every post, oldest first.
pub(crate) fn entries(world: &World) -> Vec<Entry> {
    let mut complete: Vec<&Upload> = world
        .uploads
        .values()
        .filter(|upload| upload.complete_ms.is_some())
        .collect();
    complete.sort_by_key(|upload| (upload.complete_ms, upload.complete_real_ms, upload.created_ms));
    complete
        .into_iter()
        .filter_map(|upload| entry(world, upload))
        .collect()
}

fn entry(world: &World, upload: &Upload) -> Option<Entry> {
    match upload.platform {
        Platform::TikTok => {
            let publish = world.tiktok.publishes.get(upload.publish_id.as_deref()?)?;
            Some(tiktok_entry(world, upload, publish))
        }
        Platform::YouTube => {
            let video = world.youtube.videos.get(upload.remote_id.as_deref()?)?;
            Some(youtube_entry(world, upload, video))
        }
    }
}

fn tiktok_entry(world: &World, upload: &Upload, publish: &Publish) -> Entry {
    let state = match publish.state {
        PostState::Uploading | PostState::Downloading | PostState::Processing => "processing",
        PostState::Published => "published",
        PostState::Inbox => "inbox",
        PostState::Failed => "failed",
        PostState::Deleted => "deleted",
    };
    let public = publish.public && publish.state == PostState::Published;
    Entry {
        remote_id: publish.remote_id.clone(),
        remote_id_shown: public,
        publish_id: Some(publish.id.clone()),
        text: publish.caption.clone(),
        visibility: publish.visibility.clone(),
        options: publish.post_info.clone(),
        public,
        state,
        fail_reason: publish.fail_reason.clone(),
        publish_at: None,
        is_short: None,
        url: share_url(world, publish),
        ..common(upload)
    }
}

fn youtube_entry(world: &World, upload: &Upload, video: &Video) -> Entry {
    let state = match video.upload_status {
        UploadStatus::Uploaded => "processing",
        UploadStatus::Processed => "published",
        UploadStatus::Failed => "failed",
        UploadStatus::Rejected => "rejected",
        UploadStatus::Deleted => "deleted",
    };
    let metadata = &video.metadata;
    let is_short = match &video.looked {
        Some(Looked::Video(facts)) => Some(facts.is_short()),
        _ => None,
    };
    let page = if is_short == Some(true) {
        "shorts/"
    } else {
        "watch?v="
    };
    Entry {
        remote_id: Some(video.id.clone()),
        remote_id_shown: true,
        publish_id: None,
        text: metadata.title.clone(),
        visibility: metadata.privacy_status.clone(),
        options: json!({
            "description": metadata.description,
            "tags": metadata.tags,
            "categoryId": metadata.category_id,
            "license": metadata.license,
            "embeddable": metadata.embeddable,
            "publicStatsViewable": metadata.public_stats_viewable,
            "selfDeclaredMadeForKids": metadata.self_declared_made_for_kids,
            "containsSyntheticMedia": metadata.contains_synthetic_media,
            "notifySubscribers": video.notify_subscribers,
            "thumbnail": video.thumbnail_type,
            "captions": captions_of(world, &video.id),
            "playlists": playlists_with(world, &video.id),
        }),
        public: video.public_ms.is_some(),
        state,
        fail_reason: video
            .failure_reason
            .clone()
            .or_else(|| video.rejection_reason.clone()),
        publish_at: metadata.publish_at_ms.map(rfc3339),
        is_short,
        url: format!("{}/youtube/www/{page}{}", world.base_url, video.id),
        ..common(upload)
    }
}

fn captions_of(world: &World, video_id: &str) -> Vec<Value> {
    let tracks = world.youtube.captions.values();
    tracks
        .filter(|track| track.video_id == video_id)
        .map(|track| json!({"language": track.language, "name": track.name, "text": track.text}))
        .collect()
}

/// Once for each entry.
fn playlists_with(world: &World, video_id: &str) -> Vec<String> {
    let playlists = world.youtube.playlists.values();
    playlists
        .flat_map(|playlist| {
            let entries = playlist.entries.iter().filter(|entry| entry.video_id == video_id);
            entries.map(|_| playlist.id.clone())
        })
        .collect()
}

fn common(upload: &Upload) -> Entry {
    let created_at_ms = upload.complete_ms.unwrap_or(upload.created_ms);
    Entry {
        platform: upload.platform,
        account: upload.account.clone(),
        remote_id: None,
        remote_id_shown: false,
        upload_id: upload.id.clone(),
        publish_id: None,
        text: String::new(),
        visibility: String::new(),
        options: Value::Null,
        size_bytes: upload.size_bytes,
        sha256: upload.sha256.clone().unwrap_or_default(),
        created_at: rfc3339(created_at_ms),
        created_at_ms,
        received_real_ms: upload.complete_real_ms.unwrap_or(0),
        public: false,
        state: "processing",
        fail_reason: None,
        publish_at: None,
        is_short: None,
        url: String::new(),
    }
}

/// One upload with every body that arrived for it.
pub(crate) fn upload_report(world: &World, upload: &Upload) -> Value {
    let prefix = format!("{}/", upload.id);
    let bodies: Vec<_> = world.bodies.under(&prefix).collect();
    let received_bytes: u64 = bodies.iter().map(|body| body.received_bytes).sum();
    let spans = bodies
        .iter()
        .map(|body| (body.first, body.first + body.received_bytes))
        .collect();
    json!({
        "id": upload.id,
        "platform": upload.platform,
        "account": upload.account,
        "publish_id": upload.publish_id,
        "remote_id": upload.remote_id,
        "size_bytes": upload.size_bytes,
        "mime": upload.mime,
        "stored_bytes": upload.stored_bytes,
        "received_bytes": received_bytes,
        "resent_bytes": received_bytes - covered(spans),
        "complete": upload.complete_ms.is_some(),
        "gone": upload.gone,
        "sha256": upload.sha256,
        "created_at_ms": upload.created_ms,
        "expires_at_ms": upload.expires_ms,
        "completed_at_ms": upload.complete_ms,
        "completed_real_ms": upload.complete_real_ms,
        "declared": upload.chunk_size.map(|size| json!({"chunk_size": size, "chunk_count": upload.chunk_count})),
        "bodies": bodies,
    })
}

/// How many bytes at least one span covers.
fn covered(mut spans: Vec<(u64, u64)>) -> u64 {
    spans.sort_unstable();
    let (mut total, mut end) = (0, 0);
    for (from, to) in spans {
        let from = from.max(end);
        if to > from {
            total += to - from;
            end = to;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::covered;

    #[test]
    fn overlapping_spans_count_once() {
        assert_eq!(covered(vec![(0, 10), (5, 15), (20, 30), (22, 25)]), 25);
        assert_eq!(covered(vec![]), 0);
    }
}
