//! Google's consent page for desktop apps: base64url PKCE challenge, space scopes, any loopback port.

use std::sync::Arc;

use axum::http::StatusCode;
use url::{Host, Url};

use crate::app::App;
use crate::call::{Answer, Call, Refusal};
use crate::consent::{Choice, Decision, back_to_app, decide as read_decision, error_page, show};
use crate::oauth::{Code, Consent};
use crate::world::{World, secret_hash};
use crate::youtube::YOUTUBE;
use crate::youtube::guard::SCOPE_PREFIX;
use crate::youtube::settings::Account;
use crate::{PRACTICE_GOOGLE_CLIENT_ID, PRACTICE_YOUTUBE_SCOPES};

const CONSENT_MS: i64 = 600_000;

pub(crate) async fn authorize(app: Arc<App>, call: Call) -> Answer {
    let consent = check(&app, &call.query)?;
    let choices = choices(&app);
    show(
        &app,
        consent,
        "/google/accounts/o/oauth2/v2/auth/decide",
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
        let decision = read_decision(world, YOUTUBE, &form)?;
        finish(world, decision)
    })?
}

/// Checks an authorize request; every refusal is a page, as at Google.
pub(crate) fn check(app: &App, query: &[(String, String)]) -> Result<Consent, Refusal> {
    let get = |name: &str| query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    let refuse = |error: &str, says: &str| {
        Err(error_page(
            StatusCode::BAD_REQUEST,
            &format!("Access blocked: Error 400: {error}"),
            says,
        ))
    };
    let client = get("client_id").unwrap_or("");
    if client != PRACTICE_GOOGLE_CLIENT_ID {
        return refuse("invalid_client", "The OAuth client was not found.");
    }
    let redirect_uri = get("redirect_uri").unwrap_or("");
    if !is_loopback_redirect(redirect_uri) {
        return refuse(
            "redirect_uri_mismatch",
            "A desktop app must be called back at http://127.0.0.1:PORT or http://[::1]:PORT.",
        );
    }
    if get("response_type") != Some("code") {
        return refuse("invalid_request", "response_type must be code.");
    }
    let challenge = get("code_challenge").unwrap_or("");
    let is_base64url = challenge.len() == 43
        && challenge
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if !is_base64url || get("code_challenge_method") != Some("S256") {
        return refuse(
            "invalid_request",
            "code_challenge must be base64url(SHA-256(verifier)) without padding, method S256.",
        );
    }
    let scopes: Vec<String> = get("scope")
        .unwrap_or("")
        .split(' ')
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect();
    let known = |scope: &String| {
        scope
            .strip_prefix(SCOPE_PREFIX)
            .is_some_and(|short| PRACTICE_YOUTUBE_SCOPES.contains(&short))
    };
    if scopes.is_empty() || !scopes.iter().all(known) {
        return refuse(
            "invalid_scope",
            "Some requested scopes are unknown, or they are not separated by spaces.",
        );
    }
    Ok(Consent {
        platform: YOUTUBE,
        client: client.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        state: get("state").map(str::to_owned),
        challenge: challenge.to_owned(),
        csrf_hash: String::new(),
        expires_ms: app.clock.now_ms() + CONSENT_MS,
    })
}

/// Turns the decision into the redirect.
pub(crate) fn finish(world: &mut World, decision: Decision) -> Answer {
    let consent = decision.consent;
    let state = consent.state.as_deref();
    let allowed = decision.allowed.filter(|allowed| !allowed.scopes.is_empty());
    let Some(allowed) = allowed else {
        return Ok(back_to_app(
            &consent.redirect_uri,
            &[("error", "access_denied")],
            state,
        ));
    };
    if world.youtube.accounts.get(&allowed.account).is_none() {
        return Err(error_page(
            StatusCode::BAD_REQUEST,
            "No such account",
            "Choose one of the practice accounts.",
        ));
    }
    let code = format!("4/practice-{}", world.opaque(32));
    let row = Code {
        platform: YOUTUBE,
        client: consent.client,
        account: allowed.account,
        redirect_uri: consent.redirect_uri.clone(),
        scopes: allowed.scopes.clone(),
        challenge: consent.challenge,
        expires_ms: world.now_ms + world.youtube.settings().code_s * 1000,
    };
    world.oauth.codes.put(secret_hash(&code), row);
    let scope = allowed.scopes.join(" ");
    Ok(back_to_app(
        &consent.redirect_uri,
        &[("code", &code), ("scope", &scope)],
        state,
    ))
}

fn choices(app: &App) -> Vec<Choice> {
    let choice = |account: &Account| Choice {
        key: account.key.clone(),
        title: account.title.clone(),
        note: if account.has_channel {
            format!("channel of {}", account.email)
        } else {
            format!("{}: a Google account without a channel", account.email)
        },
        picture_url: format!("/youtube/picture/{}.png", account.key),
    };
    app.look(|world| world.youtube.accounts.values().map(choice).collect())
}

fn says(scope: &str) -> (&'static str, bool) {
    let text = match scope.strip_prefix(SCOPE_PREFIX).unwrap_or("") {
        "youtube.upload" => "Upload videos",
        "youtube.readonly" => "See your channel and its videos",
        "youtube" => "Manage your YouTube account",
        "youtube.force-ssl" => "See, edit and delete your videos, playlists and captions",
        _ => "Something else",
    };
    (text, false)
}

fn is_loopback_redirect(redirect_uri: &str) -> bool {
    let Ok(url) = Url::parse(redirect_uri) else {
        return false;
    };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(ip)) => ip == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    };
    loopback
        && url.scheme() == "http"
        && url.fragment().is_none()
        && url.query().is_none()
        && url.username().is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_loopback_redirect;

    #[test]
    fn loopback_on_any_port_and_path_and_nothing_else() {
        for right in [
            "http://127.0.0.1:5000",
            "http://127.0.0.1:5000/",
            "http://[::1]:5000/cb",
            "http://localhost:1/x",
        ] {
            assert!(is_loopback_redirect(right), "{right}");
        }
        for wrong in [
            "https://127.0.0.1:5000",
            "http://10.0.0.1:5000",
            "urn:ietf:wg:oauth:2.0:oob",
            "http://127.0.0.1.evil.example/",
        ] {
            assert!(!is_loopback_redirect(wrong), "{wrong}");
        }
    }
}
