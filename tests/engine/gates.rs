//! What a platform said about its limits is remembered, and a platform that is down for everybody is left alone.

use std::time::Duration;

use daypart_domain::{
    lateness::LatenessPolicy,
    problem::{ErrorCode, Problem},
    publication_state::PublicationState,
};
use daypart_engine::EngineEvent;
use daypart_ports::clock::Clock;

use crate::{
    platform::{Fault, busy, limited},
    world::World,
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_next_post_of_an_account_does_not_try_before_its_limit_ends() {
    let world = World::new().await;
    let until = world.clock.now() + MINUTE * 90;
    world
        .platform
        .remote()
        .last_chunk_faults
        .push_back(Fault::Refuse(limited(until)));
    let first = world.post_now("refused").await;
    world
        .until_that(first, "refused", |publication| publication.problem.is_some())
        .await;
    let begun = world.platform.remote().begun;
    let second = world.post_now("waits").await;
    let waiting = world
        .until_that(second, "waiting", |publication| publication.problem.is_some())
        .await;
    assert_eq!(waiting.state, PublicationState::Ready);
    assert_eq!(world.platform.remote().begun, begun, "nothing is opened for it");
    let limit = world.engine.limit_of(&world.account).await.unwrap().unwrap();
    assert_eq!(limit.until, until);

    let bo = world.another_account(8, "Bo").await;
    let other = world
        .post_for(&bo, "of another account", MINUTE, LatenessPolicy::default())
        .await;
    world.clock.advance(MINUTE);
    world.until(other, PublicationState::Published).await;

    world.clock.advance(MINUTE * 90);
    world.until_public(&[first, second], 2).await;
    let log = world.engine.publication_log(waiting.id).await.unwrap();
    assert!(
        log.attempts.iter().all(|attempt| attempt.problem.is_none()),
        "waiting is no attempt"
    );
}

#[tokio::test]
async fn who_presses_retry_is_not_held_back_by_a_limit() {
    let world = World::new().await;
    let until = world.clock.now() + MINUTE * 90;
    world
        .platform
        .remote()
        .last_chunk_faults
        .push_back(Fault::Refuse(limited(until)));
    let post = world.post_now("refused").await;
    let id = world.publication(post).await.id;
    world
        .until_that(post, "refused", |publication| publication.problem.is_some())
        .await;
    while world.engine.next_attempt_at(id).await.unwrap() != Some(until) {
        tokio::task::yield_now().await;
    }
    world.engine.retry_publication(id).await.unwrap();
    world.until(post, PublicationState::Published).await;
}

#[tokio::test]
async fn a_platform_that_is_down_for_everybody_is_asked_by_one_until_it_answers() {
    let world = World::new().await;
    let bo = world.another_account(8, "Bo").await;
    let mut posts = Vec::new();
    for number in 0..6_u32 {
        let account = if number % 2 == 0 { &world.account } else { &bo };
        let caption = format!("post {number}");
        posts.push(
            world
                .post_for(account, &caption, MINUTE * 60, LatenessPolicy::NextSlot)
                .await,
        );
    }
    world.until_all(&posts, PublicationState::Ready).await;
    let mut news = world.engine.subscribe();
    world
        .platform
        .remote()
        .begin_answers
        .extend(std::iter::repeat_n(busy(), 40));
    // Uploads start a minute and a half before the due time.
    world.clock.advance(MINUTE * 59);
    let opened = async {
        loop {
            if let Ok(EngineEvent::Notice(problem)) = news.recv().await {
                return problem;
            }
        }
    };
    let notice = tokio::time::timeout(Duration::from_secs(30), opened)
        .await
        .unwrap();
    assert_eq!(notice.code.as_str(), "platform.paused");
    assert_eq!(world.engine.paused_platforms().len(), 1);
    for _ in 0..400 {
        tokio::task::yield_now().await;
    }
    let asked = 40 - world.platform.remote().begin_answers.len();
    assert!(asked <= 6, "{asked} calls at a platform that is down");
    world.clock.advance(MINUTE + MINUTE / 2);
    for _ in 0..400 {
        tokio::task::yield_now().await;
    }
    let probed = 40 - world.platform.remote().begin_answers.len() - asked;
    assert!(probed <= 1, "{probed} calls instead of one probe");

    world.platform.remote().begin_answers.clear();
    for _ in 0..600 {
        let mut states = Vec::new();
        for post in &posts {
            states.push(world.publication(*post).await.state);
        }
        if states.iter().all(|state| *state == PublicationState::Published) {
            break;
        }
        world.clock.advance(MINUTE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(world.public_captions().len(), 6);
    assert_eq!(world.engine.paused_platforms(), []);
}

#[tokio::test]
async fn a_post_that_the_platform_failed_by_its_own_fault_is_sent_again() {
    let world = World::new().await;
    let internal = Problem::transient(ErrorCode::new("test.internal"), "internal");
    world.platform.remote().refusals.push_back(internal);
    let post = world.post_now("once more").await;
    world
        .until_that(post, "waiting to be sent again", |publication| {
            publication.state == PublicationState::Ready && publication.problem.is_some()
        })
        .await;
    world.clock.advance(MINUTE * 2);
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.public_captions(), ["once more"]);
}

#[tokio::test]
async fn a_question_about_an_open_upload_that_fails_is_asked_again_at_once() {
    let world = World::new().await;
    let chunks = std::iter::repeat_n(Fault::Refuse(busy()), 8);
    world.platform.remote().chunk_faults.extend(chunks);
    world
        .platform
        .remote()
        .progress_answers
        .extend(std::iter::repeat_n(busy(), 30));
    let post = world.post_now("interrupted").await;
    let id = world.publication(post).await.id;
    let failures = async || {
        let log = world.engine.publication_log(id).await.unwrap();
        log.attempts
            .iter()
            .filter(|attempt| attempt.problem.is_some())
            .count()
    };
    while failures().await < 1 {
        tokio::task::yield_now().await;
    }
    world.platform.remote().chunk_faults.clear();
    world.platform.remote().progress_answers.clear();
    world.platform.remote().progress_answers.push_back(busy());
    world.clock.advance(MINUTE * 2);
    world.until(post, PublicationState::Published).await;
    assert_eq!(failures().await, 1, "the second run went on by itself");
}

#[tokio::test]
async fn everything_that_failed_is_retried_with_one_word() {
    let world = World::new().await;
    let refused = Problem::permanent(ErrorCode::new("test.refused"), "no");
    world
        .platform
        .remote()
        .begin_answers
        .extend(std::iter::repeat_n(refused, 2));
    let posts = [world.post_now("one").await, world.post_now("two").await];
    world.until_all(&posts, PublicationState::Failed).await;
    assert_eq!(world.engine.retry_failed().await.unwrap().len(), 2);
    world.until_public(&posts, 2).await;
    assert_eq!(world.engine.retry_failed().await.unwrap(), []);
}
