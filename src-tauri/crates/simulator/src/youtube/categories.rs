//! Y11: video categories.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::call::{Answer, Call};
use crate::gate::json_answer;
use crate::youtube::errors::missing_parameter;
use crate::youtube::guard::{READ, admit, parts};

/// Id, title, assignable.
const CATEGORIES: [(&str, &str, bool); 17] = [
    ("1", "Film & Animation", true),
    ("2", "Autos & Vehicles", true),
    ("10", "Music", true),
    ("15", "Pets & Animals", true),
    ("17", "Sports", true),
    ("18", "Short Movies", false),
    ("19", "Travel & Events", true),
    ("20", "Gaming", true),
    ("21", "Videoblogging", false),
    ("22", "People & Blogs", true),
    ("23", "Comedy", true),
    ("24", "Entertainment", true),
    ("25", "News & Politics", true),
    ("26", "Howto & Style", true),
    ("27", "Education", true),
    ("28", "Science & Technology", true),
    ("30", "Movies", false),
];

pub(crate) fn is_assignable(id: &str) -> bool {
    CATEGORIES
        .iter()
        .any(|(known, _, assignable)| *known == id && *assignable)
}

pub(crate) async fn list(app: Arc<App>, call: Call) -> Answer {
    admit(&app, &call, READ, 1)?;
    parts(&call, &["snippet", "id"])?;
    if call.query("regionCode").is_none() && call.query("id").is_none() {
        return Err(missing_parameter("regionCode"));
    }
    let items: Vec<_> = CATEGORIES
        .iter()
        .map(|(id, title, assignable)| {
            json!({"kind": "youtube#videoCategory", "id": id, "snippet": {"title": title, "assignable": assignable}})
        })
        .collect();
    Ok(json_answer(
        StatusCode::OK,
        &json!({"kind": "youtube#videoCategoryListResponse", "items": items}),
    ))
}
