//! What was missed is not sent in a burst, and what is staged waits for its second.

use std::time::Duration;

use daypart_domain::{lateness::LatenessPolicy, publication_state::PublicationState};
use daypart_engine::{EngineEvent, MissedDecision, ScheduleWhen};

use crate::world::World;

const HOUR: Duration = Duration::from_secs(3_600);
const TEN_MINUTES: Duration = Duration::from_secs(600);

#[tokio::test]
async fn everything_but_the_last_chunk_is_there_before_the_due_time() {
    let world = World::new().await;
    let post = world.post_in(HOUR).await;
    world.until(post, PublicationState::Ready).await;
    assert_eq!(
        world.platform.remote().bytes_received,
        0,
        "an hour ahead nothing is sent"
    );
    world.clock.advance(HOUR - Duration::from_secs(60));
    world.until(post, PublicationState::Staged).await;
    let size = std::fs::metadata(&world.clip).unwrap().len();
    let early = world.platform.remote().bytes_received;
    assert!(
        early < size && size - early <= crate::platform::CHUNK_BYTES,
        "{early} of {size}"
    );
    assert!(world.platform.remote().posts.is_empty());

    world.clock.advance(Duration::from_secs(60));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}

#[tokio::test]
async fn a_computer_that_slept_for_three_hours_publishes_nothing_by_itself() {
    let world = World::new().await;
    let post = world.post_in(HOUR).await;
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(HOUR * 4);
    let missed = world.until(post, PublicationState::Missed).await;
    assert_eq!(world.platform.remote().bytes_received, 0);

    world.engine.retry_publication(missed.id).await.unwrap();
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}

#[tokio::test]
async fn half_an_hour_late_is_within_what_the_default_allows() {
    let world = World::new().await;
    let post = world.post_in(HOUR).await;
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(HOUR + HOUR / 2);
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}

#[tokio::test]
async fn after_eight_hours_asleep_two_accounts_catch_up_oldest_first_and_without_a_burst() {
    let world = World::new().await;
    let bo = world.another_account(8, "Bo").await;
    let mut posts = Vec::new();
    for number in 0..6_u32 {
        for account in [&world.account, &bo] {
            let caption = format!("{} {number}", account.display_name);
            let wait = HOUR + number * HOUR;
            posts.push(
                world
                    .post_for(account, &caption, wait, LatenessPolicy::NextSlot)
                    .await,
            );
        }
    }
    world.until_all(&posts, PublicationState::Ready).await;
    world.clock.advance(9 * HOUR);
    for step in 1..=6 {
        world.until_public(&posts, 2 * step).await;
        assert_eq!(
            world.public_captions().len(),
            2 * step,
            "one of each account at a time"
        );
        world.clock.advance(TEN_MINUTES);
    }
    for name in ["Ada", "Bo"] {
        let mut of_account = world.public_captions();
        of_account.retain(|caption| caption.starts_with(name));
        let expected: Vec<_> = (0..6).map(|number| format!("{name} {number}")).collect();
        assert_eq!(of_account, expected, "oldest first");
    }
}

#[tokio::test]
async fn everything_missed_is_told_in_one_notice_and_decided_for_all_at_once() {
    let world = World::new().await;
    let mut posts = Vec::new();
    for number in 0..4_u32 {
        let caption = format!("asked {number}");
        let wait = HOUR + number * TEN_MINUTES;
        posts.push(
            world
                .post_for(&world.account, &caption, wait, LatenessPolicy::Ask)
                .await,
        );
    }
    let skipped = world
        .post_for(&world.account, "skipped", HOUR, LatenessPolicy::Skip)
        .await;
    world.until_all(&posts, PublicationState::Ready).await;
    world.until(skipped, PublicationState::Ready).await;
    let mut news = world.engine.subscribe();
    world.clock.advance(9 * HOUR);
    world.until_all(&posts, PublicationState::Missed).await;
    world.until(skipped, PublicationState::Missed).await;
    let mut notices = Vec::new();
    while let Ok(event) = news.try_recv() {
        if let EngineEvent::Missed(ids) = event {
            notices.push(ids);
        }
    }
    let missed = world.engine.missed().await.unwrap();
    let ids: Vec<_> = missed.iter().map(|publication| publication.id).collect();
    assert_eq!(
        notices,
        std::slice::from_ref(&ids),
        "one notice, oldest first, without what is skipped"
    );
    assert_eq!(ids.len(), 4);
    assert_eq!(world.platform.remote().bytes_received, 0);

    let decision = MissedDecision::LetGo;
    world.engine.decide_missed(&ids[3..], &decision).await.unwrap();
    let decision = MissedDecision::PublishNow;
    world.engine.decide_missed(&ids, &decision).await.unwrap();
    for step in 1..=3 {
        world.until_public(&posts, step).await;
        assert_eq!(world.public_captions().len(), step, "no burst on request either");
        world.clock.advance(TEN_MINUTES);
    }
    assert_eq!(world.public_captions(), ["asked 0", "asked 1", "asked 2"]);
    assert_eq!(
        world.publication(posts[3]).await.state,
        PublicationState::Cancelled
    );
    assert!(world.engine.missed().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_missed_post_gets_a_new_time() {
    let world = World::new().await;
    let post = world
        .post_for(&world.account, "later", HOUR, LatenessPolicy::Ask)
        .await;
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(9 * HOUR);
    let missed = world.until(post, PublicationState::Missed).await;
    let ScheduleWhen::At { wall, zone } = world.at(2 * HOUR) else {
        panic!("a wall time");
    };
    let at = MissedDecision::At { wall, zone };
    world.engine.decide_missed(&[missed.id], &at).await.unwrap();
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(HOUR);
    tokio::task::yield_now().await;
    assert!(world.public_captions().is_empty());
    world.clock.advance(HOUR);
    world.until(post, PublicationState::Published).await;
}

/// Daypart was not running: at its next start the same happens as after a sleep.
#[tokio::test]
async fn a_shutdown_ends_like_a_sleep() {
    let world = World::new().await;
    let mut posts = Vec::new();
    for number in 0..3_u32 {
        let caption = format!("post {number}");
        let wait = HOUR + number * HOUR;
        posts.push(
            world
                .post_for(&world.account, &caption, wait, LatenessPolicy::NextSlot)
                .await,
        );
    }
    world.until_all(&posts, PublicationState::Ready).await;
    world.engine.stop();
    world.clock.advance(9 * HOUR);
    let world = world.restarted().await;
    for step in 1..=3 {
        world.until_public(&posts, step).await;
        assert_eq!(world.public_captions().len(), step);
        world.clock.advance(TEN_MINUTES);
    }
}

/// The computer was on, its network was not: that is lateness too, and the hour that the policy allows does not
/// start anew with every look for the network.
#[tokio::test]
async fn hours_without_a_network_end_like_a_sleep() {
    let world = World::new().await;
    let allowed = world
        .post_for(&world.account, "an hour at most", HOUR, LatenessPolicy::default())
        .await;
    let slotted = world
        .post_for(
            &world.account,
            "any time",
            HOUR + TEN_MINUTES / 5,
            LatenessPolicy::NextSlot,
        )
        .await;
    world
        .until_all(&[allowed, slotted], PublicationState::Ready)
        .await;
    world.platform.remote().is_cut_off = true;
    // Both uploads would have begun by now.
    world.clock.advance(HOUR + TEN_MINUTES / 10);
    for _ in 0..30 {
        world
            .until_that(slotted, "waiting for the network", |publication| {
                publication.problem.is_some()
            })
            .await;
        world.clock.advance(TEN_MINUTES / 2);
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }
    world.until(allowed, PublicationState::Missed).await;
    world.platform.remote().is_cut_off = false;
    for _ in 0..4 {
        world.clock.advance(TEN_MINUTES);
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }
    world.until(slotted, PublicationState::Published).await;
    assert_eq!(world.public_captions(), ["any time"]);
}

#[tokio::test]
async fn the_distance_between_late_posts_is_a_setting_of_the_account() {
    let world = World::new().await;
    let day = Duration::from_secs(86_400);
    assert!(
        world.engine.set_spacing(None, 8 * day).await.is_err(),
        "more than a week"
    );
    world.engine.set_spacing(None, day).await.unwrap();
    let of_account = Some(world.account.id);
    world
        .engine
        .set_spacing(of_account, Duration::ZERO)
        .await
        .unwrap();
    let mut posts = Vec::new();
    for number in 0..3_u32 {
        let caption = format!("post {number}");
        posts.push(
            world
                .post_for(&world.account, &caption, HOUR, LatenessPolicy::NextSlot)
                .await,
        );
    }
    world.until_all(&posts, PublicationState::Ready).await;
    world.clock.advance(9 * HOUR);
    world.until_public(&posts, 3).await;
}

#[tokio::test]
async fn new_posts_take_the_policy_of_the_settings() {
    let world = World::new().await;
    let policy = LatenessPolicy::NextSlot;
    world.engine.set_default_lateness(policy).await.unwrap();
    let post = world.post_in(HOUR).await;
    assert_eq!(world.publication(post).await.lateness, policy);
}
