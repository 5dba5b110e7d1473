//! Faults by script: contract TikTok §10.19, YouTube §10.16.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::common::tiktok::{self, ask, init, init_body, put, put_status, status};
use crate::common::youtube::{self, body, query, whole};
use crate::common::{Stage, json_of, noise};

#[tokio::test]
async fn an_answer_dropped_after_the_commit_leaves_the_effect() {
    let stage = Stage::lenient().await;
    let token = tiktok::connect(&stage, "ada").await.access;
    let bytes = noise(1000);
    let (publish_id, url) = init(&stage, &token, init_body(1000, 1000)).await;
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "last_chunk", "kind": "drop_after_commit"}))
        .await;
    assert!(put(&stage, &url, &bytes, 0, 1000).send().await.is_err());
    assert_eq!(stage.ledger().await.len(), 1);
    assert_eq!(status(&stage, &token, &publish_id).await["uploaded_bytes"], 1000);
    assert_eq!(
        put_status(&stage, &url, &bytes, 0, 1000).await,
        416,
        "it was stored"
    );
    assert_eq!(stage.ledger().await.len(), 1);
}

#[tokio::test]
async fn a_request_dropped_before_the_commit_leaves_nothing() {
    let stage = Stage::lenient().await;
    let (token, _) = youtube::connect(&stage, "ada").await;
    let bytes = noise(1000);
    let uri = youtube::open(&stage, &token, 1000, &body("Title", "private")).await;
    stage
        .fault(json!({"platform": "youtube", "endpoint": "last_chunk", "kind": "drop_before_commit"}))
        .await;
    assert!(whole(&stage, &token, &uri, &bytes).send().await.is_err());
    assert!(stage.ledger().await.is_empty());
    assert_eq!(query(&stage, &token, &uri, "1000").await, (308, None));
    let upload = stage.upload(0).await;
    assert_eq!(
        (&upload["received_bytes"], &upload["stored_bytes"]),
        (&json!(1000), &json!(0))
    );
    assert_eq!(
        whole(&stage, &token, &uri, &bytes).send().await.unwrap().status(),
        201
    );
    assert_eq!(stage.upload(0).await["resent_bytes"], 1000);
}

#[tokio::test]
async fn lost_answers_of_init_and_start_leave_no_post() {
    let stage = Stage::lenient().await;
    let access = tiktok::connect(&stage, "ada").await.access;
    let (token, _) = youtube::connect(&stage, "ada").await;
    stage
        .fault(json!([
            {"platform": "tiktok", "endpoint": "video_init", "kind": "drop_after_commit"},
            {"platform": "youtube", "endpoint": "upload_start", "kind": "drop_after_commit"},
        ]))
        .await;
    assert!(
        tiktok::call(&stage, &access, "post/publish/video/init/", init_body(9, 9))
            .send()
            .await
            .is_err()
    );
    assert!(
        youtube::start(&stage, &token, 9, &body("Title", "private"))
            .send()
            .await
            .is_err()
    );
    assert_eq!(stage.look("uploads").await.as_array().unwrap().len(), 2);
    assert!(stage.ledger().await.is_empty());
    init(&stage, &access, init_body(9, 9)).await;
}

#[tokio::test]
async fn a_held_answer_waits_for_its_release_with_the_effect_already_there() {
    let stage = Stage::lenient().await;
    let (token, _) = youtube::connect(&stage, "ada").await;
    let uri = youtube::open(&stage, &token, 4, &body("Title", "private")).await;
    stage
        .fault(json!({"platform": "youtube", "endpoint": "last_chunk", "kind": "hold_after_commit"}))
        .await;
    let sending = tokio::spawn(whole(&stage, &token, &uri, b"clip").send());
    let held = stage.wait("held", "youtube", 1).await;
    assert_eq!(held["events"][0]["detail"]["point"], "after_commit");
    assert_eq!(stage.ledger().await.len(), 1);
    assert!(!sending.is_finished());
    assert_eq!(stage.tell("release", json!({})).await["released"], 1);
    assert_eq!(sending.await.unwrap().unwrap().status(), 201);
}

#[tokio::test]
async fn a_request_held_before_the_commit_has_no_effect_if_its_sender_dies() {
    let stage = Stage::lenient().await;
    let token = tiktok::connect(&stage, "ada").await.access;
    let (_, url) = init(&stage, &token, init_body(4, 4)).await;
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "last_chunk", "kind": "hold_before_commit"}))
        .await;
    let sending = tokio::spawn(put(&stage, &url, b"clip", 0, 4).send());
    stage.wait("held", "tiktok", 1).await;
    sending.abort();
    let _ = sending.await;
    while stage.tell("release", json!({})).await["released"] != 0 {
        tokio::task::yield_now().await;
    }
    assert!(stage.ledger().await.is_empty());
    assert_eq!(put_status(&stage, &url, b"clip", 0, 4).await, 201);
}

#[tokio::test]
async fn gateway_errors_come_as_html_at_the_nth_request() {
    let stage = Stage::lenient().await;
    let (token, _) = youtube::connect(&stage, "ada").await;
    stage.fault(json!({"platform": "youtube", "endpoint": "videos_list", "kind": "status", "status": 503, "nth": 2, "times": 2})).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let answer = youtube::api(&stage, &token, reqwest::Method::GET, "videos?part=id&id=x")
            .send()
            .await
            .unwrap();
        let html = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html");
        seen.push((answer.status().as_u16(), html));
    }
    assert_eq!(seen, [(200, false), (503, true), (503, true), (200, false)]);
    let rules = stage.look("faults").await;
    assert_eq!((&rules[0]["matched"], &rules[0]["fired"]), (&json!(4), &json!(2)));
}

#[tokio::test]
async fn an_error_after_the_commit_hides_a_success() {
    let stage = Stage::lenient().await;
    let (token, _) = youtube::connect(&stage, "ada").await;
    let uri = youtube::open(&stage, &token, 4, &body("Title", "private")).await;
    stage.fault(json!({"platform": "youtube", "endpoint": "last_chunk", "kind": "status_after_commit", "status": 502})).await;
    assert_eq!(
        whole(&stage, &token, &uri, b"clip")
            .send()
            .await
            .unwrap()
            .status(),
        502
    );
    assert_eq!(
        query(&stage, &token, &uri, "4").await.0,
        201,
        "the query tells the truth"
    );
    assert_eq!(stage.ledger().await.len(), 1);
}

#[tokio::test]
async fn an_answer_can_break_off_in_the_middle() {
    let stage = Stage::lenient().await;
    let token = tiktok::connect(&stage, "ada").await.access;
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "video_init", "kind": "truncate_body"}))
        .await;
    let answer = tiktok::call(&stage, &token, "post/publish/video/init/", init_body(4, 4))
        .send()
        .await;
    let read = match answer {
        Ok(answer) => answer.bytes().await,
        Err(error) => Err(error),
    };
    assert!(read.is_err());
    assert_eq!(stage.look("uploads").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn slow_reading_holds_the_sender_to_the_rate() {
    let stage = Stage::lenient().await;
    let (token, _) = youtube::connect(&stage, "ada").await;
    let bytes = noise(400_000);
    let uri = youtube::open(&stage, &token, 400_000, &body("Title", "private")).await;
    stage
        .fault(json!({"platform": "youtube", "endpoint": "chunk", "kind": "slow", "bytes_per_s": 1_000_000}))
        .await;
    let started = Instant::now();
    assert_eq!(
        whole(&stage, &token, &uri, &bytes).send().await.unwrap().status(),
        201
    );
    assert!(
        started.elapsed() >= Duration::from_millis(350),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn tokens_and_uploads_can_die_at_a_chosen_request() {
    let stage = Stage::lenient().await;
    let tokens = tiktok::connect(&stage, "ada").await;
    let (_, url) = init(&stage, &tokens.access, init_body(4, 4)).await;
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "chunk", "kind": "upload_gone"}))
        .await;
    assert_eq!(put_status(&stage, &url, b"clip", 0, 4).await, 404);
    assert_eq!(put_status(&stage, &url, b"clip", 0, 4).await, 404, "for good");
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "creator_info", "kind": "token_expired"}))
        .await;
    let path = "post/publish/creator_info/query/";
    assert_eq!(ask(&stage, &tokens.access, path, json!({})).await.0, 401);
    let fresh = tiktok::tokens(json_of(tiktok::refresh(&stage, &tokens.refresh).await).await);
    assert_eq!(ask(&stage, &fresh.access, path, json!({})).await.0, 200);
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "status", "kind": "token_revoked"}))
        .await;
    assert_eq!(
        ask(
            &stage,
            &fresh.access,
            "post/publish/status/fetch/",
            json!({"publish_id": "x"})
        )
        .await
        .0,
        401
    );
    assert_eq!(tiktok::refresh(&stage, &fresh.refresh).await.status(), 400);
}

#[tokio::test]
async fn each_refusal_by_fault_wears_its_platforms_words() {
    let stage = Stage::lenient().await;
    let access = tiktok::connect(&stage, "ada").await.access;
    let (token, _) = youtube::connect(&stage, "ada").await;
    let tiktok_code = |kind: &'static str, endpoint: &'static str, path: &'static str| {
        let (stage, access) = (&stage, &access);
        async move {
            stage
                .fault(json!({"platform": "tiktok", "endpoint": endpoint, "kind": kind}))
                .await;
            let (status, said) = ask(stage, access, path, json!({})).await;
            (status, said["error"]["code"].as_str().unwrap().to_owned())
        }
    };
    let (init, creator) = ("post/publish/video/init/", "post/publish/creator_info/query/");
    assert_eq!(
        tiktok_code("rate_limited", "video_init", init).await,
        (429, "rate_limit_exceeded".into())
    );
    assert_eq!(
        tiktok_code("quota", "video_init", init).await,
        (403, "spam_risk_too_many_posts".into())
    );
    assert_eq!(
        tiktok_code("quota", "creator_info", creator).await,
        (200, "spam_risk_too_many_posts".into())
    );
    for (kind, expected) in [
        ("rate_limited", (403, "rateLimitExceeded")),
        ("quota", (403, "quotaExceeded")),
        ("daily_upload_quota", (429, "rateLimitExceeded")),
        ("upload_limit", (400, "uploadLimitExceeded")),
    ] {
        stage
            .fault(json!({"platform": "youtube", "endpoint": "upload_start", "kind": kind}))
            .await;
        let refused = youtube::refused(&stage, &token, 10, &body("Title", "private")).await;
        assert_eq!(refused, (expected.0, expected.1.to_owned()), "{kind}");
    }
}
