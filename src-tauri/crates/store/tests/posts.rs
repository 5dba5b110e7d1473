//! Saving posts: their publications are made to match, and what is under way is never changed.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use daypart_domain::{
    lateness::LatenessPolicy, publication_state::PublicationState, schedule::LocalSchedule,
};
use daypart_ports::store::{AccountStore, PostStore, PublicationStore};
use support::{account, at, content, fixture, force_state, post, publication};

#[tokio::test]
async fn a_post_comes_back_with_wall_time_zone_and_instant() {
    let fixture = fixture().await;
    let mut changed = fixture.post.clone();
    changed.caption = "Zweiter Schnitt".to_owned();
    changed.schedule =
        Some(LocalSchedule::resolve("2026-12-24T18:00:00".parse().unwrap(), "Europe/Berlin").unwrap());
    changed.updated_at = at(50);
    fixture
        .store
        .save_post(&changed, std::slice::from_ref(&fixture.publication))
        .await
        .unwrap();
    assert_eq!(fixture.store.post(changed.id).await.unwrap(), Some(changed));
}

#[tokio::test]
async fn deleting_a_post_can_be_undone_and_posts_are_listed_by_last_change() {
    let fixture = fixture().await;
    let mut newer = post(None);
    newer.updated_at = at(60);
    fixture.store.save_post(&newer, &[]).await.unwrap();
    let listed: Vec<_> = fixture
        .store
        .posts()
        .await
        .unwrap()
        .into_iter()
        .map(|post| post.id)
        .collect();
    assert_eq!(listed, [newer.id, fixture.post.id]);

    assert!(
        fixture
            .store
            .set_post_deleted(newer.id, Some(at(61)))
            .await
            .unwrap()
    );
    assert_eq!(
        fixture.store.posts().await.unwrap(),
        std::slice::from_ref(&fixture.post)
    );
    assert!(fixture.store.set_post_deleted(newer.id, None).await.unwrap());
    assert_eq!(fixture.store.posts().await.unwrap().len(), 2);
    assert!(!fixture.store.set_post_deleted(post(None).id, None).await.unwrap());
}

#[tokio::test]
async fn new_destinations_start_as_drafts_whatever_was_claimed() {
    let fixture = fixture().await;
    let bo = fixture.store.put_account(&account("bo")).await.unwrap();
    let mut claimed = publication(fixture.post.id, bo.id);
    claimed.state = PublicationState::Published;
    claimed.due_at = Some(at(1));
    fixture
        .store
        .save_post(&fixture.post, &[fixture.publication.clone(), claimed.clone()])
        .await
        .unwrap();
    let stored = fixture.store.publication(claimed.id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.due_at), (PublicationState::Draft, None));
    let events = fixture.store.events_of(claimed.id).await.unwrap();
    assert_eq!((events[0].from, events[0].to), (None, PublicationState::Draft));
}

#[tokio::test]
async fn content_is_replaced_exactly_in_the_states_that_allow_editing() {
    let fixture = fixture().await;
    for state in PublicationState::ALL {
        force_state(&fixture.path, fixture.publication.id, state).await;
        let before = fixture
            .store
            .publication(fixture.publication.id)
            .await
            .unwrap()
            .unwrap();
        let mut edited = before.clone();
        edited.content = content(state.as_str());
        edited.lateness = LatenessPolicy::Ask;
        let mut post = fixture.post.clone();
        post.caption = format!("edited while {state}");

        let saved = fixture
            .store
            .save_post(&post, std::slice::from_ref(&edited))
            .await;
        let after = fixture.store.publication(edited.id).await.unwrap().unwrap();
        let caption = fixture.store.post(post.id).await.unwrap().unwrap().caption;
        if state.is_editable() {
            saved.unwrap();
            assert_eq!(
                (after.content, after.lateness),
                (edited.content, LatenessPolicy::Ask)
            );
            assert_eq!(caption, post.caption);
        } else {
            assert_eq!(saved.unwrap_err().code.as_str(), "post.busy");
            assert_eq!(after, before);
            assert_ne!(caption, post.caption, "nothing at all changes while {state}");
        }
        assert_eq!(after.state, state);
        // For the next round.
        force_state(&fixture.path, fixture.publication.id, PublicationState::Draft).await;
        fixture
            .store
            .save_post(&fixture.post, std::slice::from_ref(&fixture.publication))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_unchanged_destination_never_stands_in_the_way() {
    let fixture = fixture().await;
    for state in PublicationState::ALL {
        force_state(&fixture.path, fixture.publication.id, state).await;
        let mut post = fixture.post.clone();
        post.caption = format!("typed while {state}");
        fixture
            .store
            .save_post(&post, std::slice::from_ref(&fixture.publication))
            .await
            .unwrap();
        assert_eq!(
            fixture.store.post(post.id).await.unwrap().unwrap().caption,
            post.caption
        );
    }
}

#[tokio::test]
async fn a_destination_that_is_left_out_goes_only_as_a_draft() {
    for state in PublicationState::ALL {
        let fixture = fixture().await;
        force_state(&fixture.path, fixture.publication.id, state).await;
        let saved = fixture.store.save_post(&fixture.post, &[]).await;
        let stays = fixture
            .store
            .publication(fixture.publication.id)
            .await
            .unwrap()
            .is_some();
        assert_eq!(stays, state != PublicationState::Draft, "{state}");
        // What a platform holds would go public all the same.
        let may_go = state.is_editable() && state != PublicationState::HandedOff;
        match saved {
            Ok(()) => assert!(may_go, "{state}"),
            Err(problem) => {
                assert_eq!(problem.code.as_str(), "post.busy");
                assert!(!may_go, "{state}");
            }
        }
    }
}

#[tokio::test]
async fn one_post_goes_to_an_account_once() {
    let fixture = fixture().await;
    let twin = publication(fixture.post.id, fixture.account.id);
    let problem = fixture
        .store
        .save_post(&fixture.post, &[fixture.publication.clone(), twin])
        .await
        .unwrap_err();
    assert_eq!(problem.code.as_str(), "post.duplicate_destination");
    assert_eq!(
        fixture.store.publications_of(fixture.post.id).await.unwrap(),
        std::slice::from_ref(&fixture.publication)
    );
}
