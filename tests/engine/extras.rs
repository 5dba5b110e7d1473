//! What is added to a live post fails alone.

use std::time::Duration;

use daypart_domain::{
    edit::Cover,
    extra::ExtraState,
    post::{Content, Destination},
    problem::{ErrorCode, Problem},
    publication_state::PublicationState,
};
use daypart_engine::{PostDraft, ScheduleWhen};

use crate::{platform::busy, world::World};

async fn publish_with_cover(world: &World) -> daypart_domain::ids::PostId {
    let draft = world.draft("with a cover").await;
    let content = Content {
        cover: Some(Cover::At { at_us: 1_000_000 }),
        ..Content::default()
    };
    let destinations = vec![Destination {
        account_id: world.account.id,
        content,
    }];
    let post = draft.id.unwrap();
    let covered = PostDraft {
        destinations,
        ..draft
    };
    world.engine.save_post(&covered).await.unwrap();
    world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .unwrap();
    world.until(post, PublicationState::Published).await;
    post
}

#[tokio::test]
async fn a_cover_is_added_once_the_post_is_live() {
    let world = World::new().await;
    let post = publish_with_cover(&world).await;
    world
        .until_that(post, "covered", |publication| {
            publication
                .extras
                .iter()
                .all(|extra| extra.state == ExtraState::Done)
                && !publication.extras.is_empty()
        })
        .await;
    assert_eq!(world.platform.remote().extras_made, ["cover"]);
}

#[tokio::test]
async fn a_passing_fault_is_tried_again_without_touching_the_post() {
    let world = World::new().await;
    world.platform.remote().extra_answers.push_back(busy());
    let post = publish_with_cover(&world).await;
    let waiting = world
        .until_that(post, "waiting", |publication| {
            publication
                .extras
                .iter()
                .any(|extra| matches!(extra.state, ExtraState::Waiting { problem: Some(_) }))
        })
        .await;
    assert_eq!(
        (waiting.state, waiting.problem),
        (PublicationState::Published, None)
    );
    world.clock.advance(Duration::from_secs(120));
    world
        .until_that(post, "covered", |publication| {
            publication.extras[0].state == ExtraState::Done
        })
        .await;
    assert_eq!(world.platform.remote().posts, [1], "one post");
}

#[tokio::test]
async fn a_refused_cover_is_told_and_can_be_asked_for_again() {
    let world = World::new().await;
    let refused = Problem::permanent(ErrorCode::new("test.cover"), "this cover is too large");
    world.platform.remote().extra_answers.push_back(refused);
    let post = publish_with_cover(&world).await;
    let failed = world
        .until_that(post, "refused", |publication| {
            matches!(
                publication.extras.first().map(|extra| &extra.state),
                Some(ExtraState::Failed { .. })
            )
        })
        .await;
    assert_eq!(failed.state, PublicationState::Published);

    world.engine.retry_publication(failed.id).await.unwrap();
    world
        .until_that(post, "covered", |publication| {
            publication.extras[0].state == ExtraState::Done
        })
        .await;
    assert_eq!(world.platform.remote().posts, [1], "one post");
}
