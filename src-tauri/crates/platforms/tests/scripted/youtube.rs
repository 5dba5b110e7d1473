//! YouTube, meanly.

use std::sync::{Arc, atomic::Ordering};

use daypart_domain::{
    problem::{RetryClass, codes},
    publication::RemoteHandle,
    reconcile::Sighting,
};
use daypart_platforms::youtube::YouTube;
use daypart_ports::{
    clock::Clock,
    platform::{ClientCredentials, Confirmation, Grant, Platform, SearchEvidence, UploadProgress},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{Clip, FixedClock, server::Server, session};

const OPTIONS: &[(&str, &str)] = &[("visibility", "private"), ("made_for_kids", "no")];

fn adapter(server: &Server) -> YouTube {
    YouTube::practice(&server.loopback(), Arc::new(FixedClock)).unwrap()
}

fn client() -> ClientCredentials {
    ClientCredentials {
        client_id: "id".into(),
        client_secret: SecretString::from("client-secret-of-this-test"),
    }
}

fn grant() -> Grant {
    Grant {
        access_token: SecretString::from("ya29.old"),
        refresh_token: Some(SecretString::from("1//kept-refresh-token")),
        expires_at: FixedClock.now(),
        refresh_expires_at: None,
        scopes: vec!["https://www.googleapis.com/auth/youtube.upload".into()],
    }
}

fn address(server: &Server) -> String {
    format!(
        "{}/google/www/upload/youtube/v3/videos?upload_id=s3cr3t-upload-id",
        server.base
    )
}

fn public() -> Value {
    json!({"visibility": "private"})
}

#[tokio::test]
async fn an_upload_address_at_a_foreign_host_is_refused() {
    let server = Server::start().await;
    server.then(
        200,
        &[("location", "https://evil.example/upload?upload_id=1")],
        "",
    );
    let clip = Clip::new(100);
    let begun = adapter(&server)
        .begin_upload(&session(), &clip.submission(OPTIONS), FixedClock.now())
        .await;
    assert_eq!(begun.unwrap_err().code.as_str(), "upload.foreign_host");
}

#[tokio::test]
async fn the_start_announces_the_file_and_names_exactly_its_parts() {
    let server = Server::start().await;
    let location = address(&server);
    server.then(200, &[("location", location.as_str())], "");
    let clip = Clip::new(100);
    let upload = adapter(&server)
        .begin_upload(&session(), &clip.submission(OPTIONS), FixedClock.now())
        .await
        .unwrap();
    assert!(
        !upload.public.to_string().contains("s3cr3t"),
        "the address is not public"
    );
    assert_eq!(upload.secret.expose_secret(), location);
    let start = &server.seen()[0];
    let query = start.uri.query().unwrap();
    assert_eq!(
        query,
        "uploadType=resumable&part=snippet%2Cstatus&notifySubscribers=true"
    );
    assert_eq!(start.header("x-upload-content-length"), "100");
    assert_eq!(start.header("x-upload-content-type"), "video/mp4");
    let body: Value = serde_json::from_slice(&start.body).unwrap();
    assert_eq!(body["status"]["privacyStatus"], "private");
    let mut parts: Vec<_> = body.as_object().unwrap().keys().collect();
    parts.sort();
    assert_eq!(parts, ["snippet", "status"]);
}

#[tokio::test]
async fn each_answer_to_a_chunk_means_what_the_table_says() {
    let clip = Clip::new(100);
    let now = FixedClock.now();
    let soon = RetryClass::RateLimited {
        until: now + std::time::Duration::from_secs(20),
    };
    let throttle =
        json!({"error": {"code": 403, "message": "slow", "errors": [{"reason": "rateLimitExceeded"}]}});
    for (status, body, for_a_middle_chunk, for_the_last_chunk) in [
        (
            401,
            Value::Null,
            Some(RetryClass::Transient),
            Some(RetryClass::Transient),
        ),
        (403, throttle, Some(soon.clone()), Some(soon)),
        (404, Value::Null, None, None),
        (410, Value::Null, None, None),
        (
            408,
            Value::Null,
            Some(RetryClass::Transient),
            Some(RetryClass::InDoubt),
        ),
        (
            503,
            Value::Null,
            Some(RetryClass::Transient),
            Some(RetryClass::InDoubt),
        ),
        (
            501,
            Value::Null,
            Some(RetryClass::Permanent),
            Some(RetryClass::InDoubt),
        ),
        (
            302,
            Value::Null,
            Some(RetryClass::Permanent),
            Some(RetryClass::InDoubt),
        ),
        (
            400,
            Value::Null,
            Some(RetryClass::Permanent),
            Some(RetryClass::Permanent),
        ),
    ] {
        for (offset, expected) in [(0, &for_a_middle_chunk), (50, &for_the_last_chunk)] {
            let server = Server::start().await;
            server.then_json(status, &body);
            let upload = clip.upload(public(), &address(&server), 50);
            let sent = adapter(&server)
                .send_chunk(&session(), &upload, clip.chunk(&upload, offset))
                .await;
            match expected {
                Some(class) => assert_eq!(&sent.unwrap_err().retry, class, "{status} at {offset}"),
                None => assert_eq!(sent.unwrap(), UploadProgress::Gone, "{status} at {offset}"),
            }
        }
    }
}

#[tokio::test]
async fn a_taken_video_whose_answer_cannot_be_read_is_a_doubt() {
    let server = Server::start().await;
    server.then(201, &[], "<html>created?</html>");
    let clip = Clip::new(100);
    let upload = clip.upload(public(), &address(&server), 100);
    let sent = adapter(&server)
        .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
        .await;
    assert_eq!(sent.unwrap_err().retry, RetryClass::InDoubt);
}

#[tokio::test]
async fn a_308_is_no_redirect_and_its_range_may_lack_the_prefix() {
    let server = Server::start().await;
    server.then(
        308,
        &[("range", "0-41"), ("location", "https://evil.example/")],
        "",
    );
    let clip = Clip::new(100);
    let upload = clip.upload(public(), &address(&server), 50);
    let sent = adapter(&server)
        .send_chunk(&session(), &upload, clip.chunk(&upload, 0))
        .await;
    assert_eq!(sent.unwrap(), UploadProgress::Stored { stored_bytes: 42 });
}

#[tokio::test]
async fn the_query_has_no_body_and_names_the_whole_size() {
    let server = Server::start().await;
    server.then(308, &[], "");
    let clip = Clip::new(100);
    let upload = clip.upload(public(), &address(&server), 50);
    let progress = adapter(&server).upload_progress(&session(), &upload).await;
    assert_eq!(progress.unwrap(), UploadProgress::Stored { stored_bytes: 0 });
    let query = &server.seen()[0];
    assert_eq!(query.method, "PUT");
    assert_eq!(query.header("content-range"), "bytes */100");
    assert_eq!(query.header("content-length"), "0");
    assert_eq!(clip.sent_bytes.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_refresh_without_a_new_refresh_token_keeps_the_old_one() {
    for extra in [json!({}), json!({"refresh_token": ""})] {
        let server = Server::start().await;
        let mut answer = json!({"access_token": "ya29.new", "expires_in": 3599, "token_type": "Bearer"});
        answer
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        server.then_json(200, &answer);
        let fresh = adapter(&server).refresh(&client(), &grant()).await.unwrap();
        assert_eq!(fresh.access_token.expose_secret(), "ya29.new");
        assert_eq!(
            fresh.refresh_token.unwrap().expose_secret(),
            "1//kept-refresh-token"
        );
        assert_eq!(fresh.scopes, grant().scopes);
        assert_eq!(
            fresh.expires_at,
            FixedClock.now() + std::time::Duration::from_secs(3599)
        );
    }
}

#[tokio::test]
async fn only_the_platforms_own_word_kills_a_grant() {
    for (status, body, code) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"gone: 1//kept-refresh-token"}"#,
            "auth.revoked",
        ),
        (401, r#"{"error":"invalid_client"}"#, "auth.client"),
        (500, r#"{"error":"invalid_grant"}"#, "platform.unavailable"),
        (503, "<html></html>", "platform.unavailable"),
        (400, "<html></html>", "platform.unexpected"),
        (200, "{}", "platform.unexpected"),
        (302, "", "platform.unexpected"),
    ] {
        let server = Server::start().await;
        server.then(status, &[("content-type", "application/json")], body);
        let problem = adapter(&server).refresh(&client(), &grant()).await.unwrap_err();
        assert_eq!(problem.code.as_str(), code, "{status} {body}");
        let told = format!("{problem:?}");
        assert!(
            !told.contains("kept-refresh-token") && !told.contains("client-secret"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_video_is_published_only_when_it_is_processed() {
    for (status, published) in [("uploaded", false), ("processed", true)] {
        let server = Server::start().await;
        server.then_json(
            200,
            &json!({"items": [{"id": "v1", "snippet": {"title": "t", "publishedAt": "2026-11-21T12:00:01Z"},
                "status": {"uploadStatus": status, "privacyStatus": "private"},
                "processingDetails": {"processingProgress": {"partsTotal": "10", "partsProcessed": "3"}}}]}),
        );
        let remote = RemoteHandle(json!({"video_id": "v1", "visibility": "private"}));
        let read = adapter(&server).confirm(&session(), &remote).await.unwrap();
        match read {
            Confirmation::Published { receipt, .. } => {
                assert!(published);
                assert_eq!(receipt.published_at.to_string(), "2026-11-21T12:00:01Z");
            }
            Confirmation::Pending { note } => {
                assert!(!published);
                assert!(note.contains("3 of 10"), "{note}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_an_error_and_never_an_absence() {
    let clip = Clip::new(100);
    for status in [401, 403, 500, 503] {
        let server = Server::start().await;
        server.then(404, &[], "").then(status, &[], "");
        let evidence = SearchEvidence {
            submission: clip.submission(OPTIONS),
            upload: Some(clip.upload(public(), &address(&server), 50)),
            remote: None,
            attempted_at: FixedClock.now(),
        };
        let looked = adapter(&server).look_for(&session(), &evidence).await;
        assert!(looked.is_err(), "{status}: {looked:?}");
    }
    let server = Server::start().await;
    let channel = json!({"items": [{"id": "c", "contentDetails": {"relatedPlaylists": {"uploads": "UU"}}}]});
    server
        .then(404, &[], "")
        .then_json(200, &channel)
        .then_json(200, &json!({"items": []}));
    let evidence = SearchEvidence {
        submission: clip.submission(OPTIONS),
        upload: Some(clip.upload(public(), &address(&server), 50)),
        remote: None,
        attempted_at: FixedClock.now(),
    };
    let looked = adapter(&server).look_for(&session(), &evidence).await.unwrap();
    assert_eq!(looked, Sighting::NotSeen);
}

#[tokio::test]
async fn an_access_token_that_is_not_accepted_is_expired() {
    let server = Server::start().await;
    let body = json!({"error": {"code": 401, "message": "no", "status": "UNAUTHENTICATED", "errors": []}});
    server.then_json(401, &body);
    let problem = adapter(&server).profile(&session()).await.unwrap_err();
    assert_eq!(problem.code, codes::AUTH_EXPIRED);
}
