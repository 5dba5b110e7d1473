//! YouTube's start call and the rules of its metadata: contract §3 Y1, §5, §10.4, §10.14, §10.15.

use serde_json::{Value, json};

use crate::common::youtube::{body, connect, get, open, post, reason, refused, start, video, whole};
use crate::common::{Stage, json_of};

async fn roomy() -> (Stage, String) {
    let stage = Stage::lenient().await;
    stage.set(json!({"youtube": {"uploads_per_day": 1000}})).await;
    let (token, _) = connect(&stage, "ada").await;
    (stage, token)
}

fn snippet(name: &str, value: Value) -> Value {
    let mut whole = body("Title", "private");
    whole["snippet"][name] = value;
    whole
}

fn status(name: &str, value: Value) -> Value {
    let mut whole = body("Title", "private");
    whole["status"][name] = value;
    whole
}

#[tokio::test]
async fn metadata_outside_the_rules_is_refused_at_the_start() {
    let (stage, token) = roomy().await;
    for (whole, expected) in [
        (snippet("title", json!("")), "invalidTitle"),
        (snippet("title", json!("x".repeat(101))), "invalidTitle"),
        (snippet("title", json!("🎬".repeat(51))), "invalidTitle"),
        (snippet("title", json!("a < b")), "invalidTitle"),
        (
            snippet("description", json!("é".repeat(2501))),
            "invalidDescription",
        ),
        (snippet("description", json!("a > b")), "invalidDescription"),
        (snippet("tags", json!(["x".repeat(501)])), "invalidTags"),
        (
            snippet("tags", json!([" ".to_owned() + &"x".repeat(498)])),
            "invalidTags",
        ),
        (snippet("tags", json!(["good", ""])), "invalidTags"),
        (snippet("categoryId", json!("18")), "invalidCategoryId"),
        (snippet("categoryId", json!("999")), "invalidCategoryId"),
        (status("privacyStatus", json!("secret")), "invalidVideoMetadata"),
        (status("license", json!("mine")), "invalidVideoMetadata"),
        (status("embeddable", json!("yes")), "invalidVideoMetadata"),
        (status("publishAt", json!("tomorrow")), "invalidPublishAt"),
    ] {
        assert_eq!(
            refused(&stage, &token, 10, &whole).await,
            (400, expected.to_owned()),
            "{whole}"
        );
    }
    let mut public = status("publishAt", json!("2099-01-01T00:00:00Z"));
    public["status"]["privacyStatus"] = json!("public");
    assert_eq!(
        refused(&stage, &token, 10, &public).await,
        (400, "invalidPublishAt".to_owned())
    );
    for whole in [
        snippet("title", json!("x".repeat(100))),
        snippet("description", json!("é".repeat(2500))),
        snippet("tags", json!(["x".repeat(500)])),
        snippet("tags", json!(["a b", "cd"])),
    ] {
        open(&stage, &token, 10, &whole).await;
    }
    assert!(stage.ledger().await.is_empty());
}

#[tokio::test]
async fn the_start_call_wants_its_parameters_headers_and_matching_parts() {
    let (stage, token) = roomy().await;
    let base = "/google/www/upload/youtube/v3/videos";
    let good = body("Title", "private");
    let send = |query: &str, length: Option<&str>, kind: Option<&str>, body: &Value| {
        let mut request = stage
            .http
            .post(stage.url(&format!("{base}?{query}")))
            .bearer_auth(&token)
            .header("Content-Type", "application/json; charset=UTF-8")
            .body(body.to_string());
        if let Some(length) = length {
            request = request.header("X-Upload-Content-Length", length);
        }
        if let Some(kind) = kind {
            request = request.header("X-Upload-Content-Type", kind);
        }
        async move {
            let answer = request.send().await.unwrap();
            reason(answer.status().as_u16(), json_of(answer).await)
        }
    };
    let (ten, mp4) = (Some("10"), Some("video/mp4"));
    assert_eq!(
        send("uploadType=media&part=snippet,status", ten, mp4, &good)
            .await
            .1,
        "badRequest"
    );
    assert_eq!(send("uploadType=resumable", ten, mp4, &good).await.1, "required");
    assert_eq!(
        send("uploadType=resumable&part=snippet", ten, mp4, &good).await.1,
        "unexpectedPart",
        "a part sent but not named"
    );
    assert_eq!(
        send(
            "uploadType=resumable&part=snippet,status,fileDetails",
            ten,
            mp4,
            &good
        )
        .await
        .1,
        "unexpectedPart"
    );
    let good_query = "uploadType=resumable&part=snippet,status";
    assert_eq!(send(good_query, None, mp4, &good).await.1, "mediaBodyRequired");
    assert_eq!(
        send(good_query, Some("0"), mp4, &good).await.1,
        "mediaBodyRequired"
    );
    assert_eq!(
        send(good_query, ten, Some("text/plain"), &good).await.1,
        "mediaBodyRequired"
    );
    assert_eq!(
        send(good_query, Some("274877906945"), mp4, &good).await.1,
        "badRequest"
    );
    let started = start(&stage, &token, 10, &good).send().await.unwrap();
    assert!(started.headers().contains_key("x-guploader-uploadid"));
    let location = started.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with(&stage.base) && location.contains("upload_id="));
    assert!(started.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_said_takes_youtubes_defaults() {
    let (stage, token) = roomy().await;
    let id = post(
        &stage,
        &token,
        b"clip",
        &json!({"snippet": {"title": "Bare"}, "status": {}}),
    )
    .await;
    let said = video(&stage, &token, &id).await;
    let status = &said["status"];
    assert_eq!(status["privacyStatus"], "public");
    assert_eq!(
        (
            &status["license"],
            &status["embeddable"],
            &status["publicStatsViewable"]
        ),
        (&json!("youtube"), &json!(true), &json!(true))
    );
    assert_eq!(said["snippet"]["categoryId"], "22");
    assert_eq!(stage.ledger().await[0]["options"]["notifySubscribers"], true);
}

#[tokio::test]
async fn the_three_daily_refusals_are_told_apart_and_reset_at_pacific_midnight() {
    let stage = Stage::lenient().await;
    stage
        .set(json!({"youtube": {"uploads_per_day": 2, "units_per_day": 3}}))
        .await;
    let (token, refresh) = connect(&stage, "ada").await;
    for _ in 0..2 {
        open(&stage, &token, 10, &body("Title", "private")).await;
    }
    let answer = start(&stage, &token, 10, &body("Title", "private"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 429);
    let said = json_of(answer).await;
    assert_eq!(said["error"]["errors"][0]["domain"], "global");
    assert!(
        said["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Video Uploads per day"),
        "{said}"
    );

    // The refused start was an invalid call and cost a unit; reading goes on with what is left.
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get(&stage, &token, "videos?part=id&id=x").await.0);
    }
    assert_eq!(statuses, [200, 200, 403]);
    let (status, said) = get(&stage, &token, "videos?part=id&id=x").await;
    assert_eq!(said["error"]["errors"][0]["domain"], "youtube.quota");
    assert_eq!(reason(status, said), (403, "quotaExceeded".to_owned()));

    stage.advance(86_400).await;
    let fresh = json_of(crate::common::youtube::refresh(&stage, &refresh).await).await;
    let token = fresh["access_token"].as_str().unwrap();
    assert_eq!(get(&stage, token, "videos?part=id&id=x").await.0, 200);
    stage
        .set(json!({"youtube": {"channel_uploads_per_day": 1}}))
        .await;
    post(&stage, token, b"clip", &body("Title", "private")).await;
    let limit = refused(&stage, token, 10, &body("Title", "private")).await;
    assert_eq!(limit, (400, "uploadLimitExceeded".to_owned()));
}

#[tokio::test]
async fn the_legacy_switch_forces_private_and_says_so() {
    let (stage, token) = roomy().await;
    stage.set(json!({"youtube": {"force_private": true}})).await;
    let uri = open(&stage, &token, 4, &body("Title", "public")).await;
    let answer = whole(&stage, &token, &uri, b"clip").send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(json_of(answer).await["status"]["privacyStatus"], "private");
}

#[tokio::test]
async fn closed_and_suspended_channels_are_refused() {
    let (stage, token) = roomy().await;
    for (flag, expected) in [("suspended", "channelSuspended"), ("closed", "channelClosed")] {
        stage
            .set(json!({"accounts": [{"platform": "youtube", "account": "ada", flag: true}]}))
            .await;
        assert_eq!(
            refused(&stage, &token, 10, &body("T", "private")).await,
            (403, expected.to_owned())
        );
    }
}
