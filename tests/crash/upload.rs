//! Killed while bytes are on their way.

use daypart_tests::{Clip, Desk, Practice};
use serde_json::json;

use crate::{PLATFORMS, one_post_after_restart};

/// Larger than any part either platform is sent.
const ONE_PART_BYTES: u64 = 17_000_000;

#[tokio::test]
async fn killed_during_the_upload_goes_on_where_it_was() {
    for platform in PLATFORMS {
        let practice = Practice::start().await;
        let desk = Desk::connected(&practice).await;
        let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
        // Slow enough that the kill falls into the middle of the fourth part.
        practice
            .fault(json!({"platform": platform, "endpoint": "chunk", "nth": 4, "kind": "slow", "bytes_per_s": 500_000}))
            .await;
        let posting = desk.start(&Desk::post_arguments(&clip, &format!("practice-{platform}"), &[]));
        practice.wait_for("chunk_stored", platform, 3).await;
        posting.kill().await;
        practice.heal().await;

        one_post_after_restart(&practice, &desk, platform, &clip.sha256()).await;
        let uploads = practice.uploads(platform).await;
        assert_eq!(uploads.len(), 1, "started over at {platform}: {uploads:#?}");
        let resent = uploads[0]["resent_bytes"].as_u64().unwrap();
        assert!(resent <= ONE_PART_BYTES, "{platform}: {resent} bytes went twice");
    }
}

#[tokio::test]
async fn killed_again_and_again_still_goes_on() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
    let arguments = Desk::post_arguments(&clip, "practice-youtube", &["--detach"]);
    desk.run(&arguments).await.expect(0);
    for round in 1..=4 {
        practice
            .fault(json!({"platform": "youtube", "endpoint": "chunk", "nth": 2, "kind": "slow", "bytes_per_s": 500_000}))
            .await;
        let working = desk.start(&["run"]);
        practice.wait_for("chunk_stored", "youtube", round).await;
        working.kill().await;
        practice.heal().await;
    }
    one_post_after_restart(&practice, &desk, "youtube", &clip.sha256()).await;
    let uploads = practice.uploads("youtube").await;
    assert_eq!(uploads.len(), 1);
    assert!(uploads[0]["resent_bytes"].as_u64().unwrap() <= 4 * ONE_PART_BYTES);
}

#[tokio::test]
async fn the_platform_restarts_during_the_upload_too() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
    practice
        .fault(json!({"platform": "youtube", "endpoint": "chunk", "nth": 4, "kind": "slow", "bytes_per_s": 500_000}))
        .await;
    let posting = desk.start(&Desk::post_arguments(&clip, "practice-youtube", &[]));
    practice.wait_for("chunk_stored", "youtube", 3).await;
    let practice = practice.restart().await;
    desk.heard(posting.end().await).expect(0);
    assert_eq!(
        practice.only_post("youtube").await["sha256"],
        clip.sha256().as_str()
    );
    assert_eq!(practice.uploads("youtube").await.len(), 1);
}

#[tokio::test]
async fn the_file_changed_while_daypart_was_dead_and_nothing_is_spliced() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
    practice
        .fault(json!({"platform": "youtube", "endpoint": "chunk", "nth": 4, "kind": "slow", "bytes_per_s": 500_000}))
        .await;
    let posting = desk.start(&Desk::post_arguments(&clip, "practice-youtube", &[]));
    practice.wait_for("chunk_stored", "youtube", 3).await;
    posting.kill().await;
    practice.heal().await;
    Clip::padded(&clip.path, 74_500_000);

    desk.work_off().await.expect(3);
    assert_eq!(desk.only_publication().await["error"]["code"], "file.changed");
    assert!(practice.ledger().await.is_empty());
}
