//! The road from a file to published posts.

use daypart_tests::{Clip, Desk, Kind, Practice};
use jiff::{Timestamp, ToSpan};
use serde_json::json;

#[tokio::test]
async fn a_clip_goes_to_both_platforms_once_with_its_very_bytes() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("beach day.mp4", Kind::Compliant);

    let said = desk
        .post(&clip, "practice-tiktok,practice-youtube", &["--json"])
        .await
        .expect(0);

    for platform in ["tiktok", "youtube"] {
        practice.wait_for("public", platform, 1).await;
        let posted = practice.only_post(platform).await;
        assert_eq!(posted["sha256"], clip.sha256().as_str());
        assert_eq!(posted["state"], "published");
        assert_eq!(posted["text"], "First cut");
        assert_eq!(posted["public"], true);
    }
    for publication in said.json()["publications"].as_array().unwrap() {
        assert_eq!(publication["state"], "published");
        assert_eq!(publication["realm"], "practice");
        assert_eq!(publication["receipt"]["read_back"], true);
    }
    let youtube = practice.only_post("youtube").await;
    let publications = desk.publications().await;
    let receipt = publications
        .iter()
        .find(|publication| publication["platform"] == "youtube")
        .unwrap();
    assert_eq!(receipt["receipt"]["remote_id"], youtube["remote_id"]);
}

#[tokio::test]
async fn a_planned_post_goes_out_at_its_second_and_not_before() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("planned.mp4", Kind::Compliant);
    let zone = "Asia/Kathmandu";
    let due = (Timestamp::now() + 6.seconds())
        .in_tz(zone)
        .unwrap()
        .with()
        .subsec_nanosecond(0)
        .build()
        .unwrap();
    let wall = due.datetime().to_string();

    desk.post(
        &clip,
        "practice-tiktok,practice-youtube",
        &["--at", &wall, "--zone", zone],
    )
    .await
    .expect(0);

    for platform in ["tiktok", "youtube"] {
        let posted = practice.only_post(platform).await;
        assert_eq!(posted["sha256"], clip.sha256().as_str());
        let received = Timestamp::from_millisecond(posted["received_real_ms"].as_i64().unwrap()).unwrap();
        let late = received.duration_since(due.timestamp());
        assert!(
            !late.is_negative(),
            "{platform}: the last byte came {late} before its time"
        );
        assert!(late.as_secs() < 20, "{platform}: {late} late");
    }
    let planned = &desk.publications().await[0]["planned"];
    assert!(planned.is_null() || planned["zone"] == zone, "{planned}");
}

#[tokio::test]
async fn a_large_clip_is_sent_in_parts_and_arrives_whole() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);

    desk.post(&clip, "practice-tiktok,practice-youtube", &[])
        .await
        .expect(0);

    for (platform, parts) in [("tiktok", 7), ("youtube", 6)] {
        assert_eq!(
            practice.only_post(platform).await["sha256"],
            clip.sha256().as_str()
        );
        let uploads = practice.uploads(platform).await;
        assert_eq!(uploads.len(), 1);
        assert_eq!(
            uploads[0]["bodies"].as_array().unwrap().len(),
            parts,
            "{platform}"
        );
        assert_eq!(uploads[0]["resent_bytes"], 0);
    }
}

#[tokio::test]
async fn a_clip_that_does_not_comply_is_converted_and_what_was_made_is_sent() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("old.avi", Kind::OldCodec);
    let before = clip.sha256();

    desk.post(&clip, "practice-youtube,practice-tiktok", &[])
        .await
        .expect(0);

    for platform in ["tiktok", "youtube"] {
        let posted = practice.only_post(platform).await;
        assert_eq!(posted["state"], "published");
        assert_ne!(posted["sha256"], before.as_str());
        let made = desk.files().into_iter().any(|(path, _)| {
            path.extension().is_some_and(|ending| ending == "mp4")
                && posted["sha256"] == Clip { path }.sha256().as_str()
        });
        assert!(made, "{platform} got a file that is not in the media folder");
    }
    assert_eq!(clip.sha256(), before, "the person's own file is never touched");
}

#[tokio::test]
async fn the_same_post_command_twice_makes_two_posts_and_one_asset() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("twice.mp4", Kind::Compliant);
    for _ in 0..2 {
        desk.post(&clip, "practice-youtube", &[]).await.expect(0);
    }
    assert_eq!(practice.ledger().await.len(), 2);
    let publications = desk.publications().await;
    assert_eq!(publications.len(), 2);
    let posts = desk.run(&["list", "--json"]).await.expect(0).json();
    assert_eq!(posts[0]["draft"]["asset_id"], posts[1]["draft"]["asset_id"]);
}

#[tokio::test]
async fn texts_and_options_of_a_destination_reach_only_that_platform() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("own words.mp4", Kind::Compliant);
    let own = [
        "--text",
        "practice-youtube.title=Ein Titel nur für YouTube 🎬",
        "--option",
        "practice-youtube.tags=beach, sunny day",
    ];
    desk.post(&clip, "practice-tiktok,practice-youtube", &own)
        .await
        .expect(0);
    let youtube = practice.only_post("youtube").await;
    assert_eq!(youtube["text"], "Ein Titel nur für YouTube 🎬");
    assert_eq!(youtube["options"]["tags"], json!(["beach", "sunny day"]));
    assert_eq!(practice.only_post("tiktok").await["text"], "First cut");
}

#[tokio::test]
async fn the_history_tells_every_move_and_who_made_it() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("history.mp4", Kind::Compliant);
    let post = desk
        .post(&clip, "practice-youtube", &["--json"])
        .await
        .expect(0)
        .json();
    let shown = desk
        .run(&["show", post["draft"]["id"].as_str().unwrap(), "--json"])
        .await
        .expect(0)
        .json();
    let events = shown["logs"][0]["events"].as_array().unwrap();
    let moves: Vec<_> = events.iter().map(|event| event["to"].as_str().unwrap()).collect();
    assert_eq!(
        moves,
        [
            "draft",
            "scheduled",
            "preparing",
            "ready",
            "uploading",
            "staged",
            "publishing",
            "confirming",
            "published"
        ]
    );
    assert!(
        events
            .iter()
            .all(|event| event["reason"].as_str().is_some_and(|reason| !reason.is_empty()))
    );
    let attempts = shown["logs"][0]["attempts"].as_array().unwrap();
    assert!(
        attempts.iter().all(|attempt| !attempt["outcome"].is_null()),
        "{attempts:#?}"
    );
}
