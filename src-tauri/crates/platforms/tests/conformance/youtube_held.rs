//! What YouTube holds until its time, against the simulator and its clock.

use std::time::Duration;

use daypart_domain::{options::OptionValue, problem::codes, publication::RemoteHandle, reconcile::Sighting};
use daypart_ports::{
    conformance::platform::{PlatformHarness, Transfer, begin_as, file, has_code, ok, refused, session},
    platform::{Confirmation, SearchEvidence, Session, Submission},
};
use serde_json::Value;

use crate::{
    harness::Harness,
    youtube::{submission, youtube},
};

/// Access tokens live for an hour.
const A_WHILE: Duration = Duration::from_secs(1_200);

struct Held {
    harness: Harness,
    session: Session,
    transfer: Transfer,
    remote: RemoteHandle,
}

/// A video that YouTube is to publish in twenty minutes.
async fn held() -> Held {
    let harness = youtube().await;
    let session = session(&harness).await;
    let wanted = for_later(&harness).await;
    let transfer = begin_as(&harness, &session, wanted).await;
    let remote = transfer.send_rest(&harness, &session, 0).await;
    harness.wait("published", 1).await;
    Held {
        harness,
        session,
        transfer,
        remote,
    }
}

async fn for_later(harness: &Harness) -> Submission {
    let mut wanted = submission(file(harness, 5_000).await);
    let visibility = OptionValue::Text("public".into());
    wanted.content.options.insert("visibility".into(), visibility);
    wanted.publish_at = Some(harness.now() + A_WHILE);
    wanted
}

impl Held {
    async fn read(&self) -> Confirmation {
        ok(
            self.harness.platform().confirm(&self.session, &self.remote).await,
            "confirm",
        )
    }

    async fn post(&self) -> Value {
        self.harness.posts().await[0].clone()
    }
}

#[tokio::test]
async fn it_is_private_until_its_time_and_public_after_it_with_nobody_there() {
    let held = held().await;
    assert!(matches!(held.read().await, Confirmation::Held { .. }));
    assert_eq!(held.post().await["visibility"], "private");
    held.harness.advance(1_201).await;
    let Confirmation::Published {
        receipt, warnings, ..
    } = held.read().await
    else {
        panic!("it is public");
    };
    assert_eq!(receipt.visibility.as_deref(), Some("public"));
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(held.harness.posts().await.len(), 1);
}

#[tokio::test]
async fn another_text_and_time_replace_the_old_and_nothing_else() {
    let held = held().await;
    let mut changed = held.transfer.submission.clone();
    changed.caption = "Another title\nand words".into();
    changed.publish_at = Some(held.harness.now() + 2 * A_WHILE);
    let platform = held.harness.platform();
    for _ in 0..2 {
        ok(
            platform.amend(&held.session, &held.remote, &changed).await,
            "amend",
        );
    }
    held.harness.advance(1_201).await;
    assert!(
        matches!(held.read().await, Confirmation::Held { .. }),
        "the old time"
    );
    let post = held.post().await;
    assert_eq!(post["text"], "Another title");
    let told = post["options"].to_string();
    for kept in [
        r#""tags":["garden","time lapse"]"#,
        r#""categoryId":"22""#,
        r#""selfDeclaredMadeForKids":false"#,
    ] {
        assert!(told.contains(kept), "{kept} in {told}");
    }
    held.harness.advance(1_201).await;
    assert!(matches!(held.read().await, Confirmation::Published { .. }));
}

#[tokio::test]
async fn what_is_public_is_neither_changed_nor_taken_back() {
    let held = held().await;
    held.harness.advance(1_201).await;
    let platform = held.harness.platform();
    let submission = &held.transfer.submission;
    let amended = platform.amend(&held.session, &held.remote, submission).await;
    has_code(&refused(amended, "amend"), &codes::ALREADY_PUBLIC);
    let taken = platform.withdraw(&held.session, &held.remote).await;
    has_code(&refused(taken, "withdraw"), &codes::ALREADY_PUBLIC);
    assert!(matches!(held.read().await, Confirmation::Published { .. }));
}

#[tokio::test]
async fn taken_back_it_is_gone_and_taking_it_back_again_is_no_error() {
    let held = held().await;
    let platform = held.harness.platform();
    for _ in 0..2 {
        ok(platform.withdraw(&held.session, &held.remote).await, "withdraw");
    }
    held.harness.advance(1_201).await;
    assert_eq!(held.read().await, Confirmation::Unknown);
}

#[tokio::test]
async fn a_lost_answer_is_found_as_held() {
    let harness = youtube().await;
    let session = session(&harness).await;
    let wanted = for_later(&harness).await;
    let transfer = begin_as(&harness, &session, wanted).await;
    transfer.stage(&harness, &session).await;
    let evidence = SearchEvidence {
        submission: transfer.submission.clone(),
        upload: Some(transfer.upload.clone()),
        remote: None,
        attempted_at: harness.now(),
    };
    let lost = serde_json::json!({"kind": "drop_after_commit"});
    harness.rule("last_chunk", lost).await;
    let offset = transfer.upload.plan.last_offset();
    refused(transfer.send(&harness, &session, offset).await, "send_chunk");
    let sighting = ok(harness.platform().look_for(&session, &evidence).await, "look_for");
    assert!(matches!(sighting, Sighting::Held(_)), "{sighting:?}");
}

#[tokio::test]
async fn only_what_is_to_be_public_can_be_held() {
    let harness = youtube().await;
    let mut wanted = for_later(&harness).await;
    assert!(harness.platform().can_hold(&wanted.content));
    let visibility = OptionValue::Text("unlisted".into());
    wanted.content.options.insert("visibility".into(), visibility);
    assert!(!harness.platform().can_hold(&wanted.content));
}
