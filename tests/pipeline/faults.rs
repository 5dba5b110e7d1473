//! Platforms and networks that misbehave: the post goes out once, with its very bytes, without help.

use daypart_tests::{Clip, Desk, Kind, Practice};
use serde_json::{Value, json};

/// Posts a clip of several parts to one platform while `rules` hold. Returns the finished desk and the clip.
async fn post_through(platform: &str, rules: &[Value]) -> (Practice, Desk, Clip) {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);
    for rule in rules {
        let mut rule = rule.clone();
        rule["platform"] = json!(platform);
        practice.fault(rule).await;
    }
    desk.post(&clip, &format!("practice-{platform}"), &[])
        .await
        .expect(0);
    assert_eq!(
        practice.only_post(platform).await["sha256"],
        clip.sha256().as_str()
    );
    assert_eq!(desk.only_publication().await["state"], "published");
    (practice, desk, clip)
}

/// Fails unless there was one upload and at most `parts` of it went twice.
async fn resumed_not_restarted(practice: &Practice, platform: &str, resent_bytes_max: u64) {
    let uploads = practice.uploads(platform).await;
    assert_eq!(uploads.len(), 1, "started over: {uploads:#?}");
    let resent = uploads[0]["resent_bytes"].as_u64().unwrap();
    assert!(resent <= resent_bytes_max, "{resent} bytes went twice");
}

const LARGEST_PART_BYTES: u64 = 17_000_000;

#[tokio::test]
async fn a_connection_cut_in_the_middle_of_a_part_is_taken_up_again() {
    for platform in ["tiktok", "youtube"] {
        let cut = json!({"endpoint": "chunk", "nth": 2, "kind": "cut_after", "bytes": 3_000_000});
        let (practice, _, _) = post_through(platform, &[cut]).await;
        resumed_not_restarted(&practice, platform, LARGEST_PART_BYTES).await;
    }
}

#[tokio::test]
async fn an_answer_to_a_part_that_got_lost_sends_at_most_that_part_again() {
    for platform in ["tiktok", "youtube"] {
        let lost = json!({"endpoint": "chunk", "nth": 2, "kind": "drop_after_commit"});
        let (practice, _, _) = post_through(platform, &[lost]).await;
        resumed_not_restarted(&practice, platform, LARGEST_PART_BYTES).await;
    }
}

#[tokio::test]
async fn a_server_error_in_the_middle_is_survived() {
    for platform in ["tiktok", "youtube"] {
        let broken = json!({"endpoint": "chunk", "nth": 2, "kind": "status", "status": 503});
        let (practice, _, _) = post_through(platform, &[broken]).await;
        resumed_not_restarted(&practice, platform, LARGEST_PART_BYTES).await;
    }
}

#[tokio::test]
async fn the_answer_to_the_last_byte_got_lost_and_there_is_one_post() {
    for platform in ["tiktok", "youtube"] {
        let lost = json!({"endpoint": "last_chunk", "kind": "drop_after_commit"});
        let (practice, _, _) = post_through(platform, &[lost]).await;
        assert_eq!(practice.uploads(platform).await.len(), 1);
    }
}

#[tokio::test]
async fn a_token_that_ends_during_the_upload_is_refreshed() {
    let ended = json!({"endpoint": "chunk", "nth": 2, "kind": "token_expired"});
    let (practice, _, _) = post_through("youtube", &[ended]).await;
    assert!(!practice.requests("youtube", "token").await.is_empty());
    resumed_not_restarted(&practice, "youtube", LARGEST_PART_BYTES).await;
}

#[tokio::test]
async fn an_upload_that_the_platform_forgot_is_begun_again_and_posted_once() {
    for platform in ["tiktok", "youtube"] {
        let gone = json!({"endpoint": "chunk", "nth": 2, "kind": "upload_gone"});
        let (practice, _, _) = post_through(platform, &[gone]).await;
        // The first one may have left the list together with the platform's memory of it.
        let complete = practice
            .uploads(platform)
            .await
            .iter()
            .filter(|upload| upload["complete"] == true)
            .count();
        assert_eq!(complete, 1);
    }
}

#[tokio::test]
async fn youtube_may_keep_less_than_was_sent() {
    let less = json!({"endpoint": "chunk", "nth": 2, "kind": "store_less", "bytes": 262_144});
    let (practice, _, _) = post_through("youtube", &[less]).await;
    resumed_not_restarted(&practice, "youtube", LARGEST_PART_BYTES).await;
}

#[tokio::test]
async fn access_that_was_taken_back_asks_the_person_to_connect_again() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    practice
        .fault(json!({"platform": "youtube", "endpoint": "upload_start", "kind": "token_revoked"}))
        .await;
    desk.post(&clip, "practice-youtube", &[]).await.expect(3);
    let publication = desk.only_publication().await;
    assert_eq!(publication["state"], "needs_user");
    assert_eq!(publication["error"]["code"], "auth.revoked");
    assert!(practice.ledger().await.is_empty());

    desk.connect(&practice, "youtube", "ada", daypart_tests::Answer::Allow)
        .await
        .expect(0);
    desk.run(&["retry", publication["id"].as_str().unwrap()])
        .await
        .expect(0);
    assert_eq!(
        practice.only_post("youtube").await["sha256"],
        clip.sha256().as_str()
    );
}

#[tokio::test]
async fn a_platform_that_refuses_the_video_afterwards_is_believed() {
    let practice = Practice::start().await;
    practice
        .settings(json!({"youtube": {"outcomes": [{"title_contains": "First", "rejected": "claim"}]}}))
        .await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    desk.post(&clip, "practice-youtube", &[]).await.expect(4);
    let publication = desk.only_publication().await;
    assert_eq!(publication["state"], "failed");
    assert!(
        publication["error"]["message"]
            .as_str()
            .is_some_and(|message| !message.is_empty())
    );
}
