//! A restored or copied record publishes nothing by itself that somebody else may have published.

use std::time::Duration;

use daypart_domain::{publication::NeedsUserReason, publication_state::PublicationState};
use daypart_engine::DoubtAnswer;

use crate::world::World;

const HOUR: Duration = Duration::from_secs(3_600);

/// Rewrites a number or text of the witness.
fn forge(world: &World, key: &str, value: serde_json::Value) {
    let path = world.folder().join("seal.json");
    let mut mark: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert!(mark.get(key).is_some(), "{mark}");
    mark[key] = value;
    std::fs::write(path, mark.to_string()).unwrap();
}

async fn with_one_published() -> World {
    let world = World::new().await;
    let post = world.post_now("before").await;
    world.until(post, PublicationState::Published).await;
    world
}

#[tokio::test]
async fn a_restart_of_the_same_record_changes_nothing() {
    let world = with_one_published().await;
    let post = world.post_in(HOUR).await;
    world.until(post, PublicationState::Ready).await;
    let world = world.restarted().await;
    world.clock.advance(HOUR);
    world.until(post, PublicationState::Published).await;
}

#[tokio::test]
async fn an_older_record_asks_about_what_was_due_and_keeps_what_lies_ahead() {
    let world = with_one_published().await;
    let due = world.post_in(HOUR).await;
    let ahead = world.post_in(10 * HOUR).await;
    world.until_all(&[due, ahead], PublicationState::Ready).await;
    world.engine.stop();
    // The witness saw two final calls more than this record knows of.
    forge(&world, "final_calls", 3.into());
    world.clock.advance(HOUR + HOUR / 2);
    let world = world.restarted().await;
    let asked = world.until(due, PublicationState::NeedsUser).await;
    assert_eq!(asked.needs_user, Some(NeedsUserReason::CannotTell));
    assert_eq!(world.platform.remote().posts.len(), 1, "nothing was sent");
    assert_eq!(world.publication(ahead).await.state, PublicationState::Ready);

    world
        .engine
        .answer_in_doubt(asked.id, DoubtAnswer::ItIsThere)
        .await
        .unwrap();
    world.clock.advance(10 * HOUR - HOUR / 2 - HOUR);
    world.until(ahead, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 2);
}

#[tokio::test]
async fn on_another_computer_nothing_goes_out_unasked() {
    for key in ["record", "machine"] {
        let world = with_one_published().await;
        let ahead = world.post_in(10 * HOUR).await;
        world.until(ahead, PublicationState::Ready).await;
        world.engine.stop();
        if key == "record" {
            std::fs::remove_file(world.folder().join("seal.json")).unwrap();
        } else {
            // As the other computer's, in record and witness.
            forge(&world, key, "another".into());
            let mark = std::fs::read_to_string(world.folder().join("seal.json")).unwrap();
            world.store().put_setting("seal", &mark).await.unwrap();
        }
        let world = world.restarted().await;
        let asked = world.until(ahead, PublicationState::NeedsUser).await;
        assert_eq!(asked.needs_user, Some(NeedsUserReason::FixAndRetry));
        world.clock.advance(20 * HOUR);
        assert_eq!(world.platform.remote().posts.len(), 1, "{key}");
        let world = world.restarted().await;
        assert_eq!(world.publication(ahead).await.state, PublicationState::NeedsUser);
        world.engine.retry_publication(asked.id).await.unwrap();
        world.until(ahead, PublicationState::Published).await;
    }
}
