//! Y7: caption tracks.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::call::{Answer, Call};
use crate::clock::rfc3339;
use crate::gate::json_answer;
use crate::youtube::Caption;
use crate::youtube::errors::{missing_parameter, refuse};
use crate::youtube::guard::{CAPTIONS, admit, parts};
use crate::youtube::multipart::json_and_file;
use crate::youtube::videos::own;

const MAX_BYTES: usize = 100 * 1024 * 1024;

pub(crate) async fn insert(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, CAPTIONS, 400)?;
    parts(&call, &["id", "snippet"])?;
    let refusal = |status, reason, message| Err(refuse(status, "youtube.caption", reason, message));
    let Some((body, file)) = json_and_file(call.content_type(), &call.body) else {
        return refusal(
            400,
            "contentRequired",
            "The request must be multipart/related with the track's JSON and its file.",
        );
    };
    app.change(|world| {
        let snippet = &body["snippet"];
        let field = |name: &str| snippet[name].as_str().unwrap_or("").to_owned();
        let (video_id, language, name) = (field("videoId"), field("language"), field("name"));
        if video_id.is_empty() || language.is_empty() || !snippet["name"].is_string() {
            return refusal(400, "invalidMetadata", "videoId, language and name are required.");
        }
        if name.chars().count() > 150 {
            return refusal(
                400,
                "nameTooLong",
                "The name of the track is longer than 150 characters.",
            );
        }
        let text = String::from_utf8_lossy(&file).into_owned();
        // Automatic timing ended on 2024-04-12: a track must bring its times.
        if file.is_empty() || file.len() > MAX_BYTES || !text.contains("-->") {
            return refusal(400, "contentRequired", "The track has no timed content.");
        }
        let video = own(world, &grant, &video_id)?;
        if world.now_ms < video.created_ms + world.youtube.settings().not_found_ms {
            return refusal(404, "videoNotFound", "The video cannot be found.");
        }
        let same = |c: &Caption| c.video_id == video_id && c.language == language && c.name == name;
        if world.youtube.captions.values().any(same) {
            return refusal(
                409,
                "captionExists",
                "The video already has a track with this language and name.",
            );
        }
        let caption = Caption {
            id: format!("practice-caption-{}", world.opaque(16)),
            video_id,
            language,
            name,
            is_draft: snippet["isDraft"] == Value::Bool(true),
            created_ms: world.now_ms,
            text,
        };
        let answer = json_answer(StatusCode::OK, &shown(&caption));
        world.youtube.captions.put(caption.id.clone(), caption);
        Ok(answer)
    })?
}

pub(crate) async fn list(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, CAPTIONS, 50)?;
    parts(&call, &["id", "snippet"])?;
    let Some(video_id) = call.query("videoId") else {
        return Err(missing_parameter("videoId"));
    };
    app.change(|world| {
        own(world, &grant, video_id)?;
        let tracks = world
            .youtube
            .captions
            .values()
            .filter(|caption| caption.video_id == video_id);
        let items: Vec<Value> = tracks.map(shown).collect();
        Ok(json_answer(
            StatusCode::OK,
            &json!({"kind": "youtube#captionListResponse", "items": items}),
        ))
    })?
}

fn shown(caption: &Caption) -> Value {
    json!({
        "kind": "youtube#caption", "id": caption.id,
        "snippet": {
            "videoId": caption.video_id, "language": caption.language, "name": caption.name,
            "isDraft": caption.is_draft, "status": "serving", "lastUpdated": rfc3339(caption.created_ms),
        },
    })
}
