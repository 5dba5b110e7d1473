//! Sign-in (§2). TikTok's dialect is not RFC 6749/7636: `client_key`, comma-separated scopes, a challenge in hex,
//! and flat errors that may come with HTTP 200. The `oauth2` crate cannot say these, so it is written out here.

use daypart_domain::problem::{PlatformWords, Problem, codes as common};
use daypart_ports::platform::{ClientCredentials, Grant, SignInSecrets};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use super::{Endpoints, NAME, TikTok, wire::TokenAnswer};
use crate::{
    codes,
    http::{Reply, Stakes},
    oauth::{self, Exchange},
    redaction::redact_known,
};

/// Registered as `http://127.0.0.1:*/callback/`; the slash counts (§2.2).
pub const REDIRECT_PATH: &str = "/callback/";

const SCOPES: &[&str] = &["user.info.basic", "video.publish"];

/// When a token's lifetime is not named (§2.5).
const ACCESS_TOKEN_S: u64 = 86_400;

pub fn missing_scopes(granted: &[String]) -> Vec<String> {
    SCOPES
        .iter()
        .filter(|scope| !granted.iter().any(|granted| granted == *scope))
        .map(|scope| (*scope).to_owned())
        .collect()
}

pub fn authorize_url(
    endpoints: &Endpoints,
    client: &ClientCredentials,
    redirect_uri: &str,
    secrets: &SignInSecrets,
) -> Result<String, Problem> {
    let mut url = Url::parse(&format!("{}/v2/auth/authorize/", endpoints.www))
        .map_err(|error| Problem::bug("TikTok's consent address").caused_by(&error))?;
    url.query_pairs_mut()
        .append_pair("client_key", &client.client_id)
        .append_pair("response_type", "code")
        .append_pair("scope", &SCOPES.join(","))
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("state", &secrets.state)
        .append_pair("code_challenge", &challenge(&secrets.code_verifier))
        .append_pair("code_challenge_method", "S256");
    Ok(url.into())
}

/// Lowercase hex of SHA-256, unlike RFC 7636 (§2.3).
fn challenge(verifier: &SecretString) -> String {
    let digest = Sha256::digest(verifier.expose_secret().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub async fn exchange_code(
    tiktok: &TikTok,
    client: &ClientCredentials,
    code: &SecretString,
    redirect_uri: &str,
    secrets: &SignInSecrets,
) -> Result<Grant, Problem> {
    let form = [
        ("client_key", client.client_id.as_str()),
        ("client_secret", client.client_secret.expose_secret()),
        ("code", code.expose_secret()),
        ("grant_type", "authorization_code"),
        ("redirect_uri", redirect_uri),
        ("code_verifier", secrets.code_verifier.expose_secret()),
    ];
    token(tiktok, Exchange::Code, &form, None).await
}

pub async fn refresh(tiktok: &TikTok, client: &ClientCredentials, grant: &Grant) -> Result<Grant, Problem> {
    let Some(refresh_token) = &grant.refresh_token else {
        return Err(
            oauth::refused(NAME, Exchange::Refresh, "invalid_grant", PlatformWords::default())
                .detail("there is no refresh token"),
        );
    };
    let form = [
        ("client_key", client.client_id.as_str()),
        ("client_secret", client.client_secret.expose_secret()),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose_secret()),
    ];
    token(tiktok, Exchange::Refresh, &form, Some(grant)).await
}

/// TikTok takes only access tokens here; one that has run out would end nothing, so a new one is fetched first.
pub async fn revoke(tiktok: &TikTok, client: &ClientCredentials, grant: &Grant) -> Result<(), Problem> {
    if grant.expires_at > tiktok.clock.now() || grant.refresh_token.is_none() {
        return revoke_token(tiktok, client, &grant.access_token).await;
    }
    match refresh(tiktok, client, grant).await {
        Ok(fresh) => revoke_token(tiktok, client, &fresh.access_token).await,
        Err(problem) if problem.code == common::AUTH_REVOKED => Ok(()),
        Err(problem) => Err(problem),
    }
}

async fn revoke_token(
    tiktok: &TikTok,
    client: &ClientCredentials,
    token: &SecretString,
) -> Result<(), Problem> {
    let form = [
        ("client_key", client.client_id.as_str()),
        ("client_secret", client.client_secret.expose_secret()),
        ("token", token.expose_secret()),
    ];
    let reply = post(tiktok, "/v2/oauth/revoke/", &form).await?;
    match failure(&reply, &form) {
        None => Ok(()),
        // A dead grant is what was wanted. Of our three fields only the token can be an invalid request.
        Some((error, _))
            if matches!(
                error.as_str(),
                "invalid_grant" | "invalid_request" | "invalid_token" | "access_token_invalid"
            ) =>
        {
            Ok(())
        }
        Some((error, words)) => Err(problem(Exchange::Revoke, &error, words)),
    }
}

async fn token(
    tiktok: &TikTok,
    exchange: Exchange,
    form: &[(&str, &str)],
    previous: Option<&Grant>,
) -> Result<Grant, Problem> {
    let reply = post(tiktok, "/v2/oauth/token/", form).await?;
    if let Some((error, words)) = failure(&reply, form) {
        return Err(problem(exchange, &error, words));
    }
    let now = tiktok.clock.now();
    let answer = reply.json::<TokenAnswer>();
    let Some((answer, access_token)) = answer.and_then(|mut answer| {
        let token = oauth::present(answer.access_token.take())?;
        Some((answer, token))
    }) else {
        return Err(Problem::transient(
            codes::PLATFORM_UNEXPECTED,
            "TikTok's answer to the sign-in could not be read.",
        )
        .detail(format!("HTTP {}", reply.status)));
    };
    let scopes = match &answer.scope {
        Some(scope) => split_scopes(scope),
        None => previous.map(|grant| grant.scopes.clone()).unwrap_or_default(),
    };
    Ok(Grant {
        access_token,
        refresh_token: oauth::kept(
            oauth::present(answer.refresh_token),
            previous.and_then(|grant| grant.refresh_token.as_ref()),
        ),
        expires_at: oauth::after(now, answer.expires_in.unwrap_or(ACCESS_TOKEN_S)),
        refresh_expires_at: answer
            .refresh_expires_in
            .map(|seconds| oauth::after(now, seconds))
            .or_else(|| previous.and_then(|grant| grant.refresh_expires_at)),
        scopes,
    })
}

async fn post(tiktok: &TikTok, path: &str, form: &[(&str, &str)]) -> Result<Reply, Problem> {
    let request = tiktok
        .http
        .post(format!("{}{path}", tiktok.endpoints.api))
        .header("cache-control", "no-cache")
        .form(form);
    let call = tiktok.http.call(request).await;
    call.map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))
}

/// Failure if and only if `error` is a text that is not empty, or the status is not 2xx (§2.5).
fn failure(reply: &Reply, form: &[(&str, &str)]) -> Option<(String, PlatformWords)> {
    let answer = reply.json::<TokenAnswer>();
    let named = answer
        .as_ref()
        .and_then(|answer| answer.error.clone())
        .unwrap_or_default();
    if named.is_empty() && reply.is_success() {
        return None;
    }
    let secrets: Vec<&str> = form
        .iter()
        .filter(|(name, _)| !matches!(*name, "grant_type" | "client_key" | "redirect_uri"))
        .map(|(_, value)| *value)
        .collect();
    let hide = |text: String| Some(redact_known(&text, &secrets)).filter(|text| !text.is_empty());
    let words = PlatformWords {
        http_status: Some(reply.status),
        code: hide(named.clone()),
        message: answer
            .as_ref()
            .and_then(|answer| answer.error_description.clone())
            .and_then(hide),
        request_id: answer.and_then(|answer| answer.log_id),
    };
    Some((named, words))
}

fn problem(exchange: Exchange, error: &str, words: PlatformWords) -> Problem {
    let status = words.http_status.unwrap_or_default();
    if error.is_empty() && (status >= 500 || status == 429) {
        return oauth::unavailable(NAME).words(words);
    }
    oauth::refused(NAME, exchange, error, words)
}

fn split_scopes(scope: &str) -> Vec<String> {
    scope
        .split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_lowercase_hex_as_in_the_contracts_vector() {
        let verifier = SecretString::from("emu-0123456789_ABCDEFGHIJ.abcdefghij~klmnopqrst");
        assert_eq!(
            challenge(&verifier),
            "086d10ce63ff9e6fb03c3a0c48e181e3fb6382ce26f23f02624de31fb818a20c"
        );
    }

    #[test]
    fn the_consent_address_carries_tiktoks_own_names() {
        let client = ClientCredentials {
            client_id: "key".into(),
            client_secret: SecretString::from("never-in-a-url"),
        };
        let secrets = SignInSecrets {
            state: "st".into(),
            code_verifier: SecretString::from("v".repeat(43)),
        };
        let url = authorize_url(
            &Endpoints::real(),
            &client,
            "http://127.0.0.1:4/callback/",
            &secrets,
        )
        .unwrap();
        assert!(
            url.starts_with("https://www.tiktok.com/v2/auth/authorize/?client_key=key&response_type=code")
        );
        assert!(url.contains("scope=user.info.basic%2Cvideo.publish"));
        assert!(url.contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A4%2Fcallback%2F"));
        assert!(!url.contains("never-in-a-url"));
    }
}
