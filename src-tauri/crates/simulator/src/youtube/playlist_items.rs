//! Y8 and Y10: playlists, the uploads playlist of the owner above all.

use std::sync::Arc;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::call::{Answer, Call, Refusal};
use crate::clock::rfc3339;
use crate::gate::json_answer;
use crate::oauth::Grant;
use crate::world::World;
use crate::youtube::errors::{missing_parameter, refuse, video_not_found};
use crate::youtube::guard::{READ, WRITE, admit, parts};
use crate::youtube::videos::own;
use crate::youtube::{PlaylistEntry, UploadStatus, Video};

const PARTS: [&str; 4] = ["id", "snippet", "contentDetails", "status"];
const MAX_ENTRIES: usize = 5000;

struct Entry<'w> {
    id: String,
    added_ms: i64,
    video: &'w Video,
}

pub(crate) async fn list(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, READ, 1)?;
    let parts = parts(&call, &PARTS)?;
    let Some(playlist_id) = call.query("playlistId") else {
        return Err(missing_parameter("playlistId"));
    };
    let count = match call.query("maxResults") {
        None => 5,
        Some(n) => n.parse::<usize>().ok().filter(|n| *n <= 50).ok_or_else(|| {
            refuse(
                400,
                "global",
                "invalidParameter",
                "maxResults must be between 0 and 50.",
            )
        })?,
    };
    let skip = match call.query("pageToken") {
        None => 0,
        Some(token) => read_page_token(token).ok_or_else(|| {
            refuse(
                400,
                "youtube.parameter",
                "invalidPageToken",
                "The page token is invalid.",
            )
        })?,
    };
    app.change(|world| {
        let entries = entries(world, &grant, playlist_id)?;
        let total = entries.len();
        let page: Vec<Value> = entries
            .iter()
            .enumerate()
            .skip(skip)
            .take(count)
            .map(|(position, entry)| playlist_item(world, playlist_id, position, entry, &parts))
            .collect();
        let mut body = json!({
            "kind": "youtube#playlistItemListResponse", "etag": "practice", "items": page,
            "pageInfo": {"totalResults": total, "resultsPerPage": count},
        });
        if skip + count < total && count > 0 {
            body["nextPageToken"] = json!(page_token(skip + count));
        }
        if skip > 0 {
            body["prevPageToken"] = json!(page_token(skip.saturating_sub(count)));
        }
        Ok(json_answer(StatusCode::OK, &body))
    })?
}

fn entries<'w>(world: &'w World, grant: &Grant, playlist_id: &str) -> Result<Vec<Entry<'w>>, Refusal> {
    let shown = |video: &Video| {
        video.upload_status != UploadStatus::Deleted
            && (video.account == grant.account || video.metadata.privacy_status == "public")
    };
    let channel = world
        .youtube
        .accounts
        .values()
        .find(|a| a.has_channel && a.uploads_playlist() == playlist_id);
    if let Some(channel) = channel {
        let visible_since_ms = world.now_ms - world.youtube.settings().uploads_list_delay_ms;
        let of_channel =
            |v: &&Video| v.account == channel.key && shown(v) && v.created_ms <= visible_since_ms;
        let mut videos: Vec<&Video> = world.youtube.videos.values().filter(of_channel).collect();
        videos.sort_by_key(|video| std::cmp::Reverse((video.created_ms, upload_number(video))));
        let entry = |video: &'w Video| Entry {
            id: format!("UUentry{}", video.id),
            added_ms: video.created_ms,
            video,
        };
        return Ok(videos.into_iter().map(entry).collect());
    }
    let Some(playlist) = world.youtube.playlists.get(playlist_id) else {
        return Err(refuse(
            404,
            "youtube.playlistItem",
            "playlistNotFound",
            "The playlist cannot be found.",
        ));
    };
    let found = playlist.entries.iter().filter_map(|entry| {
        let video = world
            .youtube
            .videos
            .get(&entry.video_id)
            .filter(|video| shown(video))?;
        Some(Entry {
            id: entry.id.clone(),
            added_ms: entry.added_ms,
            video,
        })
    });
    Ok(found.collect())
}

/// Uploads completed in the same millisecond keep their order.
fn upload_number(video: &Video) -> u64 {
    video
        .upload_id
        .rsplit('-')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

fn playlist_item(
    world: &World,
    playlist_id: &str,
    position: usize,
    entry: &Entry<'_>,
    parts: &[&str],
) -> Value {
    let video = entry.video;
    let channel = world.youtube.accounts.get(&video.account);
    let mut out = Map::new();
    out.insert("kind".to_owned(), json!("youtube#playlistItem"));
    out.insert("etag".to_owned(), json!("practice"));
    out.insert("id".to_owned(), json!(entry.id));
    for part in parts {
        let value = match *part {
            "snippet" => json!({
                "publishedAt": rfc3339(entry.added_ms),
                "channelId": channel.map(|c| c.channel_id.as_str()),
                "channelTitle": channel.map(|c| c.title.as_str()),
                "title": video.metadata.title,
                "description": video.metadata.description,
                "playlistId": playlist_id,
                "position": position,
                "resourceId": {"kind": "youtube#video", "videoId": video.id},
            }),
            "contentDetails" => json!({"videoId": video.id, "videoPublishedAt": rfc3339(video.published_ms)}),
            "status" => json!({"privacyStatus": video.metadata.privacy_status}),
            _ => continue,
        };
        out.insert((*part).to_owned(), value);
    }
    Value::Object(out)
}

pub(crate) async fn insert(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, WRITE, 50)?;
    let parts = parts(&call, &PARTS)?;
    let Some(body) = call.json_object().filter(|_| call.is_json()) else {
        return Err(refuse(
            400,
            "global",
            "parseError",
            "The body is not a JSON object.",
        ));
    };
    app.change(|world| {
        let snippet = &body["snippet"];
        let playlist_id = snippet["playlistId"].as_str().unwrap_or("").to_owned();
        let video_id = snippet["resourceId"]["videoId"].as_str().unwrap_or("").to_owned();
        if snippet["resourceId"]["kind"] != "youtube#video" {
            return Err(refuse(
                400,
                "youtube.playlistItem",
                "invalidResourceType",
                "resourceId.kind must be youtube#video.",
            ));
        }
        let Some(playlist) = world.youtube.playlists.get(&playlist_id) else {
            return Err(refuse(
                404,
                "youtube.playlistItem",
                "playlistNotFound",
                "The playlist cannot be found.",
            ));
        };
        if playlist.account != grant.account {
            return Err(refuse(
                403,
                "youtube.playlistItem",
                "playlistItemsNotAccessible",
                "The playlist is not yours.",
            ));
        }
        if playlist.entries.len() >= MAX_ENTRIES {
            let reason = "playlistContainsMaximumNumberOfVideos";
            return Err(refuse(
                403,
                "youtube.playlistItem",
                reason,
                "The playlist is full.",
            ));
        }
        let position = match &snippet["position"] {
            serde_json::Value::Null => playlist.entries.len(),
            n => match n
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
                .filter(|n| *n <= playlist.entries.len())
            {
                Some(position) => position,
                None => {
                    let reason = "invalidPlaylistItemPosition";
                    return Err(refuse(
                        400,
                        "youtube.playlistItem",
                        reason,
                        "The position is invalid.",
                    ));
                }
            },
        };
        let settings = world.youtube.settings();
        let video = own(world, &grant, &video_id)?.clone();
        if world.now_ms < video.created_ms + settings.not_found_ms {
            return Err(video_not_found());
        }
        let entry = PlaylistEntry {
            id: format!("PLentry{}", world.opaque(16)),
            video_id,
            added_ms: world.now_ms,
        };
        if let Some(playlist) = world.youtube.playlists.edit(&playlist_id) {
            playlist.entries.insert(position, entry.clone());
        }
        let shown = Entry {
            id: entry.id,
            added_ms: entry.added_ms,
            video: &video,
        };
        Ok(json_answer(
            StatusCode::OK,
            &playlist_item(world, &playlist_id, position, &shown, &parts),
        ))
    })?
}

fn page_token(skip: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("practice:{skip}"))
}

fn read_page_token(token: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    std::str::from_utf8(&bytes)
        .ok()?
        .strip_prefix("practice:")?
        .parse()
        .ok()
}
