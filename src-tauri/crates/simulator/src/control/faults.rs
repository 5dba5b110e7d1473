//! Fault rules and held requests.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::call::Refusal;
use crate::control::{read_json, said, wrong};
use crate::faults::Fault;

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<serde_json::Value>),
    One(serde_json::Value),
}

pub(crate) async fn list(State(app): State<Arc<App>>) -> Response {
    said(&json!(app.faults.list()))
}

pub(crate) async fn add(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let values = match read_json(&body)? {
        OneOrMany::Many(values) => values,
        OneOrMany::One(value) => vec![value],
    };
    let mut faults = Vec::with_capacity(values.len());
    for value in values {
        let fault: Fault = serde_json::from_value(value).map_err(wrong)?;
        if let Some(complaint) = fault.complaint() {
            return Err(wrong(complaint));
        }
        faults.push(fault);
    }
    app.faults.add(faults);
    Ok(said(&json!(app.faults.list())))
}

pub(crate) async fn clear(State(app): State<Arc<App>>) -> Response {
    app.faults.clear();
    said(&json!([]))
}

pub(crate) async fn release(State(app): State<Arc<App>>) -> Response {
    said(&json!({"released": app.holds.release()}))
}
