//! What was missed is not sent in a burst, and what is staged waits for its second.

use std::time::Duration;

use daypart_domain::publication_state::PublicationState;

use crate::world::World;

const HOUR: Duration = Duration::from_secs(3_600);

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
