//! The virtual clock.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::call::Refusal;
use crate::clock::rfc3339;
use crate::control::{read_json, said, wrong};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: f64,
}

pub(crate) async fn read(State(app): State<Arc<App>>) -> Response {
    shown(&app)
}

pub(crate) async fn advance(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let Advance { advance_s } = read_json(&body)?;
    if !(0.0..=1e9).contains(&advance_s) {
        return Err(wrong(
            "advance_s must be between 0 and 1e9: time only goes forwards",
        ));
    }
    app.clock.advance_ms((advance_s * 1000.0).round() as i64);
    let offset_ms = app.clock.offset_ms();
    app.change(|world| world.meta.put("offset_ms", offset_ms))?;
    Ok(shown(&app))
}

fn shown(app: &App) -> Response {
    let now_ms = app.clock.now_ms();
    said(&json!({"now_ms": now_ms, "now": rfc3339(now_ms), "offset_ms": app.clock.offset_ms()}))
}
