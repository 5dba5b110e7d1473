//! An owner and guests write to one file at the same time.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::collections::HashSet;

use daypart_domain::{
    job::{JobKind, JobState, JobSubject},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::{AssetStore, JobStore, PublicationStore};
use daypart_store::{Role, SqliteStore};
use support::{asset, at, attempt_id, ended, fixture, job, owner_id, transition};

#[tokio::test(flavor = "multi_thread")]
async fn writes_of_several_processes_wait_for_one_another_and_none_is_lost() {
    let fixture = fixture().await;
    let mut writers = Vec::new();
    for process in 0..3 {
        // Own pools are what another process has.
        let store = SqliteStore::open(&fixture.path, Role::Guest).await.unwrap();
        for lane in 0..2 {
            let store = store.clone();
            writers.push(tokio::spawn(async move {
                for number in 0..20 {
                    let new = asset(&format!("/clips/{process}-{lane}-{number}.mp4"));
                    let probe = job(JobKind::Probe, JobSubject::Asset(new.id), at(0));
                    assert!(store.add_asset(&new, &probe).await.unwrap().1);
                }
            }));
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(fixture.store.assets().await.unwrap().len(), 1 + 3 * 2 * 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_two_want_happens_once() {
    let fixture = fixture().await;
    let guest = SqliteStore::open(&fixture.path, Role::Guest).await.unwrap();
    let id = fixture.publication.id;
    for _ in 0..20 {
        let cancel = transition(id, PublicationState::Cancelled, Mover::User);
        let (one, two) = tokio::join!(fixture.store.transition(&cancel), guest.transition(&cancel));
        assert_eq!(usize::from(one.unwrap()) + usize::from(two.unwrap()), 1);
        let draft = transition(id, PublicationState::Draft, Mover::User);
        assert!(guest.transition(&draft).await.unwrap());
    }
    // One line for the start, and one per move that happened.
    assert_eq!(fixture.store.events_of(id).await.unwrap().len(), 1 + 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_leased_by_one_of_several_who_try() {
    let fixture = fixture().await;
    let guest = SqliteStore::open(&fixture.path, Role::Guest).await.unwrap();
    let kinds = JobKind::ALL;
    for kind in kinds {
        fixture
            .store
            .enqueue(&job(kind, fixture.subject(), at(0)), at(0))
            .await
            .unwrap();
    }
    let mut runs = Vec::new();
    for store in [fixture.store.clone(), guest] {
        for _ in 0..2 {
            let store = store.clone();
            runs.push(tokio::spawn(async move {
                let owner = owner_id();
                let mut done = Vec::new();
                loop {
                    let leased = store.lease_due(owner, at(1), &[attempt_id()]).await.unwrap();
                    let Some(leased) = leased.into_iter().next() else {
                        return done;
                    };
                    let end = ended(leased.job.id, JobState::Completed);
                    assert!(store.end_job(owner, leased.attempt_id, &end).await.unwrap());
                    done.push(leased.job.id);
                }
            }));
        }
    }
    let mut done = Vec::new();
    for run in runs {
        done.extend(run.await.unwrap());
    }
    // The fixture's probe is among them.
    assert_eq!(done.len(), kinds.len() + 1);
    assert_eq!(
        done.iter().collect::<HashSet<_>>().len(),
        done.len(),
        "none ran twice"
    );
}

#[tokio::test]
async fn readers_are_not_held_up_by_a_writer() {
    let fixture = fixture().await;
    let mut writer = support::connect(&fixture.path).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
    assert_eq!(fixture.store.assets().await.unwrap().len(), 1);
    sqlx::query("ROLLBACK").execute(&mut writer).await.unwrap();
}
