//! One owner works; everybody else records what they want and goes.

use daypart_tests::{Clip, Desk, Kind, Practice};
use serde_json::json;

#[tokio::test]
async fn a_guest_records_a_post_and_the_owner_publishes_it() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("by a guest.mp4", Kind::Compliant);
    let mut owner = desk.start(&["run"]);
    owner.line_with("working in").await;

    // The guest is gone long before the post is out.
    desk.post(&clip, "practice-youtube", &["--detach"])
        .await
        .expect(0);
    practice.wait_for("published", "youtube", 1).await;

    assert_eq!(
        practice.only_post("youtube").await["sha256"],
        clip.sha256().as_str()
    );
    let said = desk.run(&["run"]).await.expect(3);
    said.complains("run.owned");
    desk.work_off().await.expect(0);
    assert_eq!(desk.only_publication().await["state"], "published");
    desk.heard(owner.terminate().await).expect(0);
}

#[tokio::test]
async fn a_guest_that_stays_sees_the_owner_finish() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("watched.mp4", Kind::Compliant);
    let mut owner = desk.start(&["run"]);
    owner.line_with("working in").await;
    let said = desk.post(&clip, "practice-tiktok", &[]).await.expect(0);
    assert!(said.stdout.contains("published"), "{}", said.stdout);
    assert_eq!(practice.ledger().await.len(), 1);
    desk.heard(owner.terminate().await).expect(0);
}

/// The owner is killed in the middle of an upload. What waits beside it carries on, at the byte.
#[tokio::test]
async fn a_guest_that_waits_takes_the_work_over_when_the_owner_dies() {
    for waits in ["post", "run --until-settled"] {
        let practice = Practice::start().await;
        let desk = Desk::connected(&practice).await;
        let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
        practice
            .fault(json!({"platform": "youtube", "endpoint": "chunk", "nth": 4, "kind": "slow", "bytes_per_s": 500_000}))
            .await;
        let mut owner = desk.start(&["run"]);
        owner.line_with("working in").await;
        let guest = if waits == "post" {
            desk.start(&Desk::post_arguments(&clip, "practice-youtube", &[]))
        } else {
            desk.post(&clip, "practice-youtube", &["--detach"])
                .await
                .expect(0);
            let mut guest = desk.start(&["run", "--until-settled"]);
            guest.line_with("working in").await;
            guest
        };
        practice.wait_for("chunk_stored", "youtube", 3).await;
        desk.heard(owner.kill().await);
        practice.heal().await;

        desk.heard(guest.end().await).expect(0);
        assert_eq!(
            practice.only_post("youtube").await["sha256"],
            clip.sha256().as_str(),
            "{waits}"
        );
        assert_eq!(desk.only_publication().await["state"], "published", "{waits}");
        let uploads = practice.uploads("youtube").await;
        assert_eq!(uploads.len(), 1, "{waits} started over: {uploads:#?}");
    }
}

#[tokio::test]
async fn without_an_owner_the_terminal_does_the_work_that_was_left() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("left.mp4", Kind::Compliant);
    desk.post(&clip, "practice-youtube", &["--detach"])
        .await
        .expect(0);
    desk.work_off().await.expect(0);
    assert_eq!(
        practice.only_post("youtube").await["sha256"],
        clip.sha256().as_str()
    );
    assert_eq!(desk.only_publication().await["state"], "published");
}

#[tokio::test]
async fn an_owner_that_was_asked_to_end_leaves_the_folder_to_the_next_one() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    for _ in 0..2 {
        let mut owner = desk.start(&["run"]);
        owner.line_with("working in").await;
        desk.heard(owner.terminate().await).expect(0);
    }
}
