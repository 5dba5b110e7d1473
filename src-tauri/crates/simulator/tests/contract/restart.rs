//! What survives the end of the process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use daypart_simulator::{Simulator, SimulatorConfig, SimulatorError};
use serde_json::json;

use crate::common::tiktok::{self, init, init_body, put_status, status};
use crate::common::youtube::{self, body, put, query};
use crate::common::{Stage, noise, sha256};

const GRAIN: usize = 262_144;

async fn on(data: &Path, port: u16) -> Stage {
    Stage::with(SimulatorConfig {
        port,
        data_dir: Some(data.to_owned()),
        seed: 5,
        ..SimulatorConfig::default()
    })
    .await
}

#[tokio::test]
async fn uploads_go_on_where_they_were_and_posts_stay() {
    let folder = tempfile::tempdir().unwrap();
    let stage = on(folder.path(), 0).await;
    stage
        .set(json!({"tiktok": {"probe": false}, "youtube": {"probe": false}}))
        .await;
    stage.advance(5000).await;
    let port = stage.simulator.port();
    let access = tiktok::connect(&stage, "ada").await.access;
    let (token, _) = youtube::connect(&stage, "ada").await;
    let posted = tiktok::post(&stage, &access, b"clip", "SELF_ONLY").await;
    let bytes = noise(10_000_001);
    let total = bytes.len() as u64;
    let (publish_id, url) = init(&stage, &access, init_body(total, 5_000_000)).await;
    assert_eq!(put_status(&stage, &url, &bytes[..5_000_000], 0, total).await, 206);
    let uri = youtube::open(&stage, &token, total, &body("Title", "private")).await;
    assert_eq!(
        put(&stage, &token, &uri, &bytes[..8 * GRAIN], 0, total)
            .send()
            .await
            .unwrap()
            .status(),
        308
    );
    let before = stage.ledger().await;
    stage.simulator.shutdown().await;

    let stage = on(folder.path(), port).await;
    assert!(stage.look("clock").await["offset_ms"].as_i64().unwrap() >= 5_000_000);
    assert_eq!(stage.ledger().await[0]["publish_id"], before[0]["publish_id"]);
    stage.wait("published", "tiktok", 1).await;
    assert_eq!(
        status(&stage, &access, &posted).await["status"],
        "PUBLISH_COMPLETE"
    );
    assert_eq!(
        status(&stage, &access, &publish_id).await["uploaded_bytes"],
        5_000_000
    );
    assert_eq!(
        put_status(&stage, &url, &bytes[5_000_000..], 5_000_000, total).await,
        201
    );
    let offset = 8 * GRAIN;
    assert_eq!(
        query(&stage, &token, &uri, "*").await,
        (308, Some(format!("bytes=0-{}", offset - 1)))
    );
    let last = put(&stage, &token, &uri, &bytes[offset..], offset as u64, total)
        .send()
        .await
        .unwrap();
    assert_eq!(last.status(), 201);
    let ledger = stage.ledger().await;
    assert_eq!(ledger.len(), 3);
    assert_eq!(
        (&ledger[1]["sha256"], &ledger[2]["sha256"]),
        (&json!(sha256(&bytes)), &json!(sha256(&bytes)))
    );
    for upload in stage.look("uploads").await.as_array().unwrap() {
        assert_eq!(upload["resent_bytes"], 0, "{upload}");
    }
}

#[tokio::test]
async fn one_folder_belongs_to_one_simulator() {
    let folder = tempfile::tempdir().unwrap();
    let stage = on(folder.path(), 0).await;
    let config = SimulatorConfig {
        data_dir: Some(folder.path().to_owned()),
        ..SimulatorConfig::default()
    };
    let error = Simulator::start(config.clone()).await.unwrap_err();
    assert!(matches!(error, SimulatorError::DataInUse { .. }), "{error}");
    stage.simulator.shutdown().await;
    Simulator::start(config).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn no_token_or_upload_secret_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let stage = on(folder.path(), 0).await;
    let tokens = tiktok::connect(&stage, "ada").await;
    let (token, refresh) = youtube::connect(&stage, "ada").await;
    let (_, url) = init(&stage, &tokens.access, init_body(4, 4)).await;
    let uri = youtube::open(&stage, &token, 4, &body("Title", "private")).await;
    let journal = std::fs::read_to_string(folder.path().join("state/state.journal")).unwrap();
    assert!(journal.contains("tiktok-upload-1"), "the journal is what is read");
    let (_, tiktok_secret) = url.rsplit_once('=').unwrap();
    let (_, youtube_secret) = uri.rsplit_once('=').unwrap();
    for secret in [
        tokens.access.as_str(),
        &tokens.refresh,
        &token,
        &refresh,
        tiktok_secret,
        youtube_secret,
    ] {
        assert!(!journal.contains(secret));
    }
}

#[tokio::test]
async fn a_reset_of_kept_data_is_kept_too() {
    let folder = tempfile::tempdir().unwrap();
    let stage = on(folder.path(), 0).await;
    stage
        .set(json!({"tiktok": {"probe": false, "audited": false}}))
        .await;
    stage.tell("reset", json!({})).await;
    stage.simulator.shutdown().await;
    let stage = on(folder.path(), 0).await;
    assert_eq!(stage.look("settings").await["tiktok"]["audited"], true);
}

#[tokio::test]
async fn the_end_cuts_what_is_held_or_half_sent_and_frees_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let stage = on(folder.path(), 0).await;
    let token = tiktok::connect(&stage, "ada").await.access;
    let (_, first) = init(&stage, &token, init_body(4, 4)).await;
    let (_, second) = init(&stage, &token, init_body(1_000_000, 1_000_000)).await;
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "chunk", "kind": "hold_before_commit"}))
        .await;
    let held = tokio::spawn(tiktok::put(&stage, &first, b"clip", 0, 4).send());
    stage.wait("held", "tiktok", 1).await;
    stage
        .fault(json!({"platform": "tiktok", "endpoint": "chunk", "kind": "slow", "bytes_per_s": 1}))
        .await;
    let slow = tokio::spawn(tiktok::put(&stage, &second, &noise(1_000_000), 0, 1_000_000).send());
    stage.wait("fault", "tiktok", 2).await;
    stage.simulator.shutdown().await;
    assert!(held.await.unwrap().is_err() && slow.await.unwrap().is_err());
    let stage = on(folder.path(), 0).await;
    assert!(stage.ledger().await.is_empty());
}

const SERVE_ENV: &str = "DAYPART_TEST_SERVE_PRACTICE_DATA";

/// Not a test of its own: the process that the next test kills. Does nothing unless it was started for that.
#[tokio::test]
async fn serve_until_killed() {
    let Ok(data) = std::env::var(SERVE_ENV) else {
        return;
    };
    let stage = on(Path::new(&data), 0).await;
    println!("\nserving {}", stage.base);
    std::future::pending::<()>().await;
}

fn serve(data: &Path) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "restart::serve_until_killed", "--nocapture"])
        .env(SERVE_ENV, data)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let base = lines
        .map(Result::unwrap)
        .find_map(|line| line.strip_prefix("serving ").map(str::to_owned))
        .unwrap();
    (child, base)
}

#[tokio::test]
async fn a_kill_after_any_answer_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    // Only its HTTP client is used here; the killed process is another simulator.
    let mut stage = Stage::real().await;
    let bytes = noise(3 * 5_000_000);
    let total = bytes.len() as u64;
    let (mut child, base) = serve(folder.path());
    stage.base = base;
    stage.set(json!({"tiktok": {"probe": false}})).await;
    let token = tiktok::connect(&stage, "ada").await.access;
    let (publish_id, mut url) = init(&stage, &token, init_body(total, 5_000_000)).await;
    for chunk in 0..3 {
        let (from, to) = (chunk * 5_000_000, (chunk + 1) * 5_000_000);
        let expected = if chunk == 2 { 201 } else { 206 };
        assert_eq!(
            put_status(&stage, &url, &bytes[from..to], from as u64, total).await,
            expected
        );
        child.kill().unwrap();
        child.wait().unwrap();
        let old = stage.base.clone();
        (child, stage.base) = serve(folder.path());
        url = url.replace(&old, &stage.base);
        assert_eq!(status(&stage, &token, &publish_id).await["uploaded_bytes"], to);
    }
    let ledger = stage.ledger().await;
    assert_eq!((ledger.len(), &ledger[0]["sha256"]), (1, &json!(sha256(&bytes))));
    assert_eq!(stage.upload(0).await["resent_bytes"], 0);
    child.kill().unwrap();
    child.wait().unwrap();
}
