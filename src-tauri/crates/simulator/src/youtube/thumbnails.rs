//! Y6: custom thumbnails.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::call::{Answer, Call};
use crate::gate::json_answer;
use crate::probe::Looked;
use crate::youtube::errors::{missing_parameter, refuse};
use crate::youtube::guard::{UPLOAD, admit, channel};
use crate::youtube::videos::own;
use crate::youtube::{UploadStatus, resource};

const HOUR_MS: i64 = 3_600_000;

pub(crate) async fn set(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, UPLOAD, 50)?;
    let Some(video_id) = call.query("videoId").map(str::to_owned) else {
        return Err(missing_parameter("videoId"));
    };
    if !matches!(call.query("uploadType"), None | Some("media")) {
        return Err(refuse(
            400,
            "global",
            "badRequest",
            "Only uploadType=media is emulated.",
        ));
    }
    let refusal = |status, reason, message| Err(refuse(status, "youtube.thumbnail", reason, message));
    let kind = match &call.body[..] {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [] => return refusal(400, "mediaBodyRequired", "The request has no image content."),
        _ => {
            return refusal(
                400,
                "invalidImage",
                "The image content is invalid: use JPEG or PNG.",
            );
        }
    };
    let media_type = call
        .content_type()
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_owned();
    if !["image/jpeg", "image/png", "application/octet-stream"].contains(&media_type.as_str()) {
        return refusal(
            400,
            "imageFormatUnsupported",
            "Content-Type must be image/jpeg, image/png or application/octet-stream.",
        );
    }
    let settings = app.look(|world| world.youtube.settings());
    let limit_key = format!("thumbnails:{}", grant.account);
    if !app.rates.admit(
        limit_key,
        settings.thumbnails_per_hour,
        HOUR_MS,
        app.clock.now_ms(),
    ) {
        return refusal(
            429,
            "uploadRateLimitExceeded",
            "The channel has uploaded too many thumbnails recently.",
        );
    }
    app.change(|world| {
        let video = own(world, &grant, &video_id)?;
        if !channel(world, &grant)?.custom_thumbnails {
            return refusal(
                403,
                "forbidden",
                "The channel may not set custom thumbnails: verify it by phone first.",
            );
        }
        if call.body.len() > settings.thumbnail_max_bytes {
            return refusal(400, "failedPrecondition", "The thumbnail is too large.");
        }
        let is_short = matches!(&video.looked, Some(Looked::Video(facts)) if facts.is_short());
        if is_short && video.upload_status == UploadStatus::Uploaded {
            return refusal(
                400,
                "failedPrecondition",
                "Thumbnails of Shorts can be set once processing is complete.",
            );
        }
        app.blobs
            .write_small(&format!("thumbnail-{video_id}"), &call.body)?;
        if let Some(video) = world.youtube.videos.edit(&video_id) {
            video.thumbnail_type = Some(kind.to_owned());
        }
        let Some(video) = world.youtube.videos.get(&video_id) else {
            return refusal(404, "videoNotFound", "The video cannot be found.");
        };
        let items = json!([resource::thumbnails(world, video)]);
        Ok(json_answer(
            StatusCode::OK,
            &json!({"kind": "youtube#thumbnailSetResponse", "etag": "practice", "items": items}),
        ))
    })?
}
