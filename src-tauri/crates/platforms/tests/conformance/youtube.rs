//! YouTube against the simulator.

use std::sync::Arc;

use daypart_domain::{
    options::OptionValue,
    post::Content,
    problem::{RetryClass, UserAction, codes},
    reconcile::Sighting,
};
use daypart_platforms::youtube::YouTube;
use daypart_ports::{
    conformance::platform::{
        Call, PlatformHarness, Sizes, Transfer, begin, connect, exactly_one_post, file, has_code, ok,
        read_back, refused, session, session_of,
    },
    platform::{
        Accompaniment, ClientCredentials, Confirmation, MediaFile, SearchEvidence, Submission, UploadProgress,
    },
};
use daypart_simulator::{PRACTICE_GOOGLE_CLIENT_ID, PRACTICE_GOOGLE_CLIENT_SECRET};
use secrecy::SecretString;
use serde_json::json;

use crate::harness::{Harness, Kind};

const GRAIN: u64 = 256 << 10;
const CHUNK: u64 = 16 << 20;
/// Two large chunks, a small one, and the tail.
const MANY: u64 = 2 * CHUNK + 4 * GRAIN + 7;

pub async fn youtube() -> Harness {
    Harness::start(Kind {
        name: "youtube",
        adapter: |base, clock| Arc::new(YouTube::practice(base, clock).unwrap()),
        client: || ClientCredentials {
            client_id: PRACTICE_GOOGLE_CLIENT_ID.into(),
            client_secret: SecretString::from(PRACTICE_GOOGLE_CLIENT_SECRET),
        },
        sizes: Sizes {
            small: 5_000,
            exact: GRAIN,
            one_over: GRAIN + 1,
            many: MANY,
        },
        submission,
        endpoint: |call| match call {
            Call::Refresh => "token_refresh",
            Call::Begin | Call::Options => "upload_start",
            Call::Chunk => "chunk",
            Call::LastChunk => "last_chunk",
            Call::Progress => "upload_query",
        },
    })
    .await
}

pub fn submission(media: MediaFile) -> Submission {
    let options = [
        ("visibility", OptionValue::Text("unlisted".into())),
        ("made_for_kids", OptionValue::Text("no".into())),
        (
            "tags",
            OptionValue::Tags(vec!["garden".into(), "time lapse".into()]),
        ),
    ];
    Submission {
        caption: "Garden timelapse\n30 days in 30 seconds".into(),
        content: Content {
            options: options.map(|(key, value)| (key.to_owned(), value)).into(),
            ..Content::default()
        },
        media,
        publish_at: None,
        accompaniment: Accompaniment::default(),
    }
}

daypart_ports::platform_cases!(youtube());

fn evidence(harness: &Harness, transfer: &Transfer) -> SearchEvidence {
    SearchEvidence {
        submission: transfer.submission.clone(),
        upload: Some(transfer.upload.clone()),
        remote: None,
        attempted_at: harness.now(),
    }
}

#[tokio::test]
async fn the_metadata_arrives_as_it_was_composed() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, 5_000).await;
    let remote = transfer.send_rest(&harness, &session, 0).await;
    let Confirmation::Published {
        receipt, warnings, ..
    } = read_back(&harness, &session, &remote, 1).await
    else {
        panic!("must be published");
    };
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(receipt.visibility.as_deref(), Some("unlisted"));
    let post = &harness.posts().await[0];
    assert_eq!(receipt.remote_id.as_deref(), post["remote_id"].as_str());
    assert_eq!(receipt.url.as_deref(), post["url"].as_str());
    assert_eq!(harness.browse(&receipt.url.unwrap()).await, 200);
    assert_eq!(post["text"], "Garden timelapse");
    let told = post["options"].to_string();
    for expected in [
        r#""description":"Garden timelapse\n30 days in 30 seconds""#,
        r#""tags":["garden","time lapse"]"#,
        r#""categoryId":"22""#,
        r#""selfDeclaredMadeForKids":false"#,
        r#""containsSyntheticMedia":false"#,
        r#""license":"youtube""#,
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
}

#[tokio::test]
async fn required_choices_are_asked_for_before_anything_is_sent() {
    let harness = youtube().await;
    let session = session(&harness).await;
    for key in ["visibility", "made_for_kids"] {
        let mut submission = submission(file(&harness, 5_000).await);
        submission.content.options.remove(key);
        let begun = harness
            .platform()
            .begin_upload(&session, &submission, harness.now())
            .await;
        let problem = refused(begun, "begin_upload");
        assert_eq!(problem.code.as_str(), "post.option_missing", "{key}");
    }
    assert!(harness.uploads().await.is_empty());
}

#[tokio::test]
async fn refused_metadata_is_for_the_user_to_edit() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let mut submission = submission(file(&harness, 5_000).await);
    submission.content.text.insert("title".into(), "a < b".into());
    let begun = harness
        .platform()
        .begin_upload(&session, &submission, harness.now())
        .await;
    let problem = refused(begun, "begin_upload");
    assert_eq!(problem.code.as_str(), "post.refused");
    let edit = RetryClass::NeedsUser {
        action: UserAction::EditPost,
    };
    assert_eq!(problem.retry, edit);
    assert!(problem.message.contains("title"));
}

#[tokio::test]
async fn another_visibility_than_asked_for_is_a_warning() {
    let harness = youtube().await;
    harness.setting("force_private", true.into()).await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, 5_000).await;
    let remote = transfer.send_rest(&harness, &session, 0).await;
    match read_back(&harness, &session, &remote, 1).await {
        Confirmation::Published {
            receipt, warnings, ..
        } => {
            assert_eq!(receipt.visibility.as_deref(), Some("private"));
            assert_eq!(warnings.len(), 1);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn fewer_bytes_stored_than_sent_are_sent_again_from_there() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, MANY).await;
    let stored = 262_144 * 3;
    harness
        .rule("chunk", json!({"kind": "store_less", "bytes": stored}))
        .await;
    let sent = ok(transfer.send(&harness, &session, 0).await, "send_chunk");
    assert_eq!(sent, UploadProgress::Stored { stored_bytes: stored });
    transfer.send_rest(&harness, &session, stored).await;
    exactly_one_post(&harness, &transfer.submission.media).await;
}

#[tokio::test]
async fn a_token_that_expires_within_a_chunk_does_not_end_the_upload() {
    let harness = youtube().await;
    let grant = connect(&harness).await;
    let session = session_of(&harness, &grant).await;
    let transfer = begin(&harness, &session, GRAIN + 1).await;
    harness.rule("chunk", json!({"kind": "token_expired"})).await;
    let problem = refused(transfer.send(&harness, &session, 0).await, "send_chunk");
    has_code(&problem, &codes::AUTH_EXPIRED);
    let fresh = ok(
        harness.platform().refresh(&harness.client(), &grant).await,
        "refresh",
    );
    let session = session_of(&harness, &fresh).await;
    transfer.send_rest(&harness, &session, 0).await;
    exactly_one_post(&harness, &transfer.submission.media).await;
}

#[tokio::test]
async fn the_end_may_be_told_with_200_as_well() {
    let harness = youtube().await;
    harness.setting("final_status", 200.into()).await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, GRAIN + 1).await;
    transfer.send_rest(&harness, &session, 0).await;
    exactly_one_post(&harness, &transfer.submission.media).await;
}

#[tokio::test]
async fn an_upload_that_moves_to_another_address_goes_on() {
    let harness = youtube().await;
    harness.setting("relocate_uploads", true.into()).await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, MANY).await;
    transfer.send_rest(&harness, &session, 0).await;
    exactly_one_post(&harness, &transfer.submission.media).await;
}

/// The upload's address is gone before it could be asked: the channel's own list knows.
#[tokio::test]
async fn a_post_is_found_in_the_channels_list_when_its_upload_is_forgotten() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, GRAIN + 1).await;
    transfer.stage(&harness, &session).await;
    let evidence = evidence(&harness, &transfer);
    harness
        .rule("last_chunk", json!({"kind": "drop_after_commit"}))
        .await;
    let offset = transfer.upload.plan.last_offset();
    let problem = refused(transfer.send(&harness, &session, offset).await, "send_chunk");
    assert_eq!(problem.retry, RetryClass::InDoubt);
    harness.processed(1).await;
    harness
        .rule("upload_query", json!({"kind": "upload_gone", "times": 0}))
        .await;
    match ok(harness.platform().look_for(&session, &evidence).await, "look_for") {
        Sighting::Published(receipt) => {
            assert_eq!(
                receipt.remote_id.as_deref(),
                harness.posts().await[0]["remote_id"].as_str()
            );
        }
        other => panic!("{other:?}"),
    }
}

/// An older post of the same file is not taken for the one that is looked for.
#[tokio::test]
async fn an_earlier_post_of_the_same_file_is_not_taken_for_this_one() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let earlier = begin(&harness, &session, GRAIN + 1).await;
    earlier.send_rest(&harness, &session, 0).await;
    harness.processed(1).await;
    let transfer = begin(&harness, &session, GRAIN + 1).await;
    let later = SearchEvidence {
        attempted_at: harness.now() + std::time::Duration::from_secs(300),
        ..evidence(&harness, &transfer)
    };
    harness.rule("upload_query", json!({"kind": "upload_gone"})).await;
    let sighting = ok(harness.platform().look_for(&session, &later).await, "look_for");
    assert_eq!(sighting, Sighting::NotSeen);
}

#[tokio::test]
async fn failed_and_rejected_videos_say_why() {
    let harness = youtube().await;
    let outcomes = json!([{"title_contains": "Garden", "failed": "codec"}]);
    harness.setting("outcomes", outcomes).await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, 5_000).await;
    let remote = transfer.send_rest(&harness, &session, 0).await;
    harness.wait("failed", 1).await;
    match ok(harness.platform().confirm(&session, &remote).await, "confirm") {
        Confirmation::Refused(problem) => {
            assert_eq!(problem.code.as_str(), "file.refused");
            assert!(problem.message.contains("codec"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deleted_video_is_unknown() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let transfer = begin(&harness, &session, 5_000).await;
    let remote = transfer.send_rest(&harness, &session, 0).await;
    harness.processed(1).await;
    let id = harness.posts().await[0]["remote_id"].clone();
    harness
        .control("act", json!({"platform": "youtube", "id": id, "act": "delete"}))
        .await;
    let read = ok(harness.platform().confirm(&session, &remote).await, "confirm");
    assert_eq!(read, Confirmation::Unknown);
}

#[tokio::test]
async fn the_three_daily_refusals_are_told_apart() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let submission = submission(file(&harness, 5_000).await);
    for (kind, code, sentence) in [
        ("quota", "quota.app", "daily YouTube quota"),
        ("daily_upload_quota", "quota.app", "upload quota"),
        ("upload_limit", "quota.account", "channel"),
    ] {
        harness.rule("upload_start", json!({"kind": kind})).await;
        let begun = harness
            .platform()
            .begin_upload(&session, &submission, harness.now())
            .await;
        let problem = refused(begun, kind);
        assert_eq!(problem.code.as_str(), code, "{kind}");
        assert!(problem.message.contains(sentence), "{kind}: {problem}");
    }
}

#[tokio::test]
async fn an_unverified_channel_may_post_fifteen_minutes() {
    let harness = youtube().await;
    harness
        .control(
            "settings",
            json!({"accounts": [{"platform": "youtube", "account": "ada", "long_uploads": "disallowed"}]}),
        )
        .await;
    let session = session(&harness).await;
    let options = ok(
        harness.platform().posting_options(&session).await,
        "posting_options",
    );
    assert_eq!(options.limits.duration_max_ms, Some(900_000));
}

#[tokio::test]
async fn a_google_account_without_a_channel_is_said() {
    let harness = youtube().await;
    harness
        .control(
            "settings",
            json!({"accounts": [{"platform": "youtube", "account": "ada", "has_channel": false}]}),
        )
        .await;
    let grant = connect(&harness).await;
    let nobody = daypart_ports::platform::Session {
        access_token: grant.access_token,
        remote_user_id: String::new(),
        scopes: grant.scopes,
    };
    let problem = refused(harness.platform().profile(&nobody).await, "profile");
    assert_eq!(problem.code.as_str(), "account.no_channel");
}
