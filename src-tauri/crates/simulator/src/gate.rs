//! The gate every request passes: fault rules before and after the handler, and the request log.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::app::App;
use crate::blobs::drain;
use crate::call::{Answer, Call, ContentRange, html_error};
use crate::clock::{real_now_ms, rfc3339};
use crate::faults::{Fault, FaultKind};
use crate::requests::{RequestNote, masked_body, masked_path};
use crate::wire::Wire;
use crate::world::{BodyRow, Platform};

/// How the body of an endpoint is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Intake {
    /// Read whole, up to so many bytes; 413 beyond.
    Whole(usize),
    /// Handed over as a stream, without any limit.
    Streamed,
}

/// Which endpoint a route is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    pub(crate) platform: Platform,
    pub(crate) name: &'static str,
    pub(crate) intake: Intake,
}

impl Endpoint {
    pub(crate) const fn new(platform: Platform, name: &'static str) -> Self {
        Self {
            platform,
            name,
            intake: Intake::Whole(1024 * 1024),
        }
    }

    pub(crate) const fn up_to(platform: Platform, name: &'static str, bytes: usize) -> Self {
        Self {
            platform,
            name,
            intake: Intake::Whole(bytes),
        }
    }

    pub(crate) const fn streamed(platform: Platform, name: &'static str) -> Self {
        Self {
            platform,
            name,
            intake: Intake::Streamed,
        }
    }
}

/// A route through the gate.
pub(crate) fn route<F, Fut>(
    app: &Arc<App>,
    filter: MethodFilter,
    endpoint: Endpoint,
    handler: F,
) -> MethodRouter
where
    F: Fn(Arc<App>, Call) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Answer> + Send + 'static,
{
    let app = app.clone();
    on(
        filter,
        move |ConnectInfo(wire): ConnectInfo<Wire>, request: Request| {
            let (app, handler) = (app.clone(), handler.clone());
            async move { pass(app, endpoint, handler, wire, request).await }
        },
    )
}

async fn pass<F, Fut>(app: Arc<App>, endpoint: Endpoint, handler: F, wire: Wire, request: Request) -> Response
where
    F: Fn(Arc<App>, Call) -> Fut,
    Fut: Future<Output = Answer>,
{
    let (parts, body) = request.into_parts();
    let raw_query = parts.uri.query();
    let query = raw_query
        .map(|q| form_urlencoded::parse(q.as_bytes()).into_owned().collect())
        .unwrap_or_default();
    let (whole, streamed) = match endpoint.intake {
        Intake::Streamed => (Bytes::new(), Some(body)),
        Intake::Whole(limit) => match to_bytes(body, limit).await {
            Ok(whole) => (whole, None),
            Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        },
    };
    let path = parts.uri.path().to_owned();
    let mut call = Call::new(path, query, parts.headers, whole, streamed, wire.clone());
    let names = names_of(endpoint, &call);
    let account = account_of(&app, endpoint.platform, &call);
    let fault = app
        .faults
        .at_request(endpoint.platform.name(), &names, account.as_deref());
    let mut note = note_of(&app, endpoint, &names, &parts.method, raw_query, &call);
    if let Some(fault) = &fault {
        note.fault = Some(fault.name());
        let detail = json!({"kind": fault.name(), "endpoint": names[0]});
        let raised = app.change(|world| {
            world.raise("fault", endpoint.platform, account.as_deref(), None, detail);
        });
        drop(raised);
    }
    call.fault = fault.clone();

    let response = match before(&app, endpoint, fault.as_ref(), account.as_deref(), &call).await {
        Some(early) => early,
        None => {
            let answer = handler(app.clone(), call)
                .await
                .unwrap_or_else(IntoResponse::into_response);
            after(&app, endpoint, fault.as_ref(), account.as_deref(), &wire, answer).await
        }
    };
    let cut = wire.is_cut();
    note.status = (!cut).then(|| response.status().as_u16());
    app.requests.add(note);
    response
}

/// The names under which fault rules and the log know this request.
fn names_of(endpoint: Endpoint, call: &Call) -> Vec<&'static str> {
    match endpoint.name {
        "token" => match call.form().get("grant_type") {
            Some("refresh_token") => vec!["token", "token_refresh"],
            Some("authorization_code") => vec!["token", "token_code"],
            _ => vec!["token"],
        },
        "chunk" => match ContentRange::of(&call.headers) {
            ContentRange::Query { .. } => vec!["upload_query"],
            ContentRange::Bytes {
                last,
                total: Some(total),
                ..
            } if last + 1 == total => vec!["chunk", "last_chunk"],
            ContentRange::Absent => vec!["chunk", "last_chunk"],
            _ => vec!["chunk"],
        },
        name => vec![name],
    }
}

/// Whose request it is: by its token, else by its upload secret.
fn account_of(app: &App, platform: Platform, call: &Call) -> Option<String> {
    app.look(|world| {
        if let Some(grant) = call
            .bearer()
            .and_then(|token| world.oauth.grant_of_access(platform, token))
        {
            return Some(grant.account.clone());
        }
        let secret = call.query("upload_token").or_else(|| call.query("upload_id"))?;
        world
            .upload_by_secret(secret)
            .map(|upload| upload.account.clone())
    })
}

fn note_of(
    app: &App,
    endpoint: Endpoint,
    names: &[&str],
    method: &Method,
    raw_query: Option<&str>,
    call: &Call,
) -> RequestNote {
    RequestNote {
        at: rfc3339(app.clock.now_ms()),
        real_ms: real_now_ms(),
        platform: endpoint.platform.name(),
        endpoint: names.join(" "),
        method: method.to_string(),
        path: masked_path(&call.path, raw_query),
        content_type: call.header(header::CONTENT_TYPE).map(str::to_owned),
        content_length: content_length(&call.headers),
        content_range: call.header(header::CONTENT_RANGE).map(str::to_owned),
        has_bearer: call.bearer().is_some(),
        body: masked_body(call.content_type(), &call.body),
        status: None,
        fault: None,
    }
}

pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The part of a fault that happens before anything is done; an answer ends the request here.
async fn before(
    app: &Arc<App>,
    endpoint: Endpoint,
    fault: Option<&Fault>,
    account: Option<&str>,
    call: &Call,
) -> Option<Response> {
    let fault = fault?;
    let answer = match fault.kind {
        FaultKind::HoldBeforeCommit => {
            if hold(app, endpoint, account, "before_commit").await {
                return None;
            }
            call.wire.cut();
            return Some(StatusCode::SERVICE_UNAVAILABLE.into_response());
        }
        FaultKind::TokenExpired => {
            let token = call.bearer()?.to_owned();
            let _ = app.change(|world| world.oauth.expire_access(&token, world.now_ms));
            return None;
        }
        FaultKind::TokenRevoked => {
            let token = call.bearer()?.to_owned();
            let _ = app.change(|world| world.revoke_grant_of(endpoint.platform, &token));
            return None;
        }
        FaultKind::UploadGone => {
            let secret = call
                .query("upload_token")
                .or_else(|| call.query("upload_id"))?
                .to_owned();
            let _ = app.change(|world| world.forget_upload(&secret));
            return None;
        }
        FaultKind::DropBeforeCommit => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        FaultKind::Status => html_error(status_of(fault)),
        FaultKind::RateLimited | FaultKind::Quota | FaultKind::DailyUploadQuota | FaultKind::UploadLimit => {
            match endpoint.platform {
                Platform::TikTok => crate::tiktok::envelope::for_fault(app, endpoint.name, fault.kind),
                Platform::YouTube => crate::youtube::errors::for_fault(fault.kind),
            }
        }
        _ => return None,
    };
    if let Some(stream) = call.take_stream() {
        let received_bytes = drain(stream).await;
        note_refused_body(app, call, received_bytes, &answer, fault);
    }
    if fault.kind == FaultKind::DropBeforeCommit {
        call.wire.cut();
    }
    Some(answer)
}

/// Bytes that arrived for nothing count all the same: whoever sends them again has sent them twice.
fn note_refused_body(app: &App, call: &Call, received_bytes: u64, answer: &Response, fault: &Fault) {
    let Some(secret) = call.query("upload_token").or_else(|| call.query("upload_id")) else {
        return;
    };
    let (first, last) = match ContentRange::of(&call.headers) {
        ContentRange::Bytes { first, last, .. } => (first, Some(last)),
        ContentRange::Absent => (0, None),
        _ => return,
    };
    let status = (fault.kind != FaultKind::DropBeforeCommit).then(|| answer.status().as_u16());
    let row = BodyRow {
        first,
        last,
        received_bytes,
        stored_bytes: 0,
        status,
        at_ms: 0,
        real_ms: 0,
    };
    let _ = app.change(|world| {
        let upload_id = world.upload_by_secret(secret).map(|upload| upload.id.clone());
        if let Some(upload_id) = upload_id {
            world.note_body(&upload_id, row);
        }
    });
}

async fn after(
    app: &Arc<App>,
    endpoint: Endpoint,
    fault: Option<&Fault>,
    account: Option<&str>,
    wire: &Wire,
    answer: Response,
) -> Response {
    let Some(fault) = fault else { return answer };
    match fault.kind {
        FaultKind::DropAfterCommit => {
            wire.cut();
            answer
        }
        FaultKind::HoldAfterCommit => {
            if !hold(app, endpoint, account, "after_commit").await {
                wire.cut();
            }
            answer
        }
        FaultKind::StatusAfterCommit => html_error(status_of(fault)),
        FaultKind::TruncateBody => truncated(answer).await,
        FaultKind::Slow if !matches!(endpoint.intake, Intake::Streamed) => {
            slowed(answer, fault.bytes_per_s.unwrap_or(1024)).await
        }
        _ => answer,
    }
}

/// True once released, false if the simulator ends first.
async fn hold(app: &Arc<App>, endpoint: Endpoint, account: Option<&str>, point: &str) -> bool {
    let detail = json!({"endpoint": endpoint.name, "point": point});
    let announce = || {
        let _ = app.change(|world| world.raise("held", endpoint.platform, account, None, detail));
    };
    tokio::select! {
        () = app.holds.hold(announce) => true,
        () = app.stopping.cancelled() => false,
    }
}

fn status_of(fault: &Fault) -> StatusCode {
    fault
        .status
        .and_then(|s| StatusCode::from_u16(s).ok())
        .unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
}

/// Announces the whole length and sends half of it.
async fn truncated(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let length = if whole.is_empty() { 64 } else { whole.len() };
    parts.headers.insert(header::CONTENT_LENGTH, length.into());
    let half = whole.slice(..whole.len() / 2);
    let pieces = [Ok(half), Err(std::io::Error::other("truncated by a fault rule"))];
    Response::from_parts(parts, Body::from_stream(stream::iter(pieces)))
}

async fn slowed(answer: Response, bytes_per_s: u64) -> Response {
    let (parts, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let step = usize::try_from(bytes_per_s / 10).unwrap_or(usize::MAX).max(1);
    let pieces = stream::unfold(whole, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        let piece = rest.split_to(step.min(rest.len()));
        tokio::time::sleep(Duration::from_millis(100)).await;
        Some((Ok::<Bytes, std::io::Error>(piece), rest))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// A JSON answer.
pub(crate) fn json_answer(status: StatusCode, value: &Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json; charset=UTF-8")];
    (status, content_type, value.to_string()).into_response()
}
