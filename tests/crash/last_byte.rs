//! Killed around the one call that cannot be taken back.

use daypart_tests::{Clip, Desk, Kind, Practice};
use serde_json::json;

use crate::{PLATFORMS, one_post_after_restart};

#[tokio::test]
async fn killed_after_the_last_byte_and_before_the_answer() {
    for platform in PLATFORMS {
        let practice = Practice::start().await;
        let desk = Desk::connected(&practice).await;
        let clip = desk.clip("clip.mp4", Kind::Compliant);
        practice
            .fault(json!({"platform": platform, "endpoint": "last_chunk", "kind": "hold_after_commit"}))
            .await;
        let posting = desk.start(&Desk::post_arguments(&clip, &format!("practice-{platform}"), &[]));
        practice.wait_for("held", platform, 1).await;
        posting.kill().await;
        practice.heal().await;
        practice.only_post(platform).await;

        one_post_after_restart(&practice, &desk, platform, &clip.sha256()).await;
        assert_eq!(
            practice.uploads(platform).await.len(),
            1,
            "nothing was opened again"
        );
    }
}

#[tokio::test]
async fn killed_after_the_intent_and_before_the_last_byte_was_taken() {
    for platform in PLATFORMS {
        let practice = Practice::start().await;
        let desk = Desk::connected(&practice).await;
        let clip = Clip::padded(&desk.file("clip.mp4"), 24_000_000);
        // The bytes are read and then lost: nothing was published, and only reading the platform can tell.
        practice
            .fault(json!({"platform": platform, "endpoint": "last_chunk", "kind": "slow", "bytes_per_s": 1_000_000}))
            .await;
        let mut posting = desk.start(&Desk::post_arguments(&clip, &format!("practice-{platform}"), &[]));
        posting.line_with("publishing").await;
        posting.kill().await;
        practice.heal().await;
        assert!(practice.ledger().await.is_empty());

        one_post_after_restart(&practice, &desk, platform, &clip.sha256()).await;
    }
}

#[tokio::test]
async fn killed_while_the_outcome_is_read_back() {
    for platform in PLATFORMS {
        let practice = Practice::start().await;
        practice
            .settings(json!({platform: {"processing_ms": 4_000}}))
            .await;
        let desk = Desk::connected(&practice).await;
        let clip = desk.clip("clip.mp4", Kind::Compliant);
        let mut posting = desk.start(&Desk::post_arguments(&clip, &format!("practice-{platform}"), &[]));
        posting.line_with("confirming").await;
        posting.kill().await;
        one_post_after_restart(&practice, &desk, platform, &clip.sha256()).await;
    }
}
