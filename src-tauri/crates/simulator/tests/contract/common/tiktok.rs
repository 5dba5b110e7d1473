//! TikTok by hand.

use daypart_simulator::{PRACTICE_TIKTOK_CLIENT_KEY as KEY, PRACTICE_TIKTOK_CLIENT_SECRET as SECRET};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Stage, VERIFIER, fields_of, json_of, sha256};

pub const REDIRECT: &str = "http://127.0.0.1:49152/callback/";
pub const SCOPES: &str = "user.info.basic,user.info.profile,video.publish,video.upload,video.list";

pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub body: Value,
}

pub fn authorize_url(stage: &Stage, changes: &[(&str, &str)]) -> String {
    let challenge = sha256(VERIFIER.as_bytes());
    let mut fields = vec![
        ("client_key", KEY),
        ("response_type", "code"),
        ("scope", SCOPES),
        ("redirect_uri", REDIRECT),
        ("state", "st&te"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    url::Url::parse_with_params(&stage.url("/tiktok/www/v2/auth/authorize/"), fields)
        .unwrap()
        .into()
}

/// The code for `account`.
pub async fn code(stage: &Stage, account: &str) -> String {
    let url = authorize_url(stage, &[]);
    let said = stage
        .tell("authorize", json!({"url": url, "account": account}))
        .await;
    fields_of(said["redirect"].as_str().unwrap())["code"].clone()
}

pub async fn exchange(stage: &Stage, changes: &[(&str, &str)]) -> Response {
    let mut fields = vec![
        ("client_key", KEY),
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
        .post(stage.url("/tiktok/api/v2/oauth/token/"))
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

pub fn tokens(body: Value) -> Tokens {
    let text = |name: &str| {
        body[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name}: {body}"))
            .to_owned()
    };
    Tokens {
        access: text("access_token"),
        refresh: text("refresh_token"),
        body,
    }
}

pub async fn connect(stage: &Stage, account: &str) -> Tokens {
    let code = code(stage, account).await;
    tokens(json_of(exchange(stage, &[("code", &code)]).await).await)
}

pub fn call(stage: &Stage, token: &str, path: &str, body: Value) -> RequestBuilder {
    stage
        .http
        .post(stage.url(&format!("/tiktok/api/v2/{path}")))
        .bearer_auth(token)
        .header("Content-Type", "application/json; charset=UTF-8")
        .body(body.to_string())
}

/// Status and body of a call.
pub async fn ask(stage: &Stage, token: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = call(stage, token, path, body).send().await.unwrap();
    (answer.status().as_u16(), json_of(answer).await)
}

pub fn init_body(size: u64, chunk: u64) -> Value {
    json!({
        "post_info": {"privacy_level": "PUBLIC_TO_EVERYONE", "title": "First cut #demo", "brand_content_toggle": false,
            "brand_organic_toggle": false},
        "source_info": {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk,
            "total_chunk_count": (size / chunk).max(1)},
    })
}

/// Publish id and upload URL.
pub async fn init(stage: &Stage, token: &str, body: Value) -> (String, String) {
    let (status, said) = ask(stage, token, "post/publish/video/init/", body).await;
    assert_eq!((status, &said["error"]["code"]), (200, &json!("ok")), "{said}");
    let text = |name: &str| said["data"][name].as_str().unwrap().to_owned();
    (text("publish_id"), text("upload_url"))
}

pub fn put(stage: &Stage, url: &str, bytes: &[u8], first: u64, total: u64) -> RequestBuilder {
    let last = first + bytes.len() as u64 - 1;
    stage
        .http
        .put(url)
        .header("Content-Type", "video/mp4")
        .header("Content-Range", format!("bytes {first}-{last}/{total}"))
        .body(bytes.to_vec())
}

pub async fn put_status(stage: &Stage, url: &str, bytes: &[u8], first: u64, total: u64) -> u16 {
    put(stage, url, bytes, first, total)
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

/// Posts `bytes` in one chunk; the publish id.
pub async fn post(stage: &Stage, token: &str, bytes: &[u8], privacy: &str) -> String {
    let size = bytes.len() as u64;
    let mut body = init_body(size, size);
    body["post_info"]["privacy_level"] = json!(privacy);
    let (publish_id, url) = init(stage, token, body).await;
    assert_eq!(put_status(stage, &url, bytes, 0, size).await, 201);
    publish_id
}

pub async fn status(stage: &Stage, token: &str, publish_id: &str) -> Value {
    let (_, said) = ask(
        stage,
        token,
        "post/publish/status/fetch/",
        json!({"publish_id": publish_id}),
    )
    .await;
    assert_eq!(said["error"]["code"], "ok", "{said}");
    said["data"].clone()
}
