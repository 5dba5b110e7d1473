//! Uploads, publishing by the last byte, and reading back.

use daypart_domain::problem::{RetryClass, codes};

use super::{
    Call, PlatformHarness, Trouble, begin, connect, exactly_one_post, has_code, ok, read_back, refused,
    session, session_of, sha256,
};
use crate::platform::{Confirmation, UploadProgress};

/// Files of every size that the chunk rule treats differently arrive whole, once, and are read back.
pub async fn files_of_every_size_arrive_whole(harness: &dyn PlatformHarness) {
    let session = session(harness).await;
    let sizes = harness.sizes();
    let mut expected = Vec::new();
    for size_bytes in [sizes.small, sizes.exact, sizes.one_over, sizes.many] {
        let transfer = begin(harness, &session, size_bytes).await;
        let remote = transfer.send_rest(harness, &session, 0).await;
        expected.push(sha256(&transfer.submission.media).await);
        match read_back(harness, &session, &remote, expected.len()).await {
            Confirmation::Published { receipt, .. } => assert!(receipt.read_back),
            other => panic!("{size_bytes} bytes: {other:?}"),
        }
    }
    let found: Vec<_> = harness
        .ledger()
        .await
        .into_iter()
        .map(|post| post.sha256)
        .collect();
    assert_eq!(found, expected);
    assert_eq!(harness.resent_bytes().await, 0);
}

/// Staged means: all but the last chunk is there, and nothing is public, however long it takes.
pub async fn nothing_is_public_before_the_last_byte(harness: &dyn PlatformHarness) {
    let session = session(harness).await;
    let transfer = begin(harness, &session, harness.sizes().many).await;
    transfer.stage(harness, &session).await;
    let stored_bytes = transfer.upload.plan.last_offset();
    assert_eq!(
        transfer.stored(harness, &session).await,
        UploadProgress::Stored { stored_bytes }
    );
    assert!(harness.ledger().await.is_empty());
    transfer.send_rest(harness, &session, stored_bytes).await;
    exactly_one_post(harness, &transfer.submission.media).await;
}

/// The platform is asked what it holds; nothing that it holds is sent again.
pub async fn after_a_lost_answer_the_upload_goes_on_where_it_was(harness: &dyn PlatformHarness) {
    for trouble in [Trouble::LostAfter, Trouble::LostBefore, Trouble::GatewayBefore] {
        let before = harness.resent_bytes().await;
        let session = session(harness).await;
        let posts = harness.ledger().await.len();
        let transfer = begin(harness, &session, harness.sizes().many).await;
        harness.trouble(Call::Chunk, trouble).await;
        let problem = refused(transfer.send(harness, &session, 0).await, "send_chunk");
        assert_eq!(problem.retry, RetryClass::Transient, "{trouble:?}: {problem}");
        let UploadProgress::Stored { stored_bytes } = transfer.stored(harness, &session).await else {
            panic!("{trouble:?}: the upload must still be open");
        };
        let first = transfer.chunk_at(0).length;
        let expected = if trouble == Trouble::LostAfter { first } else { 0 };
        assert_eq!(stored_bytes, expected, "{trouble:?}");
        transfer.send_rest(harness, &session, stored_bytes).await;
        assert_eq!(harness.ledger().await.len(), posts + 1, "{trouble:?}");
        let resent = harness.resent_bytes().await - before;
        assert!(resent <= first, "{trouble:?}: {resent} bytes were sent twice");
    }
}

/// Only so much as was under way may have to be sent again.
pub async fn after_a_cut_connection_the_upload_goes_on(harness: &dyn PlatformHarness) {
    let session = session(harness).await;
    let transfer = begin(harness, &session, harness.sizes().many).await;
    ok(transfer.send(harness, &session, 0).await, "the first chunk");
    let first = transfer.chunk_at(0).length;
    harness.trouble(Call::Chunk, Trouble::CutAfter(first / 2)).await;
    let problem = refused(transfer.send(harness, &session, first).await, "send_chunk");
    assert_eq!(problem.retry, RetryClass::Transient, "{problem}");
    let UploadProgress::Stored { stored_bytes } = transfer.stored(harness, &session).await else {
        panic!("the upload must still be open");
    };
    assert!((first..2 * first).contains(&stored_bytes), "{stored_bytes}");
    transfer.send_rest(harness, &session, stored_bytes).await;
    exactly_one_post(harness, &transfer.submission.media).await;
    assert!(harness.resent_bytes().await <= first);
}

/// A token that dies during an upload is not an end of the upload.
pub async fn a_token_that_expires_midway_does_not_end_the_upload(harness: &dyn PlatformHarness) {
    let grant = connect(harness).await;
    let session = session_of(harness, &grant).await;
    let transfer = begin(harness, &session, harness.sizes().many).await;
    ok(transfer.send(harness, &session, 0).await, "the first chunk");
    harness.trouble(Call::Progress, Trouble::TokenExpired).await;
    let progress = harness
        .platform()
        .upload_progress(&session, &transfer.upload)
        .await;
    has_code(&refused(progress, "upload_progress"), &codes::AUTH_EXPIRED);
    let fresh = ok(
        harness.platform().refresh(&harness.client(), &grant).await,
        "refresh",
    );
    let session = session_of(harness, &fresh).await;
    let stored_bytes = transfer.chunk_at(0).length;
    assert_eq!(
        transfer.stored(harness, &session).await,
        UploadProgress::Stored { stored_bytes }
    );
    transfer.send_rest(harness, &session, stored_bytes).await;
    exactly_one_post(harness, &transfer.submission.media).await;
    assert_eq!(harness.resent_bytes().await, 0);
}

/// An upload that the platform forgot is gone, not failed: it is begun again.
pub async fn a_forgotten_upload_is_gone(harness: &dyn PlatformHarness) {
    let session = session(harness).await;
    let transfer = begin(harness, &session, harness.sizes().many).await;
    ok(transfer.send(harness, &session, 0).await, "the first chunk");
    harness.trouble(Call::Chunk, Trouble::UploadGone).await;
    let offset = transfer.chunk_at(0).length;
    assert_eq!(
        ok(transfer.send(harness, &session, offset).await, "send_chunk"),
        UploadProgress::Gone
    );
    let again = begin(harness, &session, harness.sizes().many).await;
    again.send_rest(harness, &session, 0).await;
    exactly_one_post(harness, &again.submission.media).await;
}

/// The file is measured again before anything of it leaves.
pub async fn a_file_that_changed_is_not_sent(harness: &dyn PlatformHarness) {
    let session = session(harness).await;
    let transfer = begin(harness, &session, harness.sizes().small).await;
    let path = &transfer.submission.media.path;
    tokio::fs::write(path, b"another").await.expect("writable");
    let problem = refused(transfer.send(harness, &session, 0).await, "send_chunk");
    has_code(&problem, &codes::FILE_CHANGED);
    tokio::fs::remove_file(path).await.expect("removable");
    let problem = refused(transfer.send(harness, &session, 0).await, "send_chunk");
    has_code(&problem, &codes::FILE_MISSING);
    assert!(harness.ledger().await.is_empty());
}
