//! Passing faults are waited out, limits are waited for, and neither repeats a post.

use std::time::Duration;

use daypart_domain::publication_state::PublicationState;
use daypart_ports::clock::Clock;

use crate::{
    platform::{Fault, busy, limited},
    world::World,
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_broken_transfer_goes_on_where_the_platform_says() {
    let world = World::new().await;
    world.platform.remote().chunk_faults.extend([
        Fault::LoseAnswerAfterEffect,
        Fault::LoseAnswerBeforeEffect,
        Fault::Refuse(busy()),
        Fault::LoseAnswerAfterEffect,
    ]);
    let post = world.post_now("steady").await;
    world.until(post, PublicationState::Published).await;
    let remote = world.platform.remote();
    assert_eq!((remote.posts.len(), remote.captions.len()), (1, 1));
    assert_eq!(
        remote.bytes_received,
        std::fs::metadata(&world.clip).unwrap().len()
    );
}

#[tokio::test]
async fn an_upload_that_the_platform_forgot_starts_over() {
    let world = World::new().await;
    world
        .platform
        .remote()
        .chunk_faults
        .push_back(Fault::ForgetUploads);
    let post = world.post_now("again").await;
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
    assert_eq!(
        world.platform.remote().captions.len(),
        2,
        "a second upload was opened"
    );
}

#[tokio::test]
async fn a_refused_final_call_waits_and_the_fifth_refusal_asks_the_user() {
    let world = World::new().await;
    world
        .platform
        .remote()
        .last_chunk_faults
        .extend(std::iter::repeat_n(Fault::Refuse(busy()), 5));
    let post = world.post_now("patient").await;
    for failures in 1..5 {
        world
            .until_that(
                post,
                &format!("waiting after failure {failures}"),
                |publication| publication.state == PublicationState::Staged && publication.problem.is_some(),
            )
            .await;
        let id = world.publication(post).await.id;
        while world
            .engine
            .publication_log(id)
            .await
            .unwrap()
            .attempts
            .iter()
            .filter(|a| a.problem.is_some())
            .count()
            < failures
        {
            tokio::task::yield_now().await;
        }
        world.clock.advance(MINUTE * 10);
        if failures == 4 {
            break;
        }
        world
            .until_that(post, "tried again", |publication| {
                publication.problem.is_some()
                    && world.platform.remote().last_chunk_faults.len() == 4 - failures
            })
            .await;
    }
    let publication = world.until(post, PublicationState::NeedsUser).await;
    assert!(world.platform.remote().posts.is_empty());
    world.engine.retry_publication(publication.id).await.unwrap();
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}

#[tokio::test]
async fn a_quota_is_waited_for_and_is_not_a_failure() {
    let world = World::new().await;
    let until = world.clock.now() + MINUTE * 90;
    world
        .platform
        .remote()
        .last_chunk_faults
        .push_back(Fault::Refuse(limited(until)));
    let post = world.post_now("tomorrow").await;
    let waiting = world
        .until_that(post, "waiting for the quota", |publication| {
            publication.state == PublicationState::Staged && publication.problem.is_some()
        })
        .await;
    // The job's end is recorded after the publication shows it.
    let next = loop {
        if let Some(next) = world.engine.next_attempt_at(waiting.id).await.unwrap() {
            break next;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(next, until);
    world.clock.advance(MINUTE * 91);
    // An hour and a half late by the platform's doing is not the user's lateness.
    let settled = world
        .until_that(post, "settled", |publication| publication.state.is_settled())
        .await;
    assert_eq!(settled.state, PublicationState::Published, "{settled:#?}");
    assert_eq!(world.platform.remote().posts.len(), 1);
}
