//! Eight hours without a network, in the middle of an upload.

use std::{sync::Arc, time::Duration};

use daypart_domain::{job::JobSubject, problem::codes, publication_state::PublicationState};
use daypart_engine::ScheduleWhen;

use crate::{
    grid::troubled::{Act, Call, Script, TroubledPlatform},
    world::World,
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn eight_hours_without_a_network_cost_no_attempt_and_no_byte() {
    let script = Script::default();
    let between = script.clone();
    let world = World::behind(
        |platform| platform,
        |inner| {
            Arc::new(TroubledPlatform {
                inner,
                script: between,
            })
        },
    )
    .await;
    script.next(Call::Chunk, Act::Wait);
    let post = world.post_now("before the cut").await;
    script.met(1).await;
    script.set_offline(true);
    script.release();
    let is_offline = |problem: &daypart_domain::problem::Problem| problem.code == codes::NETWORK_OFFLINE;
    for _ in 0..8 * 6 {
        world
            .until_that(post, "waiting for the network", |publication| {
                publication.problem.as_ref().is_some_and(is_offline)
            })
            .await;
        world.clock.advance(10 * MINUTE);
    }
    let publication = world.publication(post).await;
    assert_eq!(publication.state, PublicationState::Uploading);
    let jobs = world
        .store
        .jobs_of(JobSubject::Publication(publication.id))
        .await
        .unwrap();
    assert!(
        jobs.iter().all(|job| job.counted_attempts == 0),
        "waiting was counted: {jobs:#?}"
    );
    assert!(world.platform.remote().posts.is_empty());

    script.set_offline(false);
    world.clock.advance(MINUTE);
    let publication = world
        .until_that(post, "decided", |publication| publication.state.is_settled())
        .await;
    // Whether a post that is eight hours late may still go out is the person's choice; it is made once.
    if publication.state == PublicationState::Missed {
        assert!(world.platform.remote().posts.is_empty());
        world
            .engine
            .schedule_post(post, &ScheduleWhen::Now)
            .await
            .unwrap();
    }
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}
