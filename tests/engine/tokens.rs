//! Tokens are renewed ahead of time, once, and a good one is never lost.

use std::time::Duration;

use daypart_domain::{
    account::AccountHealth,
    problem::{Problem, UserAction, codes},
    publication_state::PublicationState,
};

use crate::world::World;

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn two_callers_at_once_refresh_once() {
    let world = World::new().await;
    world
        .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
        .await;
    let id = world.account.id;
    let (first, second) = tokio::join!(world.engine.posting_options(id), world.engine.posting_options(id));
    first.unwrap();
    second.unwrap();
    assert_eq!(world.platform.remote().refreshes, 1);
}

#[tokio::test]
async fn an_answer_without_refresh_token_keeps_the_old_one() {
    for answer in [None, Some(String::new())] {
        let world = World::new().await;
        world
            .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
            .await;
        world.platform.remote().refresh_answers.push_back(Ok(answer));
        world.engine.posting_options(world.account.id).await.unwrap();
        assert_eq!(world.grant().await["refresh_token"], "refresh-0");
        assert_eq!(world.grant().await["access_token"], "access-1");
    }
}

#[tokio::test]
async fn a_rotated_refresh_token_is_kept_before_it_is_used() {
    let world = World::new().await;
    world
        .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
        .await;
    world
        .platform
        .remote()
        .refresh_answers
        .push_back(Ok(Some("refresh-1".into())));
    world.engine.posting_options(world.account.id).await.unwrap();
    assert_eq!(world.grant().await["refresh_token"], "refresh-1");
}

#[tokio::test]
async fn a_network_fault_is_not_taken_for_a_revoked_sign_in() {
    let world = World::new().await;
    world
        .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
        .await;
    world.clock.advance(DAY);
    let offline = Problem::transient(codes::NETWORK_OFFLINE, "no route");
    world.platform.remote().refresh_answers.push_back(Err(offline));
    let refused = world.engine.posting_options(world.account.id).await.unwrap_err();
    assert_eq!(refused.code, codes::NETWORK_OFFLINE);
    assert_eq!(
        world.engine.account(world.account.id).await.unwrap().health,
        AccountHealth::Connected
    );
    assert_eq!(world.grant().await["refresh_token"], "refresh-0");
}

#[tokio::test]
async fn a_revoked_sign_in_is_told_and_the_post_waits_for_the_user() {
    let world = World::new().await;
    world
        .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
        .await;
    world.clock.advance(DAY);
    let dead = Problem::needs_user(codes::AUTH_REVOKED, UserAction::Reconnect, "sign-in expired");
    world.platform.remote().refresh_answers.push_back(Err(dead));
    let post = world.post_now("hello").await;
    world.until(post, PublicationState::NeedsUser).await;
    let account = world.engine.account(world.account.id).await.unwrap();
    assert!(matches!(account.health, AccountHealth::NeedsReconnect(_)));
    assert_eq!(world.platform.remote().bytes_received, 0);
}

#[tokio::test]
async fn a_token_that_dies_during_the_upload_is_renewed_and_the_upload_goes_on() {
    let world = World::new().await;
    world.platform.remote().refused_tokens.push("access-0".into());
    let post = world.post_now("hello").await;
    world.until(post, PublicationState::Published).await;
    let remote = world.platform.remote();
    assert_eq!((remote.posts.len(), remote.refreshes), (1, 1));
    drop(remote);
}
