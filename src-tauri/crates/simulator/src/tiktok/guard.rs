//! What every API call passes first: token, scope, rate window, JSON.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::app::App;
use crate::call::{Call, Refusal};
use crate::oauth::Grant;
use crate::tiktok::TIKTOK;
use crate::tiktok::envelope::{invalid_params, refuse};
use crate::tiktok::settings::Settings;
use crate::world::secret_hash;

/// A sliding window: its name and how its limit is set.
pub(crate) struct Window {
    pub(crate) name: &'static str,
    pub(crate) per_min: fn(&Settings) -> u64,
}

/// The grant of the caller, if its token is live, one of `scopes` was granted and the window has room.
pub(crate) fn admit(app: &App, call: &Call, scopes: &[&str], window: &Window) -> Result<Grant, Refusal> {
    let now_ms = app.clock.now_ms();
    let token = call.bearer().unwrap_or("");
    let (grant, settings) = app.look(|world| {
        (
            world.oauth.live_grant(TIKTOK, token, now_ms).cloned(),
            world.tiktok.settings(),
        )
    });
    let Some(grant) = grant else {
        return Err(refuse(
            401,
            "access_token_invalid",
            "The access token is invalid or not found in the request.",
        ));
    };
    if !scopes.iter().any(|scope| grant.scopes.iter().any(|g| g == scope)) {
        return Err(refuse(
            401,
            "scope_not_authorized",
            "The user did not authorize the scope required for this request.",
        ));
    }
    let key = format!("{}:{}", window.name, secret_hash(token));
    if !app.rates.admit(key, (window.per_min)(&settings), 60_000, now_ms) {
        return Err(refuse(
            429,
            "rate_limit_exceeded",
            "The API rate limit was exceeded.",
        ));
    }
    Ok(grant)
}

/// The JSON object sent; an empty body counts as an empty object where the call takes none.
pub(crate) fn json_body(call: &Call, singular: bool, may_be_empty: bool) -> Result<Value, Refusal> {
    if !call.is_json() {
        return Err(invalid_params(
            singular,
            "Content-Type must be application/json; charset=UTF-8.",
        ));
    }
    if may_be_empty && call.body.is_empty() {
        return Ok(json!({}));
    }
    call.json_object()
        .ok_or_else(|| invalid_params(singular, "The body is not a JSON object."))
}

/// What the gateway says to a path it does not know, a missing trailing slash included.
pub(crate) fn unsupported_path() -> Refusal {
    Refusal::new((StatusCode::NOT_FOUND, "Unsupported path(Janus)").into_response())
}
