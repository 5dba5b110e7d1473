//! Who may control the simulator, and what it tells.

use daypart_simulator::{Simulator, SimulatorConfig, SimulatorError};
use serde_json::json;

use crate::common::Stage;
use crate::common::tiktok::{self, post};
use crate::common::youtube;

#[tokio::test]
async fn control_needs_its_header_and_grants_no_cross_origin_access() {
    let stage = Stage::real().await;
    let bare = stage
        .http
        .get(stage.url("/_control/ledger"))
        .send()
        .await
        .unwrap();
    assert_eq!(bare.status(), 403);
    let preflight = stage
        .http
        .request(reqwest::Method::OPTIONS, stage.url("/_control/ledger"))
        .header("Origin", "https://evil.example")
        .header("Access-Control-Request-Headers", "x-daypart-control")
        .send()
        .await
        .unwrap();
    assert!(!preflight.status().is_success());
    let answer = stage
        .control(reqwest::Method::GET, "ledger")
        .header("Origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    for headers in [preflight.headers(), answer.headers()] {
        assert!(
            headers
                .keys()
                .all(|name| !name.as_str().starts_with("access-control"))
        );
    }
}

#[tokio::test]
async fn other_host_names_are_turned_away() {
    let stage = Stage::real().await;
    let port = stage.simulator.port();
    let status = |host: String| {
        let request = stage.http.get(stage.url("/")).header("Host", host);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(status(format!("127.0.0.1:{port}")).await, 200);
    assert_eq!(status(format!("localhost:{port}")).await, 200);
    assert_eq!(status(format!("rebound.example:{port}")).await, 421);
    assert_eq!(status("127.0.0.1".to_owned()).await, 421);
}

#[tokio::test]
async fn a_port_in_use_is_a_clear_error() {
    let stage = Stage::real().await;
    let config = SimulatorConfig {
        port: stage.simulator.port(),
        ..SimulatorConfig::default()
    };
    let error = Simulator::start(config).await.unwrap_err();
    assert!(matches!(error, SimulatorError::PortTaken { .. }));
    assert!(error.to_string().contains("already in use"), "{error}");
}

#[tokio::test]
async fn the_request_log_masks_secrets() {
    let stage = Stage::lenient().await;
    let tokens = tiktok::connect(&stage, "ada").await;
    post(&stage, &tokens.access, b"clip", "SELF_ONLY").await;
    let (token, refresh) = youtube::connect(&stage, "ada").await;
    youtube::post(&stage, &token, b"clip", &youtube::body("Title", "private")).await;
    let text = stage.look("requests").await.to_string();
    for secret in [&tokens.access, &tokens.refresh, &token, &refresh] {
        assert!(!text.contains(secret.as_str()));
    }
    assert!(!text.contains(daypart_simulator::PRACTICE_TIKTOK_CLIENT_SECRET));
    let chunks = stage.look("requests?platform=tiktok&endpoint=last_chunk").await;
    assert_eq!(chunks.as_array().unwrap().len(), 1);
    assert_eq!(
        (&chunks[0]["status"], &chunks[0]["content_range"]),
        (&json!(201), &json!("bytes 0-3/4"))
    );
    assert!(chunks[0]["path"].as_str().unwrap().contains("upload_token=***"));
    let inits = stage.look("requests?platform=tiktok&endpoint=video_init").await;
    assert_eq!(inits[0]["body"]["post_info"]["privacy_level"], "SELF_ONLY");
}

#[tokio::test]
async fn waiting_ends_with_the_event_or_with_the_time() {
    let stage = Stage::lenient().await;
    let nothing = stage.look("wait?event=published&timeout_s=0.05").await;
    assert_eq!(
        (&nothing["reached"], &nothing["count"]),
        (&json!(false), &json!(0))
    );
    let token = tiktok::connect(&stage, "ada").await.access;
    let (before, _) = tokio::join!(
        stage.wait("published", "tiktok", 1),
        post(&stage, &token, b"clip", "SELF_ONLY")
    );
    let seq = before["seq"].as_u64().unwrap();
    let since = stage
        .look(&format!("wait?event=published&since={seq}&timeout_s=0.05"))
        .await;
    assert_eq!(since["reached"], false);
    assert_eq!(stage.look("wait?timeout_s=0").await["error"], "event is required");
}

#[tokio::test]
async fn wrong_orders_are_refused_with_a_sentence() {
    let stage = Stage::real().await;
    for (path, body) in [
        ("settings", json!({"tiktok": {"no_such_switch": true}})),
        ("settings", json!({"vimeo": {}})),
        (
            "settings",
            json!({"accounts": [{"platform": "tiktok", "account": "nobody"}]}),
        ),
        (
            "faults",
            json!({"platform": "tiktok", "endpoint": "chunk", "kind": "explode"}),
        ),
        (
            "faults",
            json!({"platform": "tiktok", "endpoint": "chunk", "kind": "status"}),
        ),
        (
            "faults",
            json!({"platform": "tiktok", "endpoint": "chunk", "kind": "slow"}),
        ),
        ("clock", json!({"advance_s": -5})),
        (
            "act",
            json!({"platform": "tiktok", "id": "none", "act": "delete"}),
        ),
        ("authorize", json!({"url": "http://127.0.0.1/elsewhere"})),
    ] {
        let answer = stage
            .control(reqwest::Method::POST, path)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400, "{path} {body}");
        assert!(
            !crate::common::json_of(answer).await["error"]
                .as_str()
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test]
async fn a_reset_leaves_nothing_and_revives_no_token() {
    let stage = Stage::lenient().await;
    let token = tiktok::connect(&stage, "ada").await.access;
    post(&stage, &token, b"clip", "SELF_ONLY").await;
    stage.advance(100).await;
    stage.tell("reset", json!({})).await;
    assert!(stage.ledger().await.is_empty());
    assert_eq!(stage.look("uploads").await, json!([]));
    assert_eq!(stage.look("requests").await, json!([]));
    assert_eq!(stage.look("clock").await["offset_ms"], 0);
    assert_eq!(stage.look("settings").await["tiktok"]["probe"], true);
    let again = tiktok::connect(&stage, "ada").await.access;
    assert_ne!(again, token);
    assert_eq!(
        tiktok::ask(&stage, &token, "post/publish/creator_info/query/", json!({}))
            .await
            .0,
        401
    );
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let mut ids = Vec::new();
    for seed in [3, 3, 4] {
        let stage = Stage::with(SimulatorConfig {
            seed,
            ..SimulatorConfig::default()
        })
        .await;
        let (token, _) = youtube::connect(&stage, "ada").await;
        ids.push(youtube::post(&stage, &token, b"clip", &youtube::body("Title", "private")).await);
    }
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}
