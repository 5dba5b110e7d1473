//! Y9: the caller's own channel.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::call::{Answer, Call};
use crate::gate::json_answer;
use crate::world::World;
use crate::youtube::errors::missing_parameter;
use crate::youtube::guard::{READ, admit, parts};
use crate::youtube::settings::Account;

const PARTS: [&str; 5] = ["id", "snippet", "contentDetails", "status", "statistics"];

pub(crate) async fn list(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, READ, 1)?;
    let parts = parts(&call, &PARTS)?;
    let mine = call.query("mine") == Some("true");
    if !mine && call.query("id").is_none() {
        return Err(missing_parameter("mine"));
    }
    app.look(|world| {
        let wanted = |account: &&Account| {
            account.has_channel
                && if mine {
                    account.key == grant.account
                } else {
                    call.query("id")
                        .unwrap_or("")
                        .split(',')
                        .any(|id| id == account.channel_id)
                }
        };
        let found: Vec<Value> = world
            .youtube
            .accounts
            .values()
            .filter(wanted)
            .map(|account| channel(world, account, &parts))
            .collect();
        let count = found.len();
        let mut body = json!({
            "kind": "youtube#channelListResponse", "etag": "practice",
            "pageInfo": {"totalResults": count, "resultsPerPage": 5},
        });
        // An account without a channel gets no items at all.
        if count > 0 {
            body["items"] = json!(found);
        }
        Ok(json_answer(StatusCode::OK, &body))
    })
}

fn channel(world: &World, account: &Account, parts: &[&str]) -> Value {
    let picture = format!("{}/youtube/picture/{}.png", world.base_url, account.key);
    let mut out = Map::new();
    out.insert("kind".to_owned(), json!("youtube#channel"));
    out.insert("etag".to_owned(), json!("practice"));
    out.insert("id".to_owned(), json!(account.channel_id));
    for part in parts {
        let value = match *part {
            "snippet" => json!({
                "title": account.title,
                "description": "A practice channel",
                "customUrl": format!("@practice-{}", account.key),
                "publishedAt": "2024-01-01T00:00:00Z",
                "thumbnails": {"default": {"url": picture, "width": 88, "height": 88},
                    "medium": {"url": picture, "width": 240, "height": 240}, "high": {"url": picture, "width": 800, "height": 800}},
            }),
            "contentDetails" => {
                json!({"relatedPlaylists": {"likes": "", "uploads": account.uploads_playlist()}})
            }
            "status" => json!({
                "privacyStatus": "public", "isLinked": true, "longUploadsStatus": account.long_uploads,
            }),
            "statistics" => {
                let videos = world
                    .youtube
                    .videos
                    .values()
                    .filter(|v| v.account == account.key && v.public_ms.is_some());
                json!({"viewCount": "0", "subscriberCount": "0", "videoCount": videos.count().to_string()})
            }
            _ => continue,
        };
        out.insert((*part).to_owned(), value);
    }
    Value::Object(out)
}
