//! A clock that was wrong and is set right: nothing goes out twice, nothing waits for a year.

use std::time::Duration;

use daypart_domain::publication_state::PublicationState;

use crate::world::World;

const DAY: Duration = Duration::from_secs(24 * 3_600);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3_600);

#[tokio::test]
async fn what_is_published_is_not_published_again_when_its_time_comes_a_second_time() {
    let world = World::new().await;
    let post = world.post_in(DAY).await;
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(DAY);
    world.until(post, PublicationState::Published).await;

    world.clock.set_back(2 * DAY);
    let other = world.post_now("after the clock was set back").await;
    world.until(other, PublicationState::Published).await;
    world.clock.advance(2 * DAY);
    let last = world.post_now("when the first one's time came again").await;
    world.until(last, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 3, "one post each");
    assert_eq!(world.publication(post).await.state, PublicationState::Published);
}

#[tokio::test]
async fn what_is_scheduled_waits_for_its_own_hour() {
    let world = World::new().await;
    let post = world.post_in(DAY).await;
    world.until(post, PublicationState::Ready).await;
    world.clock.set_back(DAY);
    let now = world.post_now("meanwhile").await;
    world.until(now, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1, "only the other one");
    world.clock.advance(2 * DAY);
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 2);
}

/// The platform took the post under a clock that was a year ahead; reading it back must not wait for that year.
#[tokio::test]
async fn a_post_under_way_is_followed_at_once() {
    let world = World::new().await;
    world.clock.advance(YEAR);
    world.put_grant("access-0", Some("refresh-0"), 2 * YEAR).await;
    world.platform.remote().still_processing = 1;
    let post = world.post_now("under a clock a year ahead").await;
    world.until(post, PublicationState::Confirming).await;
    while world.platform.remote().still_processing > 0 {
        tokio::task::yield_now().await;
    }
    world.clock.set_back(YEAR);
    // The next reading, had it been planned only after the clock was set.
    world.clock.advance(Duration::from_secs(10));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}
