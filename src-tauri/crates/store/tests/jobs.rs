//! The queue: unique, leased, one row per attempt.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use daypart_domain::{
    ids::OwnerId,
    job::{Job, JobKind, JobState, JobSubject, valid_prior},
    problem::{ErrorCode, Problem},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::{AttemptLine, JobEnd, JobStore, LeasedJob, PublicationStore};
use support::{Fixture, at, attempt_id, ended, fixture, job, owner_id, transition};

/// Leases everything that is due.
async fn lease(fixture: &Fixture, owner: OwnerId, second: i64) -> Vec<LeasedJob> {
    let ids: Vec<_> = (0..9).map(|_| attempt_id()).collect();
    fixture.store.lease_due(owner, at(second), &ids).await.unwrap()
}

/// A fixture whose queue is empty but for one leased job of the publication.
async fn leased() -> (Fixture, OwnerId, LeasedJob) {
    let fixture = fixture().await;
    let owner = owner_id();
    for probe in lease(&fixture, owner, 0).await {
        end(&fixture, owner, &probe, ended(probe.job.id, JobState::Completed)).await;
    }
    fixture
        .store
        .enqueue(&job(JobKind::Upload, fixture.subject(), at(0)), at(0))
        .await
        .unwrap();
    let upload = lease(&fixture, owner, 0).await.pop().unwrap();
    (fixture, owner, upload)
}

async fn end(fixture: &Fixture, owner: OwnerId, leased: &LeasedJob, end: JobEnd) -> bool {
    fixture
        .store
        .end_job(owner, leased.attempt_id, &end)
        .await
        .unwrap()
}

async fn only_job(fixture: &Fixture) -> Job {
    let mut jobs = fixture.store.jobs_of(fixture.subject()).await.unwrap();
    assert_eq!(jobs.len(), 1);
    jobs.pop().unwrap()
}

#[tokio::test]
async fn one_unfinished_job_of_a_kind_about_a_subject() {
    let (fixture, owner, upload) = leased().await;
    let again = job(JobKind::Upload, fixture.subject(), at(0));
    assert!(
        !fixture.store.enqueue(&again, at(0)).await.unwrap(),
        "one is running"
    );
    let other_kind = job(JobKind::Prepare, fixture.subject(), at(0));
    assert!(fixture.store.enqueue(&other_kind, at(0)).await.unwrap());
    let other_subject = job(JobKind::Upload, JobSubject::Asset(fixture.asset.id), at(0));
    assert!(fixture.store.enqueue(&other_subject, at(0)).await.unwrap());

    let mut later = ended(upload.job.id, JobState::Retryable);
    later.available_at = Some(at(60));
    end(&fixture, owner, &upload, later).await;
    assert!(
        !fixture.store.enqueue(&again, at(0)).await.unwrap(),
        "one waits for its retry"
    );

    let retried = lease(&fixture, owner, 60).await;
    let upload = retried
        .iter()
        .find(|leased| leased.job.id == upload.job.id)
        .unwrap();
    end(&fixture, owner, upload, ended(upload.job.id, JobState::Completed)).await;
    assert!(
        fixture.store.enqueue(&again, at(0)).await.unwrap(),
        "the first one is finished"
    );
}

#[tokio::test]
async fn a_job_about_nothing_that_exists_is_refused() {
    let fixture = fixture().await;
    let nobody = JobSubject::Publication(daypart_domain::ids::PublicationId::from_uuid(uuid::Uuid::nil()));
    fixture
        .store
        .enqueue(&job(JobKind::Upload, nobody, at(0)), at(0))
        .await
        .unwrap_err();
}

#[tokio::test]
async fn due_jobs_are_leased_oldest_due_first_and_only_as_many_as_asked_for() {
    let (fixture, owner, upload) = leased().await;
    end(
        &fixture,
        owner,
        &upload,
        ended(upload.job.id, JobState::Completed),
    )
    .await;
    for (kind, second) in [
        (JobKind::Confirm, 30),
        (JobKind::Prepare, 10),
        (JobKind::Publish, 20),
        (JobKind::Reconcile, 41),
    ] {
        fixture
            .store
            .enqueue(&job(kind, fixture.subject(), at(second)), at(0))
            .await
            .unwrap();
    }
    assert_eq!(fixture.store.next_due().await.unwrap(), Some(at(10)));
    assert!(lease(&fixture, owner, 9).await.is_empty());

    let attempts = [attempt_id(), attempt_id()];
    let first = fixture.store.lease_due(owner, at(40), &attempts).await.unwrap();
    let kinds: Vec<_> = first.iter().map(|leased| leased.job.kind).collect();
    assert_eq!(kinds, [JobKind::Prepare, JobKind::Publish]);
    assert_eq!([first[0].attempt_id, first[1].attempt_id], attempts);
    assert!(
        first
            .iter()
            .all(|leased| leased.job.state == JobState::Running && leased.job.leased_by == Some(owner))
    );

    assert_eq!(fixture.store.next_due().await.unwrap(), Some(at(30)));
    let rest = lease(&fixture, owner, 40).await;
    assert_eq!(
        rest.iter().map(|leased| leased.job.kind).collect::<Vec<_>>(),
        [JobKind::Confirm]
    );
    assert!(
        lease(&fixture, owner, 40).await.is_empty(),
        "nothing is leased twice"
    );
    assert!(
        fixture
            .store
            .lease_due(owner, at(99), &[])
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn every_end_is_guarded_by_the_table() {
    for to in JobState::ALL {
        let (fixture, owner, upload) = leased().await;
        let moved = end(&fixture, owner, &upload, ended(upload.job.id, to)).await;
        assert_eq!(
            moved,
            valid_prior(to).contains(&JobState::Running),
            "running → {to}"
        );
        let job = only_job(&fixture).await;
        assert_eq!(job.state, if moved { to } else { JobState::Running });
        assert_eq!(job.leased_by.is_some(), !moved);
    }
}

#[tokio::test]
async fn failures_and_polls_are_counted_apart_and_the_next_time_is_kept() {
    let (fixture, owner, upload) = leased().await;
    let mut failed = ended(upload.job.id, JobState::Retryable);
    failed.available_at = Some(at(60));
    failed.counted = true;
    failed.problem = Some(Problem::transient(ErrorCode::new("test.away"), "Away."));
    failed.outcome = "The platform was away.".to_owned();
    assert!(end(&fixture, owner, &upload, failed.clone()).await);
    let job = only_job(&fixture).await;
    assert_eq!(
        (job.counted_attempts, job.polls, job.available_at),
        (1, 0, at(60))
    );

    let polling = lease(&fixture, owner, 60).await.pop().unwrap();
    let mut polled = ended(job.id, JobState::Scheduled);
    polled.available_at = Some(at(90));
    polled.polled = true;
    assert!(end(&fixture, owner, &polling, polled).await);
    let job = only_job(&fixture).await;
    assert_eq!(
        (job.counted_attempts, job.polls, job.available_at),
        (1, 1, at(90))
    );

    let attempts = fixture.store.attempts_of(fixture.subject()).await.unwrap();
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0].outcome.as_deref(), Some("The platform was away."));
    assert_eq!(attempts[0].problem, failed.problem);
    assert_eq!(
        (attempts[0].started_at, attempts[0].ended_at),
        (at(0), Some(at(200)))
    );
    assert_eq!(
        (attempts[1].kind, attempts[1].problem.clone()),
        (JobKind::Upload, None)
    );
}

#[tokio::test]
async fn only_the_holder_of_a_lease_ends_its_job() {
    let (fixture, owner, upload) = leased().await;
    let stranger = owner_id();
    assert!(
        !end(
            &fixture,
            stranger,
            &upload,
            ended(upload.job.id, JobState::Completed)
        )
        .await
    );
    assert_eq!(only_job(&fixture).await.state, JobState::Running);
    let open = fixture.store.attempts_of(fixture.subject()).await.unwrap();
    assert_eq!(open[0].ended_at, None, "a stranger closes no attempt");
    assert!(
        end(
            &fixture,
            owner,
            &upload,
            ended(upload.job.id, JobState::Completed)
        )
        .await
    );
    assert!(
        !end(
            &fixture,
            owner,
            &upload,
            ended(upload.job.id, JobState::Discarded)
        )
        .await,
        "it ended before"
    );
    assert_eq!(only_job(&fixture).await.state, JobState::Completed);
}

#[tokio::test]
async fn a_run_whose_job_was_cancelled_loses_its_lease_and_still_closes_its_attempt() {
    let (fixture, owner, upload) = leased().await;
    let mut called_off = transition(fixture.publication.id, PublicationState::Cancelled, Mover::User);
    called_off.cancel_jobs_except = Some(None);
    fixture.store.transition(&called_off).await.unwrap();
    let job = only_job(&fixture).await;
    assert_eq!((job.state, job.leased_by), (JobState::Cancelled, None));

    assert!(
        !end(
            &fixture,
            owner,
            &upload,
            ended(upload.job.id, JobState::Completed)
        )
        .await
    );
    assert_eq!(only_job(&fixture).await.state, JobState::Cancelled);
    let attempts = fixture.store.attempts_of(fixture.subject()).await.unwrap();
    assert_eq!(attempts[0].ended_at, Some(at(200)));
}

#[tokio::test]
async fn leases_of_a_dead_owner_are_found_and_given_back() {
    let (fixture, dead, upload) = leased().await;
    let owner = owner_id();
    assert!(
        fixture.store.dead_leases(dead).await.unwrap().is_empty(),
        "it is its own"
    );
    let found = fixture.store.dead_leases(owner).await.unwrap();
    assert_eq!(
        found.iter().map(|job| job.id).collect::<Vec<_>>(),
        [upload.job.id]
    );
    assert!(
        lease(&fixture, owner, 99).await.is_empty(),
        "a dead lease is still a lease"
    );

    assert!(fixture.store.release_dead(upload.job.id, at(5)).await.unwrap());
    assert!(
        !fixture.store.release_dead(upload.job.id, at(5)).await.unwrap(),
        "once"
    );
    assert!(fixture.store.dead_leases(owner).await.unwrap().is_empty());
    let job = only_job(&fixture).await;
    assert_eq!(
        (job.state, job.available_at, job.counted_attempts),
        (JobState::Retryable, at(5), 0)
    );

    let again = lease(&fixture, owner, 5).await.pop().unwrap();
    assert_eq!(again.job.id, upload.job.id);
    let attempts = fixture.store.attempts_of(fixture.subject()).await.unwrap();
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0].outcome, None, "the process died in it");
}

#[tokio::test]
async fn waiting_jobs_of_a_publication_can_be_made_due() {
    let (fixture, owner, upload) = leased().await;
    let publish = job(JobKind::Publish, fixture.subject(), at(5_000));
    fixture.store.enqueue(&publish, at(0)).await.unwrap();
    assert_eq!(
        fixture.store.expedite(fixture.subject(), at(10)).await.unwrap(),
        1,
        "not the running one"
    );
    let due = lease(&fixture, owner, 10).await;
    assert_eq!(
        due.iter().map(|leased| leased.job.id).collect::<Vec<_>>(),
        [publish.id]
    );
    let running = fixture.store.jobs_of(fixture.subject()).await.unwrap();
    assert!(
        running
            .iter()
            .any(|job| job.id == upload.job.id && job.available_at == at(0))
    );
    assert_eq!(
        fixture
            .store
            .expedite(JobSubject::Asset(fixture.asset.id), at(10))
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn nothing_is_due_in_an_empty_queue() {
    let (fixture, owner, upload) = leased().await;
    assert_eq!(
        fixture.store.next_due().await.unwrap(),
        None,
        "what runs is not due"
    );
    end(
        &fixture,
        owner,
        &upload,
        ended(upload.job.id, JobState::Completed),
    )
    .await;
    assert_eq!(fixture.store.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn log_lines_come_back_in_the_order_in_which_they_were_written() {
    let (fixture, _, upload) = leased().await;
    for line in ["opened", "chunk 1", "chunk 2"] {
        let line = AttemptLine {
            attempt_id: upload.attempt_id,
            // The clock may be set back in between.
            at: at(-(line.len() as i64)),
            line: line.to_owned(),
        };
        fixture.store.add_attempt_line(&line).await.unwrap();
    }
    let lines = fixture.store.attempt_lines_of(fixture.subject()).await.unwrap();
    let texts: Vec<_> = lines.iter().map(|line| line.line.as_str()).collect();
    assert_eq!(texts, ["opened", "chunk 1", "chunk 2"]);
    assert!(
        fixture
            .store
            .attempt_lines_of(JobSubject::Asset(fixture.asset.id))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_job_whose_time_has_come_starts_as_available_and_any_other_as_scheduled() {
    let fixture = fixture().await;
    for (kind, second, expected) in [
        (JobKind::Upload, 10, JobState::Available),
        (JobKind::Publish, 11, JobState::Scheduled),
    ] {
        fixture
            .store
            .enqueue(&job(kind, fixture.subject(), at(second)), at(10))
            .await
            .unwrap();
        let jobs = fixture.store.jobs_of(fixture.subject()).await.unwrap();
        assert_eq!(jobs.last().map(|job| job.state), Some(expected));
    }
}

#[tokio::test]
async fn what_is_paused_is_not_leased_and_nobody_wakes_for_it() {
    use daypart_ports::transfers::TransferStore;

    let (fixture, owner, upload) = leased().await;
    let mut later = ended(upload.job.id, JobState::Scheduled);
    later.available_at = Some(at(60));
    end(&fixture, owner, &upload, later).await;
    let id = fixture.publication.id;
    assert!(
        !fixture.store.pause(id, at(1)).await.unwrap(),
        "a draft sends nothing that could be paused"
    );
    support::force_state(&fixture.path, id, PublicationState::Ready).await;
    assert!(fixture.store.pause(id, at(1)).await.unwrap());
    assert!(!fixture.store.pause(id, at(2)).await.unwrap(), "it is paused");
    assert_eq!(fixture.store.next_due().await.unwrap(), None);
    assert_eq!(lease(&fixture, owner, 100).await, []);

    assert!(fixture.store.resume(id, at(200)).await.unwrap());
    assert_eq!(
        fixture.store.next_due().await.unwrap(),
        Some(at(200)),
        "the wait is not lateness"
    );
    fixture.store.pause_all(at(201)).await.unwrap();
    assert_eq!(lease(&fixture, owner, 300).await, []);
    fixture.store.resume_all(at(300)).await.unwrap();
    assert_eq!(fixture.store.all_paused_at().await.unwrap(), None);
    assert_eq!(lease(&fixture, owner, 300).await.len(), 1);
}
