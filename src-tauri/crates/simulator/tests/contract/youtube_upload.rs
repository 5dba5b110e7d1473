//! YouTube resumable uploads: contract §4, §10.5 to §10.8.

use serde_json::json;

use crate::common::youtube::{body, connect, open, put, query, range_of, refresh, whole};
use crate::common::{Stage, json_of, noise, sha256};

const GRAIN: usize = 262_144;

async fn opened(size: usize) -> (Stage, String, String, Vec<u8>) {
    let stage = Stage::lenient().await;
    let (token, _) = connect(&stage, "ada").await;
    let bytes = noise(size);
    let uri = open(&stage, &token, size as u64, &body("Title", "private")).await;
    (stage, token, uri, bytes)
}

#[tokio::test]
async fn chunks_are_308_with_the_stored_range_and_the_last_is_201_with_the_video() {
    let (stage, token, uri, bytes) = opened(3 * GRAIN + 5).await;
    let total = bytes.len() as u64;
    assert_eq!(
        query(&stage, &token, &uri, &total.to_string()).await,
        (308, None),
        "nothing stored: no Range"
    );
    assert_eq!(query(&stage, &token, &uri, "*").await, (308, None));
    let first = put(&stage, &token, &uri, &bytes[..2 * GRAIN], 0, total)
        .send()
        .await
        .unwrap();
    let stored = Some(format!("bytes=0-{}", 2 * GRAIN - 1));
    assert_eq!(range_of(&first), (308, stored.clone()));
    assert_eq!(
        query(&stage, &token, &uri, &total.to_string()).await,
        (308, stored)
    );
    assert!(
        stage.ledger().await.is_empty(),
        "the video exists from the last byte on"
    );
    let last = put(&stage, &token, &uri, &bytes[2 * GRAIN..], 2 * GRAIN as u64, total)
        .send()
        .await
        .unwrap();
    assert_eq!(last.status(), 201);
    let resource = json_of(last).await;
    assert_eq!(
        (&resource["kind"], &resource["status"]["uploadStatus"]),
        (&json!("youtube#video"), &json!("uploaded"))
    );
    let again = stage
        .http
        .put(&uri)
        .bearer_auth(&token)
        .header("Content-Length", "0")
        .header("Content-Range", format!("bytes */{total}"));
    let again = again.send().await.unwrap();
    assert_eq!(again.status(), 201, "asked again after completion");
    assert_eq!(json_of(again).await["id"], resource["id"]);
    assert_eq!(stage.ledger().await.len(), 1);
    assert_eq!(stage.ledger().await[0]["sha256"], sha256(&bytes));
}

#[tokio::test]
async fn a_whole_file_needs_no_range_and_the_final_status_can_be_200() {
    let (stage, token, uri, bytes) = opened(1000).await;
    stage.set(json!({"youtube": {"final_status": 200}})).await;
    assert_eq!(
        whole(&stage, &token, &uri, &bytes).send().await.unwrap().status(),
        200
    );
    assert_eq!(stage.ledger().await[0]["sha256"], sha256(&bytes));
}

#[tokio::test]
async fn ranges_that_break_the_rules_are_400_and_store_nothing() {
    let (stage, token, uri, bytes) = opened(4 * GRAIN).await;
    let total = bytes.len() as u64;
    let send = |from: usize, to: usize, first: u64, total: u64| {
        let request = put(&stage, &token, &uri, &bytes[from..to], first, total);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(send(0, GRAIN - 1, 0, total).await, 400, "no multiple of 262144");
    assert_eq!(send(GRAIN, 2 * GRAIN, GRAIN as u64, total).await, 400, "a gap");
    assert_eq!(send(0, GRAIN, 0, total + 1).await, 400, "another total");
    assert_eq!(
        whole(&stage, &token, &uri, &bytes[..GRAIN])
            .send()
            .await
            .unwrap()
            .status(),
        400,
        "no range, not whole"
    );
    let lying = whole(&stage, &token, &uri, &bytes[..GRAIN])
        .header("Content-Range", format!("bytes 0-{}/{total}", 2 * GRAIN - 1));
    assert_eq!(
        lying.send().await.unwrap().status(),
        400,
        "length and range differ"
    );
    assert_eq!(
        query(&stage, &token, &uri, "17").await.0,
        400,
        "a query with another total"
    );
    assert_eq!(stage.upload(0).await["stored_bytes"], 0);
    assert_eq!(send(0, GRAIN, 0, total).await, 308);
    assert_eq!(send(0, GRAIN, 0, total).await, 400, "stored before");
}

#[tokio::test]
async fn less_than_sent_may_be_stored_and_the_client_goes_on_from_there() {
    let (stage, token, uri, bytes) = opened(4 * GRAIN).await;
    let total = bytes.len() as u64;
    stage
        .fault(json!({"platform": "youtube", "endpoint": "chunk", "kind": "store_less", "bytes": GRAIN}))
        .await;
    let answer = put(&stage, &token, &uri, &bytes[..2 * GRAIN], 0, total)
        .send()
        .await
        .unwrap();
    assert_eq!(range_of(&answer), (308, Some(format!("bytes=0-{}", GRAIN - 1))));
    stage
        .fault(json!({"platform": "youtube", "endpoint": "chunk", "kind": "no_progress", "times": 2}))
        .await;
    for _ in 0..2 {
        let answer = put(&stage, &token, &uri, &bytes[GRAIN..], GRAIN as u64, total)
            .send()
            .await
            .unwrap();
        assert_eq!(
            range_of(&answer),
            (308, Some(format!("bytes=0-{}", GRAIN - 1))),
            "308 without progress"
        );
    }
    assert_eq!(
        put(&stage, &token, &uri, &bytes[GRAIN..], GRAIN as u64, total)
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    assert_eq!(stage.ledger().await[0]["sha256"], sha256(&bytes));
}

#[tokio::test]
async fn the_seeded_switch_stores_less_now_and_then_and_the_file_still_arrives() {
    let (stage, token, uri, bytes) = opened(20 * GRAIN).await;
    stage
        .set(json!({"youtube": {"store_less_one_in": 2, "relocate_uploads": true}}))
        .await;
    let total = bytes.len() as u64;
    let (mut uri, mut offset, mut short) = (uri, 0_usize, 0);
    for _ in 0..200 {
        let end = (offset + 4 * GRAIN).min(bytes.len());
        let answer = put(&stage, &token, &uri, &bytes[offset..end], offset as u64, total)
            .send()
            .await
            .unwrap();
        if answer.status() == 201 {
            break;
        }
        let (status, range) = range_of(&answer);
        assert_eq!(status, 308);
        let next = range.map_or(0, |r| r.rsplit('-').next().unwrap().parse::<usize>().unwrap() + 1);
        short += usize::from(next < end);
        offset = next;
        uri = answer.headers()["location"].to_str().unwrap().to_owned();
    }
    assert!(short > 0, "the switch did something");
    assert_eq!(stage.ledger().await[0]["sha256"], sha256(&bytes));
}

#[tokio::test]
async fn a_body_that_breaks_off_keeps_whole_grains() {
    let (stage, token, uri, bytes) = opened(8 * GRAIN).await;
    let total = bytes.len() as u64;
    let cut = 3 * GRAIN + 1000;
    stage
        .fault(json!({"platform": "youtube", "endpoint": "chunk", "kind": "cut_after", "bytes": cut}))
        .await;
    assert!(whole(&stage, &token, &uri, &bytes).send().await.is_err());
    let (status, range) = query(&stage, &token, &uri, &total.to_string()).await;
    assert_eq!((status, range), (308, Some(format!("bytes=0-{}", 3 * GRAIN - 1))));
    let rest = put(&stage, &token, &uri, &bytes[3 * GRAIN..], 3 * GRAIN as u64, total)
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), 201);
    assert_eq!(stage.ledger().await[0]["sha256"], sha256(&bytes));
    assert_eq!(stage.upload(0).await["resent_bytes"], 1000);
}

#[tokio::test]
async fn an_expired_token_is_401_and_the_same_uri_goes_on_with_a_new_one() {
    let stage = Stage::lenient().await;
    let (token, refresh_token) = connect(&stage, "ada").await;
    let bytes = noise(2 * GRAIN);
    let total = bytes.len() as u64;
    let uri = open(&stage, &token, total, &body("Title", "private")).await;
    assert_eq!(
        put(&stage, &token, &uri, &bytes[..GRAIN], 0, total)
            .send()
            .await
            .unwrap()
            .status(),
        308
    );
    stage
        .fault(json!({"platform": "youtube", "endpoint": "chunk", "kind": "token_expired"}))
        .await;
    let refused = put(&stage, &token, &uri, &bytes[GRAIN..], GRAIN as u64, total)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 401);
    let fresh = json_of(refresh(&stage, &refresh_token).await).await;
    let token = fresh["access_token"].as_str().unwrap();
    assert_eq!(
        put(&stage, token, &uri, &bytes[GRAIN..], GRAIN as u64, total)
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    assert_eq!(stage.ledger().await.len(), 1);
    let (foreign, _) = connect(&stage, "studio").await;
    assert_eq!(
        query(&stage, &foreign, &uri, "*").await.0,
        401,
        "another channel's token"
    );
}

#[tokio::test]
async fn an_upload_uri_expires_by_the_virtual_clock() {
    let stage = Stage::lenient().await;
    stage.set(json!({"youtube": {"upload_uri_s": 600}})).await;
    let (token, _) = connect(&stage, "ada").await;
    let uri = open(&stage, &token, 10, &body("Title", "private")).await;
    assert_eq!(query(&stage, &token, &uri, "10").await.0, 308);
    stage.advance(601).await;
    assert_eq!(query(&stage, &token, &uri, "10").await.0, 404);
    stage.set(json!({"youtube": {"gone_status": 410}})).await;
    assert_eq!(query(&stage, &token, &uri, "10").await.0, 410);
    let unknown = stage.url("/google/www/upload/youtube/v3/videos?uploadType=resumable&upload_id=nothing");
    assert_eq!(query(&stage, &token, &unknown, "10").await.0, 404);
}

#[tokio::test]
async fn a_completed_upload_answers_the_same_after_its_uri_would_have_expired() {
    let stage = Stage::lenient().await;
    stage.set(json!({"youtube": {"upload_uri_s": 600}})).await;
    let (token, _) = connect(&stage, "ada").await;
    let uri = open(&stage, &token, 4, &body("Title", "private")).await;
    assert_eq!(
        whole(&stage, &token, &uri, b"clip")
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    stage.advance(601).await;
    assert_eq!(query(&stage, &token, &uri, "4").await.0, 201);
}
