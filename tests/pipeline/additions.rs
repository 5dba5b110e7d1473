//! What is added to a live post: the platform has it, and what it refuses never touches the post.

use daypart_tests::{Desk, Kind, Practice, Said};
use serde_json::{Value, json};

/// Posts a clip whose edit names the frame at one second as its cover.
async fn post_with_cover(desk: &Desk, to: &str) -> Said {
    let clip = desk.clip("clip.mp4", Kind::Compliant);
    let edit = desk.file("edit.json");
    let document = json!({"version": 1, "cover": {"at": {"at_us": 1_000_000}}});
    std::fs::write(&edit, document.to_string()).unwrap();
    let edit = edit.display().to_string();
    desk.post(&clip, to, &["--edit", &edit]).await.expect(0)
}

async fn thumbnail(practice: &Practice) -> Value {
    practice.only_post("youtube").await["options"]["thumbnail"].clone()
}

fn prepared_files(desk: &Desk) -> Vec<String> {
    let files = desk.files().into_iter();
    files
        .filter_map(|(path, _)| path.file_name()?.to_str().map(str::to_owned))
        .filter(|name| name.starts_with("cover-") || name.starts_with("captions-"))
        .collect()
}

#[tokio::test]
async fn the_cover_of_the_edit_reaches_each_platform_in_its_own_way() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let said = post_with_cover(&desk, "practice-youtube,practice-tiktok").await;
    assert!(!said.stdout.contains("not set"), "{}", said.stdout);
    assert_eq!(thumbnail(&practice).await, "image/jpeg");
    let told = practice.only_post("tiktok").await["options"].clone();
    assert_eq!(told["video_cover_timestamp_ms"], 1_000);
    assert_eq!(prepared_files(&desk), [""; 0], "nothing is left behind");
}

#[tokio::test]
async fn a_refused_cover_leaves_the_post_live_and_is_set_once_the_channel_may() {
    let practice = Practice::start().await;
    let allow = async |allowed: bool| {
        let account = json!({"platform": "youtube", "account": "ada", "custom_thumbnails": allowed});
        practice.settings(json!({"accounts": [account]})).await;
    };
    allow(false).await;
    let desk = Desk::connected(&practice).await;
    let said = post_with_cover(&desk, "practice-youtube").await;
    assert!(said.stdout.contains("Live, cover not set"), "{}", said.stdout);
    assert_eq!(thumbnail(&practice).await, Value::Null);
    let live = desk.only_publication().await;
    assert_eq!(live["state"], "published");
    assert_eq!(live["actions"], json!(["retry"]));
    let post = live["post_id"].as_str().unwrap();
    let shown = desk.run(&["show", post]).await.expect(0);
    assert!(
        shown.stdout.contains("only verified channels"),
        "{}",
        shown.stdout
    );

    allow(true).await;
    let said = desk.run(&["retry", live["id"].as_str().unwrap()]).await.expect(0);
    assert!(!said.stdout.contains("not set"), "{}", said.stdout);
    assert_eq!(thumbnail(&practice).await, "image/jpeg");
    let settled = desk.only_publication().await;
    assert_eq!(
        (settled["warnings"].clone(), settled["actions"].clone()),
        (json!([]), json!([]))
    );
}

#[tokio::test]
async fn a_passing_fault_of_the_thumbnails_is_said_and_tried_again_on_request() {
    let practice = Practice::start().await;
    practice
        .fault(json!({"platform": "youtube", "endpoint": "thumbnails_set", "kind": "status", "status": 503}))
        .await;
    let desk = Desk::connected(&practice).await;
    let said = post_with_cover(&desk, "practice-youtube").await;
    assert!(said.stdout.contains("not set yet"), "{}", said.stdout);
    assert_eq!(thumbnail(&practice).await, Value::Null);
    let live = desk.only_publication().await;
    desk.run(&["retry", live["id"].as_str().unwrap()]).await.expect(0);
    assert_eq!(thumbnail(&practice).await, "image/jpeg");
}
