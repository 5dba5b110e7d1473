//! Sign-in, refresh and revocation.

use daypart_domain::problem::{RetryClass, UserAction, codes};
use secrecy::{ExposeSecret, SecretString};

use super::{PlatformHarness, connect, has_code, ok, refused, session, session_of, sign_in_secrets};
use crate::{
    browser::RedirectListener,
    platform::{ClientCredentials, Session},
};

pub async fn a_sign_in_gives_a_grant_and_a_profile(harness: &dyn PlatformHarness) {
    let grant = connect(harness).await;
    assert!(!grant.access_token.expose_secret().is_empty());
    assert!(
        grant.refresh_token.is_some(),
        "a refresh token is needed for unattended posts"
    );
    assert!(grant.expires_at > harness.now());
    assert!(harness.platform().missing_scopes(&grant.scopes).is_empty());
    let session = session_of(harness, &grant).await;
    let profile = ok(harness.platform().profile(&session).await, "profile");
    assert!(!profile.remote_user_id.is_empty() && !profile.display_name.is_empty());
}

pub async fn nothing_granted_means_that_scopes_are_missing(harness: &dyn PlatformHarness) {
    assert!(!harness.platform().missing_scopes(&[]).is_empty());
}

/// Starts a sign-in and goes through the consent page; returns the listener and where the browser is sent.
async fn consented(harness: &dyn PlatformHarness, allow: bool) -> (Box<dyn RedirectListener>, String) {
    let platform = harness.platform();
    let listener = ok(harness.redirects().bind(platform.redirect_path()).await, "bind");
    let url = ok(
        platform.authorize_url(&harness.client(), listener.redirect_uri(), &sign_in_secrets()),
        "authorize_url",
    );
    let back = harness.consent(&url, allow).await;
    (listener, back)
}

pub async fn a_denied_consent_is_the_users_choice(harness: &dyn PlatformHarness) {
    let (mut listener, back) = consented(harness, false).await;
    let state = sign_in_secrets().state;
    let (answer, status) = tokio::join!(listener.answer(&state), harness.browse(&back));
    assert_eq!(status, 200);
    has_code(&refused(answer, "answer"), &codes::AUTH_DENIED);
}

/// Another path, state or a missing code is answered with an error page, and the wait goes on.
pub async fn a_redirect_that_is_not_ours_does_not_end_the_wait(harness: &dyn PlatformHarness) {
    let (mut listener, back) = consented(harness, true).await;
    let uri = listener.redirect_uri().to_owned();
    let state = sign_in_secrets().state;
    let visits = async {
        for wrong in [
            format!("{uri}?code=stolen&state=another-state-of-some-kind"),
            format!("{uri}?code=stolen"),
            format!("{uri}elsewhere?code=stolen&state={state}"),
            format!("{uri}?state={state}"),
        ] {
            let status = harness.browse(&wrong).await;
            assert!((400..500).contains(&status), "{wrong}: {status}");
        }
        harness.browse(&back).await
    };
    let (answer, status) = tokio::join!(listener.answer(&state), visits);
    assert_eq!(status, 200);
    assert_ne!(ok(answer, "answer").code.expose_secret(), "stolen");
}

/// A code that was used, or waited too long, is refused with a clear sentence; connecting again is the fix.
pub async fn a_used_or_old_code_is_refused(harness: &dyn PlatformHarness) {
    for old in [false, true] {
        let (mut listener, back) = consented(harness, true).await;
        let secrets = sign_in_secrets();
        let (answer, _) = tokio::join!(listener.answer(&secrets.state), harness.browse(&back));
        let code = ok(answer, "answer").code;
        let uri = listener.redirect_uri().to_owned();
        let client = harness.client();
        let exchange = || harness.platform().exchange_code(&client, &code, &uri, &secrets);
        if old {
            harness.advance(24 * 60 * 60).await;
        } else {
            ok(exchange().await, "exchange_code");
        }
        let problem = refused(exchange().await, "a second exchange");
        assert_eq!(problem.code.as_str(), "auth.code_refused", "{problem}");
        let reconnect = RetryClass::NeedsUser {
            action: UserAction::Reconnect,
        };
        assert_eq!(problem.retry, reconnect);
    }
}

pub async fn a_wrong_client_secret_is_said(harness: &dyn PlatformHarness) {
    let (mut listener, back) = consented(harness, true).await;
    let secrets = sign_in_secrets();
    let (answer, _) = tokio::join!(listener.answer(&secrets.state), harness.browse(&back));
    let client = ClientCredentials {
        client_secret: SecretString::from("wrong-client-secret"),
        ..harness.client()
    };
    let code = ok(answer, "answer").code;
    let uri = listener.redirect_uri().to_owned();
    let problem = refused(
        harness
            .platform()
            .exchange_code(&client, &code, &uri, &secrets)
            .await,
        "exchange_code",
    );
    has_code(&problem, &codes::AUTH_CLIENT);
    let told = format!("{problem:?}");
    assert!(!told.contains("wrong-client-secret") && !told.contains(code.expose_secret()));
}

/// The returned grant is complete whether or not the platform hands out a new refresh token.
pub async fn a_refresh_gives_a_complete_grant(harness: &dyn PlatformHarness) {
    for rotate in [false, true] {
        let rotates = harness.rotate_refresh_tokens(rotate).await;
        let grant = connect(harness).await;
        let fresh = ok(
            harness.platform().refresh(&harness.client(), &grant).await,
            "refresh",
        );
        let token = |grant: &crate::platform::Grant| {
            let token = grant.refresh_token.as_ref().expect("a refresh token");
            token.expose_secret().to_owned()
        };
        assert_eq!(
            token(&fresh) != token(&grant),
            rotates,
            "the newest refresh token is the one kept"
        );
        assert_ne!(
            fresh.access_token.expose_secret(),
            grant.access_token.expose_secret()
        );
        assert!(harness.platform().missing_scopes(&fresh.scopes).is_empty());
        session_of(harness, &fresh).await;
        ok(
            harness.platform().refresh(&harness.client(), &fresh).await,
            "refresh with the kept token",
        );
    }
}

pub async fn an_old_access_token_is_expired_and_a_refresh_helps(harness: &dyn PlatformHarness) {
    let grant = connect(harness).await;
    let session = session_of(harness, &grant).await;
    harness.advance(25 * 60 * 60).await;
    let problem = refused(harness.platform().profile(&session).await, "profile");
    has_code(&problem, &codes::AUTH_EXPIRED);
    let fresh = ok(
        harness.platform().refresh(&harness.client(), &grant).await,
        "refresh",
    );
    session_of(harness, &fresh).await;
}

pub async fn access_taken_away_at_the_platform_is_revoked(harness: &dyn PlatformHarness) {
    let grant = connect(harness).await;
    harness.revoke_remotely().await;
    let problem = refused(
        harness.platform().refresh(&harness.client(), &grant).await,
        "refresh",
    );
    has_code(&problem, &codes::AUTH_REVOKED);
    let reconnect = RetryClass::NeedsUser {
        action: UserAction::Reconnect,
    };
    assert_eq!(problem.retry, reconnect);
}

/// Revoking a grant that is already dead is success.
pub async fn a_revoked_grant_is_dead_and_may_be_revoked_again(harness: &dyn PlatformHarness) {
    let grant = connect(harness).await;
    for _ in 0..2 {
        ok(
            harness.platform().revoke(&harness.client(), &grant).await,
            "revoke",
        );
    }
    let session = Session {
        access_token: grant.access_token.clone(),
        remote_user_id: String::new(),
        scopes: grant.scopes.clone(),
    };
    refused(harness.platform().profile(&session).await, "profile");
}

/// A platform that cannot be reached is `network.offline` everywhere, never a dead grant.
pub async fn without_a_network_nothing_is_lost(harness: &dyn PlatformHarness) {
    let platform = harness.unreachable();
    let grant = connect(harness).await;
    let session = session(harness).await;
    for problem in [
        refused(platform.refresh(&harness.client(), &grant).await, "refresh"),
        refused(platform.profile(&session).await, "profile"),
        refused(platform.posting_options(&session).await, "posting_options"),
    ] {
        has_code(&problem, &codes::NETWORK_OFFLINE);
        assert_eq!(problem.retry, RetryClass::Transient);
    }
}
