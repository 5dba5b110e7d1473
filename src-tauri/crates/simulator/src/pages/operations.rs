//! The front page: everything received, newest first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::ledger::{Entry, entries};
use crate::pages::layout::{escape, page};
use crate::world::Platform;

pub(crate) async fn operations(State(app): State<Arc<App>>) -> Response {
    let _ = app.change(|_| ());
    let (posts, open) = app.look(|world| {
        let open = world
            .uploads
            .values()
            .filter(|u| u.complete_ms.is_none() && !u.gone)
            .map(|u| (u.platform, u.account.clone(), u.stored_bytes, u.size_bytes));
        (entries(world), open.collect::<Vec<_>>())
    });
    let mut body = "<h1>What the practice platforms received</h1>".to_owned();
    for (platform, account, stored, size) in open {
        body += &format!(
            "<p>Upload under way: {} for <strong>{}</strong>, <progress max=\"{size}\" value=\"{stored}\"></progress> {stored} of {size} bytes</p>",
            platform.title(),
            escape(&account),
        );
    }
    if posts.is_empty() {
        body += "<p>Nothing yet. Connect a practice account in Daypart and publish a video to it; it will appear here.</p>";
    }
    for post in posts.iter().rev() {
        body += &article(post);
    }
    page("Operations", &body)
}

/// One post with its video and what is known of it.
pub(crate) fn article(post: &Entry) -> String {
    let row = |name: &str, value: &str| format!("<dt>{name}</dt><dd>{}</dd>", escape(value));
    let mut rows = String::new();
    rows += &row("State", &state_says(post));
    rows += &row("Visibility", &post.visibility);
    if let Some(at) = &post.publish_at {
        rows += &row("Goes public", at);
    }
    if let Some(true) = post.is_short {
        rows += &row("Kind", "Short");
    }
    rows += &row("Received", &post.created_at);
    rows += &row("Size", &format!("{} bytes", post.size_bytes));
    rows += &row("SHA-256", &post.sha256);
    let title = if post.text.is_empty() {
        "(no caption)"
    } else {
        &post.text
    };
    format!(
        "<article><h2>{}</h2><p>{} · {} · <a href=\"{}\">post page</a></p>\
         <video controls preload=\"metadata\" src=\"/media/{}\"></video><dl>{rows}</dl></article>",
        escape(title),
        post.platform.title(),
        escape(&post.account),
        escape(&local_path(&post.url)),
        escape(&post.upload_id),
    )
}

/// Links stay on the name the page was opened under.
fn local_path(url: &str) -> String {
    match url.split_once("://").and_then(|(_, rest)| rest.split_once('/')) {
        Some((_, path)) => format!("/{path}"),
        None => "/".to_owned(),
    }
}

fn state_says(post: &Entry) -> String {
    let says = match (post.state, post.public, post.platform) {
        ("processing", _, _) => "processing",
        ("published", true, _) => "published, everybody can see it",
        ("published", false, Platform::TikTok) => "published",
        ("published", false, Platform::YouTube) => "on the channel, not public",
        ("inbox", _, _) => "in the creator's inbox, waiting to be posted",
        ("deleted", _, _) => "deleted",
        (other, _, _) => other,
    };
    match &post.fail_reason {
        Some(reason) => format!("{says}: {reason}"),
        None => says.to_owned(),
    }
}
