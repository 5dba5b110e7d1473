//! The `video` resource as the API shows it.

use serde_json::{Map, Value, json};

use crate::clock::rfc3339;
use crate::probe::Looked;
use crate::world::World;
use crate::youtube::{UploadStatus, Video};

pub(crate) const PARTS: [&str; 11] = [
    "id",
    "snippet",
    "status",
    "contentDetails",
    "processingDetails",
    "fileDetails",
    "suggestions",
    "statistics",
    "player",
    "recordingDetails",
    "localizations",
];
pub(crate) const OWNER_PARTS: [&str; 3] = ["processingDetails", "fileDetails", "suggestions"];

pub(crate) fn video(world: &World, video: &Video, parts: &[&str]) -> Value {
    let mut out = Map::new();
    out.insert("kind".to_owned(), json!("youtube#video"));
    out.insert(
        "etag".to_owned(),
        json!(format!("practice-{}-{}", video.id, video.upload_status as u8)),
    );
    out.insert("id".to_owned(), json!(video.id));
    for part in parts {
        let value = match *part {
            "snippet" => snippet(world, video),
            "status" => status(video),
            "contentDetails" => content_details(video),
            "processingDetails" => processing_details(video),
            "fileDetails" => file_details(video),
            "suggestions" => suggestions(video),
            "statistics" => {
                json!({"viewCount": "0", "likeCount": "0", "favoriteCount": "0", "commentCount": "0"})
            }
            "player" => json!({"embedHtml": ""}),
            "recordingDetails" => match &video.metadata.recording_date {
                Some(date) => json!({"recordingDate": date}),
                None => json!({}),
            },
            "localizations" => video.metadata.localizations.clone().unwrap_or_else(|| json!({})),
            _ => continue,
        };
        out.insert((*part).to_owned(), value);
    }
    Value::Object(out)
}

pub(crate) fn thumbnails(world: &World, video: &Video) -> Value {
    let url = format!("{}/youtube/thumbnail/{}", world.base_url, video.id);
    json!({"default": {"url": url, "width": 120, "height": 90}})
}

fn snippet(world: &World, video: &Video) -> Value {
    let channel = world.youtube.accounts.get(&video.account);
    let metadata = &video.metadata;
    let mut out = json!({
        "publishedAt": rfc3339(video.published_ms),
        "channelId": channel.map(|c| c.channel_id.as_str()),
        "channelTitle": channel.map(|c| c.title.as_str()),
        "title": metadata.title,
        "description": metadata.description,
        "thumbnails": thumbnails(world, video),
        "categoryId": metadata.category_id,
        "liveBroadcastContent": "none",
        "localized": {"title": metadata.title, "description": metadata.description},
    });
    if !metadata.tags.is_empty() {
        out["tags"] = json!(metadata.tags);
    }
    if let Some(language) = &metadata.default_language {
        out["defaultLanguage"] = json!(language);
    }
    out
}

fn status(video: &Video) -> Value {
    let metadata = &video.metadata;
    let mut out = json!({
        "uploadStatus": video.upload_status,
        "privacyStatus": metadata.privacy_status,
        "license": metadata.license,
        "embeddable": metadata.embeddable,
        "publicStatsViewable": metadata.public_stats_viewable,
        "madeForKids": metadata.self_declared_made_for_kids.unwrap_or(false),
    });
    let optional = [
        ("failureReason", video.failure_reason.as_ref().map(|v| json!(v))),
        (
            "rejectionReason",
            video.rejection_reason.as_ref().map(|v| json!(v)),
        ),
        ("publishAt", metadata.publish_at_ms.map(|at| json!(rfc3339(at)))),
        (
            "selfDeclaredMadeForKids",
            metadata.self_declared_made_for_kids.map(|v| json!(v)),
        ),
        (
            "containsSyntheticMedia",
            metadata.contains_synthetic_media.map(|v| json!(v)),
        ),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            out[name] = value;
        }
    }
    out
}

fn content_details(video: &Video) -> Value {
    // Known once processing has looked at the file; before that YouTube says zero.
    let known = matches!(video.upload_status, UploadStatus::Processed);
    match &video.looked {
        Some(Looked::Video(facts)) if known => json!({
            "duration": iso_duration(facts.duration_s),
            "dimension": "2d",
            "definition": if facts.height.min(facts.width) >= 720 { "hd" } else { "sd" },
            "caption": "false",
            "licensedContent": false,
        }),
        _ => json!({"duration": "P0D", "dimension": "2d", "definition": "sd", "caption": "false"}),
    }
}

fn processing_details(video: &Video) -> Value {
    match video.upload_status {
        UploadStatus::Uploaded => json!({
            "processingStatus": "processing",
            "processingProgress": {"partsTotal": "100", "partsProcessed": "10", "timeLeftMs": "1000"},
        }),
        UploadStatus::Processed | UploadStatus::Rejected => json!({
            "processingStatus": "succeeded",
            "processingProgress": {"partsTotal": "100", "partsProcessed": "100", "timeLeftMs": "0"},
        }),
        UploadStatus::Failed => {
            json!({"processingStatus": "failed", "processingFailureReason": "transcodeFailed"})
        }
        UploadStatus::Deleted => json!({"processingStatus": "terminated"}),
    }
}

fn file_details(video: &Video) -> Value {
    let mut out =
        json!({"fileName": "unknown", "fileSize": video.size_bytes.to_string(), "fileType": "video"});
    if let Some(Looked::Video(facts)) = &video.looked {
        out["container"] = json!(facts.container);
        out["durationMs"] = json!(((facts.duration_s * 1000.0).round() as u64).to_string());
        out["videoStreams"] = json!([{
            "widthPixels": facts.width, "heightPixels": facts.height, "frameRateFps": facts.fps, "codec": facts.codec,
        }]);
    }
    out
}

fn suggestions(video: &Video) -> Value {
    match video.looked {
        Some(Looked::NoVideo) => json!({"processingErrors": ["notAVideoFile"]}),
        _ => json!({}),
    }
}

/// `PT1M3S`, whole seconds.
fn iso_duration(duration_s: f64) -> String {
    let whole = duration_s.round().max(0.0) as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    let mut out = "PT".to_owned();
    if hours > 0 {
        out += &format!("{hours}H");
    }
    if minutes > 0 {
        out += &format!("{minutes}M");
    }
    if seconds > 0 || whole == 0 {
        out += &format!("{seconds}S");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::iso_duration;

    #[test]
    fn durations_are_iso_8601() {
        assert_eq!(iso_duration(30.0), "PT30S");
        assert_eq!(iso_duration(60.0), "PT1M");
        assert_eq!(iso_duration(3723.4), "PT1H2M3S");
        assert_eq!(iso_duration(0.2), "PT0S");
    }
}
