//! TikTok status and reading back: contract §3 E6, E9, E10, §10.13, §10.14, §10.16, §10.17.

use serde_json::{Value, json};

use crate::common::tiktok::{ask, connect, post, status};
use crate::common::{Stage, clips, json_of};

#[tokio::test]
async fn a_private_post_completes_and_never_yields_an_id() {
    let stage = Stage::lenient().await;
    let token = connect(&stage, "ada").await.access;
    let id = post(&stage, &token, b"clip", "SELF_ONLY").await;
    stage.wait("published", "tiktok", 1).await;
    stage.advance(100_000).await;
    let token = connect(&stage, "ada").await.access;
    let said = status(&stage, &token, &id).await;
    assert_eq!(
        said,
        json!({"status": "PUBLISH_COMPLETE", "uploaded_bytes": 4, "publicaly_available_post_id": []})
    );
    assert_eq!(stage.ledger().await[0]["remote_id_shown"], false);
    for (switch, expected) in [("null", Some(Value::Null)), ("absent", None)] {
        stage.set(json!({"tiktok": {"empty_post_ids": switch}})).await;
        assert_eq!(
            status(&stage, &token, &id)
                .await
                .get("publicaly_available_post_id")
                .cloned(),
            expected
        );
    }
}

#[tokio::test]
async fn the_id_of_a_public_post_appears_after_moderation_as_a_large_number() {
    let stage = Stage::lenient().await;
    stage.set(json!({"tiktok": {"moderation_ms": 600_000}})).await;
    let token = connect(&stage, "ada").await.access;
    let id = post(&stage, &token, b"clip", "PUBLIC_TO_EVERYONE").await;
    stage.wait("published", "tiktok", 1).await;
    assert_eq!(
        status(&stage, &token, &id).await["publicaly_available_post_id"],
        json!([])
    );
    assert_eq!(stage.ledger().await[0]["public"], false);
    stage.advance(600).await;
    stage.wait("public", "tiktok", 1).await;
    let told = status(&stage, &token, &id).await["publicaly_available_post_id"][0].clone();
    assert!(told.is_number() && told.as_u64().unwrap() > 1 << 53, "{told}");
}

#[tokio::test]
async fn processing_takes_virtual_time() {
    let stage = Stage::lenient().await;
    stage.set(json!({"tiktok": {"processing_ms": 3_600_000}})).await;
    let token = connect(&stage, "ada").await.access;
    let id = post(&stage, &token, b"clip", "SELF_ONLY").await;
    assert_eq!(status(&stage, &token, &id).await["status"], "PROCESSING_UPLOAD");
    stage.advance(3600).await;
    stage.wait("published", "tiktok", 1).await;
    assert_eq!(status(&stage, &token, &id).await["status"], "PUBLISH_COMPLETE");
}

#[tokio::test]
async fn a_publish_id_belongs_to_its_user_and_is_forgotten_in_time() {
    let stage = Stage::lenient().await;
    let (ada, bo) = (
        connect(&stage, "ada").await.access,
        connect(&stage, "bo").await.access,
    );
    let id = post(&stage, &ada, b"clip", "SELF_ONLY").await;
    let code = |token: String, id: String| {
        let stage = &stage;
        async move {
            let (status, said) = ask(
                stage,
                &token,
                "post/publish/status/fetch/",
                json!({"publish_id": id}),
            )
            .await;
            (status, said["error"]["code"].as_str().unwrap().to_owned())
        }
    };
    let foreign = (400, "token_not_authorized_for_specified_publish_id".to_owned());
    assert_eq!(code(bo, id.clone()).await, foreign);
    assert_eq!(
        code(ada.clone(), "v_pub_file~unknown".to_owned()).await,
        (400, "invalid_publish_id".to_owned())
    );
    stage.set(json!({"tiktok": {"publish_retention_s": 600}})).await;
    stage.advance(601).await;
    assert_eq!(code(ada, id).await, (400, "invalid_publish_id".to_owned()));
}

#[tokio::test]
async fn files_that_break_a_media_rule_fail_after_the_upload_with_its_reason() {
    let stage = Stage::real().await;
    stage.set(json!({"tiktok": {"processing_ms": 0}, "accounts": [{"platform": "tiktok", "account": "ada", "max_video_post_duration_sec": 2}]})).await;
    let token = connect(&stage, "ada").await.access;
    let cases = [
        (
            b"This is no video at all, whatever its name says.".to_vec(),
            "file_format_check_failed",
        ),
        (
            clips::clip_as("540x960", 30, 1, "mkv"),
            "file_format_check_failed",
        ),
        (clips::clip("540x960", 10, 1), "frame_rate_check_failed"),
        (clips::clip("320x568", 30, 1), "picture_size_check_failed"),
        (clips::clip("540x960", 30, 4), "duration_check_failed"),
    ];
    for (index, (bytes, reason)) in cases.iter().enumerate() {
        let id = post(&stage, &token, bytes, "SELF_ONLY").await;
        stage.wait("failed", "tiktok", index + 1).await;
        let said = status(&stage, &token, &id).await;
        assert_eq!(
            (&said["status"], &said["fail_reason"]),
            (&json!("FAILED"), &json!(reason))
        );
    }
    assert!(
        stage
            .ledger()
            .await
            .iter()
            .all(|entry| entry["state"] == "failed")
    );
}

#[tokio::test]
async fn access_removed_during_processing_fails_the_post() {
    let stage = Stage::lenient().await;
    stage.set(json!({"tiktok": {"processing_ms": 3_600_000}})).await;
    let token = connect(&stage, "ada").await.access;
    let id = post(&stage, &token, b"clip", "SELF_ONLY").await;
    stage
        .tell("revoke", json!({"platform": "tiktok", "account": "ada"}))
        .await;
    assert_eq!(
        ask(
            &stage,
            &token,
            "post/publish/status/fetch/",
            json!({"publish_id": id})
        )
        .await
        .0,
        401
    );
    let again = connect(&stage, "ada").await.access;
    let said = status(&stage, &again, &id).await;
    assert_eq!(
        (&said["status"], &said["fail_reason"]),
        (&json!("FAILED"), &json!("auth_removed"))
    );
}

#[tokio::test]
async fn the_list_holds_public_posts_only_newest_first_in_pages() {
    let stage = Stage::lenient().await;
    let (ada, bo) = (
        connect(&stage, "ada").await.access,
        connect(&stage, "bo").await.access,
    );
    for turn in 0..3 {
        post(&stage, &ada, b"clip", "PUBLIC_TO_EVERYONE").await;
        stage.wait("public", "tiktok", turn + 1).await;
        stage.advance(1).await;
    }
    post(&stage, &ada, b"clip", "SELF_ONLY").await;
    stage.wait("published", "tiktok", 4).await;
    let (_, page) = ask(
        &stage,
        &ada,
        "video/list/?fields=id,create_time,share_url,title",
        json!({"max_count": 2}),
    )
    .await;
    let videos = page["data"]["videos"].as_array().unwrap();
    assert_eq!((videos.len(), &page["data"]["has_more"]), (2, &json!(true)));
    assert!(videos[0]["create_time"].as_i64() > videos[1]["create_time"].as_i64());
    assert!(videos[0]["id"].is_string());
    let (_, rest) = ask(
        &stage,
        &ada,
        "video/list/?fields=id",
        json!({"max_count": 2, "cursor": page["data"]["cursor"]}),
    )
    .await;
    assert_eq!(
        (
            rest["data"]["videos"].as_array().unwrap().len(),
            &rest["data"]["has_more"]
        ),
        (1, &json!(false))
    );
    let share = stage
        .http
        .get(videos[0]["share_url"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(share.status(), 200);

    let filter = json!({"filters": {"video_ids": [videos[0]["id"], "7399999999999999999"]}});
    let (_, own) = ask(&stage, &ada, "video/query/?fields=id", filter.clone()).await;
    assert_eq!(own["data"]["videos"].as_array().unwrap().len(), 1);
    let (_, foreign) = ask(&stage, &bo, "video/query/?fields=id", filter).await;
    assert!(foreign["data"]["videos"].as_array().unwrap().is_empty());

    stage
        .tell(
            "act",
            json!({"platform": "tiktok", "id": videos[0]["id"], "act": "delete"}),
        )
        .await;
    let (_, left) = ask(&stage, &ada, "video/list/?fields=id", json!({})).await;
    assert_eq!(left["data"]["videos"].as_array().unwrap().len(), 2);
    let gone = stage
        .http
        .get(videos[0]["share_url"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 404);
}

#[tokio::test]
async fn the_list_wants_its_fields() {
    let stage = Stage::lenient().await;
    let token = connect(&stage, "ada").await.access;
    assert_eq!(ask(&stage, &token, "video/list/", json!({})).await.0, 400);
    assert_eq!(
        ask(&stage, &token, "video/list/?fields=id", json!({"max_count": 21}))
            .await
            .0,
        400
    );
    let url = stage.url("/tiktok/api/v2/user/info/");
    let bare = stage.http.get(url).bearer_auth(&token).send().await.unwrap();
    assert_eq!(json_of(bare).await["error"]["code"], "invalid_params");
}
