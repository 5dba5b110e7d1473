//! YouTube by hand.

use daypart_simulator::{PRACTICE_GOOGLE_CLIENT_ID as ID, PRACTICE_GOOGLE_CLIENT_SECRET as SECRET};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Stage, VERIFIER, fields_of, json_of};

pub const REDIRECT: &str = "http://127.0.0.1:49153";
pub const CHALLENGE: &str = "CG0QzmP_nm-wPDoMSOGB4_tjgs4m8j8CYk3jH7gYogw";
pub const FORCE_SSL: &str = "https://www.googleapis.com/auth/youtube.force-ssl";

pub fn authorize_url(stage: &Stage, changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("client_id", ID),
        ("response_type", "code"),
        ("scope", FORCE_SSL),
        ("redirect_uri", REDIRECT),
        ("state", "st&te"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("access_type", "offline"),
        ("prompt", "consent"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    url::Url::parse_with_params(&stage.url("/google/accounts/o/oauth2/v2/auth"), fields)
        .unwrap()
        .into()
}

pub async fn code(stage: &Stage, account: &str, scope: &str) -> String {
    let url = authorize_url(stage, &[("scope", scope)]);
    let said = stage
        .tell("authorize", json!({"url": url, "account": account}))
        .await;
    fields_of(said["redirect"].as_str().unwrap())["code"].clone()
}

pub async fn exchange(stage: &Stage, changes: &[(&str, &str)]) -> Response {
    let mut fields = vec![
        ("client_id", ID),
        ("client_secret", SECRET),
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    stage
        .http
        .post(stage.url("/google/oauth2/token"))
        .form(&fields)
        .send()
        .await
        .unwrap()
}

pub async fn refresh(stage: &Stage, token: &str) -> Response {
    exchange(
        stage,
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    )
    .await
}

/// Access and refresh token with everything granted.
pub async fn connect(stage: &Stage, account: &str) -> (String, String) {
    connect_with(stage, account, FORCE_SSL).await
}

pub async fn connect_with(stage: &Stage, account: &str, scope: &str) -> (String, String) {
    let code = code(stage, account, scope).await;
    let body = json_of(exchange(stage, &[("code", &code)]).await).await;
    let text = |name: &str| {
        body[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name}: {body}"))
            .to_owned()
    };
    (text("access_token"), text("refresh_token"))
}

pub fn api(stage: &Stage, token: &str, method: Method, path: &str) -> RequestBuilder {
    stage
        .http
        .request(method, stage.url(&format!("/google/www/youtube/v3/{path}")))
        .bearer_auth(token)
}

pub async fn get(stage: &Stage, token: &str, path: &str) -> (u16, Value) {
    let answer = api(stage, token, Method::GET, path).send().await.unwrap();
    (answer.status().as_u16(), json_of(answer).await)
}

pub fn body(title: &str, privacy: &str) -> Value {
    json!({"snippet": {"title": title, "categoryId": "22"}, "status": {"privacyStatus": privacy}})
}

pub fn start(stage: &Stage, token: &str, size: u64, body: &Value) -> RequestBuilder {
    stage
        .http
        .post(stage.url("/google/www/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status"))
        .bearer_auth(token)
        .header("Content-Type", "application/json; charset=UTF-8")
        .header("X-Upload-Content-Length", size)
        .header("X-Upload-Content-Type", "video/mp4")
        .body(body.to_string())
}

/// The upload URI.
pub async fn open(stage: &Stage, token: &str, size: u64, body: &Value) -> String {
    let answer = start(stage, token, size, body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// Why a start is refused: status and reason.
pub async fn refused(stage: &Stage, token: &str, size: u64, body: &Value) -> (u16, String) {
    let answer = start(stage, token, size, body).send().await.unwrap();
    let status = answer.status().as_u16();
    assert_ne!(status, 200, "{body}");
    reason(status, json_of(answer).await)
}

pub fn reason(status: u16, body: Value) -> (u16, String) {
    (
        status,
        body["error"]["errors"][0]["reason"]
            .as_str()
            .unwrap_or_else(|| panic!("{body}"))
            .to_owned(),
    )
}

pub fn put(stage: &Stage, token: &str, uri: &str, bytes: &[u8], first: u64, total: u64) -> RequestBuilder {
    let last = first + bytes.len() as u64 - 1;
    whole(stage, token, uri, bytes).header("Content-Range", format!("bytes {first}-{last}/{total}"))
}

pub fn whole(stage: &Stage, token: &str, uri: &str, bytes: &[u8]) -> RequestBuilder {
    stage
        .http
        .put(uri)
        .bearer_auth(token)
        .header("Content-Type", "video/mp4")
        .body(bytes.to_vec())
}

/// Status and `Range` header of a status query.
pub async fn query(stage: &Stage, token: &str, uri: &str, total: &str) -> (u16, Option<String>) {
    let answer = stage
        .http
        .put(uri)
        .bearer_auth(token)
        .header("Content-Length", "0")
        .header("Content-Range", format!("bytes */{total}"))
        .send()
        .await
        .unwrap();
    range_of(&answer)
}

pub fn range_of(answer: &Response) -> (u16, Option<String>) {
    let range = answer
        .headers()
        .get("range")
        .map(|v| v.to_str().unwrap().to_owned());
    (answer.status().as_u16(), range)
}

/// Uploads `bytes` in one go; the video id.
pub async fn post(stage: &Stage, token: &str, bytes: &[u8], body: &Value) -> String {
    let uri = open(stage, token, bytes.len() as u64, body).await;
    let answer = whole(stage, token, &uri, bytes).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    json_of(answer).await["id"].as_str().unwrap().to_owned()
}

pub async fn video(stage: &Stage, token: &str, id: &str) -> Value {
    let parts = "id,snippet,status,contentDetails,processingDetails,fileDetails,suggestions";
    let (status, said) = get(stage, token, &format!("videos?part={parts}&id={id}")).await;
    assert_eq!(status, 200, "{said}");
    said["items"][0].clone()
}
