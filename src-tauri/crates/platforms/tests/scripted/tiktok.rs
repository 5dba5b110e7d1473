//! TikTok, meanly.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use daypart_domain::problem::{RetryClass, codes};
use daypart_platforms::tiktok::TikTok;
use daypart_ports::{
    clock::Clock,
    platform::{Platform, UploadProgress},
};
use serde_json::{Value, json};

use crate::{Clip, FixedClock, TOKEN, server::Server, session};

const PUBLIC: &[(&str, &str)] = &[("privacy_level", "SELF_ONLY")];

fn adapter(server: &Server) -> TikTok {
    TikTok::practice(&server.loopback(), Arc::new(FixedClock)).unwrap()
}

fn ok(data: Value) -> Value {
    json!({"data": data, "error": {"code": "ok", "message": "", "log_id": "L"}})
}

fn refusal(code: &str) -> Value {
    json!({"data": {}, "error": {"code": code, "message": "no", "log_id": "L9"}})
}

fn creator() -> Value {
    ok(
        json!({"creator_username": "ada", "privacy_level_options": ["SELF_ONLY"], "max_video_post_duration_sec": 60}),
    )
}

fn reference() -> Value {
    json!({"publish_id": "p1", "username": "ada", "privacy_level": "SELF_ONLY"})
}

#[tokio::test]
async fn an_upload_address_at_a_foreign_host_is_refused_before_a_byte_is_sent() {
    for foreign in [
        "https://evil.example/upload",
        "http://127.0.0.1:9/upload",
        "file:///etc/passwd",
    ] {
        let server = Server::start().await;
        server
            .then_json(200, &creator())
            .then_json(200, &ok(json!({"publish_id": "p1", "upload_url": foreign})));
        let clip = Clip::new(100);
        let tiktok = adapter(&server);
        let begun = tiktok
            .begin_upload(&session(), &clip.submission(PUBLIC), FixedClock.now())
            .await;
        assert_eq!(
            begun.unwrap_err().code.as_str(),
            "upload.foreign_host",
            "{foreign}"
        );
        let kept = clip.upload(reference(), foreign, 100);
        let sent = tiktok.send_chunk(&session(), &kept, clip.chunk(&kept, 0)).await;
        assert_eq!(
            sent.unwrap_err().code.as_str(),
            "upload.foreign_host",
            "{foreign}"
        );
        assert_eq!(clip.sent_bytes.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_so_the_token_goes_nowhere_else() {
    let (server, elsewhere) = (Server::start().await, Server::start().await);
    let target = format!("{}/steal", elsewhere.base);
    server.then(307, &[("location", target.as_str())], "");
    let problem = adapter(&server).posting_options(&session()).await.unwrap_err();
    assert_eq!(problem.code.as_str(), "platform.unexpected");
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_chunk_goes_out_with_its_exact_length_and_range_and_no_token() {
    let server = Server::start().await;
    server.then(206, &[("content-range", "bytes 0-599999/1000000")], "");
    server.then(201, &[("date", "Sat, 21 Nov 2026 12:34:56 GMT")], "");
    let clip = Clip::new(1_000_000);
    let upload = clip.upload(
        reference(),
        &format!("{}/tiktok/upload/1?t=s", server.base),
        600_000,
    );
    let tiktok = adapter(&server);
    let first = tiktok
        .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
        .await;
    assert_eq!(
        first.unwrap(),
        UploadProgress::Stored {
            stored_bytes: 600_000
        }
    );
    let last = tiktok
        .send_chunk(&session(), &upload, clip.chunk(&upload, 600_000))
        .await;
    let UploadProgress::Complete(remote) = last.unwrap() else {
        panic!("201 is the end");
    };
    assert_eq!(
        remote.0["received_at"], "2026-11-21T12:34:56Z",
        "the platform's own clock"
    );
    let seen = server.seen();
    let ranges: Vec<_> = seen
        .iter()
        .map(|seen| seen.header("content-range").to_owned())
        .collect();
    assert_eq!(ranges, ["bytes 0-599999/1000000", "bytes 600000-999999/1000000"]);
    let lengths: Vec<_> = seen
        .iter()
        .map(|seen| seen.header("content-length").to_owned())
        .collect();
    assert_eq!(lengths, ["600000", "400000"]);
    for chunk in &seen {
        assert_eq!(chunk.header("transfer-encoding"), "");
        assert_eq!(chunk.header("authorization"), "");
        assert_eq!(chunk.header("content-type"), "video/mp4");
    }
    let arrived: Vec<u8> = seen.iter().flat_map(|seen| seen.body.to_vec()).collect();
    assert_eq!(arrived, std::fs::read(&clip.path).unwrap());
    assert_eq!(clip.sent_bytes.load(Ordering::SeqCst), 1_000_000);
}

#[tokio::test]
async fn a_last_chunk_out_of_step_is_a_doubt_until_the_status_can_be_read() {
    let server = Server::start().await;
    let clip = Clip::new(100);
    let upload = clip.upload(reference(), &format!("{}/tiktok/upload/1", server.base), 100);
    let tiktok = adapter(&server);
    server.then(416, &[], "").then(503, &[], "<html>busy</html>");
    let doubt = tiktok
        .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
        .await
        .unwrap_err();
    assert_eq!(doubt.retry, RetryClass::InDoubt);
    server.then(416, &[], "").then_json(
        200,
        &ok(json!({"status": "PROCESSING_UPLOAD", "uploaded_bytes": 100})),
    );
    let known = tiktok
        .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
        .await
        .unwrap();
    assert!(matches!(known, UploadProgress::Complete(_)), "{known:?}");
    server.then(416, &[], "").then_json(
        200,
        &ok(json!({"status": "PROCESSING_UPLOAD", "uploaded_bytes": 0})),
    );
    let at_odds = tiktok
        .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
        .await
        .unwrap_err();
    assert_eq!(at_odds.code.as_str(), "upload.out_of_step");
}

#[tokio::test]
async fn each_answer_to_a_chunk_means_what_the_table_says() {
    let clip = Clip::new(100);
    for (status, for_a_middle_chunk, for_the_last_chunk) in [
        (400, Some(RetryClass::Bug), Some(RetryClass::Bug)),
        (403, None, None),
        (404, None, None),
        (500, Some(RetryClass::Transient), Some(RetryClass::InDoubt)),
        (502, Some(RetryClass::Transient), Some(RetryClass::InDoubt)),
        (418, Some(RetryClass::Permanent), Some(RetryClass::InDoubt)),
        (302, Some(RetryClass::Permanent), Some(RetryClass::InDoubt)),
    ] {
        for (offset, expected) in [(0, for_a_middle_chunk), (50, for_the_last_chunk)] {
            let server = Server::start().await;
            server
                .then(status, &[("location", "http://127.0.0.1:9/")], "<html></html>")
                .then_json(
                    200,
                    &ok(json!({"status": "PROCESSING_UPLOAD", "uploaded_bytes": 50})),
                );
            let upload = clip.upload(reference(), &format!("{}/tiktok/upload/1", server.base), 50);
            let sent = adapter(&server)
                .send_chunk(&session(), &upload, clip.chunk(&upload, offset))
                .await;
            match expected {
                Some(class) => assert_eq!(sent.unwrap_err().retry, class, "{status} at {offset}"),
                None => assert_eq!(sent.unwrap(), UploadProgress::Gone, "{status} at {offset}"),
            }
        }
    }
}

/// An address that is closed to the last chunk may be closed because the post exists.
#[tokio::test]
async fn an_upload_is_not_begun_again_before_the_status_was_read() {
    let clip = Clip::new(100);
    for status in [403, 404] {
        let server = Server::start().await;
        let upload = clip.upload(reference(), &format!("{}/tiktok/upload/1", server.base), 100);
        let tiktok = adapter(&server);
        server
            .then(status, &[], "")
            .then_json(200, &ok(json!({"status": "PUBLISH_COMPLETE"})));
        let there = tiktok
            .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
            .await;
        assert!(matches!(there.unwrap(), UploadProgress::Complete(_)), "{status}");
        server.then(status, &[], "").then(503, &[], "");
        let unread = tiktok
            .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
            .await;
        assert_eq!(unread.unwrap_err().retry, RetryClass::InDoubt, "{status}");
    }
}

#[tokio::test]
async fn an_error_page_that_echoes_secrets_is_masked() {
    let server = Server::start().await;
    let page = format!("<html>bad token {TOKEN} for /tiktok/upload/1?upload_token=s3cr3t-address</html>");
    let clip = Clip::new(100);
    let address = format!("{}/tiktok/upload/1?upload_token=s3cr3t-address", server.base);
    let upload = clip.upload(reference(), &address, 50);
    server.then(500, &[], page.clone()).then(500, &[], page);
    let tiktok = adapter(&server);
    let chunk = tiktok
        .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
        .await
        .unwrap_err();
    let call = tiktok.profile(&session()).await.unwrap_err();
    for problem in [chunk, call] {
        let told = format!("{problem:?}");
        assert!(
            !told.contains("token-of-this-test") && !told.contains("s3cr3t"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let server = Server::start().await;
    server.then(200, &[], vec![b' '; 5 << 20]);
    let call = adapter(&server);
    let call = tokio::time::timeout(
        Duration::from_secs(20),
        async move { call.profile(&session()).await },
    );
    assert_eq!(
        call.await.unwrap().unwrap_err().code.as_str(),
        "network.answer_lost"
    );
}

#[tokio::test]
async fn caps_that_come_with_http_200_are_refusals() {
    for (code, expected) in [
        ("spam_risk_too_many_posts", "quota.account"),
        ("reached_active_user_cap", "quota.app"),
        ("spam_risk_user_banned_from_posting", "account.blocked"),
        ("access_token_invalid", codes::AUTH_EXPIRED.as_str()),
    ] {
        let server = Server::start().await;
        server.then_json(200, &refusal(code));
        let clip = Clip::new(100);
        let begun = adapter(&server)
            .begin_upload(&session(), &clip.submission(PUBLIC), FixedClock.now())
            .await;
        let problem = begun.unwrap_err();
        assert_eq!(problem.code.as_str(), expected, "{code}");
        assert_eq!(problem.platform_words.unwrap().request_id.as_deref(), Some("L9"));
        assert_eq!(server.seen().len(), 1, "no init after a refused check");
    }
}
