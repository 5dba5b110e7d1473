//! The control surface for tests and for the person who practises: `/_control/*`.

mod act;
mod authorize;
mod faults;
mod observe;
mod settings;
mod time;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::app::App;
use crate::call::Refusal;
use crate::gate::json_answer;
use crate::urls::CONTROL_HEADER;

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/ledger", get(observe::ledger))
        .route("/uploads", get(observe::uploads))
        .route("/requests", get(observe::requests))
        .route("/events", get(observe::events))
        .route("/wait", get(observe::wait))
        .route("/clock", get(time::read).post(time::advance))
        .route(
            "/faults",
            get(faults::list).post(faults::add).delete(faults::clear),
        )
        .route("/release", post(faults::release))
        .route("/settings", get(settings::read).post(settings::change))
        .route("/authorize", post(authorize::authorize))
        .route("/act", post(act::act))
        .route("/revoke", post(act::revoke))
        .route("/reset", post(reset))
        .layer(from_fn(only_with_header))
        .with_state(app.clone())
}

/// A page in a browser cannot send this header across origins without CORS, which is never granted.
async fn only_with_header(request: Request, next: Next) -> Response {
    if request.headers().get(CONTROL_HEADER).is_some_and(|v| v == "1") {
        next.run(request).await
    } else {
        complaint(StatusCode::FORBIDDEN, "send the header X-Daypart-Control: 1")
    }
}

async fn reset(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    app.faults.clear();
    app.holds.release();
    app.clock.set_offset_ms(0);
    app.change(|world| world.reset())?;
    app.blobs.remove_all()?;
    app.rates.clear();
    app.requests.clear();
    app.signals.clear();
    Ok(said(&json!({"reset": true})))
}

fn said(value: &Value) -> Response {
    json_answer(StatusCode::OK, value)
}

fn complaint(status: StatusCode, says: &str) -> Response {
    json_answer(status, &json!({"error": says}))
}

fn wrong(says: impl std::fmt::Display) -> Refusal {
    Refusal::new(complaint(StatusCode::BAD_REQUEST, &says.to_string()).into_response())
}

fn read_json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(wrong)
}
