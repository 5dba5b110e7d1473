//! Authorize page of Login Kit for desktop: hex PKCE challenge, comma scopes, registered loopback redirect.

use std::sync::Arc;

use axum::http::StatusCode;
use url::Url;

use crate::app::App;
use crate::call::{Answer, Call, Refusal};
use crate::consent::{Choice, Decision, back_to_app, decide as read_decision, error_page, show};
use crate::oauth::{Code, Consent};
use crate::tiktok::TIKTOK;
use crate::world::{World, secret_hash};
use crate::{PRACTICE_TIKTOK_CLIENT_KEY, PRACTICE_TIKTOK_SCOPES};

const CONSENT_MS: i64 = 600_000;
const BASIC: &str = "user.info.basic";

pub(crate) async fn authorize(app: Arc<App>, call: Call) -> Answer {
    let consent = check(&app, &call.query)?;
    let choices = choices(&app);
    show(
        &app,
        consent,
        "/tiktok/www/v2/auth/authorize/decide",
        &choices,
        says,
    )
}

pub(crate) async fn decide(app: Arc<App>, call: Call) -> Answer {
    if !call.is_form() {
        return Err(error_page(
            StatusCode::BAD_REQUEST,
            "Not a form",
            "The answer must be sent by the page's form.",
        ));
    }
    let form = call.form();
    app.change(|world| {
        let decision = read_decision(world, TIKTOK, &form)?;
        finish(world, decision)
    })?
}

/// Checks an authorize request. Errors that must not be redirected become a page.
pub(crate) fn check(app: &App, query: &[(String, String)]) -> Result<Consent, Refusal> {
    let get = |name: &str| query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    let client = get("client_key").unwrap_or("");
    if client != PRACTICE_TIKTOK_CLIENT_KEY {
        return Err(error_page(
            StatusCode::BAD_REQUEST,
            "Something went wrong",
            "client_key: this app is not known.",
        ));
    }
    let redirect_uri = get("redirect_uri").unwrap_or("");
    let registered = app.look(|world| world.tiktok.settings().redirects);
    if !registered
        .iter()
        .any(|pattern| redirect_matches(pattern, redirect_uri))
    {
        let says = "redirect_uri: not registered for this app (scheme, host, port, path and slash must match; no query).";
        return Err(error_page(StatusCode::BAD_REQUEST, "Something went wrong", says));
    }
    let state = get("state").map(str::to_owned);
    let refuse = |error: &str, description: &str| {
        let fields = [("error", error), ("error_description", description)];
        Refusal::new(back_to_app(redirect_uri, &fields, state.as_deref()))
    };
    if get("response_type") != Some("code") {
        return Err(refuse("unsupported_response_type", "response_type must be code"));
    }
    let challenge = get("code_challenge").unwrap_or("");
    let is_hex = challenge.len() == 64 && challenge.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hex || get("code_challenge_method") != Some("S256") {
        return Err(refuse(
            "invalid_request",
            "code_challenge must be the hex SHA-256 of the verifier, with method S256",
        ));
    }
    let scopes: Vec<String> = get("scope").unwrap_or("").split(',').map(str::to_owned).collect();
    if scopes
        .iter()
        .any(|scope| !PRACTICE_TIKTOK_SCOPES.contains(&scope.as_str()))
    {
        return Err(refuse(
            "invalid_scope",
            "a scope is unknown, or the scopes are not separated by commas",
        ));
    }
    Ok(Consent {
        platform: TIKTOK,
        client: client.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        state,
        challenge: challenge.to_owned(),
        csrf_hash: String::new(),
        expires_ms: app.clock.now_ms() + CONSENT_MS,
    })
}

/// Turns the decision into the redirect.
pub(crate) fn finish(world: &mut World, decision: Decision) -> Answer {
    let consent = decision.consent;
    let state = consent.state.as_deref();
    let Some(mut allowed) = decision.allowed else {
        let fields = [
            ("error", "access_denied"),
            ("error_description", "The user denied the request."),
        ];
        return Ok(back_to_app(&consent.redirect_uri, &fields, state));
    };
    if world.creator(&allowed.account).is_none() {
        return Err(error_page(
            StatusCode::BAD_REQUEST,
            "No such account",
            "Choose one of the practice accounts.",
        ));
    }
    if consent.scopes.iter().any(|s| s == BASIC) && !allowed.scopes.iter().any(|s| s == BASIC) {
        allowed.scopes.insert(0, BASIC.to_owned());
    }
    // Real codes hold such characters; clients that encode twice or not at all must fail here.
    let code = format!("practice-{}*v!{}.e1", world.opaque(24), world.opaque(6));
    let code_ms = world.tiktok.settings().code_s * 1000;
    let row = Code {
        platform: TIKTOK,
        client: consent.client,
        account: allowed.account.clone(),
        redirect_uri: consent.redirect_uri.clone(),
        scopes: allowed.scopes.clone(),
        challenge: consent.challenge,
        expires_ms: world.now_ms + code_ms,
    };
    world.oauth.codes.put(secret_hash(&code), row);
    let scopes = allowed.scopes.join(",");
    Ok(back_to_app(
        &consent.redirect_uri,
        &[("code", &code), ("scopes", &scopes)],
        state,
    ))
}

fn choices(app: &App) -> Vec<Choice> {
    app.look(|world| {
        let choice = |account: &crate::tiktok::settings::Account| Choice {
            key: account.key.clone(),
            title: format!("{} (@{})", account.nickname, account.username),
            note: format!(
                "{} account, videos up to {} minutes",
                if account.private { "private" } else { "public" },
                account.max_video_post_duration_sec / 60
            ),
            picture_url: format!("/tiktok/picture/{}.png", account.key),
        };
        world.tiktok.accounts.values().map(choice).collect()
    })
}

fn says(scope: &str) -> (&'static str, bool) {
    match scope {
        BASIC => ("Read your profile: name and picture", true),
        "user.info.profile" => ("Read more of your profile: username and bio", false),
        "user.info.stats" => ("Read your follower and video counts", false),
        "video.publish" => ("Post videos to your profile", false),
        "video.upload" => ("Put drafts into your inbox", false),
        "video.list" => ("Read your public videos", false),
        _ => ("Something else", false),
    }
}

/// A registered redirect, port `*` standing for any.
fn redirect_matches(pattern: &str, redirect_uri: &str) -> bool {
    if redirect_uri.len() >= 512 || redirect_uri.contains(['?', '#']) {
        return false;
    }
    let Ok(url) = Url::parse(redirect_uri) else {
        return false;
    };
    let Some((scheme, rest)) = redirect_uri.split_once("://") else {
        return false;
    };
    let Some((authority, path)) = rest.split_once('/') else {
        return false;
    };
    let Some((host, port)) = authority.split_once(':') else {
        return false;
    };
    let loopback = matches!(host, "localhost" | "127.0.0.1")
        && matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    let numeric = port.parse::<u16>().is_ok_and(|p| p > 0);
    let same = |port: &str| format!("{scheme}://{host}:{port}/{path}") == pattern;
    loopback && numeric && matches!(scheme, "http" | "https") && (same(port) || same("*"))
}

#[cfg(test)]
mod tests {
    use super::redirect_matches;

    #[test]
    fn only_the_registered_shape_is_accepted_on_any_port() {
        let pattern = "http://127.0.0.1:*/callback/";
        assert!(redirect_matches(pattern, "http://127.0.0.1:49152/callback/"));
        for wrong in [
            "http://127.0.0.1:49152/callback",
            "http://127.0.0.1/callback/",
            "http://127.0.0.1:49152/callback/?a=b",
            "http://localhost:49152/callback/",
            "http://[::1]:49152/callback/",
            "http://user@127.0.0.1:49152/callback/",
            "http://127.0.0.1:0/callback/",
            "https://127.0.0.1:49152/callback/",
        ] {
            assert!(!redirect_matches(pattern, wrong), "{wrong}");
        }
    }
}
