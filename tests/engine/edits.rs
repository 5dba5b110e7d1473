//! What the user changes or calls off is never sent as it was.

use std::time::Duration;

use daypart_domain::{
    delivery_spec::AccountLimits, problem::codes, publication_state::PublicationState, transcode_plan::Rung,
};
use daypart_engine::{PostDraft, ScheduleWhen};
use daypart_ports::secrets::{SecretName, SecretVault};

use crate::world::World;

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_staged_post_whose_caption_changes_goes_out_with_the_new_one_only() {
    let world = World::new().await;
    let draft = world.draft("old words").await;
    let post = draft.id.unwrap();
    world.engine.schedule_post(post, &world.at(HOUR)).await.unwrap();
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(HOUR - Duration::from_secs(60));
    world.until(post, PublicationState::Staged).await;

    world
        .engine
        .save_post(&PostDraft {
            caption: "new words".into(),
            ..draft
        })
        .await
        .unwrap();
    world.until(post, PublicationState::Staged).await;
    world.clock.advance(Duration::from_secs(60));
    world.until(post, PublicationState::Published).await;
    let remote = world.platform.remote();
    assert_eq!(remote.captions, ["old words", "new words"]);
    assert_eq!(remote.posts, [2], "only the second upload was finished");
}

#[tokio::test]
async fn a_cancelled_publication_sends_nothing_and_forgets_its_upload_address() {
    let world = World::new().await;
    let post = world.post_in(HOUR).await;
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(HOUR - Duration::from_secs(60));
    let staged = world.until(post, PublicationState::Staged).await;
    world.engine.cancel_publication(staged.id).await.unwrap();
    world.clock.advance(HOUR / 2);

    // Another post that is due later proves that the queue has passed the first one's time.
    let other = world.post_now("after").await;
    world.until(other, PublicationState::Published).await;
    assert_eq!(world.publication(post).await.state, PublicationState::Cancelled);
    assert_eq!(world.platform.remote().posts, [2]);
    assert!(
        world
            .vault
            .get(&SecretName::upload(staged.id))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_file_that_changed_after_it_was_added_is_not_sent() {
    let world = World::new().await;
    let post = world.draft("which one?").await.id.unwrap();
    let mut bytes = std::fs::read(&world.clip).unwrap();
    let middle = bytes.len() / 2;
    bytes.truncate(middle);
    std::fs::write(&world.clip, bytes).unwrap();
    world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .unwrap();
    let stopped = world.until(post, PublicationState::NeedsUser).await;
    assert_eq!(stopped.problem.unwrap().code, codes::FILE_CHANGED);
    assert_eq!(world.platform.remote().bytes_received, 0);
}

#[tokio::test]
async fn a_file_that_changed_in_the_middle_of_an_upload_is_never_spliced() {
    let world = World::new().await;
    let post = world.post_in(HOUR).await;
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(HOUR - Duration::from_secs(60));
    world.until(post, PublicationState::Staged).await;
    let mut bytes = std::fs::read(&world.clip).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&world.clip, bytes).unwrap();
    world.clock.advance(Duration::from_secs(60));
    let stopped = world.until(post, PublicationState::NeedsUser).await;
    assert_eq!(stopped.problem.unwrap().code, codes::FILE_CHANGED);
    assert!(world.platform.remote().posts.is_empty());
}

#[tokio::test]
async fn pressing_schedule_twice_makes_one_post() {
    let world = World::new().await;
    let post = world.draft("once").await.id.unwrap();
    let (first, second) = tokio::join!(
        world.engine.schedule_post(post, &ScheduleWhen::Now),
        world.engine.schedule_post(post, &ScheduleWhen::Now),
    );
    assert!(first.is_ok() || second.is_ok());
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}

#[tokio::test]
async fn another_time_moves_the_post_and_the_old_time_passes_in_silence() {
    let world = World::new().await;
    let post = world.post_in(HOUR).await;
    world.until(post, PublicationState::Ready).await;
    world
        .engine
        .schedule_post(post, &world.at(HOUR * 3))
        .await
        .unwrap();
    world.until(post, PublicationState::Ready).await;
    world.clock.advance(HOUR + HOUR / 2);
    let other = world.post_now("passes the old time").await;
    world.until(other, PublicationState::Published).await;
    assert_eq!(
        world.platform.remote().posts,
        [1],
        "only the other post has gone out"
    );
    world.clock.advance(HOUR + HOUR / 2);
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 2);
}

#[tokio::test]
async fn what_an_account_may_send_is_kept_and_decides_what_is_sent() {
    let world = World::new().await;
    let post = world.draft("a long one").await.id.unwrap();
    let rung = async || {
        let planned = world.engine.plan_post(post).await.unwrap();
        planned[0].rendition.plan.rung
    };
    assert_eq!(rung().await, Rung::AsIs);

    world.platform.remote().limits = AccountLimits {
        short_side_max_px: Some(360),
        ..AccountLimits::default()
    };
    world.engine.posting_options(world.account.id).await.unwrap();
    assert_eq!(
        rung().await,
        Rung::Encode,
        "a smaller picture is made for this account"
    );
    let kept = world.engine.account(world.account.id).await.unwrap();
    assert_eq!(kept.limits.short_side_max_px, Some(360));
}
