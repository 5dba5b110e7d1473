//! TikTok chunk PUTs: contract §4.2, §10.12, and what the ledger keeps of them.

use serde_json::json;

use crate::common::tiktok::{connect, init, init_body, put, put_status, status};
use crate::common::{Stage, noise, sha256};

const CHUNK: usize = 5_000_000;

#[tokio::test]
async fn chunks_in_order_are_206_and_the_last_one_is_201() {
    let stage = Stage::lenient().await;
    let token = connect(&stage, "ada").await.access;
    let bytes = noise(2 * CHUNK + 123);
    let total = bytes.len() as u64;
    let (publish_id, url) = init(&stage, &token, init_body(total, CHUNK as u64)).await;
    let first = put(&stage, &url, &bytes[..CHUNK], 0, total).send().await.unwrap();
    assert_eq!(first.status(), 206);
    assert_eq!(
        first.headers()["content-range"],
        format!("bytes 0-{}/{total}", CHUNK - 1)
    );
    assert_eq!(status(&stage, &token, &publish_id).await["uploaded_bytes"], CHUNK);
    assert!(
        stage.ledger().await.is_empty(),
        "nothing is posted before the last byte"
    );
    let last = put(&stage, &url, &bytes[CHUNK..], CHUNK as u64, total)
        .send()
        .await
        .unwrap();
    assert_eq!(last.status(), 201);
    assert_eq!(
        last.headers()["content-range"],
        format!("bytes 0-{}/{total}", total - 1)
    );
    let entry = &stage.ledger().await[0];
    assert_eq!(
        (&entry["sha256"], &entry["size_bytes"]),
        (&json!(sha256(&bytes)), &json!(total))
    );
    assert_eq!(entry["publish_id"], publish_id);
    let upload = stage.upload(0).await;
    assert_eq!(
        (&upload["complete"], &upload["resent_bytes"]),
        (&json!(true), &json!(0))
    );
    assert_eq!(upload["bodies"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_chunk_out_of_place_is_416_and_names_the_real_progress() {
    let stage = Stage::lenient().await;
    let token = connect(&stage, "ada").await.access;
    let bytes = noise(3 * CHUNK);
    let total = bytes.len() as u64;
    let (_, url) = init(&stage, &token, init_body(total, CHUNK as u64)).await;
    let (one, two) = (CHUNK, 2 * CHUNK);
    assert_eq!(
        put_status(&stage, &url, &bytes[one..two], one as u64, total).await,
        416,
        "skips the first"
    );
    assert_eq!(put_status(&stage, &url, &bytes[..one], 0, total).await, 206);
    let again = put(&stage, &url, &bytes[..one], 0, total).send().await.unwrap();
    assert_eq!(again.status(), 416, "stored before");
    assert_eq!(
        again.headers()["content-range"],
        format!("bytes 0-{}/{total}", one - 1)
    );
    assert_eq!(
        put_status(&stage, &url, &bytes[one..two - 1], one as u64, total).await,
        416,
        "not the declared plan"
    );
    let upload = stage.upload(0).await;
    assert_eq!(
        (&upload["stored_bytes"], &upload["resent_bytes"]),
        (&json!(one), &json!(2 * one - 1))
    );
    stage.set(json!({"tiktok": {"resent_chunk_status": 206}})).await;
    assert_eq!(
        put_status(&stage, &url, &bytes[..one], 0, total).await,
        206,
        "the switch"
    );
    assert_eq!(
        put_status(&stage, &url, &bytes[one..two], one as u64, total).await,
        206
    );
    assert_eq!(
        put_status(&stage, &url, &bytes[two..], two as u64, total).await,
        201
    );
    assert_eq!(
        put_status(&stage, &url, &bytes[two..], two as u64, total).await,
        206,
        "the switch holds after the end"
    );
    assert_eq!(stage.ledger().await.len(), 1);
    assert_eq!(stage.ledger().await[0]["sha256"], sha256(&bytes));
}

#[tokio::test]
async fn headers_that_contradict_are_400() {
    let stage = Stage::lenient().await;
    let token = connect(&stage, "ada").await.access;
    let bytes = noise(1000);
    let (_, url) = init(&stage, &token, init_body(1000, 1000)).await;
    let send = |content_type: &'static str, range: Option<&'static str>, length: usize| {
        let mut request = stage
            .http
            .put(&url)
            .header("Content-Type", content_type)
            .body(bytes[..length].to_vec());
        if let Some(range) = range {
            request = request.header("Content-Range", range);
        }
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(
        send("application/octet-stream", Some("bytes 0-999/1000"), 1000).await,
        400
    );
    assert_eq!(send("video/mp4", None, 1000).await, 400);
    assert_eq!(
        send("video/mp4", Some("bytes 0-999/1001"), 1000).await,
        400,
        "another total"
    );
    assert_eq!(
        send("video/mp4", Some("bytes 0-998/1000"), 1000).await,
        400,
        "length and range differ"
    );
    assert_eq!(send("video/mp4", Some("0-999/1000"), 1000).await, 400);
    assert_eq!(send("video/quicktime", Some("bytes 0-999/1000"), 1000).await, 201);
}

#[tokio::test]
async fn the_count_in_the_answers_range_can_be_switched() {
    let stage = Stage::lenient().await;
    stage.set(json!({"tiktok": {"content_range_counts": true}})).await;
    let token = connect(&stage, "ada").await.access;
    let (_, url) = init(&stage, &token, init_body(10, 10)).await;
    let answer = put(&stage, &url, &noise(10), 0, 10).send().await.unwrap();
    assert_eq!(answer.headers()["content-range"], "bytes 0-10/10");
}

#[tokio::test]
async fn a_chunk_that_breaks_off_is_not_kept_and_can_be_sent_again() {
    let stage = Stage::lenient().await;
    let token = connect(&stage, "ada").await.access;
    let bytes = noise(2 * CHUNK);
    let total = bytes.len() as u64;
    let (_, url) = init(&stage, &token, init_body(total, CHUNK as u64)).await;
    assert_eq!(put_status(&stage, &url, &bytes[..CHUNK], 0, total).await, 206);
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "chunk", "kind": "cut_after", "bytes": 1_000_000}))
        .await;
    assert!(
        put(&stage, &url, &bytes[CHUNK..], CHUNK as u64, total)
            .send()
            .await
            .is_err()
    );
    let upload = stage.upload(0).await;
    assert_eq!(upload["stored_bytes"], CHUNK);
    assert_eq!(
        (
            &upload["bodies"][1]["received_bytes"],
            &upload["bodies"][1]["status"]
        ),
        (&json!(1_000_000), &json!(null))
    );
    assert_eq!(
        put_status(&stage, &url, &bytes[CHUNK..], CHUNK as u64, total).await,
        201
    );
    assert_eq!(stage.ledger().await[0]["sha256"], sha256(&bytes));
    assert_eq!(stage.upload(0).await["resent_bytes"], 1_000_000);
}

#[tokio::test]
async fn two_chunks_at_once_are_never_both_taken_out_of_order() {
    let stage = Stage::lenient().await;
    let token = connect(&stage, "ada").await.access;
    let bytes = noise(2 * CHUNK);
    let total = bytes.len() as u64;
    let (_, url) = init(&stage, &token, init_body(total, CHUNK as u64)).await;
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "chunk", "kind": "slow", "bytes_per_s": 20_000_000}))
        .await;
    let (first, second) = tokio::join!(
        put_status(&stage, &url, &bytes[..CHUNK], 0, total),
        put_status(&stage, &url, &bytes[..CHUNK], 0, total),
    );
    let mut both = [first, second];
    both.sort_unstable();
    assert_eq!(both, [206, 416]);
}
