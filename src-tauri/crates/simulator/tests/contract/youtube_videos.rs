//! YouTube reading, changing, scheduling, processing: contract §3 Y3–Y5, §9, §10.7, §10.9 to §10.11.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::youtube::{api, body, connect, get, post, reason, video};
use crate::common::{Stage, clips, json_of, sha256};

async fn update(stage: &Stage, token: &str, parts: &str, body: Value) -> (u16, Value) {
    let answer = api(stage, token, Method::PUT, &format!("videos?part={parts}"))
        .json(&body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), json_of(answer).await)
}

#[tokio::test]
async fn unknown_and_deleted_ids_give_no_items_and_fifty_are_the_limit() {
    let stage = Stage::lenient().await;
    let (token, _) = connect(&stage, "ada").await;
    let id = post(&stage, &token, b"clip", &body("Title", "private")).await;
    let (status, said) = get(&stage, &token, &format!("videos?part=id&id=unknown,{id}")).await;
    assert_eq!((status, said["items"].as_array().unwrap().len()), (200, 1));
    let deleted = api(&stage, &token, Method::DELETE, &format!("videos?id={id}"))
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.status(), 204);
    let (status, said) = get(&stage, &token, &format!("videos?part=id&id={id}")).await;
    assert_eq!((status, said["items"].as_array().unwrap().len()), (200, 0));
    assert_eq!(stage.ledger().await[0]["state"], "deleted");
    let fifty_one = vec!["x"; 51].join(",");
    assert_eq!(
        get(&stage, &token, &format!("videos?part=id&id={fifty_one}"))
            .await
            .0,
        400
    );
    let (status, said) = get(&stage, &token, &format!("videos?part=nonsense&id={id}")).await;
    assert_eq!(reason(status, said), (400, "unexpectedPart".to_owned()));
}

#[tokio::test]
async fn others_see_public_videos_without_the_owners_parts() {
    let stage = Stage::lenient().await;
    let (ada, _) = connect(&stage, "ada").await;
    let (studio, _) = connect(&stage, "studio").await;
    let public = post(&stage, &ada, b"one", &body("Public", "public")).await;
    let private = post(&stage, &ada, b"two", &body("Private", "private")).await;
    let (_, said) = get(
        &stage,
        &studio,
        &format!("videos?part=snippet&id={public},{private}"),
    )
    .await;
    assert_eq!(said["items"].as_array().unwrap().len(), 1);
    let (status, said) = get(&stage, &studio, &format!("videos?part=fileDetails&id={public}")).await;
    assert_eq!(reason(status, said), (403, "forbidden".to_owned()));
    let (status, _) = update(
        &stage,
        &studio,
        "status",
        json!({"id": public, "status": {"privacyStatus": "private"}}),
    )
    .await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn an_update_replaces_the_whole_part() {
    let stage = Stage::lenient().await;
    let (token, _) = connect(&stage, "ada").await;
    let whole = json!({
        "snippet": {"title": "Title", "description": "Words", "tags": ["a", "b"], "categoryId": "22"},
        "status": {"privacyStatus": "private", "license": "creativeCommon", "containsSyntheticMedia": true, "selfDeclaredMadeForKids": false},
    });
    let id = post(&stage, &token, b"clip", &whole).await;
    let (status, said) = update(
        &stage,
        &token,
        "snippet",
        json!({"id": id, "snippet": {"title": "New", "categoryId": "10"}}),
    )
    .await;
    assert_eq!((status, &said["snippet"]["title"]), (200, &json!("New")));
    let now = video(&stage, &token, &id).await;
    assert!(
        now["snippet"].get("tags").is_none() && now["snippet"]["description"] == "",
        "what was left out is gone"
    );
    assert_eq!(
        now["status"]["containsSyntheticMedia"], true,
        "a part that was not named stays"
    );
    let (_, _) = update(
        &stage,
        &token,
        "status",
        json!({"id": id, "status": {"privacyStatus": "unlisted"}}),
    )
    .await;
    let now = video(&stage, &token, &id).await;
    assert!(now["status"].get("containsSyntheticMedia").is_none());
    assert_eq!(
        (&now["status"]["license"], &now["status"]["privacyStatus"]),
        (&json!("youtube"), &json!("unlisted"))
    );
    for (snippet, expected) in [
        (json!({"title": "No category"}), "invalidCategoryId"),
        (json!({"categoryId": "22"}), "invalidTitle"),
    ] {
        let (status, said) = update(&stage, &token, "snippet", json!({"id": id, "snippet": snippet})).await;
        assert_eq!(reason(status, said), (400, expected.to_owned()));
    }
}

#[tokio::test]
async fn a_scheduled_video_goes_public_by_itself_and_can_never_be_scheduled_again() {
    let stage = Stage::lenient().await;
    let (token, refresh) = connect(&stage, "ada").await;
    let now_ms = stage.look("clock").await["now_ms"].as_i64().unwrap();
    let at = jiff::Timestamp::from_second(now_ms / 1000 + 7200)
        .unwrap()
        .to_string();
    let mut whole = body("Later", "private");
    whole["status"]["publishAt"] = json!(at);
    let id = post(&stage, &token, b"clip", &whole).await;
    stage.wait("published", "youtube", 1).await;
    let said = video(&stage, &token, &id).await;
    assert_eq!(
        (&said["status"]["privacyStatus"], &said["status"]["publishAt"]),
        (&json!("private"), &json!(at))
    );
    assert_eq!(
        (
            &stage.ledger().await[0]["public"],
            &stage.ledger().await[0]["publish_at"]
        ),
        (&json!(false), &json!(at))
    );
    stage.advance(7201).await;
    stage.wait("public", "youtube", 1).await;
    let token = json_of(crate::common::youtube::refresh(&stage, &refresh).await).await["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let said = video(&stage, &token, &id).await;
    assert_eq!(said["status"]["privacyStatus"], "public");
    assert!(said["status"].get("publishAt").is_none());
    assert_eq!(said["snippet"]["publishedAt"], at);
    let again =
        json!({"id": id, "status": {"privacyStatus": "private", "publishAt": "2099-01-01T00:00:00Z"}});
    let (status, said) = update(&stage, &token, "status", again).await;
    assert_eq!(reason(status, said), (400, "invalidPublishAt".to_owned()));
}

#[tokio::test]
async fn a_schedule_can_be_moved_and_taken_back() {
    let stage = Stage::lenient().await;
    let (token, _) = connect(&stage, "ada").await;
    let mut whole = body("Later", "private");
    whole["status"]["publishAt"] = json!("2099-01-01T00:00:00Z");
    let id = post(&stage, &token, b"clip", &whole).await;
    stage.wait("published", "youtube", 1).await;
    let moved =
        json!({"id": id, "status": {"privacyStatus": "private", "publishAt": "2098-01-01T00:00:00Z"}});
    assert_eq!(update(&stage, &token, "status", moved).await.0, 200);
    assert_eq!(
        video(&stage, &token, &id).await["status"]["publishAt"],
        "2098-01-01T00:00:00Z"
    );
    assert_eq!(
        update(
            &stage,
            &token,
            "status",
            json!({"id": id, "status": {"privacyStatus": "private"}})
        )
        .await
        .0,
        200
    );
    assert!(
        video(&stage, &token, &id).await["status"]
            .get("publishAt")
            .is_none()
    );
}

#[tokio::test]
async fn a_time_in_the_past_publishes_at_once() {
    let stage = Stage::lenient().await;
    let (token, _) = connect(&stage, "ada").await;
    let mut whole = body("Too late", "private");
    whole["status"]["publishAt"] = json!("2020-01-01T00:00:00Z");
    let id = post(&stage, &token, b"clip", &whole).await;
    stage.wait("public", "youtube", 1).await;
    assert_eq!(
        video(&stage, &token, &id).await["status"]["privacyStatus"],
        "public"
    );
}

#[tokio::test]
async fn processing_can_fail_or_be_rejected_by_rule() {
    let stage = Stage::lenient().await;
    stage.set(json!({"youtube": {"reject_duplicates": true, "outcomes": [
        {"title_contains": "broken", "failed": "codec"}, {"sha256": sha256(b"claimed"), "rejected": "claim"}]}}))
    .await;
    let (token, _) = connect(&stage, "ada").await;
    let failed = post(&stage, &token, b"one", &body("A broken one", "private")).await;
    stage.wait("failed", "youtube", 1).await;
    let said = video(&stage, &token, &failed).await;
    assert_eq!(
        (&said["status"]["uploadStatus"], &said["status"]["failureReason"]),
        (&json!("failed"), &json!("codec"))
    );
    let claimed = post(&stage, &token, b"claimed", &body("Mine", "private")).await;
    stage.wait("rejected", "youtube", 1).await;
    assert_eq!(
        video(&stage, &token, &claimed).await["status"]["rejectionReason"],
        "claim"
    );
    post(&stage, &token, b"twice", &body("First", "private")).await;
    stage.wait("published", "youtube", 1).await;
    let copy = post(&stage, &token, b"twice", &body("Second", "private")).await;
    stage.wait("rejected", "youtube", 2).await;
    assert_eq!(
        video(&stage, &token, &copy).await["status"]["rejectionReason"],
        "duplicate"
    );
}

#[tokio::test]
async fn a_file_that_is_no_video_fails_and_a_short_is_known_by_its_shape() {
    let stage = Stage::real().await;
    let (token, _) = connect(&stage, "ada").await;
    let text = post(&stage, &token, b"just words", &body("Words", "private")).await;
    let wide = post(
        &stage,
        &token,
        &clips::clip("640x360", 30, 1),
        &body("Wide", "private"),
    )
    .await;
    post(
        &stage,
        &token,
        &clips::clip("480x480", 30, 1),
        &body("Square", "private"),
    )
    .await;
    stage.wait("failed", "youtube", 1).await;
    stage.wait("published", "youtube", 2).await;
    let said = video(&stage, &token, &text).await;
    assert_eq!(
        (
            &said["status"]["failureReason"],
            &said["suggestions"]["processingErrors"]
        ),
        (&json!("invalidFile"), &json!(["notAVideoFile"]))
    );
    assert_eq!(
        video(&stage, &token, &wide).await["contentDetails"]["definition"],
        "sd"
    );
    let shorts: Vec<Value> = stage
        .ledger()
        .await
        .iter()
        .map(|entry| entry["is_short"].clone())
        .collect();
    assert_eq!(shorts, [json!(null), json!(false), json!(true)]);
}
