//! The page a receipt's link opens.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::ledger::entries;
use crate::pages::layout::{page, page_with_status};
use crate::pages::operations::article;
use crate::pages::picture::picture;
use crate::world::Platform;

pub(crate) async fn tiktok(State(app): State<Arc<App>>, Path((_, id)): Path<(String, String)>) -> Response {
    shown(&app, Platform::TikTok, &id)
}

pub(crate) async fn youtube(
    State(app): State<Arc<App>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    shown(&app, Platform::YouTube, query.get("v").map_or("", String::as_str))
}

pub(crate) async fn youtube_short(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    shown(&app, Platform::YouTube, &id)
}

/// The person at this computer owns every practice account, so private posts are shown too, and say so.
fn shown(app: &App, platform: Platform, id: &str) -> Response {
    let _ = app.change(|_| ());
    let post = app.look(|world| {
        entries(world)
            .into_iter()
            .find(|post| post.platform == platform && post.remote_id.as_deref() == Some(id))
    });
    match post.filter(|post| post.state != "deleted") {
        Some(post) => {
            let title = format!("Practice {}: {}", platform.title(), post.text);
            let who = if post.public {
                "<p>Everybody could see this post.</p>"
            } else {
                "<p>Only you can see this post: it is not public.</p>"
            };
            page(
                &title,
                &format!(
                    "{}{who}<p><a href=\"/\">Everything received</a></p>",
                    article(&post)
                ),
            )
        }
        None => page_with_status(
            StatusCode::NOT_FOUND,
            "Not found",
            "<h1>This video isn't available</h1>",
        ),
    }
}

/// The custom thumbnail of a video, else a generated picture.
pub(crate) async fn thumbnail(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let kind = app.look(|world| {
        world
            .youtube
            .videos
            .get(&id)
            .map(|video| video.thumbnail_type.clone())
    });
    match kind {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(None) => picture(&id),
        Some(Some(kind)) => match tokio::fs::read(app.blobs.path(&format!("thumbnail-{id}"))).await {
            Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        },
    }
}
