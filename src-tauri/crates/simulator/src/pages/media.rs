//! Received files, playable in a browser: `GET /media/{upload}` with Range.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use crate::app::App;

pub(crate) async fn media(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let found = app.look(|world| {
        let upload = world
            .uploads
            .get(&id)
            .filter(|upload| upload.complete_ms.is_some())?;
        Some((upload.size_bytes, upload.mime.clone()))
    });
    let Some((size_bytes, mime)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mime = if mime.starts_with("video/") && mime != "video/*" {
        mime
    } else {
        "video/mp4".to_owned()
    };
    let range = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    let (first, last) = match range.map(|range| wanted_range(range, size_bytes)) {
        None => (0, size_bytes.saturating_sub(1)),
        Some(Some(range)) => range,
        Some(None) => {
            let all = format!("bytes */{size_bytes}");
            return (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, all)]).into_response();
        }
    };
    let length = last + 1 - first;
    let Ok(mut file) = tokio::fs::File::open(app.blobs.path(&id)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if file.seek(std::io::SeekFrom::Start(first)).await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let status = if range.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let mut answer_headers = HeaderMap::new();
    answer_headers.insert(header::ACCEPT_RANGES, header::HeaderValue::from_static("bytes"));
    answer_headers.insert(header::CONTENT_LENGTH, length.into());
    if let Ok(mime) = mime.parse() {
        answer_headers.insert(header::CONTENT_TYPE, mime);
    }
    if let (Some(_), Ok(value)) = (range, format!("bytes {first}-{last}/{size_bytes}").parse()) {
        answer_headers.insert(header::CONTENT_RANGE, value);
    }
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(length), 64 * 1024));
    (status, answer_headers, body).into_response()
}

/// First and last byte of the one range asked for; `None` if it cannot be satisfied.
fn wanted_range(value: &str, size_bytes: u64) -> Option<(u64, u64)> {
    let (first, last) = value.strip_prefix("bytes=")?.split_once('-')?;
    let end = size_bytes.checked_sub(1)?;
    if first.is_empty() {
        let length: u64 = last.parse().ok().filter(|length| *length > 0)?;
        return Some((size_bytes.saturating_sub(length), end));
    }
    let first: u64 = first.parse().ok()?;
    let last = if last.is_empty() {
        end
    } else {
        last.parse::<u64>().ok()?.min(end)
    };
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::wanted_range;

    #[test]
    fn ranges_as_players_send_them() {
        assert_eq!(wanted_range("bytes=0-", 10), Some((0, 9)));
        assert_eq!(wanted_range("bytes=2-3", 10), Some((2, 3)));
        assert_eq!(wanted_range("bytes=-3", 10), Some((7, 9)));
        assert_eq!(wanted_range("bytes=10-", 10), None);
        assert_eq!(wanted_range("bytes=0-", 0), None);
    }
}
