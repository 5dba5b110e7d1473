//! A record that was broken by hand is mended at the next start, and nothing is posted twice by it.

use std::time::Duration;

use daypart_domain::{extra::Extra, publication_state::PublicationState};
use daypart_ports::clock::Clock;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{platform::ScriptedPlatform, world::World};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// Every unfinished job is gone, as if it had never been written.
const LOSE_JOBS: &str = "DELETE FROM jobs WHERE publication_id IS NOT NULL \
                         AND state NOT IN ('completed', 'cancelled', 'discarded')";

async fn by_hand(world: &World, sql: &'static str) {
    let options = SqliteConnectOptions::new()
        .filename(world.place("daypart.db"))
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(15));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn broken(world: World, sql: &'static str) -> World {
    world
        .restarted_after(async |world| by_hand(world, sql).await)
        .await
}

async fn repairs(world: &World) -> Vec<String> {
    world.engine.integrity_pass().await.unwrap().unwrap().repairs
}

#[tokio::test]
async fn a_planned_post_whose_work_was_lost_goes_out_at_its_time() {
    let world = World::new().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::Ready).await;
    let world = broken(world, LOSE_JOBS).await;
    world.clock.advance(3 * HOUR - Duration::from_secs(60));
    world.until(post, PublicationState::Staged).await;
    assert!(world.platform.remote().posts.is_empty(), "not before its time");
    world.clock.advance(Duration::from_secs(60));
    let published = world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [1]);
    assert_eq!(repairs(&world).await.len(), 1);
    let log = world.engine.publication_log(published.id).await.unwrap();
    assert!(
        log.events
            .iter()
            .any(|event| event.actor == "rescuer" && event.reason.contains("nothing worked on it")),
        "the history says what was done: {:#?}",
        log.events
    );
}

#[tokio::test]
async fn a_staged_post_whose_final_call_was_lost_is_published_once() {
    let world = World::new().await;
    let post = world.post_in(Duration::from_secs(600)).await;
    world.clock.advance(Duration::from_secs(560));
    world.until(post, PublicationState::Staged).await;
    let world = broken(world, LOSE_JOBS).await;
    world.clock.advance(Duration::from_secs(40));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [1]);
}

#[tokio::test]
async fn what_is_late_by_then_is_missed_and_not_sent() {
    let world = World::new().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::Ready).await;
    let clock = world.clock.clone();
    let world = world
        .restarted_after(async |world| {
            by_hand(world, LOSE_JOBS).await;
            clock.advance(2 * DAY);
        })
        .await;
    world.until(post, PublicationState::Missed).await;
    assert!(world.platform.remote().posts.is_empty());
}

#[tokio::test]
async fn a_doubt_that_nobody_looks_into_is_looked_into() {
    let world = World::new().await;
    let post = world.post_in(Duration::from_secs(600)).await;
    world.clock.advance(Duration::from_secs(560));
    world.until(post, PublicationState::Staged).await;
    let world = world
        .restarted_after(async |world| {
            by_hand(world, LOSE_JOBS).await;
            by_hand(world, "UPDATE publications SET state = 'in_doubt'").await;
        })
        .await;
    // Read, and found not to be there: it goes out at its time after all.
    world.until(post, PublicationState::Staged).await;
    world.clock.advance(Duration::from_secs(40));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [1]);
}

#[tokio::test]
async fn what_is_being_read_back_is_read_back() {
    let world = World::new().await;
    let post = world.post_now("once").await;
    world.until(post, PublicationState::Published).await;
    let world = broken(
        world,
        "UPDATE publications SET state = 'confirming', receipt = NULL",
    )
    .await;
    let published = world.until(post, PublicationState::Published).await;
    assert!(published.receipt.unwrap().read_back);
    assert_eq!(world.platform.remote().posts, [1]);
}

#[tokio::test]
async fn a_post_that_a_platform_holds_is_read_back_after_its_time() {
    let world = World::at_platform(ScriptedPlatform::holding).await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::HandedOff).await;
    let world = broken(world, LOSE_JOBS).await;
    assert_eq!(world.platform.remote().held.len(), 1);
    world.clock.advance(4 * HOUR);
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [1]);
}

#[tokio::test]
async fn additions_that_wait_are_made() {
    let world = World::new().await;
    let post = world.post_now("once").await;
    world.until(post, PublicationState::Published).await;
    let waiting = serde_json::to_string(&[Extra::waiting("cover")]).unwrap();
    assert!(waiting.contains("waiting"));
    let world = broken(
        world,
        r#"UPDATE publications SET extras = '[{"key":"cover","state":{"is":"waiting","problem":null}}]'"#,
    )
    .await;
    world
        .until_that(post, "covered", |publication| {
            publication.extras.iter().all(|extra| !extra.is_waiting())
        })
        .await;
    assert_eq!(world.platform.remote().extras_made, ["cover"]);
    assert_eq!(world.platform.remote().posts, [1]);
}

#[tokio::test]
async fn jobs_of_a_post_that_was_called_off_are_called_off_too() {
    let world = World::new().await;
    let post = world.post_in(3 * HOUR).await;
    world.until(post, PublicationState::Ready).await;
    let world = broken(world, "UPDATE publications SET state = 'cancelled'").await;
    world.until_that(post, "noted", |_| true).await;
    wait_for_pass(&world).await;
    assert_eq!(repairs(&world).await.len(), 1);
    assert_eq!(
        world
            .engine
            .next_attempt_at(world.publication(post).await.id)
            .await
            .unwrap(),
        None
    );
    world.clock.advance(4 * HOUR);
    assert!(world.platform.remote().posts.is_empty());
}

#[tokio::test]
async fn a_record_that_is_in_order_is_left_alone() {
    let world = World::new().await;
    let published = world.post_now("now").await;
    world.until(published, PublicationState::Published).await;
    let planned = world.post_in(3 * HOUR).await;
    world.until(planned, PublicationState::Ready).await;
    let began = world.clock.now();
    let clock = world.clock.clone();
    let world = world
        .restarted_after(async |_| clock.advance(Duration::from_secs(1)))
        .await;
    wait_for_pass(&world).await;
    let pass = world.engine.integrity_pass().await.unwrap().unwrap();
    assert!(pass.at > began);
    assert_eq!(pass.repairs, [""; 0]);
}

/// The pass is kept after its repairs, and before the queue runs: work done afterwards means that it was made.
async fn wait_for_pass(world: &World) {
    let post = world.post_now("a sign of life").await;
    world.until(post, PublicationState::Published).await;
    world.platform.remote().posts.clear();
}
