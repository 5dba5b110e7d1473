//! Answers that never come, and what is concluded from that: never two posts, never a lost one.

use daypart_domain::{
    problem::{Problem, RetryClass},
    reconcile::Sighting,
};
use secrecy::ExposeSecret;

use super::{
    Call, PlatformHarness, Transfer, Trouble, begin, connect, exactly_one_post, ok, refused, session,
    session_of, sign_in_secrets,
};
use crate::platform::{SearchEvidence, Session};

/// What an engine knows that died while the last chunk was under way.
fn evidence(harness: &dyn PlatformHarness, transfer: &Transfer) -> SearchEvidence {
    SearchEvidence {
        submission: transfer.submission.clone(),
        upload: Some(transfer.upload.clone()),
        remote: None,
        attempted_at: harness.now(),
    }
}

async fn look_for(harness: &dyn PlatformHarness, session: &Session, evidence: &SearchEvidence) -> Sighting {
    ok(harness.platform().look_for(session, evidence).await, "look_for")
}

/// The last byte arrived and its answer did not: that is a doubt, and looking ends it.
pub async fn a_lost_answer_to_the_last_byte_is_a_doubt_that_looking_ends(harness: &dyn PlatformHarness) {
    for (count, trouble) in [Trouble::LostAfter, Trouble::GatewayAfter, Trouble::Truncated]
        .into_iter()
        .enumerate()
    {
        let session = session(harness).await;
        let transfer = begin(harness, &session, harness.sizes().one_over).await;
        transfer.stage(harness, &session).await;
        let evidence = evidence(harness, &transfer);
        harness.trouble(Call::LastChunk, trouble).await;
        let offset = transfer.upload.plan.last_offset();
        match transfer.send(harness, &session, offset).await {
            Err(problem) => assert_eq!(problem.retry, RetryClass::InDoubt, "{trouble:?}: {problem}"),
            // The status alone may say enough where the body says nothing more.
            Ok(progress) => assert_eq!(trouble, Trouble::Truncated, "{progress:?}"),
        }
        harness.processed(count + 1).await;
        let mut sighting = look_for(harness, &session, &evidence).await;
        if let Sighting::Processing(remote) = sighting {
            let evidence = SearchEvidence {
                remote: Some(remote),
                ..evidence
            };
            sighting = look_for(harness, &session, &evidence).await;
        }
        assert!(
            matches!(sighting, Sighting::Published(_)),
            "{trouble:?}: {sighting:?}"
        );
        assert_eq!(harness.ledger().await.len(), count + 1, "{trouble:?}");
    }
}

/// The last byte never arrived: looking proves it, and sending it then makes exactly one post.
pub async fn a_last_byte_that_never_arrived_is_proven_and_sent_again(harness: &dyn PlatformHarness) {
    let session = session(harness).await;
    let transfer = begin(harness, &session, harness.sizes().one_over).await;
    transfer.stage(harness, &session).await;
    harness.trouble(Call::LastChunk, Trouble::LostBefore).await;
    let offset = transfer.upload.plan.last_offset();
    let problem = refused(transfer.send(harness, &session, offset).await, "send_chunk");
    assert_eq!(problem.retry, RetryClass::InDoubt, "{problem}");
    let sighting = look_for(harness, &session, &evidence(harness, &transfer)).await;
    assert_eq!(sighting, Sighting::UploadOpen { stored_bytes: offset });
    transfer.send_rest(harness, &session, offset).await;
    exactly_one_post(harness, &transfer.submission.media).await;
}

/// No bytes, no post: an upload whose opening was never answered is simply opened again.
pub async fn a_lost_answer_to_the_opening_is_harmless(harness: &dyn PlatformHarness) {
    let session = session(harness).await;
    let media = super::file(harness, harness.sizes().small).await;
    let submission = harness.submission(media);
    for trouble in [
        Trouble::LostAfter,
        Trouble::LostBefore,
        Trouble::GatewayBefore,
        Trouble::Truncated,
    ] {
        harness.trouble(Call::Begin, trouble).await;
        match harness
            .platform()
            .begin_upload(&session, &submission, harness.now())
            .await
        {
            Err(problem) => assert_eq!(problem.retry, RetryClass::Transient, "{trouble:?}: {problem}"),
            // An answer without a body cannot be cut.
            Ok(_) => assert_eq!(trouble, Trouble::Truncated),
        }
    }
    assert!(harness.ledger().await.is_empty());
    let transfer = begin(harness, &session, harness.sizes().small).await;
    transfer.send_rest(harness, &session, 0).await;
    exactly_one_post(harness, &transfer.submission.media).await;
}

/// Throttles and quotas are waited out; they are never failures.
pub async fn limits_name_the_time_they_end(harness: &dyn PlatformHarness) {
    let session = session(harness).await;
    let media = super::file(harness, harness.sizes().small).await;
    let submission = harness.submission(media);
    for (trouble, wait_s_max) in [(Trouble::Throttled, 60), (Trouble::DailyLimit, 25 * 60 * 60)] {
        harness.trouble(Call::Begin, trouble).await;
        let begun = harness
            .platform()
            .begin_upload(&session, &submission, harness.now())
            .await;
        let problem = refused(begun, "begin_upload");
        let RetryClass::RateLimited { until } = problem.retry else {
            panic!("{trouble:?}: {problem:?}");
        };
        let wait_s = until.duration_since(harness.now()).as_secs();
        assert!((0..=wait_s_max).contains(&wait_s), "{trouble:?}: {wait_s} s");
    }
    assert!(harness.ledger().await.is_empty());
}

/// No problem of any kind shows a token, a code, the client secret or the address of an upload.
pub async fn problems_carry_no_secrets(harness: &dyn PlatformHarness) {
    let grant = connect(harness).await;
    let session = session_of(harness, &grant).await;
    let transfer = begin(harness, &session, harness.sizes().one_over).await;
    let client = harness.client();
    let mut secrets = vec![
        grant.access_token.expose_secret().to_owned(),
        transfer.upload.secret.expose_secret().to_owned(),
        client.client_secret.expose_secret().to_owned(),
        sign_in_secrets().code_verifier.expose_secret().to_owned(),
    ];
    secrets.extend(
        grant
            .refresh_token
            .iter()
            .map(|token| token.expose_secret().to_owned()),
    );
    let problems = provoke(harness, &session, &transfer).await;
    assert!(problems.len() >= 8);
    for problem in problems {
        let told = format!(
            "{problem:?} {problem} {}",
            serde_json::to_string(&problem).expect("JSON")
        );
        for secret in &secrets {
            assert!(!told.contains(secret.as_str()), "{told}");
            let tail = secret.rsplit(['/', '=', '.']).next().unwrap_or(secret);
            assert!(tail.len() < 8 || !told.contains(tail), "{told}");
        }
    }
    assert!(!format!("{grant:?} {session:?} {:?}", transfer.upload).contains(secrets[0].as_str()));
}

async fn provoke(harness: &dyn PlatformHarness, session: &Session, transfer: &Transfer) -> Vec<Problem> {
    let platform = harness.platform();
    let unreachable = harness.unreachable();
    let mut problems = Vec::new();
    for trouble in [
        Trouble::LostBefore,
        Trouble::GatewayBefore,
        Trouble::CutAfter(1000),
    ] {
        harness.trouble(Call::Chunk, trouble).await;
        problems.extend(transfer.send(harness, session, 0).await.err());
    }
    for trouble in [Trouble::LostBefore, Trouble::GatewayBefore, Trouble::TokenExpired] {
        harness.trouble(Call::Progress, trouble).await;
        problems.extend(platform.upload_progress(session, &transfer.upload).await.err());
    }
    let submission = &transfer.submission;
    problems.extend(
        platform
            .begin_upload(session, submission, harness.now())
            .await
            .err(),
    );
    problems.extend(
        unreachable
            .begin_upload(session, submission, harness.now())
            .await
            .err(),
    );
    problems.extend(unreachable.upload_progress(session, &transfer.upload).await.err());
    problems
}
