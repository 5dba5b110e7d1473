//! TikTok creator_info and init: contract §3 E1–E3, §4.1, §5, §10.5 to §10.10, §10.15.

use serde_json::{Value, json};

use crate::common::tiktok::{ask, call, connect, init, init_body, post, put_status};
use crate::common::{Stage, json_of, noise};

const INIT: &str = "post/publish/video/init/";
const INBOX: &str = "post/publish/inbox/video/init/";
const CREATOR: &str = "post/publish/creator_info/query/";

async fn roomy() -> Stage {
    let stage = Stage::lenient().await;
    stage
        .set(json!({"tiktok": {"init_per_min": 1000, "creator_info_per_min": 1000, "status_per_min": 1000}}))
        .await;
    stage
}

async fn refusal(stage: &Stage, token: &str, path: &str, body: Value) -> (u16, String) {
    let (status, said) = ask(stage, token, path, body).await;
    (status, said["error"]["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn creator_info_follows_the_account() {
    let stage = roomy().await;
    let (ada, bo) = (connect(&stage, "ada").await, connect(&stage, "bo").await);
    let (_, said) = ask(&stage, &ada.access, CREATOR, json!({})).await;
    assert_eq!(
        said["data"]["privacy_level_options"],
        json!(["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"])
    );
    assert_eq!(
        (&said["data"]["duet_disabled"], &said["data"]["stitch_disabled"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(said["data"]["max_video_post_duration_sec"], 600);
    let (_, said) = ask(&stage, &bo.access, CREATOR, json!({})).await;
    assert_eq!(
        said["data"]["privacy_level_options"],
        json!(["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"])
    );
    assert_eq!(
        (&said["data"]["duet_disabled"], &said["data"]["stitch_disabled"]),
        (&json!(true), &json!(true))
    );
    stage.set(json!({"accounts": [{"platform": "tiktok", "account": "bo", "private": false, "comment_disabled": true}]})).await;
    let (_, said) = ask(&stage, &bo.access, CREATOR, json!({})).await;
    assert_eq!(said["data"]["privacy_level_options"][0], "PUBLIC_TO_EVERYONE");
    assert_eq!(said["data"]["comment_disabled"], true);
}

#[tokio::test]
async fn an_unaudited_client_still_sees_the_public_option_and_is_blocked_at_init() {
    let stage = roomy().await;
    stage.set(json!({"tiktok": {"audited": false}})).await;
    let (ada, bo) = (
        connect(&stage, "ada").await.access,
        connect(&stage, "bo").await.access,
    );
    let (_, said) = ask(&stage, &ada, CREATOR, json!({})).await;
    assert_eq!(said["data"]["privacy_level_options"][0], "PUBLIC_TO_EVERYONE");
    let blocked = (
        403,
        "unaudited_client_can_only_post_to_private_accounts".to_owned(),
    );
    let mut body = init_body(100, 100);
    assert_eq!(refusal(&stage, &ada, INIT, body.clone()).await, blocked);
    body["post_info"]["privacy_level"] = json!("SELF_ONLY");
    assert_eq!(
        refusal(&stage, &ada, INIT, body.clone()).await,
        blocked,
        "SELF_ONLY on a public account"
    );
    body["post_info"]["privacy_level"] = json!("MUTUAL_FOLLOW_FRIENDS");
    assert_eq!(
        refusal(&stage, &bo, INIT, body.clone()).await,
        blocked,
        "another level on a private account"
    );
    body["post_info"]["privacy_level"] = json!("SELF_ONLY");
    init(&stage, &bo, body).await;
}

#[tokio::test]
async fn post_info_is_checked() {
    let stage = roomy().await;
    let token = connect(&stage, "ada").await.access;
    let with = |name: &str, value: Value| {
        let mut body = init_body(100, 100);
        body["post_info"][name] = value;
        body
    };
    let mismatch = (403, "privacy_level_option_mismatch".to_owned());
    assert_eq!(
        refusal(
            &stage,
            &token,
            INIT,
            with("privacy_level", json!("FOLLOWER_OF_CREATOR"))
        )
        .await,
        mismatch
    );
    let invalid = (400, "invalid_params".to_owned());
    for (name, value) in [
        ("privacy_level", Value::Null),
        // 1101 characters outside the basic plane are 2202 UTF-16 units.
        ("title", json!("🎬".repeat(1101))),
        ("title", json!(7)),
        ("disable_duet", json!("yes")),
        ("brand_content_toggle", json!(1)),
        ("video_cover_timestamp_ms", json!(1_u64 << 31)),
        ("video_cover_timestamp_ms", json!("1000")),
    ] {
        assert_eq!(
            refusal(&stage, &token, INIT, with(name, value.clone())).await,
            invalid,
            "{name} {value}"
        );
    }
    init(&stage, &token, with("title", json!("🎬".repeat(1100)))).await;
    init(&stage, &token, with("title", Value::Null)).await;
    stage
        .set(json!({"tiktok": {"singular_invalid_param": true}}))
        .await;
    assert_eq!(
        refusal(&stage, &token, INIT, with("title", json!(7))).await,
        (400, "invalid_param".to_owned())
    );
}

#[tokio::test]
async fn the_chunk_plan_is_checked_and_both_sides_of_each_bound_are_told_apart() {
    let stage = roomy().await;
    let token = connect(&stage, "ada").await.access;
    let source = |size: u64, chunk: u64, count: u64| {
        let mut body = init_body(10, 10);
        body["source_info"] = json!({"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk, "total_chunk_count": count});
        body
    };
    for (size, chunk, count) in [
        (1, 1, 1),
        (64_000_000, 64_000_000, 1),
        (64_000_001, 10_000_000, 6),
        (50_000_123, 10_000_000, 5),
        (4_294_967_296, 10_000_000, 429),
        (10_000_000, 5_000_000, 2),
    ] {
        init(&stage, &token, source(size, chunk, count)).await;
    }
    for (size, chunk, count) in [
        (0, 0, 0),
        (70_000_000, 70_000_000, 1),
        (64_000_001, 64_000_000, 1),
        (70_000_000, 10_000_000, 8),
        (9_999_998, 4_999_999, 2),
        (140_000_000, 70_000_000, 2),
        (4_294_967_297, 10_000_000, 429),
    ] {
        let (status, said) = ask(&stage, &token, INIT, source(size, chunk, count)).await;
        assert_eq!(
            (status, &said["error"]["code"]),
            (400, &json!("invalid_params")),
            "{size} {chunk} {count}"
        );
    }
    let (_, said) = ask(&stage, &token, INIT, source(70_000_000, 70_000_000, 1)).await;
    assert!(said["error"]["message"].as_str().unwrap().contains("chunk size"));
}

#[tokio::test]
async fn init_answers_an_opaque_short_lived_url() {
    let stage = roomy().await;
    let token = connect(&stage, "ada").await.access;
    let (publish_id, url) = init(&stage, &token, init_body(100, 100)).await;
    assert!(
        publish_id.starts_with("v_pub_file~") && publish_id.len() <= 64,
        "{publish_id}"
    );
    assert!(url.len() <= 256 && url.starts_with(&stage.base), "{url}");
    stage.advance(3601).await;
    assert_eq!(put_status(&stage, &url, &noise(100), 0, 100).await, 403);
    assert_eq!(
        put_status(
            &stage,
            &stage.url("/tiktok/upload/open-upload/video/?upload_token=no"),
            &noise(9),
            0,
            9
        )
        .await,
        404
    );
}

#[tokio::test]
async fn the_minute_window_slides_per_token_and_names_no_waiting_time() {
    let stage = Stage::lenient().await;
    let (ada, bo) = (
        connect(&stage, "ada").await.access,
        connect(&stage, "bo").await.access,
    );
    for _ in 0..6 {
        init(&stage, &ada, init_body(100, 100)).await;
    }
    let answer = call(&stage, &ada, INIT, init_body(100, 100))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 429);
    assert!(!answer.headers().contains_key("retry-after"));
    assert_eq!(json_of(answer).await["error"]["code"], "rate_limit_exceeded");
    assert_eq!(
        ask(&stage, &bo, CREATOR, json!({})).await.0,
        200,
        "another token has its own window"
    );
    stage.advance(60).await;
    init(&stage, &ada, init_body(100, 100)).await;
    for (path, limit) in [(CREATOR, 20), ("post/publish/status/fetch/", 30)] {
        let token = connect(&stage, "bo").await.access;
        for _ in 0..limit {
            assert_ne!(ask(&stage, &token, path, json!({"publish_id": "x"})).await.0, 429);
        }
        assert_eq!(
            ask(&stage, &token, path, json!({"publish_id": "x"})).await.0,
            429,
            "{path}"
        );
    }
}

#[tokio::test]
async fn paths_need_their_slash_and_calls_their_json() {
    let stage = roomy().await;
    let token = connect(&stage, "ada").await.access;
    let bare = stage
        .http
        .post(stage.url("/tiktok/api/v2/post/publish/video/init"))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert_eq!(bare.status(), 404);
    let form = stage
        .http
        .post(stage.url(&format!("/tiktok/api/v2/{INIT}")))
        .bearer_auth(&token)
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(form.status(), 400);
    let (_, first) = ask(&stage, &token, CREATOR, json!({})).await;
    let (_, second) = ask(&stage, &token, CREATOR, json!({})).await;
    assert_ne!(first["error"]["log_id"], second["error"]["log_id"]);
}

#[tokio::test]
async fn the_daily_post_cap_is_403_at_init_and_200_at_creator_info() {
    let stage = roomy().await;
    let token = connect(&stage, "ada").await.access;
    for _ in 0..15 {
        post(&stage, &token, b"clip", "SELF_ONLY").await;
    }
    let reached = "spam_risk_too_many_posts".to_owned();
    assert_eq!(
        refusal(&stage, &token, INIT, init_body(4, 4)).await,
        (403, reached.clone())
    );
    assert_eq!(refusal(&stage, &token, CREATOR, json!({})).await, (200, reached));
    stage.advance(86_000).await;
    stage.advance(401).await;
    let fresh = connect(&stage, "ada").await.access;
    init(&stage, &fresh, init_body(4, 4)).await;
}

#[tokio::test]
async fn bans_and_the_user_cap_of_an_unaudited_client() {
    let stage = roomy().await;
    let (ada, bo) = (
        connect(&stage, "ada").await.access,
        connect(&stage, "bo").await.access,
    );
    stage.set(json!({"tiktok": {"creator_cap": 1}})).await;
    post(&stage, &bo, b"clip", "SELF_ONLY").await;
    assert_eq!(
        refusal(&stage, &ada, INIT, init_body(4, 4)).await,
        (403, "reached_active_user_cap".to_owned())
    );
    post(&stage, &bo, b"more", "SELF_ONLY").await;
    stage
        .set(json!({"accounts": [{"platform": "tiktok", "account": "bo", "banned": true}]}))
        .await;
    let banned = "spam_risk_user_banned_from_posting".to_owned();
    assert_eq!(
        refusal(&stage, &bo, INIT, init_body(4, 4)).await,
        (403, banned.clone())
    );
    assert_eq!(refusal(&stage, &bo, CREATOR, json!({})).await, (200, banned));
}

#[tokio::test]
async fn drafts_go_to_the_inbox_and_five_may_wait() {
    let stage = roomy().await;
    let token = connect(&stage, "ada").await.access;
    let mut ids = Vec::new();
    for number in 0..5 {
        let body = json!({"source_info": init_body(4, 4)["source_info"]});
        let (status, said) = ask(&stage, &token, INBOX, body).await;
        assert_eq!(status, 200, "{number}: {said}");
        let (id, url) = (
            said["data"]["publish_id"].as_str().unwrap(),
            said["data"]["upload_url"].as_str().unwrap(),
        );
        assert!(id.starts_with("v_inbox_file~"));
        assert_eq!(put_status(&stage, url, b"clip", 0, 4).await, 201);
        ids.push(id.to_owned());
    }
    stage.wait("inbox", "tiktok", 5).await;
    let status = |id: String| {
        let (stage, token) = (&stage, &token);
        async move { crate::common::tiktok::status(stage, token, &id).await["status"].clone() }
    };
    assert_eq!(status(ids[0].clone()).await, "SEND_TO_USER_INBOX");
    let body = json!({"source_info": init_body(4, 4)["source_info"]});
    let full = (403, "spam_risk_too_many_pending_share".to_owned());
    assert_eq!(refusal(&stage, &token, INBOX, body.clone()).await, full);
    stage
        .tell(
            "act",
            json!({"platform": "tiktok", "id": ids[0], "act": "finish_draft"}),
        )
        .await;
    assert_eq!(status(ids[0].clone()).await, "PUBLISH_COMPLETE");
    assert_eq!(
        ask(&stage, &token, INBOX, body).await.0,
        200,
        "a finished draft makes room"
    );
}

#[tokio::test]
async fn pulls_need_a_verified_https_address_and_can_be_cancelled() {
    let stage = roomy().await;
    let token = connect(&stage, "ada").await.access;
    let pull = |url: &str| {
        let mut body = init_body(4, 4);
        body["source_info"] = json!({"source": "PULL_FROM_URL", "video_url": url});
        body
    };
    for url in [
        "http://media.example/a.mp4",
        "https://127.0.0.1/a.mp4",
        "nonsense",
    ] {
        assert_eq!(
            refusal(&stage, &token, INIT, pull(url)).await,
            (400, "invalid_params".to_owned()),
            "{url}"
        );
    }
    let unverified = (403, "url_ownership_unverified".to_owned());
    assert_eq!(
        refusal(&stage, &token, INIT, pull("https://media.example/a.mp4")).await,
        unverified
    );
    stage
        .set(json!({"tiktok": {"verified_urls": ["https://media.example/"]}}))
        .await;
    let (_, said) = ask(&stage, &token, INIT, pull("https://media.example/a.mp4")).await;
    assert!(said["data"].get("upload_url").is_none());
    let id = json!({"publish_id": said["data"]["publish_id"]});
    assert_eq!(
        ask(&stage, &token, "post/publish/cancel/", id.clone()).await.0,
        200
    );
    let (_, said) = ask(&stage, &token, "post/publish/status/fetch/", id.clone()).await;
    assert_eq!(
        (&said["data"]["status"], &said["data"]["fail_reason"]),
        (&json!("FAILED"), &json!("publish_cancelled"))
    );
    assert_eq!(
        refusal(&stage, &token, "post/publish/cancel/", id).await,
        (400, "publish_not_cancellable".to_owned())
    );
}
