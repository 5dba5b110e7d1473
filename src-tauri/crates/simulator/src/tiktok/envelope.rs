//! The `data`/`error` envelope of open.tiktokapis.com.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::call::Refusal;
use crate::faults::FaultKind;
use crate::gate::json_answer;

fn log_id() -> String {
    format!("practice{}", Uuid::new_v4().simple())
}

/// Success with `data`.
pub(crate) fn ok(data: Value) -> Response {
    let error = json!({"code": "ok", "message": "", "log_id": log_id()});
    json_answer(StatusCode::OK, &json!({"data": data, "error": error}))
}

/// Success without `data`.
pub(crate) fn ok_without_data() -> Response {
    json_answer(
        StatusCode::OK,
        &json!({"error": {"code": "ok", "message": "", "log_id": log_id()}}),
    )
}

fn refusal_answer(status: u16, code: &str, message: &str) -> Response {
    let error = json!({"code": code, "message": message, "log_id": log_id()});
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    json_answer(status, &json!({"data": {}, "error": error}))
}

pub(crate) fn refuse(status: u16, code: &str, message: &str) -> Refusal {
    Refusal::new(refusal_answer(status, code, message))
}

/// 400 with the code of either spelling.
pub(crate) fn invalid_params(singular: bool, message: &str) -> Refusal {
    refuse(
        400,
        if singular {
            "invalid_param"
        } else {
            "invalid_params"
        },
        message,
    )
}

/// The answer of a fault rule.
pub(crate) fn for_fault(_app: &App, endpoint: &str, kind: FaultKind) -> Response {
    match kind {
        FaultKind::RateLimited => refusal_answer(429, "rate_limit_exceeded", "Too many requests."),
        _ => {
            let status = if endpoint == "creator_info" { 200 } else { 403 };
            refusal_answer(
                status,
                "spam_risk_too_many_posts",
                "The daily posting limit of this creator is reached.",
            )
        }
    }
}
