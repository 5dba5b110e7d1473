//! Y1: the start of a resumable upload. Metadata, permission and quota errors surface here.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;

use crate::app::App;
use crate::call::{Answer, Call, Refusal};
use crate::oauth::Grant;
use crate::world::{Upload, World, secret_hash};
use crate::youtube::YOUTUBE;
use crate::youtube::errors::{channel_limit_reached, refuse};
use crate::youtube::guard::{UPLOAD, authorized, channel, parts};
use crate::youtube::metadata::{Metadata, Purpose, WRITABLE};
use crate::youtube::quota::{charge, charge_upload};

const MAX_BYTES: u64 = 274_877_906_944;
const DAY_MS: i64 = 86_400_000;

pub(crate) async fn start(app: Arc<App>, call: Call) -> Answer {
    let grant = authorized(&app, &call, UPLOAD)?;
    let checked = app.change(|world| {
        charge_upload(world, &grant.client)?;
        open(world, &grant, &call)
    })?;
    if checked.is_err() {
        // An invalid call costs one unit as well.
        app.change(|world| drop(charge(world, &grant.client, 1)))?;
    }
    let (location, number) = checked?;
    let upload_header = header::HeaderName::from_static("x-guploader-uploadid");
    let headers = [
        (header::LOCATION, location),
        (upload_header, format!("practice-upload-{number}")),
    ];
    Ok((StatusCode::OK, headers).into_response())
}

/// Opens the upload; returns its URI and number.
fn open(world: &mut World, grant: &Grant, call: &Call) -> Result<(String, i64), Refusal> {
    let account = channel(world, grant)?.key.clone();
    let bad = |message: &str| refuse(400, "global", "badRequest", message);
    if call.query("uploadType") != Some("resumable") {
        return Err(bad("uploadType must be resumable."));
    }
    let parts = parts(call, &WRITABLE)?;
    if !call.is_json() {
        return Err(bad("Content-Type must be application/json; charset=UTF-8."));
    }
    let Some(body) = call.json_object() else {
        return Err(refuse(
            400,
            "global",
            "parseError",
            "The body is not a JSON object.",
        ));
    };
    let size_bytes = call
        .header("x-upload-content-length")
        .and_then(|v| v.parse::<u64>().ok());
    let mime = call.header("x-upload-content-type").unwrap_or("").to_owned();
    let no_media = |says: &str| refuse(400, "youtube.video", "mediaBodyRequired", says);
    let Some(size_bytes) = size_bytes.filter(|size| *size > 0) else {
        return Err(no_media(
            "X-Upload-Content-Length is missing or zero: the request has no video content.",
        ));
    };
    if size_bytes > MAX_BYTES {
        return Err(bad("The file is larger than 256 GiB."));
    }
    if !mime.starts_with("video/") && mime != "application/octet-stream" {
        return Err(no_media(
            "X-Upload-Content-Type must be video/* or application/octet-stream.",
        ));
    }
    let mut metadata = Metadata::default().replaced(&parts, &body, Purpose::Insert)?;
    let settings = world.youtube.settings();
    let since_ms = world.now_ms - DAY_MS;
    let recent = world
        .youtube
        .videos
        .values()
        .filter(|v| v.account == account && v.created_ms > since_ms)
        .count();
    if settings.channel_uploads_per_day.is_some_and(|cap| recent >= cap) {
        return Err(channel_limit_reached());
    }
    if settings.force_private {
        metadata.privacy_status = "private".to_owned();
        metadata.publish_at_ms = None;
    }
    let number = world.next("youtube_uploads");
    let (id, secret) = (format!("youtube-upload-{number}"), world.opaque(64));
    let notify = call.query("notifySubscribers") != Some("false");
    let upload = Upload {
        id: id.clone(),
        platform: YOUTUBE,
        account: account.clone(),
        client: grant.client.clone(),
        secret_hash: secret_hash(&secret),
        size_bytes,
        mime,
        chunk_size: None,
        chunk_count: None,
        created_ms: world.now_ms,
        expires_ms: world.now_ms + settings.upload_uri_s * 1000,
        stored_bytes: 0,
        body_count: 0,
        complete_ms: None,
        complete_real_ms: None,
        sha256: None,
        gone: false,
        publish_id: None,
        remote_id: None,
        metadata: json!({"fields": metadata, "parts": parts, "notify": notify}),
    };
    world.upload_secrets.put(upload.secret_hash.clone(), id.clone());
    world.uploads.put(id.clone(), upload);
    let detail = json!({"size_bytes": size_bytes});
    world.raise("upload_started", YOUTUBE, Some(&account), Some(&id), detail);
    Ok((location(world, &secret), number))
}

/// The upload URI for a secret.
pub(crate) fn location(world: &World, secret: &str) -> String {
    format!(
        "{}/google/www/upload/youtube/v3/videos?uploadType=resumable&upload_id={secret}",
        world.base_url
    )
}
