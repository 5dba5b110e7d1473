//! Y2: bytes of a resumable upload, and the question how many there are.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::app::App;
use crate::blobs::{Intake, Received, drain};
use crate::call::{Answer, Call, ContentRange, Refusal, html_error};
use crate::clock::real_now_ms;
use crate::faults::FaultKind;
use crate::gate::{content_length, json_answer};
use crate::world::{BodyRow, Upload, World, secret_hash};
use crate::youtube::errors::unauthenticated;
use crate::youtube::guard::{UPLOAD, authorized};
use crate::youtube::metadata::Metadata;
use crate::youtube::settings::Settings;
use crate::youtube::upload_start::location;
use crate::youtube::{UploadStatus, Video, YOUTUBE, resource};

const GRAIN: u64 = 262_144;
const RESUME_INCOMPLETE: u16 = 308;
/// How long a request waits for another one of the same upload to end.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) async fn put(app: Arc<App>, call: Call) -> Answer {
    let body = call.take_stream().unwrap_or_default();
    // The bytes that arrived count even if the sender is gone by the time they are stored.
    let stored = tokio::spawn(async move {
        tokio::select! {
            answer = receive(&app, &call, body) => answer,
            () = app.stopping.cancelled() => {
                call.wire.cut();
                Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE))
            }
        }
    });
    stored.await.map_err(std::io::Error::other)?
}

/// First byte, length and whether it is the end of the file.
struct Piece {
    first: u64,
    length: u64,
    is_last: bool,
}

async fn receive(app: &Arc<App>, call: &Call, body: Body) -> Answer {
    let secret = call.query("upload_id").unwrap_or("");
    let Some(known) = find(app, secret) else {
        drain(body).await;
        return Err(Refusal::new(text(StatusCode::NOT_FOUND, "Not Found")));
    };
    let lock = app.blobs.locks.of(&known.id);
    let Ok(_turn) = tokio::time::timeout(PATIENCE, lock.lock_owned()).await else {
        drain(body).await;
        return Err(Refusal::new(html_error(StatusCode::SERVICE_UNAVAILABLE)));
    };
    // Looked at again: an earlier request may have ended only now.
    let Some(upload) = find(app, secret) else {
        drain(body).await;
        return Err(Refusal::new(text(StatusCode::NOT_FOUND, "Not Found")));
    };
    let range = ContentRange::of(&call.headers);
    let settings = app.look(|world| world.youtube.settings());
    if let Err(refusal) = authorized(app, call, UPLOAD).and_then(|grant| {
        if grant.account == upload.account {
            Ok(())
        } else {
            Err(unauthenticated())
        }
    }) {
        return refuse_body(app, &upload, range, body, refusal.into_response()).await;
    }
    if upload.gone || (upload.complete_ms.is_none() && upload.expires_ms <= app.clock.now_ms()) {
        let status = StatusCode::from_u16(settings.gone_status).unwrap_or(StatusCode::NOT_FOUND);
        return refuse_body(app, &upload, range, body, text(status, "Not Found")).await;
    }
    if upload.complete_ms.is_some() {
        let answer = app.look(|world| created(world, &settings, &upload));
        return if matches!(range, ContentRange::Query { .. }) {
            drain(body).await;
            Ok(answer)
        } else {
            refuse_body(app, &upload, range, body, answer).await
        };
    }
    if let ContentRange::Query { total } = range {
        drain(body).await;
        if total.is_some_and(|total| total != upload.size_bytes) || content_length(&call.headers) != Some(0) {
            return Err(Refusal::new(text(
                StatusCode::BAD_REQUEST,
                "Invalid status query",
            )));
        }
        return Ok(app.change(|world| incomplete(world, &settings, &upload.id))?);
    }
    let piece = match piece_of(call, range, &upload) {
        Ok(piece) => piece,
        Err(says) => {
            let answer = text(StatusCode::BAD_REQUEST, says);
            return refuse_body(app, &upload, range, body, answer).await;
        }
    };
    store(app, call, &settings, &upload, &piece, body).await
}

fn find(app: &App, secret: &str) -> Option<Upload> {
    app.look(|world| world.upload_by_secret(secret).cloned())
        .filter(|upload| upload.platform == YOUTUBE)
}

fn piece_of(call: &Call, range: ContentRange, upload: &Upload) -> Result<Piece, &'static str> {
    let Some(length) = content_length(&call.headers) else {
        return Err("Content-Length is required");
    };
    match range {
        ContentRange::Absent if upload.stored_bytes > 0 => {
            Err("Content-Range is required to continue an upload")
        }
        ContentRange::Absent if length != upload.size_bytes => Err("Content-Length is not the declared size"),
        ContentRange::Absent => Ok(Piece {
            first: 0,
            length,
            is_last: true,
        }),
        ContentRange::Bytes { first, last, total } => {
            if total != Some(upload.size_bytes) {
                return Err("the size in Content-Range is not the declared size");
            }
            if length != last + 1 - first {
                return Err("Content-Length does not match Content-Range");
            }
            if first != upload.stored_bytes {
                return Err("Content-Range does not continue where the stored bytes end");
            }
            let is_last = last + 1 == upload.size_bytes;
            if !is_last && length % GRAIN != 0 {
                return Err("a chunk that is not the last must be a multiple of 262144 bytes");
            }
            Ok(Piece {
                first,
                length,
                is_last,
            })
        }
        _ => Err("Failed to parse Content-Range header"),
    }
}

async fn store(
    app: &Arc<App>,
    call: &Call,
    settings: &Settings,
    upload: &Upload,
    piece: &Piece,
    body: Body,
) -> Answer {
    let fault = call.fault.as_ref();
    let fault_bytes = |kind| fault.filter(|f| f.kind == kind).and_then(|f| f.bytes);
    let chosen = app.change(|world| {
        let often = settings.store_less_one_in;
        (often > 0 && world.chance(often) == 0).then(|| world.chance(piece.length))
    })?;
    let keep_bytes = match (fault_bytes(FaultKind::StoreLess), chosen) {
        (Some(bytes), _) => bytes.min(piece.length),
        (None, Some(bytes)) => bytes / GRAIN * GRAIN,
        _ if fault.is_some_and(|f| f.kind == FaultKind::NoProgress) => 0,
        _ => piece.length,
    };
    let intake = Intake {
        upload_id: &upload.id,
        offset: piece.first,
        keep_bytes,
        bytes_per_s: fault
            .filter(|f| f.kind == FaultKind::Slow)
            .and_then(|f| f.bytes_per_s),
        cut_after: fault_bytes(FaultKind::CutAfter),
    };
    let Received {
        received_bytes,
        written_bytes,
        whole,
        cut,
    } = app.blobs.receive(intake, body).await?;
    // Of a body that broke off, whole grains are kept.
    let kept = if whole {
        written_bytes
    } else {
        written_bytes / GRAIN * GRAIN
    };
    let stored_bytes = piece.first + kept;
    let complete = piece.is_last && stored_bytes == upload.size_bytes;
    let status = match (whole, complete) {
        (false, _) => None,
        (true, true) => Some(settings.final_status),
        (true, false) => Some(RESUME_INCOMPLETE),
    };
    let row = BodyRow {
        first: piece.first,
        last: Some(piece.first + piece.length - 1),
        received_bytes,
        stored_bytes: kept,
        status,
        at_ms: 0,
        real_ms: 0,
    };
    let sha256 = if complete {
        Some(app.blobs.sha256(&upload.id, stored_bytes).await?)
    } else {
        None
    };
    let answer = app.change(|world| {
        world.note_body(&upload.id, row);
        if kept > 0 {
            let detail = json!({"first": piece.first, "last": stored_bytes - 1});
            world.raise(
                "chunk_stored",
                YOUTUBE,
                Some(&upload.account),
                Some(&upload.id),
                detail,
            );
        }
        match sha256 {
            Some(sha256) => create_video(world, settings, &upload.id, sha256),
            None => incomplete(world, settings, &upload.id),
        }
    })?;
    if cut {
        call.wire.cut();
    }
    if complete {
        crate::examine::spawn(app.clone(), upload.id.clone());
    }
    Ok(answer)
}

/// The last byte is in: the video exists from here on.
fn create_video(world: &mut World, settings: &Settings, upload_id: &str, sha256: String) -> Response {
    let id = world.opaque(11);
    let (now_ms, real_ms) = (world.now_ms, real_now_ms());
    let Some(upload) = world.uploads.edit(upload_id) else {
        return text(StatusCode::NOT_FOUND, "Not Found");
    };
    upload.complete_ms = Some(now_ms);
    upload.complete_real_ms = Some(real_ms);
    upload.sha256 = Some(sha256.clone());
    upload.remote_id = Some(id.clone());
    let upload = upload.clone();
    let mut metadata: Metadata =
        serde_json::from_value(upload.metadata["fields"].clone()).unwrap_or_default();
    if metadata.publish_at_ms.is_some_and(|at| at <= now_ms) {
        // A time in the past publishes at once.
        metadata.privacy_status = "public".to_owned();
        metadata.publish_at_ms = None;
    }
    let video = Video {
        id: id.clone(),
        upload_id: upload.id.clone(),
        account: upload.account.clone(),
        ever_public: metadata.privacy_status == "public",
        metadata,
        upload_status: UploadStatus::Uploaded,
        failure_reason: None,
        rejection_reason: None,
        created_ms: now_ms,
        processed_ms: None,
        published_ms: now_ms,
        public_ms: None,
        looked: None,
        size_bytes: upload.size_bytes,
        sha256: sha256.clone(),
        thumbnail_type: None,
        notify_subscribers: upload.metadata["notify"] != Value::Bool(false),
    };
    world.youtube.videos.put(id.clone(), video);
    let detail = json!({"remote_id": id, "sha256": sha256, "size_bytes": upload.size_bytes});
    world.raise(
        "upload_complete",
        YOUTUBE,
        Some(&upload.account),
        Some(&upload.id),
        detail,
    );
    created(world, settings, &upload)
}

/// The finished resource with the parts asked for at the start; the same however often it is asked.
fn created(world: &World, settings: &Settings, upload: &Upload) -> Response {
    let video = upload
        .remote_id
        .as_deref()
        .and_then(|id| world.youtube.videos.get(id));
    let Some(video) = video else {
        return text(StatusCode::NOT_FOUND, "Not Found");
    };
    let parts: Vec<String> = serde_json::from_value(upload.metadata["parts"].clone()).unwrap_or_default();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let status = StatusCode::from_u16(settings.final_status).unwrap_or(StatusCode::CREATED);
    json_answer(status, &resource::video(world, video, &parts))
}

/// 308 with what is stored.
fn incomplete(world: &mut World, settings: &Settings, upload_id: &str) -> Response {
    let stored_bytes = world
        .uploads
        .get(upload_id)
        .map_or(0, |upload| upload.stored_bytes);
    let status = StatusCode::from_u16(RESUME_INCOMPLETE).unwrap_or(StatusCode::PERMANENT_REDIRECT);
    let upload_header = HeaderName::from_static("x-guploader-uploadid");
    let mut answer = (status, [(upload_header, upload_id.to_owned())]).into_response();
    if let Some(last) = stored_bytes.checked_sub(1)
        && let Ok(range) = format!("bytes=0-{last}").parse()
    {
        answer.headers_mut().insert(header::RANGE, range);
    }
    if settings.relocate_uploads {
        let secret = world.opaque(64);
        world
            .upload_secrets
            .put(secret_hash(&secret), upload_id.to_owned());
        if let Ok(uri) = location(world, &secret).parse() {
            answer.headers_mut().insert(header::LOCATION, uri);
        }
    }
    answer
}

/// Reads the body to its end, notes it as bytes for nothing and answers.
async fn refuse_body(
    app: &App,
    upload: &Upload,
    range: ContentRange,
    body: Body,
    answer: Response,
) -> Answer {
    let received_bytes = drain(body).await;
    let (first, last) = match range {
        ContentRange::Bytes { first, last, .. } => (first, Some(last)),
        ContentRange::Query { .. } => return Err(Refusal::new(answer)),
        _ => (0, None),
    };
    let status = Some(answer.status().as_u16());
    let row = BodyRow {
        first,
        last,
        received_bytes,
        stored_bytes: 0,
        status,
        at_ms: 0,
        real_ms: 0,
    };
    app.change(|world| world.note_body(&upload.id, row))?;
    Err(Refusal::new(answer))
}

fn text(status: StatusCode, says: &'static str) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        says,
    )
        .into_response()
}
