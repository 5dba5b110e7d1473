//! Random sequences of calls, next to a model that fits on a page.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use daypart_domain::{
    ids::OwnerId,
    job::{Job, JobKind, JobState, valid_prior},
    publication_state::{Mover, PublicationState, TRANSITIONS},
};
use daypart_ports::store::{JobStore, LeasedJob, PublicationStore};
use proptest::prelude::*;
use support::{Fixture, at, attempt_id, ended, fixture, job, owner_id, transition};

#[derive(Debug, Clone)]
enum Call {
    Enqueue {
        kind: JobKind,
        due: i64,
    },
    Lease {
        owner: usize,
        limit: usize,
        now: i64,
    },
    /// Of the `nth` lease ever given out, alive or not.
    End {
        nth: usize,
        to: JobState,
        next: Option<i64>,
        counted: bool,
    },
    ReleaseDead {
        nth: usize,
        due: i64,
    },
    Expedite {
        due: i64,
    },
    Move {
        to: PublicationState,
        mover: Mover,
        cancel: bool,
        brings: Option<JobKind>,
    },
}

fn call() -> impl Strategy<Value = Call> {
    let kind = || prop::sample::select(JobKind::ALL.to_vec());
    let legal = prop::sample::select(TRANSITIONS.to_vec()).prop_map(|(_, to, mover)| (to, mover));
    prop_oneof![
        3 => (kind(), 0..60i64).prop_map(|(kind, due)| Call::Enqueue { kind, due }),
        3 => (0..2usize, 0..3usize, 0..60i64).prop_map(|(owner, limit, now)| Call::Lease { owner, limit, now }),
        3 => (0..8usize, prop::sample::select(JobState::ALL.to_vec()), prop::option::of(0..60i64), any::<bool>())
            .prop_map(|(nth, to, next, counted)| Call::End { nth, to, next, counted }),
        1 => (0..8usize, 0..60i64).prop_map(|(nth, due)| Call::ReleaseDead { nth, due }),
        1 => (0..60i64).prop_map(|due| Call::Expedite { due }),
        4 => (legal, any::<bool>(), prop::option::of(kind()))
            .prop_map(|((to, mover), cancel, brings)| Call::Move { to, mover, cancel, brings }),
    ]
}

/// What the store should hold.
struct Model {
    state: PublicationState,
    events: usize,
    jobs: Vec<Job>,
}

impl Model {
    fn enqueue(&mut self, new: &daypart_ports::store::NewJob, now: i64) -> bool {
        let taken = self
            .jobs
            .iter()
            .any(|job| job.kind == new.kind && !job.state.is_final());
        if !taken {
            self.jobs.push(Job {
                id: new.id,
                kind: new.kind,
                subject: new.subject,
                state: if new.available_at > at(now) {
                    JobState::Scheduled
                } else {
                    JobState::Available
                },
                available_at: new.available_at,
                counted_attempts: 0,
                polls: 0,
                leased_by: None,
            });
        }
        !taken
    }

    fn waiting(&self) -> impl Iterator<Item = &Job> {
        self.jobs
            .iter()
            .filter(|job| !job.state.is_final() && job.leased_by.is_none())
    }

    fn next_due(&self) -> Option<jiff::Timestamp> {
        self.waiting().map(|job| job.available_at).min()
    }
}

struct Run {
    fixture: Fixture,
    model: Model,
    owners: [OwnerId; 2],
    leases: Vec<(OwnerId, LeasedJob)>,
}

impl Run {
    async fn make(&mut self, call: &Call) {
        let store = &self.fixture.store;
        let subject = self.fixture.subject();
        match call {
            Call::Enqueue { kind, due } => {
                let new = job(*kind, subject, at(*due));
                let added = store.enqueue(&new, at(30)).await.unwrap();
                assert_eq!(added, self.model.enqueue(&new, 30));
            }
            Call::Lease { owner, limit, now } => {
                let owner = self.owners[*owner];
                let ids: Vec<_> = (0..*limit).map(|_| attempt_id()).collect();
                let leased = store.lease_due(owner, at(*now), &ids).await.unwrap();
                let mut due: Vec<_> = self
                    .model
                    .waiting()
                    .filter(|job| job.available_at <= at(*now))
                    .map(|job| (job.available_at, job.id))
                    .collect();
                due.sort();
                due.truncate(*limit);
                let got: Vec<_> = leased
                    .iter()
                    .map(|leased| (leased.job.available_at, leased.job.id))
                    .collect();
                assert_eq!(got, due);
                for job in self
                    .model
                    .jobs
                    .iter_mut()
                    .filter(|job| due.iter().any(|(_, id)| *id == job.id))
                {
                    job.state = JobState::Running;
                    job.leased_by = Some(owner);
                }
                self.leases
                    .extend(leased.into_iter().map(|leased| (owner, leased)));
            }
            Call::End {
                nth,
                to,
                next,
                counted,
            } => {
                let Some((owner, lease)) = self.leases.get(*nth) else {
                    return;
                };
                let mut end = ended(lease.job.id, *to);
                end.available_at = next.map(at);
                end.counted = *counted;
                end.polled = !*counted;
                let moved = store.end_job(*owner, lease.attempt_id, &end).await.unwrap();
                let job = self
                    .model
                    .jobs
                    .iter_mut()
                    .find(|job| job.id == lease.job.id)
                    .unwrap();
                let legal = job.leased_by == Some(*owner) && valid_prior(*to).contains(&job.state);
                assert_eq!(moved, legal);
                if legal {
                    job.state = *to;
                    job.leased_by = None;
                    job.available_at = end.available_at.unwrap_or(job.available_at);
                    job.counted_attempts += u32::from(*counted);
                    job.polls += u32::from(!*counted);
                }
            }
            Call::ReleaseDead { nth, due } => {
                let Some((_, lease)) = self.leases.get(*nth) else {
                    return;
                };
                let released = store.release_dead(lease.job.id, at(*due)).await.unwrap();
                let job = self
                    .model
                    .jobs
                    .iter_mut()
                    .find(|job| job.id == lease.job.id)
                    .unwrap();
                assert_eq!(released, job.state == JobState::Running);
                if released {
                    job.state = JobState::Retryable;
                    job.leased_by = None;
                    job.available_at = at(*due);
                }
            }
            Call::Expedite { due } => {
                let moved = store.expedite(subject, at(*due)).await.unwrap();
                assert_eq!(moved, self.model.waiting().count() as u64);
                for job in self
                    .model
                    .jobs
                    .iter_mut()
                    .filter(|job| !job.state.is_final() && job.leased_by.is_none())
                {
                    job.state = JobState::Scheduled;
                    job.available_at = at(*due);
                }
            }
            Call::Move {
                to,
                mover,
                cancel,
                brings,
            } => {
                let mut wanted = transition(self.fixture.publication.id, *to, *mover);
                wanted.cancel_jobs_except = cancel.then_some(None);
                wanted.enqueue = brings
                    .map(|kind| job(kind, subject, at(40)))
                    .into_iter()
                    .collect();
                let moved = store.transition(&wanted).await.unwrap();
                assert_eq!(moved, TRANSITIONS.contains(&(self.model.state, *to, *mover)));
                if moved {
                    self.model.state = *to;
                    self.model.events += 1;
                    if *cancel {
                        for job in self.model.jobs.iter_mut().filter(|job| !job.state.is_final()) {
                            job.state = JobState::Cancelled;
                            job.leased_by = None;
                        }
                    }
                    for new in &wanted.enqueue {
                        self.model.enqueue(new, 100);
                    }
                }
            }
        }
    }

    async fn compare(&self) {
        let store = &self.fixture.store;
        assert_eq!(
            store.jobs_of(self.fixture.subject()).await.unwrap(),
            self.model.jobs
        );
        assert_eq!(store.next_due().await.unwrap(), self.model.next_due());
        assert_eq!(self.fixture.state().await, self.model.state);
        let id = self.fixture.publication.id;
        assert_eq!(store.events_of(id).await.unwrap().len(), self.model.events);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_behaves_like_its_model(calls in prop::collection::vec(call(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fixture = fixture().await;
            let mut run = Run {
                model: Model { state: PublicationState::Draft, events: 1, jobs: Vec::new() },
                owners: [owner_id(), owner_id()],
                leases: Vec::new(),
                fixture,
            };
            // The fixture's probe is no part of the model.
            let attempt = attempt_id();
            let probe = run.fixture.store.lease_due(run.owners[0], at(0), &[attempt]).await.unwrap();
            let end = ended(probe[0].job.id, JobState::Completed);
            run.fixture.store.end_job(run.owners[0], attempt, &end).await.unwrap();
            for call in &calls {
                run.make(call).await;
                run.compare().await;
            }
        });
    }
}
