//! Error bodies in the shape of the Data API.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::call::Refusal;
use crate::faults::FaultKind;
use crate::gate::json_answer;

fn answer(status: u16, domain: &str, reason: &str, message: &str) -> Response {
    let mut body = json!({"error": {
        "code": status, "message": message, "errors": [{"message": message, "domain": domain, "reason": reason}],
    }});
    let status_name = match (status, reason) {
        (401, _) => Some("UNAUTHENTICATED"),
        (403, "insufficientPermissions") => Some("PERMISSION_DENIED"),
        (429, _) => Some("RESOURCE_EXHAUSTED"),
        (404, _) => Some("NOT_FOUND"),
        _ => None,
    };
    if let Some(name) = status_name {
        body["error"]["status"] = json!(name);
    }
    json_answer(
        StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
        &body,
    )
}

pub(crate) fn refuse(status: u16, domain: &str, reason: &str, message: &str) -> Refusal {
    Refusal::new(answer(status, domain, reason, message))
}

/// 400 about the video's metadata.
pub(crate) fn invalid(reason: &str, message: &str) -> Refusal {
    refuse(400, "youtube.video", reason, message)
}

pub(crate) fn unauthenticated() -> Refusal {
    refuse(
        401,
        "global",
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
    )
}

pub(crate) fn insufficient_permissions() -> Refusal {
    refuse(
        403,
        "global",
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
    )
}

pub(crate) fn unexpected_part(part: &str) -> Refusal {
    refuse(
        400,
        "youtube.part",
        "unexpectedPart",
        &format!("{part}: this part is not expected here"),
    )
}

pub(crate) fn missing_parameter(name: &str) -> Refusal {
    refuse(400, "global", "required", &format!("Required parameter: {name}"))
}

pub(crate) fn video_not_found() -> Refusal {
    refuse(
        404,
        "youtube.video",
        "videoNotFound",
        "The video identified by the id parameter could not be found.",
    )
}

pub(crate) fn quota_exceeded() -> Refusal {
    Refusal::new(for_fault(FaultKind::Quota))
}

pub(crate) fn daily_uploads_used() -> Refusal {
    Refusal::new(for_fault(FaultKind::DailyUploadQuota))
}

pub(crate) fn channel_limit_reached() -> Refusal {
    Refusal::new(for_fault(FaultKind::UploadLimit))
}

/// The answer of a fault rule.
pub(crate) fn for_fault(kind: FaultKind) -> Response {
    match kind {
        FaultKind::DailyUploadQuota => answer(
            429,
            "global",
            "rateLimitExceeded",
            "Quota exceeded for quota metric 'Video Uploads' and limit 'Video Uploads per day' of service 'youtube.googleapis.com'.",
        ),
        FaultKind::UploadLimit => answer(
            400,
            "youtube.video",
            "uploadLimitExceeded",
            "The user has exceeded the number of videos they may upload.",
        ),
        FaultKind::Quota => answer(
            403,
            "youtube.quota",
            "quotaExceeded",
            "The request cannot be completed because you have exceeded your quota.",
        ),
        _ => answer(403, "usageLimits", "rateLimitExceeded", "Rate Limit Exceeded"),
    }
}
