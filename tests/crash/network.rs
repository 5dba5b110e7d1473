//! The network goes away for real, between the compiled `daypart` and the platforms.

use daypart_tests::{Answer, Clip, Desk, Network, Practice, Wire};
use serde_json::json;

use crate::{PLATFORMS, one_post_after_restart};

/// Larger than any part either platform is sent.
const ONE_PART_BYTES: u64 = 17_000_000;

/// Cut off until Daypart has said so; how long that lasts makes no difference to a program that waits.
#[tokio::test]
async fn cut_off_in_the_middle_of_an_upload_goes_on_where_it_was() {
    let cut = |platform: &'static str| async move {
        let practice = Practice::start().await;
        let network = Network::before(&practice).await;
        let desk = Desk::at(&network.url());
        desk.connect(&practice, platform, "ada", Answer::Allow)
            .await
            .expect(0);
        let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
        network.throttle(Some(20_000_000));
        let posting = desk.start(&Desk::post_arguments(&clip, &format!("practice-{platform}"), &[]));
        practice.wait_for("chunk_stored", platform, 2).await;
        network.down();
        // Its own attempts to go on are over and it waits for the network.
        let waiting = loop {
            let publication = desk.only_publication().await;
            if publication["error"]["code"] == "network.offline" {
                break publication;
            }
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        };
        assert_eq!(waiting["state"], "uploading");
        assert!(practice.ledger().await.is_empty());
        network.throttle(None);
        network.up().await;

        desk.heard(posting.end().await).expect(0);
        let uploads = practice.uploads(platform).await;
        assert_eq!(uploads.len(), 1, "started over at {platform}: {uploads:#?}");
        let resent = uploads[0]["resent_bytes"].as_u64().unwrap();
        assert!(resent <= ONE_PART_BYTES, "{platform}: {resent} bytes went twice");
        one_post_after_restart(&practice, &desk, platform, &clip.sha256()).await;
    };
    tokio::join!(cut(PLATFORMS[0]), cut(PLATFORMS[1]));
}

#[tokio::test]
async fn a_network_that_is_cut_again_and_again_costs_one_upload() {
    let practice = Practice::start().await;
    let network = Network::before(&practice).await;
    let desk = Desk::at(&network.url());
    desk.connect(&practice, "youtube", "ada", Answer::Allow)
        .await
        .expect(0);
    let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
    for bytes in [1_000_000, 9_000_000, 17_000_000] {
        network.when("PUT /google/www/upload/", Wire::CutRequestAfter(bytes));
    }
    desk.post(&clip, "practice-youtube", &[]).await.expect(0);
    network.fired(3).await;
    assert_eq!(practice.uploads("youtube").await.len(), 1);
    one_post_after_restart(&practice, &desk, "youtube", &clip.sha256()).await;
}

/// The worst cut: the last byte went out, and then nothing comes back, not even an end.
#[tokio::test]
async fn the_connection_breaks_between_the_last_byte_and_the_answer() {
    for platform in PLATFORMS {
        let practice = Practice::start().await;
        let network = Network::before(&practice).await;
        let desk = Desk::at(&network.url());
        desk.connect(&practice, platform, "ada", Answer::Allow)
            .await
            .expect(0);
        let clip = desk.clip("clip.mp4", daypart_tests::Kind::Compliant);
        practice
            .fault(json!({"platform": platform, "endpoint": "last_chunk", "kind": "hold_after_commit"}))
            .await;
        let posting = desk.start(&Desk::post_arguments(&clip, &format!("practice-{platform}"), &[]));
        practice.wait_for("held", platform, 1).await;
        network.down();
        practice.heal().await;
        network.up().await;
        desk.heard(posting.end().await).expect(0);
        assert_eq!(practice.uploads(platform).await.len(), 1);
        one_post_after_restart(&practice, &desk, platform, &clip.sha256()).await;
    }
}
