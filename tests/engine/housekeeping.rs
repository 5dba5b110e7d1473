//! What nothing refers to goes; what anything refers to, and every original, stays.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use daypart_domain::publication_state::PublicationState;
use daypart_ports::secrets::{SecretName, SecretVault};

use crate::world::World;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// A file in the media folder that was last written so long ago.
fn left(world: &World, name: &str, age: Duration) -> PathBuf {
    let path = world.place("media").join(name);
    fs::write(&path, [0; 1_000]).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::now() - age).unwrap();
    path
}

#[tokio::test]
async fn abandoned_files_go_and_young_ones_and_originals_stay() {
    let world = World::new().await;
    world.draft("a draft").await;
    let gone = [
        left(&world, "rendition-1.mp4.part", 3 * HOUR),
        left(&world, "rendition-2.mp4", 3 * HOUR),
        left(&world, "poster-nobody.jpg", 3 * HOUR),
    ];
    let kept = [
        left(&world, "rendition-3.mp4.part", HOUR),
        left(&world, "rendition-4.mp4", HOUR),
        left(&world, "something-else.mp4", 300 * HOUR),
        world.clip.clone(),
    ];
    let cleaned = world.engine.clean_up().await.unwrap();
    assert_eq!((cleaned.files, cleaned.size_bytes), (3, 3_000));
    assert!(gone.iter().all(|path| !path.exists()));
    assert!(kept.iter().all(|path| path.exists()));
    assert_eq!(
        world.engine.clean_up().await.unwrap().files,
        0,
        "nothing is left to do"
    );
}

#[tokio::test]
async fn the_picture_of_a_removed_file_goes_after_a_day_and_comes_back_with_it() {
    let world = World::new().await;
    let draft = world.draft("a draft").await;
    let asset = draft.asset_id.unwrap();
    let poster = world.until_poster(asset).await;
    world.engine.delete_post(draft.id.unwrap()).await.unwrap();
    world.engine.remove_asset(asset).await.unwrap();
    world.clock.advance(HOUR);
    world.engine.clean_up().await.unwrap();
    assert!(poster.exists(), "taking it back is still quick");
    world.clock.advance(DAY);
    world.engine.clean_up().await.unwrap();
    assert!(!poster.exists());
    assert!(world.clip.exists(), "the original is never touched");
    world.engine.restore_asset(asset).await.unwrap();
    assert!(world.until_poster(asset).await.exists());
}

#[tokio::test]
async fn history_is_kept_as_long_as_was_chosen_and_what_still_moves_for_ever() {
    let world = World::new().await;
    let old = world.post_now("old").await;
    let published = world.until(old, PublicationState::Published).await;
    let planned = world.post_in(200 * DAY).await;
    world.until(planned, PublicationState::Ready).await;
    let draft = world.draft("never scheduled").await;
    world.clock.advance(89 * DAY);
    assert_eq!(world.engine.clean_up().await.unwrap().posts, 0);
    world.engine.keep_history(None).await.unwrap();
    world.clock.advance(2 * DAY);
    assert_eq!(world.engine.clean_up().await.unwrap().posts, 0, "kept for ever");
    world.engine.keep_history(Some(90)).await.unwrap();
    assert_eq!(world.engine.clean_up().await.unwrap().posts, 1);
    assert!(world.engine.publication(published.id).await.is_err());
    let log = world.engine.publication_log(published.id).await.unwrap();
    assert!(log.events.is_empty() && log.attempts.is_empty() && log.lines.is_empty());
    assert_eq!(world.publication(planned).await.state, PublicationState::Ready);
    assert!(world.engine.post(draft.id.unwrap()).await.is_ok());
    assert!(world.clip.exists());
    assert_eq!(world.platform.remote().posts, [1], "what is public stays public");
}

#[tokio::test]
async fn history_cannot_be_kept_for_a_day_or_a_century() {
    let world = World::new().await;
    for days in [0, 1, 36_500] {
        let refused = world.engine.keep_history(Some(days)).await.unwrap_err();
        assert_eq!(refused.code.as_str(), "history.days");
    }
    assert_eq!(world.engine.history_days().await.unwrap(), Some(90));
}

#[tokio::test]
async fn the_address_of_an_upload_that_ended_leaves_the_vault() {
    let world = World::new().await;
    let post = world.post_now("once").await;
    let published = world.until(post, PublicationState::Published).await;
    // As a crash between the record and the vault leaves it.
    let name = SecretName::upload(published.id);
    world
        .vault
        .put(&name, "an address".to_owned().into())
        .await
        .unwrap();
    world.engine.clean_up().await.unwrap();
    assert!(world.vault.get(&name).await.unwrap().is_none());
}

#[tokio::test]
async fn a_waiting_upload_and_its_address_stay() {
    let world = World::new().await;
    let post = world.post_in(Duration::from_secs(600)).await;
    world.clock.advance(Duration::from_secs(560));
    let staged = world.until(post, PublicationState::Staged).await;
    world.engine.clean_up().await.unwrap();
    let name = SecretName::upload(staged.id);
    assert!(world.vault.get(&name).await.unwrap().is_some());
    world.clock.advance(Duration::from_secs(40));
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts, [1]);
}
