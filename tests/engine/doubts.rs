//! After an unclear answer nothing is sent before the platform has been read.

use daypart_domain::{
    publication::NeedsUserReason,
    publication_state::{Mover, PublicationState},
};
use daypart_engine::DoubtAnswer;

use crate::{platform::Fault, world::World};

#[tokio::test]
async fn the_answer_to_the_last_byte_is_lost_and_the_post_is_found() {
    let world = World::new().await;
    world
        .platform
        .remote()
        .last_chunk_faults
        .push_back(Fault::LoseAnswerAfterEffect);
    let post = world.post_now("once").await;
    let publication = world.until(post, PublicationState::Published).await;

    assert_eq!(world.platform.remote().posts.len(), 1);
    assert!(publication.receipt.unwrap().read_back);
    let log = world.engine.publication_log(publication.id).await.unwrap();
    assert!(
        log.events
            .iter()
            .any(|event| event.to == PublicationState::InDoubt)
    );
    let out = log
        .events
        .iter()
        .find(|event| event.from == Some(PublicationState::InDoubt))
        .unwrap();
    assert_eq!(out.actor, Mover::Reconciler.as_str());
}

#[tokio::test]
async fn the_last_byte_never_arrived_and_the_same_upload_is_finished() {
    let world = World::new().await;
    world
        .platform
        .remote()
        .last_chunk_faults
        .push_back(Fault::LoseAnswerBeforeEffect);
    let post = world.post_now("once").await;
    world.until(post, PublicationState::Published).await;

    let remote = world.platform.remote();
    assert_eq!(remote.posts.len(), 1);
    assert_eq!(remote.captions.len(), 1, "no second upload was opened");
    assert_eq!(
        remote.bytes_received,
        std::fs::metadata(&world.clip).unwrap().len(),
        "no byte was sent twice"
    );
}

#[tokio::test]
async fn what_cannot_be_known_is_put_to_the_user_and_never_sent_again_by_itself() {
    let world = World::new().await;
    {
        let mut remote = world.platform.remote();
        remote.is_blind = true;
        remote.last_chunk_faults.push_back(Fault::LoseAnswerAfterEffect);
    }
    let post = world.post_now("once").await;
    let publication = world.until(post, PublicationState::NeedsUser).await;
    assert_eq!(publication.needs_user, Some(NeedsUserReason::CannotTell));
    assert_eq!(
        world
            .engine
            .retry_publication(publication.id)
            .await
            .unwrap_err()
            .code
            .as_str(),
        "publication.not_retryable"
    );
    let again = world
        .engine
        .schedule_post(post, &daypart_engine::ScheduleWhen::Now)
        .await
        .unwrap();
    assert_eq!(
        again.publications[0].state,
        PublicationState::NeedsUser,
        "scheduling is no way around the question"
    );

    let answered = world
        .engine
        .answer_in_doubt(publication.id, DoubtAnswer::ItIsThere)
        .await
        .unwrap();
    assert_eq!(answered.state, PublicationState::Published);
    assert!(
        !answered.receipt.unwrap().read_back,
        "the receipt says that the user saw it, not the platform"
    );
    assert_eq!(world.platform.remote().posts.len(), 1);
}

#[tokio::test]
async fn what_may_be_public_cannot_be_called_off() {
    let world = World::new().await;
    {
        let mut remote = world.platform.remote();
        remote.is_blind = true;
        remote.last_chunk_faults.push_back(Fault::LoseAnswerAfterEffect);
    }
    let post = world.post_now("once").await;
    let publication = world.until(post, PublicationState::NeedsUser).await;
    let refused = world.engine.cancel_publication(publication.id).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "publication.unanswered");
    assert_eq!(
        world.publication(post).await.state,
        PublicationState::NeedsUser,
        "the question stands"
    );
}

#[tokio::test]
async fn the_user_saw_that_it_is_not_there_and_it_is_sent_again_once() {
    let world = World::new().await;
    {
        let mut remote = world.platform.remote();
        remote.is_blind = true;
        remote.last_chunk_faults.push_back(Fault::LoseAnswerBeforeEffect);
    }
    let post = world.post_now("once").await;
    let publication = world.until(post, PublicationState::NeedsUser).await;
    world
        .engine
        .answer_in_doubt(publication.id, DoubtAnswer::SendAgain)
        .await
        .unwrap();
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}
