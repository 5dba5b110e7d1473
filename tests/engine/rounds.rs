//! Accounts are looked at before they are needed; what was found is told then.

use std::time::Duration;

use daypart_domain::{
    account::AccountHealth,
    account_check::AccountCheck,
    problem::{Problem, UserAction, codes},
    publication_state::PublicationState,
};
use daypart_engine::{EngineEvent, Pace};
use daypart_ports::clock::Clock;
use tokio::sync::broadcast::Receiver;

use crate::world::World;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

async fn until_checked(world: &World, is_so: impl Fn(&AccountCheck) -> bool) -> AccountCheck {
    let mut news = world.engine.subscribe();
    let wait = async {
        loop {
            let check = world.engine.account_check(world.account.id).await.unwrap();
            if let Some(check) = check.filter(&is_so) {
                return check;
            }
            let _: Result<EngineEvent, _> = news.recv().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait)
        .await
        .expect("the account was not looked at within 30 s")
}

async fn next_notice(news: &mut Receiver<EngineEvent>) -> Problem {
    let wait = async {
        loop {
            if let EngineEvent::Notice(problem) = news.recv().await.unwrap() {
                return problem;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait)
        .await
        .expect("no notice within 30 s")
}

#[tokio::test]
async fn every_account_is_looked_at_once_a_day() {
    let world = World::making_rounds().await;
    assert_eq!(world.engine.account_check(world.account.id).await.unwrap(), None);
    for day in 1..=3 {
        world.clock.advance(DAY);
        let now = world.clock.now();
        until_checked(&world, |check| check.answered_at == Some(now)).await;
        assert_eq!(world.platform.remote().profiles_asked, day);
    }
}

#[tokio::test]
async fn it_is_looked_at_a_day_before_its_next_post() {
    let world = World::making_rounds().await;
    world.post_in(DAY + 5 * HOUR).await;
    world.clock.advance(5 * HOUR);
    let now = world.clock.now();
    until_checked(&world, |check| check.answered_at == Some(now)).await;
    assert!(world.platform.remote().posts.is_empty());
}

#[tokio::test]
async fn a_sign_in_that_ended_is_told_a_day_before_the_post() {
    let world = World::making_rounds().await;
    world
        .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
        .await;
    let post = world.post_in(DAY + 5 * HOUR).await;
    world.until(post, PublicationState::Ready).await;
    let dead = Problem::needs_user(codes::AUTH_REVOKED, UserAction::Reconnect, "sign-in ended");
    world.platform.remote().refresh_answers.push_back(Err(dead));
    let mut news = world.engine.subscribe();
    world.clock.advance(5 * HOUR);
    assert_eq!(next_notice(&mut news).await.code, codes::AUTH_REVOKED);
    let account = world.engine.account(world.account.id).await.unwrap();
    assert!(matches!(account.health, AccountHealth::NeedsReconnect(_)));
    assert_eq!(world.publication(post).await.state, PublicationState::Ready);
}

#[tokio::test]
async fn a_network_fault_changes_nothing_and_is_looked_into_an_hour_later() {
    let world = World::making_rounds().await;
    world
        .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
        .await;
    let offline = Problem::transient(codes::NETWORK_OFFLINE, "no route");
    world.platform.remote().refresh_answers.push_back(Err(offline));
    world.clock.advance(DAY);
    let failed = until_checked(&world, |check| check.problem.is_some()).await;
    assert_eq!(failed.answered_at, None);
    let account = world.engine.account(world.account.id).await.unwrap();
    assert_eq!(account.health, AccountHealth::Connected);
    assert_eq!(world.grant().await["refresh_token"], "refresh-0");

    world.clock.advance(HOUR);
    let now = world.clock.now();
    let looked = until_checked(&world, |check| check.answered_at == Some(now)).await;
    assert_eq!(looked.problem, None);
}

#[tokio::test]
async fn the_end_of_a_sign_in_is_told_once_and_a_week_ahead() {
    let world = World::making_rounds().await;
    let end = world.clock.now() + 8 * DAY + HOUR;
    world.platform.remote().sign_in_ends_at = Some(end);
    world
        .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
        .await;
    let mut news = world.engine.subscribe();
    world.clock.advance(DAY);
    let first = until_checked(&world, |check| check.answered_at.is_some()).await;
    assert_eq!((first.sign_in_ends_at, first.told_end), (Some(end), None));
    world.clock.advance(DAY);
    assert_eq!(next_notice(&mut news).await.code.as_str(), "auth.ends_soon");
    world.clock.advance(DAY);
    let now = world.clock.now();
    until_checked(&world, |check| check.answered_at == Some(now)).await;
    while let Ok(event) = news.try_recv() {
        assert!(!matches!(event, EngineEvent::Notice(_)), "told twice: {event:?}");
    }
}

#[tokio::test]
async fn an_account_that_waits_for_its_user_is_left_alone() {
    let world = World::making_rounds().await;
    world
        .put_grant("old", Some("refresh-0"), Duration::from_secs(10))
        .await;
    let dead = Problem::needs_user(codes::AUTH_REVOKED, UserAction::Reconnect, "sign-in ended");
    world.platform.remote().refresh_answers.push_back(Err(dead));
    world.clock.advance(DAY);
    until_checked(&world, |check| check.problem.is_some()).await;
    let refreshes = world.platform.remote().refreshes;
    let mut rounds = 0;
    for _ in 0..20 {
        world.clock.advance(DAY);
        // Accounts come after it, so the next one means that this round's accounts were passed over. A round that was
        // still at it when the clock moved is made up a day later.
        rounds += u32::from(is_cleaned(&world).await);
        if rounds == 3 {
            break;
        }
    }
    assert_eq!(rounds, 3);
    assert_eq!(world.platform.remote().profiles_asked, 0);
    assert_eq!(world.platform.remote().refreshes, refreshes);
}

/// Housekeeping tells nobody; the record says when it was made.
async fn is_cleaned(world: &World) -> bool {
    let now = world.clock.now();
    let cleaned = async {
        while world.engine.cleaned_at().await.unwrap() != Some(now) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), cleaned)
        .await
        .is_ok()
}

#[tokio::test]
async fn little_room_is_told_before_work_starts() {
    let pace = Pace {
        disk_low_bytes: u64::MAX,
        ..Pace::default()
    };
    let world = World::at_pace(
        pace,
        |platform| platform,
        |platform| std::sync::Arc::new(platform),
    )
    .await;
    // Every start tells it; one whose predecessor was still letting go may be ended before it does.
    let mut world = world;
    let mut told = None;
    for _ in 0..5 {
        world = world.restarted().await;
        let mut news = world.engine.subscribe();
        let heard = tokio::time::timeout(Duration::from_secs(5), next_notice(&mut news)).await;
        if let Ok(problem) = heard {
            told = Some(problem);
            break;
        }
    }
    let told = told.unwrap();
    assert_eq!(told.code, codes::DISK_LOW);
    assert!(told.fix.is_some());
}
