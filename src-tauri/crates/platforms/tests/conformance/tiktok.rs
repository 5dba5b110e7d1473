//! TikTok against the simulator.

use std::sync::Arc;

use daypart_domain::{
    options::OptionValue,
    post::Content,
    problem::{RetryClass, UserAction},
    reconcile::Sighting,
};
use daypart_platforms::tiktok::TikTok;
use daypart_ports::{
    conformance::platform::{Call, PlatformHarness, Sizes, begin, file, ok, read_back, refused, session},
    platform::{
        Accompaniment, ClientCredentials, Confirmation, MediaFile, SearchEvidence, Session, Submission,
        UploadProgress,
    },
};
use daypart_simulator::{PRACTICE_TIKTOK_CLIENT_KEY, PRACTICE_TIKTOK_CLIENT_SECRET};
use secrecy::SecretString;
use serde_json::json;

use crate::harness::{Harness, Kind};

async fn tiktok() -> Harness {
    Harness::start(Kind {
        name: "tiktok",
        adapter: |base, clock| Arc::new(TikTok::practice(base, clock).unwrap()),
        client: || ClientCredentials {
            client_id: PRACTICE_TIKTOK_CLIENT_KEY.into(),
            client_secret: SecretString::from(PRACTICE_TIKTOK_CLIENT_SECRET),
        },
        sizes: Sizes {
            small: 5_000,
            exact: 64_000_000,
            one_over: 64_000_001,
            many: 70_000_000,
        },
        submission: |media| submission(media, "PUBLIC_TO_EVERYONE"),
        endpoint: |call| match call {
            Call::Refresh => "token_refresh",
            Call::Begin => "video_init",
            Call::Options => "creator_info",
            Call::Chunk => "chunk",
            Call::LastChunk => "last_chunk",
            Call::Progress => "status",
        },
    })
    .await
}

fn submission(media: MediaFile, privacy_level: &str) -> Submission {
    let options = [
        ("privacy_level", OptionValue::Text(privacy_level.into())),
        ("allow_comment", OptionValue::Toggle(true)),
    ];
    Submission {
        caption: "First cut #demo 🎬".into(),
        content: Content {
            options: options.map(|(key, value)| (key.to_owned(), value)).into(),
            ..Content::default()
        },
        media,
        publish_at: None,
        accompaniment: Accompaniment::default(),
    }
}

daypart_ports::platform_cases!(tiktok());

async fn small_submission(harness: &Harness, privacy_level: &str) -> Submission {
    submission(file(harness, 5_000).await, privacy_level)
}

async fn publish(harness: &Harness, session: &Session, submission: &Submission) -> Confirmation {
    let platform = harness.platform();
    let upload = ok(
        platform.begin_upload(session, submission, harness.now()).await,
        "begin_upload",
    );
    let transfer = daypart_ports::conformance::platform::Transfer {
        submission: submission.clone(),
        upload,
    };
    let remote = transfer.send_rest(harness, session, 0).await;
    read_back(harness, session, &remote, 1).await
}

#[tokio::test]
async fn posting_options_are_what_the_creator_may_do_now() {
    let harness = tiktok().await;
    let session = session(&harness).await;
    let options = ok(
        harness.platform().posting_options(&session).await,
        "posting_options",
    );
    let levels: Vec<_> = options.choices["privacy_level"]
        .iter()
        .map(|(value, _)| value.as_str())
        .collect();
    assert_eq!(
        levels,
        ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    );
    assert!(options.disabled.contains_key("allow_stitch"));
    assert_eq!(options.limits.duration_max_ms, Some(600_000));
    assert_eq!(options.blocked, None);
}

#[tokio::test]
async fn a_creator_who_may_not_post_now_is_blocked_with_a_sentence() {
    let harness = tiktok().await;
    let session = session(&harness).await;
    harness.rule("creator_info", json!({"kind": "quota"})).await;
    let options = ok(
        harness.platform().posting_options(&session).await,
        "posting_options",
    );
    assert!(options.blocked.unwrap().contains("Daily posting limit"));
}

#[tokio::test]
async fn a_public_post_gets_its_link_once_moderation_is_through() {
    let harness = tiktok().await;
    harness.setting("moderation_ms", 1.into()).await;
    let session = session(&harness).await;
    let submission = small_submission(&harness, "PUBLIC_TO_EVERYONE").await;
    let transfer = begin(&harness, &session, 5_000).await;
    let remote = transfer.send_rest(&harness, &session, 0).await;
    harness.wait("public", 1).await;
    let Confirmation::Published {
        receipt,
        more_to_come,
        ..
    } = read_back(&harness, &session, &remote, 1).await
    else {
        panic!("must be published");
    };
    assert!(!more_to_come);
    let post = &harness.posts().await[0];
    assert_eq!(receipt.remote_id.as_deref(), post["remote_id"].as_str());
    assert_eq!(receipt.url.as_deref(), post["url"].as_str());
    assert_eq!(harness.browse(&receipt.url.unwrap()).await, 200);
    assert_eq!(post["text"], submission.caption.as_str());
}

#[tokio::test]
async fn a_public_post_without_its_id_yet_is_published_with_more_to_come() {
    for form in ["empty", "absent", "null"] {
        let harness = tiktok().await;
        harness.setting("moderation_ms", 3_600_000.into()).await;
        harness.setting("empty_post_ids", form.into()).await;
        let session = session(&harness).await;
        let submission = small_submission(&harness, "PUBLIC_TO_EVERYONE").await;
        match publish(&harness, &session, &submission).await {
            Confirmation::Published {
                receipt,
                more_to_come,
                ..
            } => {
                assert!(more_to_come, "{form}");
                assert_eq!((receipt.remote_id, receipt.url), (None, None));
            }
            other => panic!("{form}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn only_me_never_gets_an_id_and_is_complete_without_it() {
    let harness = tiktok().await;
    let session = session(&harness).await;
    let submission = small_submission(&harness, "SELF_ONLY").await;
    match publish(&harness, &session, &submission).await {
        Confirmation::Published {
            receipt,
            more_to_come,
            ..
        } => {
            assert!(!more_to_come);
            assert_eq!((receipt.remote_id, receipt.url), (None, None));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(harness.posts().await[0]["visibility"], "SELF_ONLY");
}

#[tokio::test]
async fn the_options_arrive_as_they_were_chosen() {
    let harness = tiktok().await;
    let session = session(&harness).await;
    let mut submission = small_submission(&harness, "MUTUAL_FOLLOW_FRIENDS").await;
    for key in ["disclose_commercial", "branded_content", "ai_generated"] {
        submission
            .content
            .options
            .insert(key.into(), OptionValue::Toggle(true));
    }
    submission.content.text.insert("title".into(), "own text".into());
    publish(&harness, &session, &submission).await;
    let post = &harness.posts().await[0];
    assert_eq!(post["text"], "own text");
    let told = post["options"].to_string();
    for expected in [
        r#""disable_comment":false"#,
        r#""disable_duet":true"#,
        r#""disable_stitch":true"#,
        r#""brand_content_toggle":true"#,
        r#""brand_organic_toggle":false"#,
        r#""is_aigc":true"#,
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
}

#[tokio::test]
async fn choices_are_checked_again_before_the_upload_and_never_substituted() {
    let harness = tiktok().await;
    let session = session(&harness).await;
    let edit = RetryClass::NeedsUser {
        action: UserAction::EditPost,
    };
    let mut unchosen = small_submission(&harness, "SELF_ONLY").await;
    unchosen.content.options.remove("privacy_level");
    let not_offered = small_submission(&harness, "FOLLOWER_OF_CREATOR").await;
    let mut disabled = small_submission(&harness, "SELF_ONLY").await;
    disabled
        .content
        .options
        .insert("allow_stitch".into(), OptionValue::Toggle(true));
    let mut too_long = small_submission(&harness, "SELF_ONLY").await;
    too_long.media.duration_ms = 600_001;
    let replace = RetryClass::NeedsUser {
        action: UserAction::ReplaceFile,
    };
    for (submission, code, class) in [
        (unchosen, "post.option_missing", &edit),
        (not_offered, "post.option_unavailable", &edit),
        (disabled, "post.option_unavailable", &edit),
        (too_long, "media.too_long", &replace),
    ] {
        let begun = harness
            .platform()
            .begin_upload(&session, &submission, harness.now())
            .await;
        let problem = refused(begun, "begin_upload");
        assert_eq!((problem.code.as_str(), &problem.retry), (code, class));
    }
    assert!(harness.uploads().await.is_empty(), "nothing was opened");
}

#[tokio::test]
async fn an_unaudited_app_is_told_to_use_a_private_account() {
    let harness = tiktok().await;
    harness.setting("audited", false.into()).await;
    let session = session(&harness).await;
    let submission = small_submission(&harness, "SELF_ONLY").await;
    let begun = harness
        .platform()
        .begin_upload(&session, &submission, harness.now())
        .await;
    let problem = refused(begun, "begin_upload");
    assert_eq!(problem.code.as_str(), "app.not_approved");
    assert!(problem.fix.unwrap().contains("private"));
    assert!(
        problem.platform_words.unwrap().request_id.is_some(),
        "the log_id is kept"
    );
}

#[tokio::test]
async fn a_file_that_fails_tiktoks_checks_is_refused_after_the_upload() {
    let harness = tiktok().await;
    harness.setting("probe", true.into()).await;
    let session = session(&harness).await;
    let submission = small_submission(&harness, "SELF_ONLY").await;
    let upload = ok(
        harness
            .platform()
            .begin_upload(&session, &submission, harness.now())
            .await,
        "begin_upload",
    );
    let transfer = daypart_ports::conformance::platform::Transfer { submission, upload };
    let remote = transfer.send_rest(&harness, &session, 0).await;
    harness.wait("failed", 1).await;
    match ok(harness.platform().confirm(&session, &remote).await, "confirm") {
        Confirmation::Refused(problem) => assert_eq!(problem.code.as_str(), "file.refused"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_upload_address_ends_after_an_hour() {
    let harness = tiktok().await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, 5_000).await;
    harness.advance(3_601).await;
    let sent = ok(transfer.send(&harness, &session, 0).await, "send_chunk");
    assert_eq!(sent, UploadProgress::Gone);
}

#[tokio::test]
async fn a_chunk_that_is_already_there_is_skipped_by_asking() {
    for resent_status in [416, 206] {
        let harness = tiktok().await;
        harness.setting("resent_chunk_status", resent_status.into()).await;
        let session = session(&harness).await;
        let transfer = begin(&harness, &session, 70_000_000).await;
        for _ in 0..2 {
            let sent = ok(transfer.send(&harness, &session, 0).await, "send_chunk");
            assert_eq!(
                sent,
                UploadProgress::Stored {
                    stored_bytes: 10_000_000
                },
                "{resent_status}"
            );
        }
    }
}

#[tokio::test]
async fn counts_instead_of_indexes_in_answers_are_understood() {
    let harness = tiktok().await;
    harness.setting("content_range_counts", true.into()).await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, 70_000_000).await;
    transfer.send_rest(&harness, &session, 0).await;
    assert_eq!(harness.posts().await.len(), 1);
}

#[tokio::test]
async fn a_forgotten_publish_id_proves_nothing() {
    let harness = tiktok().await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, 5_000).await;
    harness.setting("publish_retention_s", 1.into()).await;
    let remote = transfer.send_rest(&harness, &session, 0).await;
    harness.processed(1).await;
    harness.advance(10).await;
    let evidence = SearchEvidence {
        submission: transfer.submission.clone(),
        upload: Some(transfer.upload.clone()),
        remote: Some(remote.clone()),
        attempted_at: harness.now(),
    };
    let sighting = ok(harness.platform().look_for(&session, &evidence).await, "look_for");
    assert_eq!(sighting, Sighting::CannotTell);
    let read = ok(harness.platform().confirm(&session, &remote).await, "confirm");
    assert_eq!(read, Confirmation::Unknown);
}

#[tokio::test]
async fn oauth_errors_with_http_200_are_errors() {
    let harness = tiktok().await;
    harness.setting("oauth_error_status", 200.into()).await;
    let grant = daypart_ports::conformance::platform::connect(&harness).await;
    harness.revoke_remotely().await;
    let refreshed = harness.platform().refresh(&harness.client(), &grant).await;
    assert_eq!(refused(refreshed, "refresh").code.as_str(), "auth.revoked");
}
