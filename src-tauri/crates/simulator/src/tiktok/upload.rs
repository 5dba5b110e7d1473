//! E5: chunks of a file, strictly in the declared order.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;
use crate::blobs::{Intake, drain};
use crate::call::{Answer, Call, ContentRange, Refusal};
use crate::clock::real_now_ms;
use crate::faults::FaultKind;
use crate::gate::content_length;
use crate::tiktok::source::ChunkPlan;
use crate::tiktok::{PostState, TIKTOK};
use crate::world::{BodyRow, Upload};

const TYPES: [&str; 3] = ["video/mp4", "video/quicktime", "video/webm"];

/// Headers of a PUT that are in order in themselves.
struct Piece {
    first: u64,
    last: u64,
    mime: String,
}

pub(crate) async fn put_chunk(app: Arc<App>, call: Call) -> Answer {
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

async fn receive(app: &Arc<App>, call: &Call, body: Body) -> Answer {
    let secret = call.query("upload_token").unwrap_or("");
    let find = || {
        let found = app.look(|world| (world.upload_by_secret(secret).cloned(), world.tiktok.settings()));
        match found {
            (Some(upload), settings) if upload.platform == TIKTOK && !upload.gone => Ok((upload, settings)),
            _ => Err(plain(StatusCode::NOT_FOUND, "upload not found")),
        }
    };
    let (upload, _) = match find() {
        Ok(found) => found,
        Err(answer) => {
            drain(body).await;
            return Err(Refusal::new(answer));
        }
    };
    let range = ContentRange::of(&call.headers);
    let piece = match piece_of(app, call, range, &upload) {
        Ok(piece) => piece,
        Err(answer) => return refuse_body(app, &upload, range, body, answer).await,
    };

    let lock = app.blobs.locks.of(&upload.id);
    let _turn = match lock.clone().try_lock_owned() {
        Ok(turn) => turn,
        Err(_) if piece.first == upload.stored_bytes => lock.lock_owned().await,
        Err(_) => {
            let answer = out_of_place(&upload, false);
            return refuse_body(app, &upload, range, body, answer).await;
        }
    };
    let (upload, settings) = match find() {
        Ok(found) => found,
        Err(answer) => return refuse_body(app, &upload, range, body, answer).await,
    };
    let plan = plan_of(&upload);
    let expected = plan
        .chunk_at(upload.stored_bytes)
        .filter(|_| upload.stored_bytes < upload.size_bytes);
    if expected != Some((piece.first, piece.last)) {
        let again =
            piece.last < upload.stored_bytes && plan.chunk_at(piece.first) == Some((piece.first, piece.last));
        let answer = if again && settings.resent_chunk_status == 206 {
            stored(
                StatusCode::PARTIAL_CONTENT,
                upload.stored_bytes,
                &upload,
                settings.content_range_counts,
            )
        } else {
            out_of_place(&upload, settings.content_range_counts)
        };
        return refuse_body(app, &upload, range, body, answer).await;
    }

    let length = piece.last + 1 - piece.first;
    let fault = call.fault.as_ref();
    let intake = Intake {
        upload_id: &upload.id,
        offset: piece.first,
        keep_bytes: length,
        bytes_per_s: fault
            .filter(|f| f.kind == FaultKind::Slow)
            .and_then(|f| f.bytes_per_s),
        cut_after: fault
            .filter(|f| f.kind == FaultKind::CutAfter)
            .and_then(|f| f.bytes),
    };
    let received = app.blobs.receive(intake, body).await?;
    let mut row = BodyRow {
        first: piece.first,
        last: Some(piece.last),
        received_bytes: received.received_bytes,
        stored_bytes: 0,
        status: None,
        at_ms: 0,
        real_ms: 0,
    };
    if !received.whole || received.written_bytes != length {
        app.change(|world| world.note_body(&upload.id, row))?;
        if received.cut {
            call.wire.cut();
        }
        return Err(Refusal::new(plain(
            StatusCode::BAD_REQUEST,
            "the body is shorter than Content-Length",
        )));
    }
    let stored_bytes = piece.last + 1;
    let complete = stored_bytes == upload.size_bytes;
    let status = if complete {
        StatusCode::CREATED
    } else {
        StatusCode::PARTIAL_CONTENT
    };
    row.stored_bytes = length;
    row.status = Some(status.as_u16());
    let sha256 = if complete {
        Some(app.blobs.sha256(&upload.id, stored_bytes).await?)
    } else {
        None
    };
    app.change(|world| {
        world.note_body(&upload.id, row);
        let detail = json!({"first": piece.first, "last": piece.last, "publish_id": upload.publish_id});
        world.raise(
            "chunk_stored",
            TIKTOK,
            Some(&upload.account),
            Some(&upload.id),
            detail,
        );
        let now_ms = world.now_ms;
        if let Some(sha256) = sha256 {
            complete_upload(world, &upload, piece.mime, sha256, now_ms);
        }
    })?;
    if complete {
        crate::examine::spawn(app.clone(), upload.id.clone());
    }
    Ok(stored(
        status,
        stored_bytes,
        &upload,
        settings.content_range_counts,
    ))
}

/// The last byte is in: from here on a post exists.
fn complete_upload(
    world: &mut crate::world::World,
    upload: &Upload,
    mime: String,
    sha256: String,
    now_ms: i64,
) {
    let remote_id = (7_300_000_000_000_000_000_i64 + world.next("tiktok_posts")).to_string();
    if let Some(row) = world.uploads.edit(&upload.id) {
        row.mime = mime;
        row.complete_ms = Some(now_ms);
        row.complete_real_ms = Some(real_now_ms());
        row.sha256 = Some(sha256.clone());
        row.remote_id = Some(remote_id.clone());
    }
    let publish_id = upload.publish_id.clone().unwrap_or_default();
    if let Some(publish) = world.tiktok.publishes.edit(&publish_id) {
        publish.state = PostState::Processing;
        publish.complete_ms = Some(now_ms);
        publish.remote_id = Some(remote_id);
    }
    let detail = json!({"publish_id": publish_id, "sha256": sha256, "size_bytes": upload.size_bytes});
    world.raise(
        "upload_complete",
        TIKTOK,
        Some(&upload.account),
        Some(&upload.id),
        detail,
    );
}

fn piece_of(app: &App, call: &Call, range: ContentRange, upload: &Upload) -> Result<Piece, Response> {
    if upload.expires_ms <= app.clock.now_ms() {
        return Err(plain(StatusCode::FORBIDDEN, "upload_url has expired"));
    }
    let mime = call.header(header::CONTENT_TYPE).unwrap_or("");
    if !TYPES.contains(&mime) {
        return Err(plain(
            StatusCode::BAD_REQUEST,
            "Content-Type must be video/mp4, video/quicktime or video/webm",
        ));
    }
    let ContentRange::Bytes {
        first,
        last,
        total: Some(total),
    } = range
    else {
        return Err(plain(
            StatusCode::BAD_REQUEST,
            "Content-Range must be bytes first-last/size",
        ));
    };
    if total != upload.size_bytes {
        return Err(plain(
            StatusCode::BAD_REQUEST,
            "the size in Content-Range is not the declared video_size",
        ));
    }
    if content_length(&call.headers) != Some(last + 1 - first) {
        return Err(plain(
            StatusCode::BAD_REQUEST,
            "Content-Length does not match Content-Range",
        ));
    }
    Ok(Piece {
        first,
        last,
        mime: mime.to_owned(),
    })
}

fn plan_of(upload: &Upload) -> ChunkPlan {
    ChunkPlan {
        video_size: upload.size_bytes,
        chunk_size: upload.chunk_size.unwrap_or(upload.size_bytes),
        total_chunk_count: upload.chunk_count.unwrap_or(1),
    }
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

fn out_of_place(upload: &Upload, counts: bool) -> Response {
    stored(
        StatusCode::RANGE_NOT_SATISFIABLE,
        upload.stored_bytes,
        upload,
        counts,
    )
}

fn stored(status: StatusCode, stored_bytes: u64, upload: &Upload, counts: bool) -> Response {
    let size_bytes = upload.size_bytes;
    let range = match stored_bytes {
        0 => format!("bytes */{size_bytes}"),
        n if counts => format!("bytes 0-{n}/{size_bytes}"),
        n => format!("bytes 0-{}/{size_bytes}", n - 1),
    };
    (status, [(header::CONTENT_RANGE, range)]).into_response()
}

fn plain(status: StatusCode, says: &'static str) -> Response {
    (status, says).into_response()
}
