//! Sign-in (§2), through the `oauth2` crate over our own HTTP client.

use std::sync::{Arc, Mutex, PoisonError};

use daypart_domain::problem::{PlatformWords, Problem};
use daypart_ports::platform::{ClientCredentials, Grant, SignInSecrets};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicTokenResponse},
};
use secrecy::{ExposeSecret, SecretString};

use super::{Endpoints, NAME, YouTube, errors, wire::TokenError};
use crate::{
    codes,
    http::{Fault, HttpClient, Stakes},
    oauth::{self, Exchange},
    redaction::redact_known,
};

/// Needs no registration; a path keeps stray requests to the port apart.
pub const REDIRECT_PATH: &str = "/callback";

/// The one that covers everything: uploading, reading back, changing and taking back what YouTube holds, captions
/// (§2, scope table).
const SCOPES: &[&str] = &["https://www.googleapis.com/auth/youtube.force-ssl"];

/// When a token's lifetime is not named (§2).
const ACCESS_TOKEN_S: u64 = 3599;

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

pub fn missing_scopes(granted: &[String]) -> Vec<String> {
    let has = |scope: &str| granted.iter().any(|granted| granted == scope);
    SCOPES
        .iter()
        .filter(|scope| !has(scope))
        .map(|scope| (*scope).to_owned())
        .collect()
}

pub fn authorize_url(
    endpoints: &Endpoints,
    client: &ClientCredentials,
    redirect_uri: &str,
    secrets: &SignInSecrets,
) -> Result<String, Problem> {
    let verifier = PkceCodeVerifier::new(secrets.code_verifier.expose_secret().to_owned());
    let state = secrets.state.clone();
    let (url, _) = oauth_client(endpoints, client)?
        .set_redirect_uri(redirect(redirect_uri)?)
        .authorize_url(move || CsrfToken::new(state))
        .add_scopes(SCOPES.iter().map(|scope| Scope::new((*scope).to_owned())))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        // Together they guarantee a refresh token.
        .add_extra_param("access_type", "offline")
        .add_extra_param("prompt", "consent")
        .url();
    Ok(url.into())
}

pub async fn exchange_code(
    youtube: &YouTube,
    client: &ClientCredentials,
    code: &SecretString,
    redirect_uri: &str,
    secrets: &SignInSecrets,
) -> Result<Grant, Problem> {
    let verifier = secrets.code_verifier.expose_secret();
    let transport = Transport::new(&youtube.http);
    let answer = oauth_client(&youtube.endpoints, client)?
        .set_redirect_uri(redirect(redirect_uri)?)
        .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()))
        .request_async(&|request| transport.send(request))
        .await;
    let hide = [
        code.expose_secret(),
        verifier,
        client.client_secret.expose_secret(),
    ];
    match answer {
        Ok(token) => Ok(grant(youtube, &token, None)),
        Err(error) => Err(transport.problem(Exchange::Code, error, &hide)),
    }
}

pub async fn refresh(youtube: &YouTube, client: &ClientCredentials, old: &Grant) -> Result<Grant, Problem> {
    let Some(refresh_token) = &old.refresh_token else {
        return Err(
            oauth::refused(NAME, Exchange::Refresh, "invalid_grant", PlatformWords::default())
                .detail("there is no refresh token"),
        );
    };
    let transport = Transport::new(&youtube.http);
    let answer = oauth_client(&youtube.endpoints, client)?
        .exchange_refresh_token(&RefreshToken::new(refresh_token.expose_secret().to_owned()))
        .request_async(&|request| transport.send(request))
        .await;
    let hide = [
        refresh_token.expose_secret(),
        client.client_secret.expose_secret(),
    ];
    match answer {
        Ok(token) => Ok(grant(youtube, &token, Some(old))),
        Err(error) => Err(transport.problem(Exchange::Refresh, error, &hide)),
    }
}

/// Revoking the refresh token ends the whole grant; without one the access token does.
pub async fn revoke(youtube: &YouTube, grant: &Grant) -> Result<(), Problem> {
    let token = grant
        .refresh_token
        .as_ref()
        .unwrap_or(&grant.access_token)
        .expose_secret();
    let request = youtube
        .http
        .post(format!("{}/revoke", youtube.endpoints.oauth))
        .form(&[("token", token)]);
    let reply = youtube
        .http
        .call(request)
        .await
        .map_err(|fault| fault.into_problem(NAME, Stakes::Repeatable))?;
    if reply.is_success() {
        return Ok(());
    }
    let error = reply.json::<TokenError>();
    let code = error
        .as_ref()
        .map(|error| error.error.clone())
        .unwrap_or_default();
    // A dead grant is what was wanted.
    if matches!(code.as_str(), "invalid_token" | "invalid_grant") {
        return Ok(());
    }
    let words = PlatformWords {
        http_status: Some(reply.status),
        code: Some(redact_known(&code, &[token])),
        message: error
            .and_then(|error| error.error_description)
            .map(|text| redact_known(&text, &[token])),
        request_id: None,
    };
    Err(by_code(Exchange::Revoke, &code, words))
}

fn oauth_client(endpoints: &Endpoints, client: &ClientCredentials) -> Result<Client, Problem> {
    let bug = |error: oauth2::url::ParseError| Problem::bug("Google's addresses").caused_by(&error);
    let auth = AuthUrl::new(format!("{}/o/oauth2/v2/auth", endpoints.accounts)).map_err(bug)?;
    let token = TokenUrl::new(format!("{}/token", endpoints.oauth)).map_err(bug)?;
    Ok(BasicClient::new(ClientId::new(client.client_id.clone()))
        // Google's page calls it optional; its token endpoint does not (§2).
        .set_client_secret(ClientSecret::new(client.client_secret.expose_secret().to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(auth)
        .set_token_uri(token))
}

fn redirect(uri: &str) -> Result<RedirectUrl, Problem> {
    RedirectUrl::new(uri.to_owned()).map_err(|error| Problem::bug("the redirect address").caused_by(&error))
}

fn grant(youtube: &YouTube, token: &BasicTokenResponse, previous: Option<&Grant>) -> Grant {
    let lifetime_s = token
        .expires_in()
        .map_or(ACCESS_TOKEN_S, |lifetime| lifetime.as_secs());
    let scopes = match token.scopes() {
        Some(scopes) => scopes.iter().map(|scope| scope.to_string()).collect(),
        None => previous.map(|grant| grant.scopes.clone()).unwrap_or_default(),
    };
    Grant {
        access_token: SecretString::from(token.access_token().secret().clone()),
        refresh_token: oauth::kept(
            oauth::present(token.refresh_token().map(|token| token.secret().clone())),
            previous.and_then(|grant| grant.refresh_token.as_ref()),
        ),
        expires_at: oauth::after(youtube.clock.now(), lifetime_s),
        refresh_expires_at: previous.and_then(|grant| grant.refresh_expires_at),
        scopes,
    }
}

fn by_code(exchange: Exchange, error: &str, words: PlatformWords) -> Problem {
    let status = words.http_status.unwrap_or_default();
    if status >= 500 || status == 429 {
        return oauth::unavailable(NAME).words(words);
    }
    errors::explain_revoked(oauth::refused(NAME, exchange, error, words))
}

/// Lends our client to the `oauth2` crate and keeps what the crate's errors drop: the fault and the status.
struct Transport<'a> {
    http: &'a HttpClient,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    fault: Option<Fault>,
    status: Option<u16>,
}

/// Stands for the [`Fault`] that [`Transport`] kept.
#[derive(Debug, thiserror::Error)]
#[error("no answer")]
struct NoAnswer;

impl<'a> Transport<'a> {
    fn new(http: &'a HttpClient) -> Self {
        Self {
            http,
            seen: Arc::default(),
        }
    }

    fn send(
        &self,
        request: HttpRequest,
    ) -> impl Future<Output = Result<HttpResponse, NoAnswer>> + Send + use<> {
        let http = self.http.clone();
        let seen = Arc::clone(&self.seen);
        async move {
            let (parts, body) = request.into_parts();
            let request = http.post(parts.uri.to_string()).headers(parts.headers).body(body);
            let outcome = http.call(request).await;
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Ok(reply) => {
                    seen.status = Some(reply.status);
                    let mut response = HttpResponse::new(reply.bytes().to_vec());
                    *response.status_mut() =
                        oauth2::http::StatusCode::from_u16(reply.status).map_err(|_| NoAnswer)?;
                    *response.headers_mut() = reply.headers().clone();
                    Ok(response)
                }
                Err(fault) => {
                    seen.fault = Some(fault);
                    Err(NoAnswer)
                }
            }
        }
    }

    fn problem<T>(
        &self,
        exchange: Exchange,
        error: RequestTokenError<NoAnswer, T>,
        secrets: &[&str],
    ) -> Problem
    where
        T: oauth2::ErrorResponse + serde::Serialize,
    {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fault) = seen.fault.take() {
            return fault.into_problem(NAME, Stakes::Repeatable);
        }
        let status = seen.status;
        match error {
            RequestTokenError::ServerResponse(answer) => {
                let json = serde_json::to_value(&answer).unwrap_or_default();
                let named = |name: &str| json.get(name).and_then(|text| text.as_str()).map(str::to_owned);
                let code = named("error").unwrap_or_default();
                let words = PlatformWords {
                    http_status: status,
                    code: Some(redact_known(&code, secrets)),
                    message: named("error_description").map(|text| redact_known(&text, secrets)),
                    request_id: None,
                };
                by_code(exchange, &code, words)
            }
            _ if status.is_some_and(|status| status >= 500 || status == 429) => oauth::unavailable(NAME),
            _ => Problem::transient(
                codes::PLATFORM_UNEXPECTED,
                "YouTube's answer to the sign-in could not be read.",
            )
            .detail(format!("HTTP {}", status.unwrap_or_default())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_base64url_as_in_the_contracts_vector() {
        let client = ClientCredentials {
            client_id: "id".into(),
            client_secret: SecretString::from("never-in-a-url"),
        };
        let secrets = SignInSecrets {
            state: "st".into(),
            code_verifier: SecretString::from("emu-0123456789_ABCDEFGHIJ.abcdefghij~klmnopqrst"),
        };
        let url = authorize_url(
            &Endpoints::real(),
            &client,
            "http://127.0.0.1:4/callback",
            &secrets,
        )
        .unwrap();
        assert!(url.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"));
        for part in [
            "code_challenge=CG0QzmP_nm-wPDoMSOGB4_tjgs4m8j8CYk3jH7gYogw",
            "code_challenge_method=S256",
            "access_type=offline",
            "prompt=consent",
            "state=st",
            "scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube.force-ssl",
        ] {
            assert!(url.contains(part), "{part} in {url}");
        }
        assert!(!url.contains("never-in-a-url"));
    }

    #[test]
    fn a_grant_without_the_scope_is_not_enough() {
        assert_eq!(missing_scopes(&[]), SCOPES);
        let narrow = "https://www.googleapis.com/auth/youtube.upload".to_owned();
        assert_eq!(missing_scopes(&[narrow]), SCOPES);
        assert!(missing_scopes(&[SCOPES[0].into()]).is_empty());
    }
}
