//! Looking: ledger, uploads, requests, events, and waiting for them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::app::App;
use crate::call::Refusal;
use crate::control::{said, wrong};
use crate::gate::json_answer;
use crate::ledger::{entries, upload_report};
use crate::signals::Wanted;

type Fields = Query<HashMap<String, String>>;

fn field<'f>(fields: &'f HashMap<String, String>, name: &str) -> Option<&'f str> {
    fields
        .get(name)
        .map(String::as_str)
        .filter(|value| !value.is_empty())
}

pub(crate) async fn ledger(State(app): State<Arc<App>>, Query(fields): Fields) -> Result<Response, Refusal> {
    let found = app.change(|world| entries(world))?;
    let wanted: Vec<_> = found
        .into_iter()
        .filter(|e| field(&fields, "platform").is_none_or(|p| p == e.platform.name()))
        .filter(|e| field(&fields, "account").is_none_or(|a| a == e.account))
        .filter(|e| field(&fields, "state").is_none_or(|s| s == e.state))
        .collect();
    Ok(said(&json!(wanted)))
}

pub(crate) async fn uploads(State(app): State<Arc<App>>, Query(fields): Fields) -> Response {
    let reports: Vec<Value> = app.look(|world| {
        let mut uploads: Vec<_> = world
            .uploads
            .values()
            .filter(|u| field(&fields, "platform").is_none_or(|p| p == u.platform.name()))
            .filter(|u| field(&fields, "account").is_none_or(|a| a == u.account))
            .collect();
        uploads.sort_by_key(|upload| upload.created_ms);
        uploads
            .into_iter()
            .map(|upload| upload_report(world, upload))
            .collect()
    });
    said(&json!(reports))
}

pub(crate) async fn requests(State(app): State<Arc<App>>, Query(fields): Fields) -> Response {
    said(&json!(
        app.requests
            .list(field(&fields, "platform"), field(&fields, "endpoint"))
    ))
}

pub(crate) async fn events(State(app): State<Arc<App>>, Query(fields): Fields) -> Result<Response, Refusal> {
    let events = app.signals.since(&wanted_of(&fields)?);
    Ok(said(&json!({"seq": app.signals.latest(), "events": events})))
}

pub(crate) async fn wait(State(app): State<Arc<App>>, Query(fields): Fields) -> Result<Response, Refusal> {
    let wanted = wanted_of(&fields)?;
    if wanted.event.is_none() {
        return Err(wrong("event is required"));
    }
    let count: usize = number(&fields, "count")?.unwrap_or(1);
    let limit_s: f64 = number(&fields, "timeout_s")?.unwrap_or(30.0);
    let limit = Duration::try_from_secs_f64(limit_s).map_err(wrong)?;
    let (status, reached, events) = tokio::select! {
        () = app.stopping.cancelled() => (StatusCode::SERVICE_UNAVAILABLE, false, Vec::new()),
        outcome = app.signals.wait(&wanted, count, limit) => match outcome {
            Ok(events) => (StatusCode::OK, true, events),
            Err(events) => (StatusCode::REQUEST_TIMEOUT, false, events),
        },
    };
    let seq = app.signals.latest();
    let body = json!({"reached": reached, "count": events.len(), "seq": seq, "events": events});
    Ok(json_answer(status, &body))
}

fn wanted_of(fields: &HashMap<String, String>) -> Result<Wanted, Refusal> {
    Ok(Wanted {
        event: field(fields, "event").map(str::to_owned),
        platform: field(fields, "platform").map(str::to_owned),
        account: field(fields, "account").map(str::to_owned),
        since: number(fields, "since")?.unwrap_or(0),
    })
}

fn number<T: std::str::FromStr>(fields: &HashMap<String, String>, name: &str) -> Result<Option<T>, Refusal> {
    match field(fields, name) {
        None => Ok(None),
        Some(text) => match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(wrong(format!("{name} must be a number"))),
        },
    }
}
