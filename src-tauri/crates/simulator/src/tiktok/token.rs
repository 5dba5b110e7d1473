//! Token endpoint and revocation: flat bodies, rotation of the refresh token.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::call::{Answer, Call, Form, Refusal};
use crate::gate::json_answer;
use crate::oauth::{AccessToken, Grant, RefreshToken, is_verifier};
use crate::tiktok::TIKTOK;
use crate::tiktok::settings::{RefreshMode, Settings};
use crate::world::{World, hex, secret_hash};
use crate::{PRACTICE_TIKTOK_CLIENT_KEY, PRACTICE_TIKTOK_CLIENT_SECRET};

/// A flat OAuth error, with the HTTP status that is set.
fn refuse(settings: &Settings, error: &str, description: &str) -> Refusal {
    let body = json!({
        "error": error, "error_description": description, "log_id": format!("practice{}", Uuid::new_v4().simple()),
    });
    let status = StatusCode::from_u16(settings.oauth_error_status).unwrap_or(StatusCode::BAD_REQUEST);
    Refusal::new(json_answer(status, &body))
}

fn check_client(settings: &Settings, call: &Call, form: &Form) -> Result<(), Refusal> {
    if !call.is_form() {
        return Err(refuse(
            settings,
            "invalid_request",
            "Only `application/x-www-form-urlencoded` is accepted.",
        ));
    }
    if form.get("client_key").is_none() || form.get("client_secret").is_none() {
        return Err(refuse(
            settings,
            "invalid_request",
            "client_key and client_secret are required.",
        ));
    }
    let known = form.get("client_key") == Some(PRACTICE_TIKTOK_CLIENT_KEY)
        && form.get("client_secret") == Some(PRACTICE_TIKTOK_CLIENT_SECRET);
    if known {
        Ok(())
    } else {
        Err(refuse(
            settings,
            "invalid_client",
            "Client key or secret is incorrect.",
        ))
    }
}

pub(crate) async fn token(app: Arc<App>, call: Call) -> Answer {
    let form = call.form();
    app.change(|world| {
        let settings = world.tiktok.settings();
        check_client(&settings, &call, &form)?;
        match form.get("grant_type") {
            Some("authorization_code") => by_code(world, &settings, &form),
            Some("refresh_token") => by_refresh(world, &settings, &form),
            Some(_) => Err(refuse(
                &settings,
                "unsupported_grant_type",
                "Grant type is not supported.",
            )),
            None => Err(refuse(&settings, "invalid_request", "grant_type is required.")),
        }
    })?
}

fn by_code(world: &mut World, settings: &Settings, form: &Form) -> Answer {
    let (Some(code), Some(redirect_uri), Some(verifier)) = (
        form.get("code"),
        form.get("redirect_uri"),
        form.get("code_verifier"),
    ) else {
        return Err(refuse(
            settings,
            "invalid_request",
            "code, redirect_uri and code_verifier are required.",
        ));
    };
    let key = secret_hash(code);
    // Any attempt uses the code up.
    let Some(row) = world
        .oauth
        .codes
        .get(&key)
        .filter(|row| row.platform == TIKTOK)
        .cloned()
    else {
        return Err(refuse(
            settings,
            "invalid_grant",
            "Authorization code is invalid or was used before.",
        ));
    };
    world.oauth.codes.remove(&key);
    if row.expires_ms <= world.now_ms {
        return Err(refuse(
            settings,
            "invalid_grant",
            "Authorization code is expired.",
        ));
    }
    if row.redirect_uri != redirect_uri {
        return Err(refuse(
            settings,
            "invalid_grant",
            "Redirect_uri is not matched with the uri when requesting code.",
        ));
    }
    if !is_verifier(verifier) || hex(&Sha256::digest(verifier)) != row.challenge {
        return Err(refuse(
            settings,
            "invalid_grant",
            "Code verifier or code challenge is invalid.",
        ));
    }
    let grant = Grant {
        id: format!("tiktok-grant-{}", world.next("grants")),
        platform: TIKTOK,
        client: row.client,
        account: row.account,
        scopes: row.scopes,
        created_ms: world.now_ms,
        refresh_expires_ms: world.now_ms + settings.refresh_token_s * 1000,
        revoked: false,
    };
    world.oauth.grants.put(grant.id.clone(), grant.clone());
    let detail = json!({"scopes": grant.scopes});
    world.raise(
        "authorized",
        TIKTOK,
        Some(&grant.account),
        Some(&grant.id),
        detail,
    );
    let refresh = new_refresh(world, &grant);
    Ok(issue(world, settings, &grant, &refresh))
}

fn by_refresh(world: &mut World, settings: &Settings, form: &Form) -> Answer {
    let Some(old) = form.get("refresh_token") else {
        return Err(refuse(settings, "invalid_request", "refresh_token is required."));
    };
    let key = secret_hash(old);
    let live = world
        .oauth
        .refresh
        .get(&key)
        .filter(|row| row.expires_ms > world.now_ms)
        .and_then(|row| world.oauth.grants.get(&row.grant))
        .filter(|grant| grant.platform == TIKTOK && !grant.revoked)
        .cloned();
    let Some(grant) = live else {
        return Err(refuse(
            settings,
            "invalid_grant",
            "Refresh token is invalid or expired.",
        ));
    };
    world.raise(
        "refreshed",
        TIKTOK,
        Some(&grant.account),
        Some(&grant.id),
        Value::Null,
    );
    let refresh = match settings.refresh_mode {
        RefreshMode::Keep => old.to_owned(),
        RefreshMode::Rotate => {
            world.oauth.refresh.remove(&key);
            new_refresh(world, &grant)
        }
        RefreshMode::Grace => {
            let grace_until_ms = world.now_ms + settings.refresh_grace_s * 1000;
            if let Some(row) = world.oauth.refresh.edit(&key) {
                row.expires_ms = row.expires_ms.min(grace_until_ms);
            }
            new_refresh(world, &grant)
        }
    };
    Ok(issue(world, settings, &grant, &refresh))
}

fn new_refresh(world: &mut World, grant: &Grant) -> String {
    let token = format!("rft.practice{}", world.opaque(48));
    let row = RefreshToken {
        grant: grant.id.clone(),
        created_ms: world.now_ms,
        expires_ms: grant.refresh_expires_ms,
    };
    world.oauth.refresh.put(secret_hash(&token), row);
    token
}

fn issue(world: &mut World, settings: &Settings, grant: &Grant, refresh: &str) -> axum::response::Response {
    let access = format!("act.practice{}", world.opaque(48));
    let expires_ms = world.now_ms + settings.access_token_s * 1000;
    world.oauth.access.put(
        secret_hash(&access),
        AccessToken {
            grant: grant.id.clone(),
            expires_ms,
        },
    );
    let open_id = world
        .creator(&grant.account)
        .map(|account| account.open_id.clone())
        .unwrap_or_default();
    let body = json!({
        "access_token": access,
        "expires_in": settings.access_token_s,
        "open_id": open_id,
        "refresh_expires_in": (grant.refresh_expires_ms - world.now_ms) / 1000,
        "refresh_token": refresh,
        "scope": grant.scopes.join(","),
        "token_type": "Bearer",
    });
    json_answer(StatusCode::OK, &body)
}

pub(crate) async fn revoke(app: Arc<App>, call: Call) -> Answer {
    let form = call.form();
    app.change(|world| {
        let settings = world.tiktok.settings();
        check_client(&settings, &call, &form)?;
        let token = form.get("token").unwrap_or("");
        if world.oauth.live_grant(TIKTOK, token, world.now_ms).is_none() {
            return Err(refuse(
                &settings,
                "invalid_request",
                "The access token is invalid.",
            ));
        }
        world.revoke_grant_of(TIKTOK, token);
        Ok(StatusCode::OK.into_response())
    })?
}
