//! The same thing twice is pointed out, and two clicks are one.

use std::{collections::BTreeMap, time::Duration};

use daypart_domain::{ids::PostId, lateness::LatenessPolicy, publication_state::PublicationState};
use daypart_engine::ScheduleWhen;

use crate::world::World;

const HOUR: Duration = Duration::from_secs(3_600);

async fn rules(world: &World, post: PostId) -> Vec<String> {
    let checks = world.engine.check_post(post, &BTreeMap::new()).await.unwrap();
    let findings = checks.into_iter().flat_map(|check| {
        assert_eq!(check.preflight.blockers, [], "advice never blocks");
        check.preflight.findings
    });
    let ours = ["file.same_account", "account.same_hour", "quota"];
    findings
        .filter(|finding| ours.contains(&finding.rule.as_str()))
        .map(|finding| format!("{}: {}", finding.rule, finding.sentence))
        .collect()
}

#[tokio::test]
async fn the_same_file_for_the_same_account_is_pointed_out_with_when_and_where() {
    let world = World::new().await;
    let first = world.post_now("first").await;
    world.until(first, PublicationState::Published).await;
    let again = world.draft("again").await.id.unwrap();
    let told = rules(&world, again).await;
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].contains("http://127.0.0.1/post/1"), "{told:#?}");
    assert!(told[1].starts_with("account.same_hour"), "{told:#?}");

    let bo = world.another_account(8, "Bo").await;
    let other = world
        .post_for(&bo, "elsewhere", 5 * HOUR, LatenessPolicy::default())
        .await;
    assert_eq!(rules(&world, other).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_post_planned_into_a_used_up_window_is_told_when_there_is_room() {
    let world = World::of_quota(2).await;
    for caption in ["one", "two"] {
        let post = world.post_now(caption).await;
        world.until(post, PublicationState::Published).await;
    }
    let third = world.draft("three").await.id.unwrap();
    let told = rules(&world, third).await;
    let quota = told.iter().find(|told| told.starts_with("quota")).unwrap();
    // The virtual clock starts on 15 January 2027, 08:00 UTC.
    assert!(quota.contains("2 of 2"), "{quota}");
    assert!(quota.contains("Sat 16 Jan 2027, 08:00 UTC"), "{quota}");
    world.clock.advance(24 * HOUR);
    assert!(
        rules(&world, third)
            .await
            .iter()
            .all(|told| !told.starts_with("quota"))
    );
}

#[tokio::test]
async fn two_clicks_on_schedule_are_one_plan() {
    let world = World::new().await;
    let post = world.draft("double click").await.id.unwrap();
    let when = world.at(HOUR);
    let (one, two) = tokio::join!(
        world.engine.schedule_post(post, &when),
        world.engine.schedule_post(post, &when)
    );
    assert!(one.is_ok() && two.is_ok());
    world.until(post, PublicationState::Ready).await;
    world.engine.schedule_post(post, &when).await.unwrap();
    let publication = world.publication(post).await;
    assert_eq!(
        publication.state,
        PublicationState::Ready,
        "what was prepared is kept"
    );
    world.clock.advance(HOUR);
    world.until(post, PublicationState::Published).await;
    world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .unwrap();
    assert_eq!(world.public_captions(), ["double click"]);
}
