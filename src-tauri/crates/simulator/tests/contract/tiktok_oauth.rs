//! TikTok sign-in: contract §2 and §10.1 to §10.4.

use reqwest::StatusCode;
use serde_json::json;

use crate::common::tiktok::{
    REDIRECT, SCOPES, ask, authorize_url, code, connect, exchange, init_body, refresh, tokens,
};
use crate::common::{Stage, VERIFIER, fields_of, json_of, sha256};

#[tokio::test]
async fn the_challenge_of_the_test_vector_is_hex() {
    let challenge = sha256(VERIFIER.as_bytes());
    assert_eq!(
        challenge,
        "086d10ce63ff9e6fb03c3a0c48e181e3fb6382ce26f23f02624de31fb818a20c"
    );
}

#[tokio::test]
async fn a_person_chooses_account_and_rights_on_the_page_and_comes_back_with_a_code() {
    let stage = Stage::real().await;
    let page = stage.http.get(authorize_url(&stage, &[])).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("frame-ancestors 'none'")
    );
    let html = page.text().await.unwrap();
    assert!(
        html.contains("PRACTICE")
            && html.contains("Daypart")
            && html.contains("@ada.makes")
            && html.contains("@bo.quiet")
    );
    let hidden = |name: &str| {
        let rest = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.to_owned()
    };
    let (consent, csrf) = (hidden("consent"), hidden("csrf"));
    let answer = |csrf: String| {
        let form = [
            ("consent", consent.clone()),
            ("csrf", csrf),
            ("account", "bo".to_owned()),
            ("scope", "video.publish".to_owned()),
            ("decision", "allow".to_owned()),
        ];
        stage
            .http
            .post(stage.url("/tiktok/www/v2/auth/authorize/decide"))
            .form(&form)
            .send()
    };
    assert_eq!(
        answer("forged".to_owned()).await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    let back = answer(csrf.clone()).await.unwrap();
    assert_eq!(back.status(), StatusCode::FOUND);
    let location = back.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(REDIRECT));
    let fields = fields_of(location);
    assert_eq!(fields["state"], "st&te");
    // Basic information is always part of what is granted; the rest was unticked.
    assert_eq!(fields["scopes"], "user.info.basic,video.publish");
    assert!(fields["code"].contains('*') && fields["code"].contains('!'));
    assert_eq!(
        answer(csrf).await.unwrap().status(),
        StatusCode::FORBIDDEN,
        "the page is used up"
    );

    let granted = json_of(exchange(&stage, &[("code", &fields["code"])]).await).await;
    assert_eq!(granted["scope"], "user.info.basic,video.publish");
    assert_eq!(granted["open_id"], "practice-open-id-bo");
    assert_eq!(
        (&granted["expires_in"], &granted["refresh_expires_in"]),
        (&json!(86400), &json!(31536000))
    );
}

#[tokio::test]
async fn denying_leads_back_with_access_denied() {
    let stage = Stage::real().await;
    let said = stage
        .tell(
            "authorize",
            json!({"url": authorize_url(&stage, &[]), "deny": true}),
        )
        .await;
    let fields = fields_of(said["redirect"].as_str().unwrap());
    assert_eq!(
        (fields["error"].as_str(), fields["state"].as_str()),
        ("access_denied", "st&te")
    );
    assert!(!fields.contains_key("code"));
}

#[tokio::test]
async fn authorize_refuses_what_the_contract_refuses() {
    let stage = Stage::real().await;
    // Nothing is redirected to an address that is not registered, or for an unknown app.
    for change in [
        ("client_key", "somebody-else"),
        ("redirect_uri", "http://127.0.0.1:49152/callback"),
        ("redirect_uri", "http://127.0.0.1/callback/"),
        ("redirect_uri", "http://127.0.0.1:49152/callback/?next=1"),
        ("redirect_uri", "https://evil.example/callback/"),
    ] {
        let answer = stage
            .http
            .get(authorize_url(&stage, &[change]))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400, "{change:?}");
    }
    for (change, error) in [
        (("scope", "video.publish user.info.basic"), "invalid_scope"),
        (("scope", "video.everything"), "invalid_scope"),
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (
            ("code_challenge", "CG0QzmP_nm-wPDoMSOGB4_tjgs4m8j8CYk3jH7gYogw"),
            "invalid_request",
        ),
    ] {
        let answer = stage
            .http
            .get(authorize_url(&stage, &[change]))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 302, "{change:?}");
        assert_eq!(
            fields_of(answer.headers()["location"].to_str().unwrap())["error"],
            error,
            "{change:?}"
        );
    }
}

#[tokio::test]
async fn a_code_works_once_for_its_redirect_and_verifier_and_not_for_long() {
    let stage = Stage::real().await;
    let used = code(&stage, "ada").await;
    assert_eq!(exchange(&stage, &[("code", &used)]).await.status(), 200);
    let late = code(&stage, "ada").await;
    stage.advance(301).await;
    let wrong_redirect = code(&stage, "ada").await;
    let wrong_verifier = code(&stage, "ada").await;
    let other = "x".repeat(43);
    for (what, changes) in [
        ("used", vec![("code", used.as_str())]),
        ("expired", vec![("code", late.as_str())]),
        (
            "redirect",
            vec![
                ("code", wrong_redirect.as_str()),
                ("redirect_uri", "http://127.0.0.1:1/callback/"),
            ],
        ),
        (
            "verifier",
            vec![
                ("code", wrong_verifier.as_str()),
                ("code_verifier", other.as_str()),
            ],
        ),
    ] {
        let answer = exchange(&stage, &changes).await;
        assert_eq!(answer.status(), 400, "{what}");
        let body = json_of(answer).await;
        assert_eq!(body["error"], "invalid_grant", "{what}: flat body");
        assert!(body["log_id"].is_string() && body["error_description"].is_string());
    }
    assert_eq!(
        exchange(&stage, &[("code", &wrong_verifier)]).await.status(),
        400,
        "a failed try uses the code up"
    );
}

#[tokio::test]
async fn a_client_that_hashes_to_base64url_fails_at_the_exchange_at_the_latest() {
    let stage = Stage::real().await;
    // Sixty-four hex digits, but of something else than the verifier.
    let url = authorize_url(&stage, &[("code_challenge", &sha256(b"something else"))]);
    let said = stage.tell("authorize", json!({"url": url})).await;
    let code = fields_of(said["redirect"].as_str().unwrap())["code"].clone();
    let body = json_of(exchange(&stage, &[("code", &code)]).await).await;
    assert_eq!(body["error"], "invalid_grant");
    assert!(body["error_description"].as_str().unwrap().contains("challenge"));
}

#[tokio::test]
async fn the_token_endpoint_wants_a_form_and_the_right_secret() {
    let stage = Stage::real().await;
    let code = code(&stage, "ada").await;
    let json = stage
        .http
        .post(stage.url("/tiktok/api/v2/oauth/token/"))
        .json(&json!({"code": code}))
        .send()
        .await
        .unwrap();
    assert_eq!(json_of(json).await["error"], "invalid_request");
    for (changes, error) in [
        (
            vec![("code", code.as_str()), ("client_secret", "wrong")],
            "invalid_client",
        ),
        (
            vec![("code", code.as_str()), ("client_key", "wrong")],
            "invalid_client",
        ),
        (
            vec![("code", code.as_str()), ("client_secret", "")],
            "invalid_request",
        ),
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![("grant_type", "authorization_code")], "invalid_request"),
    ] {
        assert_eq!(
            json_of(exchange(&stage, &changes).await).await["error"],
            error,
            "{changes:?}"
        );
    }
    stage.set(json!({"tiktok": {"oauth_error_status": 200}})).await;
    let answer = exchange(&stage, &[("code", "nonsense")]).await;
    assert_eq!(answer.status(), 200, "the switch: errors with HTTP 200");
    assert_eq!(json_of(answer).await["error"], "invalid_grant");
}

#[tokio::test]
async fn refreshing_rotates_the_token_and_the_old_one_is_dead() {
    let stage = Stage::real().await;
    let first = connect(&stage, "ada").await;
    let second = tokens(json_of(refresh(&stage, &first.refresh).await).await);
    assert_ne!(first.refresh, second.refresh);
    assert_ne!(first.access, second.access);
    assert_eq!(
        json_of(refresh(&stage, &first.refresh).await).await["error"],
        "invalid_grant"
    );
    // The 365 days run from the first issue.
    stage.advance(1000).await;
    let third = tokens(json_of(refresh(&stage, &second.refresh).await).await);
    let left = third.body["refresh_expires_in"].as_i64().unwrap();
    assert!((31_536_000 - 1100..31_536_000 - 900).contains(&left), "{left}");
}

#[tokio::test]
async fn the_switches_keep_the_refresh_token_or_give_the_old_one_grace() {
    let stage = Stage::real().await;
    stage.set(json!({"tiktok": {"refresh_mode": "keep"}})).await;
    let first = connect(&stage, "ada").await;
    assert_eq!(
        tokens(json_of(refresh(&stage, &first.refresh).await).await).refresh,
        first.refresh
    );
    stage
        .set(json!({"tiktok": {"refresh_mode": "grace", "refresh_grace_s": 60}}))
        .await;
    let second = tokens(json_of(refresh(&stage, &first.refresh).await).await);
    assert_ne!(second.refresh, first.refresh);
    assert_eq!(
        refresh(&stage, &first.refresh).await.status(),
        200,
        "within grace"
    );
    stage.advance(61).await;
    assert_eq!(refresh(&stage, &first.refresh).await.status(), 400, "after grace");
    assert_eq!(refresh(&stage, &second.refresh).await.status(), 200);
}

#[tokio::test]
async fn tokens_expire_by_the_virtual_clock() {
    let stage = Stage::real().await;
    let tokens = connect(&stage, "ada").await;
    stage.advance(86_390).await;
    assert_eq!(
        ask(
            &stage,
            &tokens.access,
            "post/publish/creator_info/query/",
            json!({})
        )
        .await
        .0,
        200
    );
    stage.advance(10).await;
    let (status, said) = ask(
        &stage,
        &tokens.access,
        "post/publish/creator_info/query/",
        json!({}),
    )
    .await;
    assert_eq!(
        (status, &said["error"]["code"]),
        (401, &json!("access_token_invalid"))
    );
    stage.advance(31_536_000).await;
    assert_eq!(
        json_of(refresh(&stage, &tokens.refresh).await).await["error"],
        "invalid_grant"
    );
}

#[tokio::test]
async fn revoking_kills_both_tokens_with_an_empty_answer() {
    let stage = Stage::real().await;
    let tokens = connect(&stage, "ada").await;
    let form = [
        ("client_key", daypart_simulator::PRACTICE_TIKTOK_CLIENT_KEY),
        ("client_secret", daypart_simulator::PRACTICE_TIKTOK_CLIENT_SECRET),
        ("token", &tokens.access),
    ];
    let answer = stage
        .http
        .post(stage.url("/tiktok/api/v2/oauth/revoke/"))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.unwrap().is_empty());
    assert_eq!(
        ask(
            &stage,
            &tokens.access,
            "post/publish/creator_info/query/",
            json!({})
        )
        .await
        .0,
        401
    );
    assert_eq!(
        json_of(refresh(&stage, &tokens.refresh).await).await["error"],
        "invalid_grant"
    );
}

#[tokio::test]
async fn every_call_needs_a_live_token_and_its_scope() {
    let stage = Stage::real().await;
    for path in [
        "post/publish/creator_info/query/",
        "post/publish/video/init/",
        "post/publish/inbox/video/init/",
        "post/publish/status/fetch/",
        "post/publish/cancel/",
        "video/list/?fields=id",
        "video/query/?fields=id",
    ] {
        let (status, said) = ask(&stage, "act.nobody", path, json!({})).await;
        assert_eq!(
            (status, &said["error"]["code"]),
            (401, &json!("access_token_invalid")),
            "{path}"
        );
        assert!(said["error"]["log_id"].is_string());
    }
    let only_basic = json!({"url": authorize_url(&stage, &[]), "scopes": ["user.info.basic"]});
    let redirect = stage.tell("authorize", only_basic).await["redirect"]
        .as_str()
        .unwrap()
        .to_owned();
    let code = fields_of(&redirect)["code"].clone();
    let basic = tokens(json_of(exchange(&stage, &[("code", &code)]).await).await);
    for path in [
        "post/publish/creator_info/query/",
        "post/publish/video/init/",
        "video/list/?fields=id",
    ] {
        let (status, said) = ask(&stage, &basic.access, path, init_body(10, 10)).await;
        assert_eq!(
            (status, &said["error"]["code"]),
            (401, &json!("scope_not_authorized")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn user_info_gives_the_granted_fields_and_a_picture() {
    let stage = Stage::real().await;
    assert!(SCOPES.contains("user.info.profile") && !SCOPES.contains("user.info.stats"));
    let token = connect(&stage, "ada").await.access;
    let get = |fields: &str| {
        stage
            .http
            .get(stage.url(&format!("/tiktok/api/v2/user/info/?fields={fields}")))
            .bearer_auth(&token)
            .send()
    };
    let said = json_of(
        get("open_id,union_id,avatar_url,display_name,username")
            .await
            .unwrap(),
    )
    .await;
    let user = &said["data"]["user"];
    assert_eq!(
        (&user["open_id"], &user["display_name"]),
        (&json!("practice-open-id-ada"), &json!("Ada Makes"))
    );
    let picture = stage
        .http
        .get(user["avatar_url"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert!(picture.bytes().await.unwrap().starts_with(b"\x89PNG"));
    assert_eq!(
        get("follower_count").await.unwrap().status(),
        401,
        "a field whose scope was not asked for"
    );
    assert_eq!(get("shoe_size").await.unwrap().status(), 400);
}
