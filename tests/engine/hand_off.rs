//! A platform that can hold the time gets it, and learns of every change.

use std::time::Duration;

use daypart_domain::{
    edit::Cover,
    extra::ExtraState,
    problem::{Problem, codes},
    publication_state::PublicationState,
};
use daypart_engine::{DoubtAnswer, PostDraft};
use daypart_ports::clock::Clock;

use crate::{
    platform::{Fault, Held, ScriptedPlatform, busy},
    world::World,
};

const HOUR: Duration = Duration::from_secs(3_600);

async fn world() -> World {
    World::at_platform(ScriptedPlatform::holding).await
}

#[tokio::test]
async fn a_post_with_enough_lead_is_handed_over_at_once_and_goes_live_with_this_computer_off() {
    let world = world().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::HandedOff).await;
    assert_eq!(world.platform.remote().held.len(), 1);
    assert!(world.platform.remote().posts.is_empty());

    // Nobody acts at the due time: the platform does.
    world.engine.stop();
    world.clock.advance(4 * HOUR);
    assert!(world.platform.is_posted(1));
    let world = world.restarted().await;
    let published = world.until(post, PublicationState::Published).await;
    assert!(published.receipt.unwrap().read_back);
    assert_eq!(world.platform.remote().posts, [1]);
}

#[tokio::test]
async fn a_post_that_is_due_too_soon_is_published_from_this_computer() {
    let world = world().await;
    let post = world.post_in(Duration::from_secs(600)).await;
    world.clock.advance(Duration::from_secs(540));
    world.until(post, PublicationState::Staged).await;
    assert!(world.platform.remote().held.is_empty());
    world.clock.advance(Duration::from_secs(60));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [1]);
}

#[tokio::test]
async fn new_words_and_a_new_time_reach_the_platform() {
    let world = world().await;
    let draft = world.draft("old words").await;
    let post = draft.id.unwrap();
    world
        .engine
        .schedule_post(post, &world.at(3 * HOUR))
        .await
        .unwrap();
    world.until(post, PublicationState::HandedOff).await;

    let new_words = PostDraft {
        caption: "new words".into(),
        ..draft
    };
    world.engine.save_post(&new_words).await.unwrap();
    world.clock.advance(Duration::from_secs(5));
    world.until_held(|held| held.caption == "new words").await;

    let due_at = world.clock.now() + 2 * HOUR;
    world
        .engine
        .schedule_post(post, &world.at(2 * HOUR))
        .await
        .unwrap();
    world.until_held(|held| held.publish_at == due_at).await;
    world.clock.advance(2 * HOUR);
    world.clock.advance(Duration::from_secs(5));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [1], "the same upload, told twice");
}

#[tokio::test]
async fn what_a_platform_cannot_change_is_taken_back_and_sent_anew() {
    let world = world().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::HandedOff).await;
    world
        .platform
        .remote()
        .amend_answers
        .push_back(Problem::permanent(codes::CANNOT_AMEND, "not here"));
    world
        .engine
        .schedule_post(post, &world.at(5 * HOUR))
        .await
        .unwrap();
    world.until_held(|_| true).await;
    world
        .until_that(post, "held anew", |publication| {
            publication.state == PublicationState::HandedOff
                && publication.remote.as_ref().is_some_and(|remote| remote.0 == 2)
        })
        .await;
    let held: Vec<u64> = world.platform.remote().held.keys().copied().collect();
    assert_eq!(held, [2]);
    world.clock.advance(5 * HOUR + Duration::from_secs(5));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [2]);
}

#[tokio::test]
async fn a_time_too_near_for_the_platform_is_kept_by_this_computer() {
    let world = world().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::HandedOff).await;
    world
        .engine
        .schedule_post(post, &world.at(Duration::from_secs(300)))
        .await
        .unwrap();
    world.until(post, PublicationState::Ready).await;
    assert!(world.platform.remote().held.is_empty());
    world.clock.advance(Duration::from_secs(300));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [2]);
}

#[tokio::test]
async fn a_change_that_cannot_be_told_is_shown_and_told_later() {
    let world = world().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::HandedOff).await;
    world.platform.remote().amend_answers.push_back(busy());
    let due_at = world.clock.now() + 4 * HOUR;
    world
        .engine
        .schedule_post(post, &world.at(4 * HOUR))
        .await
        .unwrap();
    let waiting = world
        .until_that(post, "waiting to tell", |publication| {
            publication.problem.is_some()
        })
        .await;
    assert_eq!(waiting.state, PublicationState::HandedOff);
    world.clock.advance(Duration::from_secs(120));
    world.until_held(|held| held.publish_at == due_at).await;
    world
        .until_that(post, "told", |publication| publication.problem.is_none())
        .await;
}

#[tokio::test]
async fn calling_it_off_takes_it_away_from_the_platform() {
    let world = world().await;
    let post = world.post_in(3 * HOUR).await;
    let held = world.until(post, PublicationState::HandedOff).await;
    world.engine.cancel_publication(held.id).await.unwrap();
    assert_eq!(world.publication(post).await.state, PublicationState::Cancelled);
    assert_eq!(world.platform.remote().held.len(), 0);
    world.clock.advance(4 * HOUR);
    assert!(!world.platform.is_posted(1));
}

#[tokio::test]
async fn calling_it_off_too_late_changes_nothing_and_the_post_is_read_back() {
    let world = world().await;
    let post = world.post_in(3 * HOUR).await;
    let held = world.until(post, PublicationState::HandedOff).await;
    world.clock.advance(3 * HOUR);
    let problem = world.engine.cancel_publication(held.id).await.unwrap_err();
    assert_eq!(problem.code, codes::ALREADY_PUBLIC);
    world.until(post, PublicationState::Published).await;
}

#[tokio::test]
async fn another_video_asks_for_taking_it_off_the_schedule_first() {
    let world = world().await;
    let draft = world.draft("words").await;
    let post = draft.id.unwrap();
    world
        .engine
        .schedule_post(post, &world.at(3 * HOUR))
        .await
        .unwrap();
    world.until(post, PublicationState::HandedOff).await;
    let other_video = PostDraft {
        asset_id: None,
        ..draft
    };
    let problem = world.engine.save_post(&other_video).await.unwrap_err();
    assert_eq!(problem.code.as_str(), "post.handed_off");

    world.engine.unschedule_post(post).await.unwrap();
    assert_eq!(world.publication(post).await.state, PublicationState::Draft);
    assert!(world.platform.remote().held.is_empty());
}

#[tokio::test]
async fn a_lost_answer_to_the_hand_over_is_looked_up_and_not_repeated() {
    let world = world().await;
    world
        .platform
        .remote()
        .last_chunk_faults
        .push_back(Fault::LoseAnswerAfterEffect);
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::HandedOff).await;
    let held: Vec<Held> = world.platform.remote().held.values().cloned().collect();
    assert_eq!(held.len(), 1);
    world.clock.advance(3 * HOUR + Duration::from_secs(5));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [1]);
}

#[tokio::test]
async fn what_was_deleted_at_the_platform_is_put_to_the_user() {
    let world = world().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::HandedOff).await;
    world.platform.remote().held.clear();
    world.clock.advance(3 * HOUR + Duration::from_secs(5));
    world.until(post, PublicationState::NeedsUser).await;
    assert!(world.platform.remote().posts.is_empty());
}

fn covered(at_us: u64, draft: PostDraft) -> PostDraft {
    let mut draft = draft;
    draft.destinations[0].content.cover = Some(Cover::At { at_us });
    draft
}

async fn until_added(world: &World, times: usize) {
    let mut news = world.engine.subscribe();
    let wait = async {
        while world.platform.remote().extras_made.len() < times {
            let _: Result<_, _> = news.recv().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), wait).await;
    assert!(waited.is_ok(), "{:?}", world.platform.remote().extras_made);
}

#[tokio::test]
async fn a_cover_is_there_before_the_post_is_public_and_can_be_another_one_until_then() {
    let world = World::at_platform(|platform| platform.holding().adding_early()).await;
    let draft = covered(1_000_000, world.draft("with a cover").await);
    let post = draft.id.unwrap();
    world.engine.save_post(&draft).await.unwrap();
    world
        .engine
        .schedule_post(post, &world.at(3 * HOUR))
        .await
        .unwrap();
    world
        .until_that(post, "held with its cover", |publication| {
            publication.state == PublicationState::HandedOff
                && publication
                    .extras
                    .first()
                    .is_some_and(|extra| extra.state == ExtraState::Done)
        })
        .await;
    let first = world.platform.remote().cover_jpeg.clone();

    // Another cover until the last moment; other words do not make it be added again.
    let draft = covered(3_000_000, draft);
    world.engine.save_post(&draft).await.unwrap();
    world.clock.advance(Duration::from_secs(5));
    until_added(&world, 2).await;
    assert_ne!(world.platform.remote().cover_jpeg, first);
    let new_words = PostDraft {
        caption: "new words".into(),
        ..draft
    };
    world.engine.save_post(&new_words).await.unwrap();
    world.clock.advance(Duration::from_secs(5));
    world.until_held(|held| held.caption == "new words").await;

    // Nothing is left to do for it when its time comes.
    world.clock.advance(3 * HOUR);
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().extras_made, ["cover", "cover"]);
}

#[tokio::test]
async fn what_can_only_be_added_to_a_public_post_waits_for_it() {
    let world = world().await;
    let draft = covered(1_000_000, world.draft("with a cover").await);
    let post = draft.id.unwrap();
    world.engine.save_post(&draft).await.unwrap();
    world
        .engine
        .schedule_post(post, &world.at(3 * HOUR))
        .await
        .unwrap();
    world.until(post, PublicationState::HandedOff).await;
    assert!(world.platform.remote().extras_made.is_empty());
    world.clock.advance(3 * HOUR + Duration::from_secs(5));
    until_added(&world, 1).await;
    assert_eq!(world.publication(post).await.state, PublicationState::Published);
}

#[tokio::test]
async fn a_post_that_is_sent_anew_gets_its_cover_anew() {
    let world = World::at_platform(|platform| platform.holding().adding_early()).await;
    let draft = covered(1_000_000, world.draft("with a cover").await);
    let post = draft.id.unwrap();
    world.engine.save_post(&draft).await.unwrap();
    world
        .engine
        .schedule_post(post, &world.at(3 * HOUR))
        .await
        .unwrap();
    until_added(&world, 1).await;
    world.until(post, PublicationState::HandedOff).await;
    world.engine.unschedule_post(post).await.unwrap();
    assert!(world.publication(post).await.extras.is_empty());
    world
        .engine
        .schedule_post(post, &world.at(3 * HOUR))
        .await
        .unwrap();
    until_added(&world, 2).await;
}

#[tokio::test]
async fn what_the_platform_did_not_publish_in_time_is_taken_from_it_before_it_is_sent_again() {
    let world = world().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::HandedOff).await;
    for held in world.platform.remote().held.values_mut() {
        held.publish_at += 5 * 24 * HOUR;
    }
    world.clock.advance(30 * HOUR);
    let asked = world.until(post, PublicationState::NeedsUser).await;
    world
        .engine
        .answer_in_doubt(asked.id, DoubtAnswer::SendAgain)
        .await
        .unwrap();
    world.until(post, PublicationState::Published).await;
    world.clock.advance(5 * 24 * HOUR);
    assert!(!world.platform.is_posted(1), "the first one never comes");
    assert_eq!(world.platform.remote().posts, [2]);
}
