//! Y3, Y4, Y5: reading, changing and deleting videos.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use crate::app::App;
use crate::call::{Answer, Call, Refusal};
use crate::gate::json_answer;
use crate::oauth::Grant;
use crate::world::World;
use crate::youtube::errors::{invalid, missing_parameter, refuse, video_not_found};
use crate::youtube::guard::{READ, WRITE, admit, parts};
use crate::youtube::metadata::{Purpose, WRITABLE, invalid_publish_at};
use crate::youtube::{UploadStatus, Video, resource};

pub(crate) async fn list(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, READ, 1)?;
    let parts = parts(&call, &resource::PARTS)?;
    let Some(ids) = call.query("id") else {
        return Err(missing_parameter("id"));
    };
    let ids: Vec<&str> = ids.split(',').filter(|id| !id.is_empty()).collect();
    if ids.len() > 50 {
        return Err(refuse(
            400,
            "youtube.parameter",
            "invalidFilters",
            "At most 50 ids are allowed.",
        ));
    }
    app.change(|world| {
        let mut items = Vec::new();
        for id in &ids {
            let Some(video) = visible(world, &grant, id) else {
                continue;
            };
            let is_owner = video.account == grant.account;
            if !is_owner && parts.iter().any(|part| resource::OWNER_PARTS.contains(part)) {
                return Err(refuse(
                    403,
                    "youtube.video",
                    "forbidden",
                    "These parts are for the owner of the video.",
                ));
            }
            items.push(resource::video(world, video, &parts));
        }
        let count = items.len();
        Ok(json_answer(
            StatusCode::OK,
            &json!({
                "kind": "youtube#videoListResponse", "etag": "practice", "items": items,
                "pageInfo": {"totalResults": count, "resultsPerPage": count},
            }),
        ))
    })?
}

/// The video, if this caller can see it at all.
fn visible<'w>(world: &'w World, grant: &Grant, id: &str) -> Option<&'w Video> {
    world.youtube.videos.get(id).filter(|video| {
        video.upload_status != UploadStatus::Deleted
            && (video.account == grant.account || video.metadata.privacy_status != "private")
    })
}

/// The caller's own video.
pub(crate) fn own<'w>(world: &'w World, grant: &Grant, id: &str) -> Result<&'w Video, Refusal> {
    let Some(video) = visible(world, grant, id) else {
        return Err(video_not_found());
    };
    if video.account == grant.account {
        Ok(video)
    } else {
        Err(refuse(
            403,
            "youtube.video",
            "forbidden",
            "The video belongs to another channel.",
        ))
    }
}

pub(crate) async fn update(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, WRITE, 50)?;
    let mut known = WRITABLE.to_vec();
    known.push("id");
    let parts = parts(&call, &known)?;
    let body = call.json_object().filter(|_| call.is_json());
    let Some(body) = body else {
        return Err(refuse(
            400,
            "global",
            "parseError",
            "The body is not a JSON object.",
        ));
    };
    app.change(|world| {
        let id = body["id"].as_str().unwrap_or("").to_owned();
        if id.is_empty() {
            return Err(refuse(
                400,
                "youtube.video",
                "videoIdRequired",
                "The id of the video is missing.",
            ));
        }
        let video = own(world, &grant, &id)?;
        if parts.contains(&"snippet") && body["snippet"]["categoryId"].as_str().is_none() {
            return Err(invalid(
                "invalidCategoryId",
                "part=snippet needs title and categoryId.",
            ));
        }
        let mut next = video.metadata.replaced(&parts, &body, Purpose::Update)?;
        if next.publish_at_ms.is_some() && video.ever_public {
            return Err(invalid_publish_at());
        }
        let now_ms = world.now_ms;
        if next.publish_at_ms.is_some_and(|at| at <= now_ms) {
            next.privacy_status = "public".to_owned();
            next.publish_at_ms = None;
        }
        let Some(video) = world.youtube.videos.edit(&id) else {
            return Err(video_not_found());
        };
        let turned_public = next.privacy_status == "public" && video.metadata.privacy_status != "public";
        if next.privacy_status != "public" {
            video.public_ms = None;
        }
        video.metadata = next;
        if turned_public {
            if !video.ever_public {
                video.published_ms = now_ms;
            }
            video.ever_public = true;
        }
        let video = video.clone();
        world.settle();
        Ok(json_answer(
            StatusCode::OK,
            &resource::video(world, &video, &parts),
        ))
    })?
}

pub(crate) async fn delete(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, WRITE, 50)?;
    let Some(id) = call.query("id").map(str::to_owned) else {
        return Err(missing_parameter("id"));
    };
    app.change(|world| {
        own(world, &grant, &id)?;
        if let Some(video) = world.youtube.videos.edit(&id) {
            video.upload_status = UploadStatus::Deleted;
            video.public_ms = None;
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    })?
}
