//! The whole road on both platforms, over real HTTP, with a real clip.

use crate::common::{Stage, clips, sha256, tiktok, youtube};
use serde_json::json;

#[tokio::test]
async fn a_clip_posted_to_tiktok_is_published_and_stands_in_the_ledger() {
    let stage = Stage::real().await;
    let tokens = tiktok::connect(&stage, "ada").await;
    let clip = clips::clip("540x960", 30, 1);

    let publish_id = tiktok::post(&stage, &tokens.access, &clip, "PUBLIC_TO_EVERYONE").await;
    let said = tiktok::status(&stage, &tokens.access, &publish_id).await;
    assert_eq!(
        (&said["status"], &said["uploaded_bytes"]),
        (&json!("PROCESSING_UPLOAD"), &json!(clip.len()))
    );

    stage.wait("public", "tiktok", 1).await;
    let said = tiktok::status(&stage, &tokens.access, &publish_id).await;
    assert_eq!(said["status"], "PUBLISH_COMPLETE");
    let post_id = said["publicaly_available_post_id"][0].as_u64().unwrap();
    assert!(post_id > 1 << 53);

    let ledger = stage.ledger().await;
    assert_eq!(ledger.len(), 1);
    let entry = &ledger[0];
    assert_eq!(entry["sha256"], sha256(&clip));
    assert_eq!(entry["remote_id"], post_id.to_string());
    assert_eq!(
        (&entry["state"], &entry["public"], &entry["account"]),
        (&json!("published"), &json!(true), &json!("ada"))
    );
    let page = stage
        .http
        .get(entry["url"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("PRACTICE"));
}

#[tokio::test]
async fn a_clip_uploaded_to_youtube_is_processed_and_stands_in_the_ledger() {
    let stage = Stage::real().await;
    let (token, _) = youtube::connect(&stage, "ada").await;
    let clip = clips::clip("540x960", 30, 1);

    let id = youtube::post(
        &stage,
        &token,
        &clip,
        &youtube::body("Garden timelapse", "unlisted"),
    )
    .await;
    let video = youtube::video(&stage, &token, &id).await;
    assert_eq!(video["status"]["uploadStatus"], "uploaded");
    assert_eq!(video["processingDetails"]["processingStatus"], "processing");

    stage.wait("published", "youtube", 1).await;
    let video = youtube::video(&stage, &token, &id).await;
    assert_eq!(video["status"]["uploadStatus"], "processed");
    assert_eq!(video["status"]["privacyStatus"], "unlisted");
    assert_eq!(video["contentDetails"]["duration"], "PT1S");
    assert_eq!(video["fileDetails"]["fileSize"], clip.len().to_string());

    let ledger = stage.ledger().await;
    assert_eq!(ledger.len(), 1);
    assert_eq!(ledger[0]["sha256"], sha256(&clip));
    assert_eq!(
        (&ledger[0]["public"], &ledger[0]["is_short"]),
        (&json!(false), &json!(true))
    );

    let range = stage
        .http
        .get(stage.url("/media/youtube-upload-1"))
        .header("Range", "bytes=4-7");
    let part = range.send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), &clip[4..8]);
    let page = stage
        .http
        .get(stage.url("/"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("Garden timelapse") && page.contains("PRACTICE"));
}
