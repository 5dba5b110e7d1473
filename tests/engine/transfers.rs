//! What the user holds back is not sent and does not go public; what goes on goes on at the byte.

use std::time::Duration;

use daypart_domain::{
    bandwidth::BandwidthPlan, publication_state::PublicationState, transfer::TransferRules,
};
use daypart_ports::clock::Clock;

use crate::{
    platform::{CHUNK_BYTES, Fault},
    world::World,
};

const HOUR: Duration = Duration::from_secs(3_600);

fn size_bytes(world: &World) -> u64 {
    std::fs::metadata(&world.clip).unwrap().len()
}

/// A post whose second part hangs, and so is surely being sent.
async fn in_the_middle(world: &World) -> daypart_domain::ids::PostId {
    let faults = [Fault::Fine, Fault::Hang];
    world.platform.remote().chunk_faults.extend(faults);
    let post = world.post_now("first").await;
    world.platform.hung().await;
    post
}

#[tokio::test]
async fn a_paused_upload_lets_go_in_the_middle_of_a_part_and_goes_on_at_the_byte() {
    let world = World::new().await;
    let post = in_the_middle(&world).await;
    let id = world.publication(post).await.id;
    let paused = world.engine.pause_publication(id).await.unwrap();
    assert_eq!(paused.state, PublicationState::Uploading);
    assert!(paused.transfer.paused_at.is_some());

    // The account has one transfer at a time: the second could not go out if the first had not let go.
    let second = world.post_now("second").await;
    world.until(second, PublicationState::Published).await;
    assert_eq!(
        world.platform.remote().uploads[&1],
        CHUNK_BYTES,
        "the first stands where it was"
    );

    world.engine.resume_publication(id).await.unwrap();
    world.until(post, PublicationState::Published).await;
    let remote = world.platform.remote();
    assert_eq!(remote.posts, [2, 1]);
    assert_eq!(
        remote.bytes_received,
        2 * size_bytes(&world),
        "nothing was sent twice"
    );
}

#[tokio::test]
async fn a_pause_outlives_the_program() {
    let world = World::new().await;
    let post = in_the_middle(&world).await;
    let id = world.publication(post).await.id;
    world.engine.pause_publication(id).await.unwrap();
    let world = world.restarted().await;
    let second = world.post_now("second").await;
    world.until(second, PublicationState::Published).await;
    let paused = world.publication(post).await;
    assert_eq!(paused.state, PublicationState::Uploading);
    assert!(paused.transfer.paused_at.is_some());

    world.engine.resume_publication(id).await.unwrap();
    let published = world.until(post, PublicationState::Published).await;
    assert_eq!(published.transfer.paused_at, None);
    assert_eq!(world.platform.remote().posts, [2, 1]);
}

#[tokio::test]
async fn what_became_due_while_it_was_paused_is_late_by_the_users_own_wish() {
    let world = World::new().await;
    let post = world.post_in(HOUR).await;
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(HOUR - Duration::from_secs(60));
    let staged = world.until(post, PublicationState::Staged).await;
    world.engine.pause_publication(staged.id).await.unwrap();
    // Much later than what counts as missed.
    world.clock.advance(5 * HOUR);
    let second = world.post_now("second").await;
    world.until(second, PublicationState::Published).await;
    assert_eq!(world.publication(post).await.state, PublicationState::Staged);
    assert_eq!(world.platform.remote().posts, [2], "the paused one is not public");

    world.engine.resume_publication(staged.id).await.unwrap();
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [2, 1]);
    let log = world.engine.publication_log(staged.id).await.unwrap();
    let reasons: Vec<&str> = log.events.iter().map(|event| event.reason.as_str()).collect();
    assert!(
        reasons.contains(&"paused") && reasons.contains(&"resumed"),
        "{reasons:?}"
    );
}

#[tokio::test]
async fn while_everything_is_paused_files_are_prepared_and_nothing_is_sent() {
    let world = World::new().await;
    let overview = world.engine.pause_transfers().await.unwrap();
    assert!(overview.all_paused_at.is_some());
    let first = world.post_now("first").await;
    world.until(first, PublicationState::Ready).await;
    let world = world.restarted().await;
    let second = world.post_now("second").await;
    world.until(second, PublicationState::Ready).await;
    assert_eq!(world.platform.remote().bytes_received, 0);

    world.engine.resume_transfers().await.unwrap();
    world.until(first, PublicationState::Published).await;
    world.until(second, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 2);
}

#[tokio::test]
async fn a_paused_publication_can_be_called_off_and_is_not_paused_when_it_is_planned_anew() {
    let world = World::new().await;
    let post = in_the_middle(&world).await;
    let id = world.publication(post).await.id;
    world.engine.pause_publication(id).await.unwrap();
    let cancelled = world.engine.cancel_publication(id).await.unwrap();
    assert_eq!(cancelled.state, PublicationState::Cancelled);
    assert_eq!(cancelled.transfer.paused_at, None);
    let problem = world.engine.pause_publication(id).await.unwrap_err();
    assert_eq!(problem.code.as_str(), "publication.not_pausable");

    world
        .engine
        .schedule_post(post, &daypart_engine::ScheduleWhen::Now)
        .await
        .unwrap();
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}

#[tokio::test]
async fn a_limit_makes_sending_start_earlier_and_the_plan_says_so() {
    let world = World::new().await;
    let size = size_bytes(&world);
    let starts_before_due = async |limit: Option<u64>| {
        let rules = TransferRules {
            bandwidth: BandwidthPlan {
                usual_bytes_per_s: limit,
                ..Default::default()
            },
            ..Default::default()
        };
        world.engine.set_transfer_rules(&rules).await.unwrap();
        let post = world.post_in(HOUR).await;
        let ready = world.until(post, PublicationState::Ready).await;
        let plan = ready.transfer.plan.clone().unwrap();
        assert_eq!(plan.size_bytes, size);
        let waits_until = world.engine.next_attempt_at(ready.id).await.unwrap();
        assert_eq!(waits_until, Some(plan.starts_at), "what is told is what happens");
        let ahead = ready.due_at.unwrap().duration_since(plan.starts_at);
        (ahead.as_secs().unsigned_abs(), plan)
    };
    let (usual_s, usual) = starts_before_due(None).await;
    let (slow_s, slow) = starts_before_due(Some(10_000)).await;
    assert!(!usual.is_limited && slow.is_limited && !slow.is_too_late);
    assert!(slow_s >= size / 10_000, "{slow_s} s for {size} bytes at 10 kB/s");
    assert!(slow_s > usual_s);

    // Due in a minute, and the bytes alone take longer.
    assert!(size / 10_000 > 60, "the clip is too small to show anything");
    let post = world.post_in(Duration::from_secs(60)).await;
    let planned = world
        .until_that(post, "planned", |publication| publication.transfer.plan.is_some())
        .await;
    assert!(planned.transfer.plan.unwrap().is_too_late);
    assert!(planned.due_at.unwrap() > world.clock.now());
}
