//! Pausing, and limits, as the platform sees them.

use std::time::Instant;

use daypart_tests::{Clip, Desk, Practice};
use serde_json::{Value, json};

/// Larger than any part either platform is sent.
const ONE_PART_BYTES: u64 = 17_000_000;

/// Waits until an attempt of the publication ended in this way.
async fn attempt_that(desk: &Desk, post: &str, outcome: &str) {
    for _ in 0..100 {
        let shown = desk.run(&["show", post, "--json"]).await.expect(0);
        if shown.stdout.contains(outcome) {
            return;
        }
    }
    panic!("no attempt ended with “{outcome}”");
}

async fn publication(desk: &Desk) -> (String, Value) {
    let publication = desk.only_publication().await;
    (publication["id"].as_str().unwrap().to_owned(), publication)
}

#[tokio::test]
async fn paused_in_the_middle_of_a_part_and_resumed_sends_at_most_that_part_again() {
    for platform in ["tiktok", "youtube"] {
        let practice = Practice::start().await;
        let desk = Desk::connected(&practice).await;
        let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
        // Slow enough that the pause falls into the middle of the fourth part.
        practice
            .fault(json!({"platform": platform, "endpoint": "chunk", "nth": 4, "kind": "slow", "bytes_per_s": 500_000}))
            .await;
        let posting = desk.start(&Desk::post_arguments(&clip, &format!("practice-{platform}"), &[]));
        practice.wait_for("chunk_stored", platform, 3).await;
        let (id, before) = publication(&desk).await;
        // Beside the working process this one is a guest.
        let paused = desk.run(&["pause", &id]).await.expect(0);
        assert!(paused.stdout.contains("uploading, paused"), "{}", paused.stdout);
        attempt_that(
            &desk,
            before["post_id"].as_str().unwrap(),
            "paused; goes on where it was",
        )
        .await;
        practice.heal().await;
        let (_, held) = publication(&desk).await;
        assert_eq!(held["state"], "uploading");
        assert!(!held["paused_at"].is_null());
        assert!(practice.ledger().await.is_empty());

        desk.run(&["resume", &id]).await.expect(0);
        desk.heard(posting.end().await).expect(0);
        assert_eq!(
            practice.only_post(platform).await["sha256"],
            clip.sha256().as_str()
        );
        let uploads = practice.uploads(platform).await;
        assert_eq!(uploads.len(), 1, "started over: {uploads:#?}");
        let resent = uploads[0]["resent_bytes"].as_u64().unwrap();
        assert!(resent <= ONE_PART_BYTES, "{platform}: {resent} bytes went twice");
    }
}

#[tokio::test]
async fn a_limit_is_kept_on_the_wire() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
    desk.run(&["transfers", "--limit", "8MB/s"]).await.expect(0);
    let began = Instant::now();
    desk.post(&clip, "practice-youtube", &[]).await.expect(0);
    // No machine is too fast for it; the last part is due, and goes as fast as it can.
    let limited_s = (74_000_000 - ONE_PART_BYTES) as f64 / 8e6;
    assert!(
        began.elapsed().as_secs_f64() >= limited_s * 0.95,
        "{limited_s} s took {:?}",
        began.elapsed()
    );
    assert_eq!(
        practice.only_post("youtube").await["sha256"],
        clip.sha256().as_str()
    );
}

#[tokio::test]
async fn a_limit_that_no_upload_would_survive_is_refused_and_nothing_changes() {
    let practice = Practice::start().await;
    let desk = Desk::new(&practice);
    desk.run(&["transfers", "--limit", "1kB/s"])
        .await
        .expect(4)
        .complains("at least 10 kB/s");
    let hours = ["transfers", "--json", "--hours", "mon-fri 09:00-17:00 500kB/s"];
    let told = desk.run(&hours).await.expect(0).json();
    assert_eq!(told["rules"]["hours"][0]["limit_bytes_per_s"], 500_000);
    assert_eq!(told["rules"]["limit_bytes_per_s"], Value::Null);
}
