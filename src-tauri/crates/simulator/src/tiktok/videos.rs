//! E9 and E10: the user's own public videos.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::call::{Answer, Call, Refusal};
use crate::probe::Looked;
use crate::tiktok::envelope::{invalid_params, ok};
use crate::tiktok::guard::{Window, admit, json_body};
use crate::tiktok::{PostState, Publish};
use crate::world::World;

const LIST_WINDOW: Window = Window {
    name: "video_list",
    per_min: |s| s.display_per_min,
};
const QUERY_WINDOW: Window = Window {
    name: "video_query",
    per_min: |s| s.display_per_min,
};

pub(crate) async fn video_list(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, &["video.list"], &LIST_WINDOW)?;
    app.change(|world| {
        let singular = world.tiktok.settings().singular_invalid_param;
        let body = json_body(&call, singular, true)?;
        let count = match &body["max_count"] {
            Value::Null => 10,
            n => match n.as_u64() {
                Some(n @ 1..=20) => n as usize,
                _ => return Err(invalid_params(singular, "max_count must be between 1 and 20")),
            },
        };
        let before_ms = match &body["cursor"] {
            Value::Null => i64::MAX,
            n => n
                .as_i64()
                .ok_or_else(|| invalid_params(singular, "cursor must be milliseconds"))?,
        };
        let mut found = public_posts(world, &grant.account);
        found.retain(|p| p.published_ms.unwrap_or(0) < before_ms);
        found.sort_by_key(|p| std::cmp::Reverse((p.published_ms, p.remote_id.clone())));
        let has_more = found.len() > count;
        found.truncate(count);
        let cursor = found.last().and_then(|p| p.published_ms).unwrap_or(0);
        let videos = shown(world, &call, singular, &found)?;
        Ok(ok(
            json!({"videos": videos, "cursor": cursor, "has_more": has_more}),
        ))
    })?
}

pub(crate) async fn video_query(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, &["video.list"], &QUERY_WINDOW)?;
    app.change(|world| {
        let singular = world.tiktok.settings().singular_invalid_param;
        let body = json_body(&call, singular, false)?;
        let ids: Option<Vec<&str>> = body["filters"]["video_ids"]
            .as_array()
            .and_then(|ids| ids.iter().map(Value::as_str).collect());
        let Some(ids) = ids.filter(|ids| (1..=20).contains(&ids.len())) else {
            return Err(invalid_params(
                singular,
                "filters.video_ids must hold 1 to 20 strings",
            ));
        };
        let mut found = public_posts(world, &grant.account);
        found.retain(|p| p.remote_id.as_deref().is_some_and(|id| ids.contains(&id)));
        let videos = shown(world, &call, singular, &found)?;
        Ok(ok(json!({"videos": videos})))
    })?
}

fn public_posts<'w>(world: &'w World, account: &str) -> Vec<&'w Publish> {
    let own = |p: &&Publish| p.account == account && p.public && p.state == PostState::Published;
    world.tiktok.publishes.values().filter(own).collect()
}

fn shown(world: &World, call: &Call, singular: bool, posts: &[&Publish]) -> Result<Vec<Value>, Refusal> {
    let fields: Vec<&str> = call
        .query("fields")
        .unwrap_or("")
        .split(',')
        .filter(|f| !f.is_empty())
        .collect();
    if fields.is_empty() {
        return Err(invalid_params(singular, "fields is required"));
    }
    posts
        .iter()
        .map(|post| video(world, singular, post, &fields))
        .collect()
}

fn video(world: &World, singular: bool, post: &Publish, fields: &[&str]) -> Result<Value, Refusal> {
    let caption: String = post.caption.chars().take(150).collect();
    let (width, height, duration) = match &post.looked {
        Some(Looked::Video(facts)) => (facts.width, facts.height, facts.duration_s.round() as u64),
        _ => (0, 0, 0),
    };
    let id = post.remote_id.clone().unwrap_or_default();
    let mut out = Map::new();
    for field in fields {
        let value = match *field {
            "id" => json!(id),
            "create_time" => json!(post.published_ms.unwrap_or(0) / 1000),
            "cover_image_url" => json!(format!("{}/tiktok/picture/{id}.png", world.base_url)),
            "share_url" => json!(share_url(world, post)),
            "title" | "video_description" => json!(caption),
            "duration" => json!(duration),
            "height" => json!(height),
            "width" => json!(width),
            "embed_html" => json!(""),
            "embed_link" => json!(share_url(world, post)),
            "like_count" | "comment_count" | "share_count" | "view_count" => json!(0),
            _ => return Err(invalid_params(singular, &format!("field {field} does not exist"))),
        };
        out.insert((*field).to_owned(), value);
    }
    Ok(Value::Object(out))
}

/// Address of the post's page.
pub(crate) fn share_url(world: &World, post: &Publish) -> String {
    let username = world
        .creator(&post.account)
        .map_or("", |creator| creator.username.as_str());
    let id = post.remote_id.as_deref().unwrap_or("");
    format!("{}/tiktok/www/@{username}/video/{id}", world.base_url)
}
