//! Google sign-in: contract §2, §10.1 to §10.3.

use reqwest::Method;
use serde_json::json;

use crate::common::youtube::{
    FORCE_SSL, api, authorize_url, code, connect, connect_with, exchange, get, reason, refresh, start,
};
use crate::common::{Stage, fields_of, json_of};

#[tokio::test]
async fn the_test_vector_of_the_contract_connects_a_channel() {
    let stage = Stage::real().await;
    let url = authorize_url(&stage, &[]);
    let page = stage.http.get(&url).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("PRACTICE") && page.contains("Studio North") && page.contains("name=\"csrf\""));
    let redirect = stage.tell("authorize", json!({"url": url})).await["redirect"]
        .as_str()
        .unwrap()
        .to_owned();
    let fields = fields_of(&redirect);
    assert_eq!(
        (fields["state"].as_str(), fields["scope"].as_str()),
        ("st&te", FORCE_SSL)
    );
    let body = json_of(exchange(&stage, &[("code", &fields["code"])]).await).await;
    assert_eq!(
        (&body["expires_in"], &body["token_type"]),
        (&json!(3599), &json!("Bearer"))
    );
    assert!(body["refresh_token"].is_string());
    let (_, said) = get(
        &stage,
        body["access_token"].as_str().unwrap(),
        "channels?part=id,snippet,contentDetails,status&mine=true",
    )
    .await;
    let channel = &said["items"][0];
    assert_eq!(channel["snippet"]["title"], "Ada Makes");
    assert!(
        channel["contentDetails"]["relatedPlaylists"]["uploads"]
            .as_str()
            .unwrap()
            .starts_with("UU")
    );
    assert_eq!(channel["status"]["longUploadsStatus"], "allowed");
    let picture = stage
        .http
        .get(
            channel["snippet"]["thumbnails"]["default"]["url"]
                .as_str()
                .unwrap(),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(picture.status(), 200);
}

#[tokio::test]
async fn authorize_refuses_with_a_page_and_denying_redirects() {
    let stage = Stage::real().await;
    for (change, says) in [
        (("client_id", "somebody"), "invalid_client"),
        (("redirect_uri", "http://192.168.0.7:80"), "redirect_uri_mismatch"),
        (
            ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob"),
            "redirect_uri_mismatch",
        ),
        (("code_challenge_method", "plain"), "invalid_request"),
        (
            (
                "code_challenge",
                "086d10ce63ff9e6fb03c3a0c48e181e3fb6382ce26f23f02624de31fb818a20c",
            ),
            "invalid_request",
        ),
        (
            ("scope", "https://www.googleapis.com/auth/drive"),
            "invalid_scope",
        ),
    ] {
        let answer = stage
            .http
            .get(authorize_url(&stage, &[change]))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400, "{change:?}");
        assert!(answer.text().await.unwrap().contains(says), "{change:?}");
    }
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
}

#[tokio::test]
async fn a_code_works_once_with_its_verifier_redirect_and_secret() {
    let stage = Stage::real().await;
    let error = |changes: Vec<(&'static str, String)>| {
        let stage = &stage;
        async move {
            let code = code(stage, "ada", FORCE_SSL).await;
            let mut fields = vec![("code", code.as_str())];
            fields.extend(changes.iter().map(|(name, value)| (*name, value.as_str())));
            let answer = exchange(stage, &fields).await;
            (
                answer.status().as_u16(),
                json_of(answer).await["error"].as_str().unwrap().to_owned(),
            )
        }
    };
    assert_eq!(
        error(vec![("client_secret", "wrong".into())]).await,
        (401, "invalid_client".into())
    );
    assert_eq!(
        error(vec![("client_secret", String::new())]).await,
        (400, "invalid_request".into())
    );
    assert_eq!(
        error(vec![("code_verifier", "y".repeat(50))]).await,
        (400, "invalid_grant".into())
    );
    assert_eq!(
        error(vec![("redirect_uri", "http://127.0.0.1:1".into())]).await,
        (400, "redirect_uri_mismatch".into())
    );
    assert_eq!(
        error(vec![("code", "4/none".into())]).await,
        (400, "invalid_grant".into())
    );
    let once = code(&stage, "ada", FORCE_SSL).await;
    assert_eq!(exchange(&stage, &[("code", &once)]).await.status(), 200);
    assert_eq!(exchange(&stage, &[("code", &once)]).await.status(), 400);
    stage.set(json!({"youtube": {"secret_required": false}})).await;
    let code = code(&stage, "ada", FORCE_SSL).await;
    assert_eq!(
        exchange(&stage, &[("code", &code), ("client_secret", "")])
            .await
            .status(),
        200,
        "the switch"
    );
}

#[tokio::test]
async fn refreshing_gives_no_new_refresh_token_and_the_old_one_goes_on() {
    let stage = Stage::real().await;
    let (access, token) = connect(&stage, "ada").await;
    stage.advance(3600).await;
    assert_eq!(get(&stage, &access, "channels?part=id&mine=true").await.0, 401);
    for _ in 0..2 {
        let body = json_of(refresh(&stage, &token).await).await;
        assert!(body.get("refresh_token").is_none(), "{body}");
        assert_eq!(
            get(
                &stage,
                body["access_token"].as_str().unwrap(),
                "channels?part=id&mine=true"
            )
            .await
            .0,
            200
        );
    }
}

#[tokio::test]
async fn refresh_tokens_of_an_app_in_testing_die_after_seven_days() {
    let stage = Stage::real().await;
    stage.set(json!({"youtube": {"testing_mode": true}})).await;
    let (_, token) = connect(&stage, "ada").await;
    stage.advance(7 * 86_400 - 60).await;
    assert_eq!(refresh(&stage, &token).await.status(), 200);
    stage.advance(60).await;
    let answer = refresh(&stage, &token).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(json_of(answer).await["error"], "invalid_grant");
}

#[tokio::test]
async fn the_oldest_refresh_token_is_dropped_beyond_the_limit() {
    let stage = Stage::real().await;
    stage.set(json!({"youtube": {"max_refresh_tokens": 2}})).await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(connect(&stage, "ada").await.1);
        stage.advance(1).await;
    }
    let mut alive = Vec::new();
    for token in &tokens {
        alive.push(refresh(&stage, token).await.status().is_success());
    }
    assert_eq!(alive, [false, true, true]);
}

#[tokio::test]
async fn revoking_any_token_drops_the_whole_grant() {
    let stage = Stage::real().await;
    let (access, token) = connect(&stage, "ada").await;
    let (other_access, _) = connect(&stage, "ada").await;
    let revoke = |token: String| {
        stage
            .http
            .post(stage.url("/google/oauth2/revoke"))
            .form(&[("token", token)])
            .send()
    };
    assert_eq!(revoke(token.clone()).await.unwrap().status(), 200);
    assert_eq!(get(&stage, &access, "channels?part=id&mine=true").await.0, 401);
    assert_eq!(
        get(&stage, &other_access, "channels?part=id&mine=true").await.0,
        401
    );
    assert_eq!(revoke(token).await.unwrap().status(), 400);
}

#[tokio::test]
async fn each_scope_opens_what_the_table_says() {
    let stage = Stage::lenient().await;
    let scope = |short: &str| format!("https://www.googleapis.com/auth/{short}");
    let body = crate::common::youtube::body("Title", "private");
    // scope, upload, list, update, captions
    for (short, upload, list, update, captions) in [
        ("youtube.upload", true, false, false, false),
        ("youtube.readonly", false, true, false, false),
        ("youtube", true, true, true, false),
        ("youtube.force-ssl", true, true, true, true),
    ] {
        let (token, _) = connect_with(&stage, "ada", &scope(short)).await;
        let forbidden = |status: u16| status == 403;
        let started = start(&stage, &token, 10, &body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16();
        assert_eq!(forbidden(started), !upload, "{short} upload");
        let (listed, said) = get(&stage, &token, "videos?part=id&id=x").await;
        assert_eq!(forbidden(listed), !list, "{short} list");
        if !list {
            assert_eq!(reason(listed, said), (403, "insufficientPermissions".to_owned()));
        }
        let updated = api(&stage, &token, Method::PUT, "videos?part=status")
            .json(&json!({"id": "x"}))
            .send()
            .await
            .unwrap();
        assert_eq!(forbidden(updated.status().as_u16()), !update, "{short} update");
        let (captioned, _) = get(&stage, &token, "captions?part=id&videoId=x").await;
        assert_eq!(forbidden(captioned), !captions, "{short} captions");
    }
    let (status, said) = get(&stage, "ya29.nobody", "videos?part=id&id=x").await;
    assert_eq!(reason(status, said.clone()), (401, "authError".to_owned()));
    assert_eq!(said["error"]["status"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn an_account_without_a_channel_is_told_so() {
    let stage = Stage::real().await;
    let (token, _) = connect(&stage, "nobody").await;
    let (status, said) = get(&stage, &token, "channels?part=id&mine=true").await;
    assert_eq!((status, said.get("items")), (200, None));
    let refused =
        crate::common::youtube::refused(&stage, &token, 10, &crate::common::youtube::body("T", "private"))
            .await;
    assert_eq!(refused, (401, "youtubeSignupRequired".to_owned()));
}
