//! Y13: the caller's playlists.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::call::{Answer, Call};
use crate::gate::json_answer;
use crate::youtube::errors::missing_parameter;
use crate::youtube::guard::{READ, admit, parts};

pub(crate) async fn list(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, READ, 1)?;
    parts(&call, &["id", "snippet", "status", "contentDetails"])?;
    if call.query("mine") != Some("true") {
        return Err(missing_parameter("mine"));
    }
    app.look(|world| {
        let own = world.youtube.playlists.values().filter(|playlist| playlist.account == grant.account);
        let items: Vec<Value> = own
            .map(|playlist| {
                json!({
                    "kind": "youtube#playlist", "id": playlist.id, "snippet": {"title": playlist.title},
                    "status": {"privacyStatus": "public"}, "contentDetails": {"itemCount": playlist.entries.len()},
                })
            })
            .collect();
        Ok(json_answer(StatusCode::OK, &json!({"kind": "youtube#playlistListResponse", "items": items})))
    })
}
