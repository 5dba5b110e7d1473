//! The guarded move: only legal ones happen, and all that belongs to a move happens with it or not at all.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use daypart_domain::{
    chunk_plan::ChunkPlan,
    extra::Extra,
    ids::PublicationId,
    job::{JobKind, JobState},
    problem::{ErrorCode, Problem},
    publication::{NeedsUserReason, Receipt, RemoteHandle},
    publication_state::{Mover, PublicationState, TRANSITIONS},
};
use daypart_ports::store::{JobStore, PublicationChange, PublicationStore, UploadRecord};
use support::{at, attempt_id, fixture, force_state, identity, job, owner_id, transition};

#[tokio::test]
async fn exactly_the_moves_of_the_table_happen() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    let mut events = fixture.store.events_of(id).await.unwrap().len();
    for from in PublicationState::ALL {
        for to in PublicationState::ALL {
            for mover in Mover::ALL {
                force_state(&fixture.path, id, from).await;
                let moved = fixture
                    .store
                    .transition(&transition(id, to, mover))
                    .await
                    .unwrap();
                let legal = TRANSITIONS.contains(&(from, to, mover));
                assert_eq!(moved, legal, "{from} → {to} by {mover}");
                assert_eq!(fixture.state().await, if legal { to } else { from });
                events += usize::from(legal);
            }
        }
    }
    let history = fixture.store.events_of(id).await.unwrap();
    assert_eq!(history.len(), events, "one event per move and none for a refusal");
}

#[tokio::test]
async fn a_move_writes_who_when_why_and_from_where() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    fixture
        .store
        .transition(&transition(id, PublicationState::Scheduled, Mover::User))
        .await
        .unwrap();
    let event = fixture.store.events_of(id).await.unwrap().pop().unwrap();
    assert_eq!(event.from, Some(PublicationState::Draft));
    assert_eq!(event.to, PublicationState::Scheduled);
    assert_eq!(event.actor, "user");
    assert_eq!(event.reason, "Because of the test.");
    assert_eq!(event.at, at(100));
}

#[tokio::test]
async fn a_move_may_be_narrowed_but_never_widened() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    let mut narrowed = transition(id, PublicationState::Scheduled, Mover::User);
    narrowed.only_from = Some(PublicationState::Ready);
    assert!(
        !fixture.store.transition(&narrowed).await.unwrap(),
        "it is a draft"
    );
    narrowed.only_from = Some(PublicationState::Draft);
    assert!(fixture.store.transition(&narrowed).await.unwrap());

    force_state(&fixture.path, id, PublicationState::Published).await;
    narrowed.only_from = Some(PublicationState::Published);
    assert!(
        !fixture.store.transition(&narrowed).await.unwrap(),
        "not legal from there"
    );
}

#[tokio::test]
async fn a_change_sets_what_it_names_clears_what_it_clears_and_leaves_the_rest() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    let problem = Problem::permanent(ErrorCode::new("test.full"), "Full of detail.")
        .fix("None.")
        .detail("why");
    let receipt = Receipt {
        remote_id: Some("7300".to_owned()),
        url: Some("http://127.0.0.1/v/7300".to_owned()),
        published_at: at(50),
        visibility: Some("PUBLIC".to_owned()),
        read_back: true,
    };
    let mut scheduled = transition(id, PublicationState::Scheduled, Mover::User);
    scheduled.change = PublicationChange {
        problem: Some(Some(problem.clone())),
        needs_user: Some(Some(NeedsUserReason::CannotTell)),
        due_at: Some(Some(at(900))),
        remote: Some(Some(RemoteHandle(serde_json::json!({"publish_id": "v_1"})))),
        receipt: Some(Some(receipt.clone())),
        warnings: Some(vec!["cover not set".to_owned()]),
        extras: Some(vec![Extra::waiting("cover")]),
        postponed_from: Some(Some(at(800))),
    };
    assert!(fixture.store.transition(&scheduled).await.unwrap());

    let mut drafted = transition(id, PublicationState::Draft, Mover::User);
    drafted.change.problem = Some(None);
    drafted.change.due_at = Some(None);
    assert!(fixture.store.transition(&drafted).await.unwrap());

    let stored = fixture.store.publication(id).await.unwrap().unwrap();
    assert_eq!((stored.problem, stored.due_at), (None, None));
    assert_eq!(stored.needs_user, Some(NeedsUserReason::CannotTell));
    assert_eq!(stored.remote.unwrap().0["publish_id"], "v_1");
    assert_eq!(stored.receipt, Some(receipt));
    assert_eq!(stored.warnings, ["cover not set"]);
    assert_eq!(stored.updated_at, at(100));
}

#[tokio::test]
async fn a_refused_move_changes_nothing_at_all() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    fixture.store.put_upload(&upload(id)).await.unwrap();
    let kept = job(JobKind::Upload, fixture.subject(), at(0));
    fixture.store.enqueue(&kept, at(0)).await.unwrap();
    let before = fixture.store.publication(id).await.unwrap();
    let history = fixture.store.events_of(id).await.unwrap();

    let mut refused = transition(id, PublicationState::Published, Mover::Scheduler);
    refused.change.warnings = Some(vec!["never".to_owned()]);
    refused.enqueue = vec![job(JobKind::Publish, fixture.subject(), at(0))];
    refused.cancel_jobs_except = Some(None);
    refused.drop_upload = true;
    assert!(!fixture.store.transition(&refused).await.unwrap());

    assert_eq!(fixture.store.publication(id).await.unwrap(), before);
    assert_eq!(fixture.store.events_of(id).await.unwrap(), history);
    assert!(fixture.store.upload(id).await.unwrap().is_some());
    let jobs = fixture.store.jobs_of(fixture.subject()).await.unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].state, JobState::Available);
}

#[tokio::test]
async fn a_move_that_fails_half_way_leaves_nothing_behind() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    let history = fixture.store.events_of(id).await.unwrap();
    let mut broken = transition(id, PublicationState::Scheduled, Mover::User);
    // A job about a publication that does not exist breaks a foreign key after the move was written.
    let nobody = PublicationId::from_uuid(uuid::Uuid::nil());
    broken.enqueue = vec![job(
        JobKind::Upload,
        daypart_domain::job::JobSubject::Publication(nobody),
        at(0),
    )];
    fixture.store.transition(&broken).await.unwrap_err();
    assert_eq!(fixture.state().await, PublicationState::Draft);
    assert_eq!(fixture.store.events_of(id).await.unwrap(), history);
}

#[tokio::test]
async fn a_move_brings_its_jobs_cancels_others_and_forgets_the_upload() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    fixture.store.put_upload(&upload(id)).await.unwrap();
    let (kept, cancelled) = (
        job(JobKind::Upload, fixture.subject(), at(0)),
        job(JobKind::Prepare, fixture.subject(), at(0)),
    );
    for job in [&kept, &cancelled] {
        fixture.store.enqueue(job, at(0)).await.unwrap();
    }
    let brought = job(JobKind::Publish, fixture.subject(), at(500));
    let mut moved = transition(id, PublicationState::Scheduled, Mover::User);
    moved.cancel_jobs_except = Some(Some(kept.id));
    moved.enqueue = vec![brought.clone()];
    moved.drop_upload = true;
    assert!(fixture.store.transition(&moved).await.unwrap());

    assert_eq!(fixture.store.upload(id).await.unwrap(), None);
    let states: Vec<_> = fixture
        .store
        .jobs_of(fixture.subject())
        .await
        .unwrap()
        .into_iter()
        .map(|job| (job.id, job.state))
        .collect();
    assert_eq!(
        states,
        [
            (kept.id, JobState::Available),
            (cancelled.id, JobState::Cancelled),
            (brought.id, JobState::Scheduled)
        ]
    );
}

#[tokio::test]
async fn a_cancelled_kind_may_be_brought_again_by_the_same_move() {
    let fixture = fixture().await;
    fixture
        .store
        .enqueue(&job(JobKind::Upload, fixture.subject(), at(0)), at(0))
        .await
        .unwrap();
    let anew = job(JobKind::Upload, fixture.subject(), at(0));
    let mut moved = transition(fixture.publication.id, PublicationState::Scheduled, Mover::User);
    moved.cancel_jobs_except = Some(None);
    moved.enqueue = vec![anew.clone()];
    fixture.store.transition(&moved).await.unwrap();
    let jobs = fixture.store.jobs_of(fixture.subject()).await.unwrap();
    assert_eq!(
        jobs.last().map(|job| (job.id, job.state)),
        Some((anew.id, JobState::Available))
    );
}

#[tokio::test]
async fn a_step_that_was_called_off_can_no_longer_move_its_publication() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    let owner = owner_id();
    let step = job(JobKind::Prepare, fixture.subject(), at(0));
    fixture.store.enqueue(&step, at(0)).await.unwrap();
    fixture
        .store
        .lease_due(owner, at(1), &[attempt_id(), attempt_id()])
        .await
        .unwrap();
    force_state(&fixture.path, id, PublicationState::Scheduled).await;

    let mut by_step = transition(id, PublicationState::Preparing, Mover::Step);
    by_step.while_running = Some(step.id);
    assert!(fixture.store.transition(&by_step).await.unwrap());

    let mut called_off = transition(id, PublicationState::Cancelled, Mover::User);
    called_off.cancel_jobs_except = Some(None);
    assert!(fixture.store.transition(&called_off).await.unwrap());
    force_state(&fixture.path, id, PublicationState::Preparing).await;

    let mut late = transition(id, PublicationState::Ready, Mover::Step);
    late.while_running = Some(step.id);
    assert!(!fixture.store.transition(&late).await.unwrap());
}

#[tokio::test]
async fn an_unknown_publication_is_a_bug_and_not_a_refusal() {
    let fixture = fixture().await;
    let nobody = PublicationId::from_uuid(uuid::Uuid::nil());
    let problem = fixture
        .store
        .transition(&transition(nobody, PublicationState::Scheduled, Mover::User))
        .await
        .unwrap_err();
    assert_eq!(problem.code.as_str(), "daypart.bug");
}

#[tokio::test]
async fn a_note_adds_a_line_without_a_move() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    fixture
        .store
        .note(id, at(7), "step", "The network is away.")
        .await
        .unwrap();
    let event = fixture.store.events_of(id).await.unwrap().pop().unwrap();
    assert_eq!(
        (event.from, event.to),
        (Some(PublicationState::Draft), PublicationState::Draft)
    );
    assert_eq!(
        (event.actor.as_str(), event.reason.as_str()),
        ("step", "The network is away.")
    );
    assert_eq!(fixture.state().await, PublicationState::Draft);
}

#[tokio::test]
async fn warnings_and_problems_stand_beside_the_state() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    let problem = Problem::transient(ErrorCode::new("test.busy"), "Busy just now.");
    fixture
        .store
        .set_problem(id, Some(&problem), at(1))
        .await
        .unwrap();
    fixture
        .store
        .set_warnings(id, &["no cover".to_owned()], None, at(2))
        .await
        .unwrap();
    let stored = fixture.store.publication(id).await.unwrap().unwrap();
    assert_eq!(
        (stored.problem, stored.warnings),
        (Some(problem), vec!["no cover".to_owned()])
    );
    fixture.store.set_problem(id, None, at(3)).await.unwrap();
    assert_eq!(
        fixture.store.publication(id).await.unwrap().unwrap().problem,
        None
    );
}

#[tokio::test]
async fn publications_are_found_by_state_earliest_due_first() {
    let fixture = fixture().await;
    assert!(fixture.store.publications_in(&[]).await.unwrap().is_empty());
    assert!(
        fixture
            .store
            .publications_in(&[PublicationState::Ready])
            .await
            .unwrap()
            .is_empty()
    );
    let found = fixture
        .store
        .publications_in(&[PublicationState::Ready, PublicationState::Draft])
        .await
        .unwrap();
    assert_eq!(found, std::slice::from_ref(&fixture.publication));
}

fn upload(publication_id: PublicationId) -> UploadRecord {
    UploadRecord {
        publication_id,
        public: serde_json::json!({"publish_id": "v_1"}),
        plan: ChunkPlan {
            size_bytes: 5_000_000_000,
            chunk_bytes: 10_000_000,
            chunk_count: 500,
            tail_bytes: 0,
        },
        media_path: "/clips/beach.mp4".to_owned(),
        media_identity: identity(),
        mime: "video/mp4".to_owned(),
        confirmed_bytes: 0,
        opened_at: at(0),
        expires_at: Some(at(3_600)),
        publish_at: Some(at(7_200)),
    }
}

#[tokio::test]
async fn an_upload_counts_confirmed_bytes_until_it_is_forgotten() {
    let fixture = fixture().await;
    let id = fixture.publication.id;
    assert_eq!(fixture.store.upload(id).await.unwrap(), None);
    let mut record = upload(id);
    fixture.store.put_upload(&record).await.unwrap();
    fixture
        .store
        .set_confirmed_bytes(id, 4_990_000_000)
        .await
        .unwrap();
    record.confirmed_bytes = 4_990_000_000;
    assert_eq!(fixture.store.upload(id).await.unwrap(), Some(record.clone()));
    record.confirmed_bytes = 0;
    record.expires_at = None;
    fixture.store.put_upload(&record).await.unwrap();
    assert_eq!(fixture.store.upload(id).await.unwrap(), Some(record));
    fixture.store.drop_upload(id).await.unwrap();
    fixture.store.set_confirmed_bytes(id, 1).await.unwrap();
    assert_eq!(fixture.store.upload(id).await.unwrap(), None);
}
