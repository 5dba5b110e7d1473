//! oauth2.googleapis.com: token and revoke.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::call::{Answer, Call, Form, Refusal};
use crate::gate::json_answer;
use crate::oauth::{AccessToken, Grant, RefreshToken, is_verifier};
use crate::world::{World, secret_hash};
use crate::youtube::YOUTUBE;
use crate::youtube::settings::Settings;
use crate::{PRACTICE_GOOGLE_CLIENT_ID, PRACTICE_GOOGLE_CLIENT_SECRET};

const SIX_MONTHS_MS: i64 = 182 * 86_400_000;
const WEEK_MS: i64 = 7 * 86_400_000;

fn refuse(status: StatusCode, error: &str, description: &str) -> Refusal {
    Refusal::new(json_answer(
        status,
        &json!({"error": error, "error_description": description}),
    ))
}

fn bad(error: &str, description: &str) -> Refusal {
    refuse(StatusCode::BAD_REQUEST, error, description)
}

pub(crate) async fn token(app: Arc<App>, call: Call) -> Answer {
    if !call.is_form() {
        return Err(bad(
            "invalid_request",
            "The body must be application/x-www-form-urlencoded.",
        ));
    }
    let form = call.form();
    app.change(|world| {
        let settings = world.youtube.settings();
        check_client(&settings, &form)?;
        match form.get("grant_type") {
            Some("authorization_code") => by_code(world, &settings, &form),
            Some("refresh_token") => by_refresh(world, &settings, &form),
            _ => Err(bad("unsupported_grant_type", "Invalid grant_type")),
        }
    })?
}

fn check_client(settings: &Settings, form: &Form) -> Result<(), Refusal> {
    if form.get("client_id") != Some(PRACTICE_GOOGLE_CLIENT_ID) {
        return Err(refuse(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The OAuth client was not found.",
        ));
    }
    match form.get("client_secret") {
        Some(PRACTICE_GOOGLE_CLIENT_SECRET) => Ok(()),
        Some(_) => Err(refuse(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The provided client secret is invalid.",
        )),
        None if settings.secret_required => Err(bad("invalid_request", "client_secret is missing.")),
        None => Ok(()),
    }
}

fn by_code(world: &mut World, settings: &Settings, form: &Form) -> Answer {
    let key = secret_hash(form.get("code").unwrap_or(""));
    let Some(row) = world
        .oauth
        .codes
        .get(&key)
        .filter(|row| row.platform == YOUTUBE)
        .cloned()
    else {
        return Err(bad(
            "invalid_grant",
            "Malformed auth code, or it was used before.",
        ));
    };
    // Any attempt uses the code up.
    world.oauth.codes.remove(&key);
    if row.expires_ms <= world.now_ms {
        return Err(bad("invalid_grant", "The code has expired."));
    }
    if form.get("redirect_uri") != Some(row.redirect_uri.as_str()) {
        return Err(bad("redirect_uri_mismatch", "Bad Request"));
    }
    let Some(verifier) = form.get("code_verifier") else {
        return Err(bad("invalid_grant", "Missing code verifier."));
    };
    if !is_verifier(verifier) || URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != row.challenge {
        return Err(bad("invalid_grant", "Invalid code verifier."));
    }
    let life_ms = if settings.testing_mode {
        WEEK_MS
    } else {
        SIX_MONTHS_MS
    };
    let grant = Grant {
        id: format!("youtube-grant-{}", world.next("grants")),
        platform: YOUTUBE,
        client: row.client,
        account: row.account,
        scopes: row.scopes,
        created_ms: world.now_ms,
        refresh_expires_ms: world.now_ms + life_ms,
        revoked: false,
    };
    world.oauth.grants.put(grant.id.clone(), grant.clone());
    let detail = json!({"scopes": grant.scopes});
    world.raise(
        "authorized",
        YOUTUBE,
        Some(&grant.account),
        Some(&grant.id),
        detail,
    );
    let refresh = format!("1//practice{}", world.opaque(60));
    let refresh_row = RefreshToken {
        grant: grant.id.clone(),
        created_ms: world.now_ms,
        expires_ms: grant.refresh_expires_ms,
    };
    world.oauth.refresh.put(secret_hash(&refresh), refresh_row);
    evict_oldest(world, settings, &grant);
    Ok(issue(world, settings, &grant, Some(&refresh)))
}

fn by_refresh(world: &mut World, settings: &Settings, form: &Form) -> Answer {
    let key = secret_hash(form.get("refresh_token").unwrap_or(""));
    let live = world
        .oauth
        .refresh
        .get(&key)
        .filter(|row| row.expires_ms > world.now_ms)
        .and_then(|row| world.oauth.grants.get(&row.grant))
        .filter(|grant| grant.platform == YOUTUBE && !grant.revoked)
        .cloned();
    let Some(grant) = live else {
        return Err(bad("invalid_grant", "Token has been expired or revoked."));
    };
    if !settings.testing_mode {
        // Six months count from the last use.
        let until_ms = world.now_ms + SIX_MONTHS_MS;
        if let Some(row) = world.oauth.refresh.edit(&key) {
            row.expires_ms = until_ms;
        }
    }
    world.raise(
        "refreshed",
        YOUTUBE,
        Some(&grant.account),
        Some(&grant.id),
        Value::Null,
    );
    Ok(issue(world, settings, &grant, None))
}

/// More than so many live refresh tokens of one person and client: the oldest die silently.
fn evict_oldest(world: &mut World, settings: &Settings, grant: &Grant) {
    let of_same = |id: &str| {
        world.oauth.grants.get(id).is_some_and(|other| {
            other.platform == YOUTUBE && other.client == grant.client && other.account == grant.account
        })
    };
    let mut live: Vec<(i64, String)> = world
        .oauth
        .refresh
        .iter()
        .filter(|(_, row)| row.expires_ms > world.now_ms && of_same(&row.grant))
        .map(|(key, row)| (row.created_ms, key.clone()))
        .collect();
    live.sort();
    let too_many = live.len().saturating_sub(settings.max_refresh_tokens);
    for (_, key) in live.into_iter().take(too_many) {
        world.oauth.refresh.remove(&key);
    }
}

fn issue(world: &mut World, settings: &Settings, grant: &Grant, refresh: Option<&str>) -> Response {
    let access = format!("ya29.practice{}", world.opaque(80));
    let expires_ms = world.now_ms + settings.access_token_s * 1000;
    world.oauth.access.put(
        secret_hash(&access),
        AccessToken {
            grant: grant.id.clone(),
            expires_ms,
        },
    );
    let mut body = json!({
        "access_token": access,
        "expires_in": settings.access_token_s,
        "scope": grant.scopes.join(" "),
        "token_type": "Bearer",
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = json!(refresh);
        if settings.testing_mode {
            body["refresh_token_expires_in"] = json!(WEEK_MS / 1000);
        }
    }
    json_answer(StatusCode::OK, &body)
}

pub(crate) async fn revoke(app: Arc<App>, call: Call) -> Answer {
    let form = call.form();
    let token = form
        .get("token")
        .or_else(|| call.query("token"))
        .unwrap_or("")
        .to_owned();
    app.change(|world| {
        let key = secret_hash(&token);
        let grant_id = world
            .oauth
            .refresh
            .get(&key)
            .filter(|row| row.expires_ms > world.now_ms)
            .map(|row| row.grant.clone())
            .or_else(|| {
                world
                    .oauth
                    .live_grant(YOUTUBE, &token, world.now_ms)
                    .map(|grant| grant.id.clone())
            });
        let live = grant_id
            .and_then(|id| world.oauth.grants.get(&id))
            .filter(|g| g.platform == YOUTUBE && !g.revoked);
        let Some(grant) = live.cloned() else {
            return Err(bad("invalid_token", "Token expired or revoked"));
        };
        let whole = world.oauth.grants.keys_where(|other| {
            other.platform == YOUTUBE && other.client == grant.client && other.account == grant.account
        });
        for id in whole {
            world.revoke_grant(&id);
        }
        Ok(json_answer(StatusCode::OK, &json!({})))
    })?
}
