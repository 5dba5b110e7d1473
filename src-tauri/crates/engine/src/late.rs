//! After downtime: everything that is late is settled in one go, so that nothing goes out in a burst and the user
//! gets one notice.

use std::{collections::BTreeMap, time::Duration};

use daypart_domain::{
    ids::AccountId,
    job::JobSubject,
    lateness::{self, Late, LatenessPolicy, Settled},
    problem::{Problem, codes},
    publication::Publication,
    publication_state::{Mover, PublicationState},
};
use daypart_ports::store::{PublicationChange, Transition};
use jiff::Timestamp;

use crate::{Engine, EngineEvent};

/// States in which a publication has its time still before it, or its last call under way.
const PLANNED: [PublicationState; 6] = [
    PublicationState::Scheduled,
    PublicationState::Preparing,
    PublicationState::Ready,
    PublicationState::Uploading,
    PublicationState::Staged,
    PublicationState::HandedOff,
];

impl Engine {
    /// Settles every late publication by its policy, oldest first, at least the account's spacing apart. Those that
    /// wait for a retry or a quota are not late, those that wait for the network are.
    pub(crate) async fn settle_late(&self) -> Result<(), Problem> {
        let _turn = self.inner.late_turn.lock().await;
        let now = self.now();
        let mut by_account = BTreeMap::<AccountId, Vec<Publication>>::new();
        for publication in self.parts().store.publications_in(&PLANNED).await? {
            by_account
                .entry(publication.account_id)
                .or_default()
                .push(publication);
        }
        let mut missed = Vec::new();
        for (account, publications) in by_account {
            let mut late = Vec::new();
            let mut taken = self.sent_lately(account, now).await?;
            for publication in publications {
                match self.late_since(&publication, now).await? {
                    Lateness::Late => late.push(publication),
                    Lateness::DueAt(at) => taken.push(at),
                    Lateness::NoTime => {}
                }
            }
            let spacing = self.spacing(account).await?;
            let judged: Vec<Late> = late
                .iter()
                .filter_map(|publication| {
                    Some(Late {
                        due_at: publication.postponed_from.or(publication.due_at)?,
                        policy: publication.lateness,
                    })
                })
                .collect();
            let settled = lateness::settle_account(&judged, &taken, spacing, now);
            for (publication, settled) in late.iter().zip(settled) {
                let moved = self.settle_one_late(publication, settled, now).await?;
                let is_asked = settled == Settled::Missed && publication.lateness != LatenessPolicy::Skip;
                if moved && is_asked {
                    missed.push(publication.id);
                }
            }
        }
        if !missed.is_empty() {
            self.emit(EngineEvent::Missed(missed));
        }
        Ok(())
    }

    async fn settle_one_late(
        &self,
        publication: &Publication,
        settled: Settled,
        now: Timestamp,
    ) -> Result<bool, Problem> {
        let Some(due_at) = publication.due_at else {
            return Ok(false);
        };
        let (to, reason, change) = match settled {
            Settled::Slot(slot) => (
                publication.state,
                format!("due at {due_at}, but this computer could not act until {now}; due anew at {slot}"),
                PublicationChange {
                    due_at: Some(Some(slot)),
                    postponed_from: Some(Some(publication.postponed_from.unwrap_or(due_at))),
                    ..Default::default()
                },
            ),
            Settled::Missed => (
                PublicationState::Missed,
                format!("due at {due_at}, but this computer could not act until {now}"),
                PublicationChange {
                    due_at: Some(Some(publication.postponed_from.unwrap_or(due_at))),
                    postponed_from: Some(None),
                    ..Default::default()
                },
            ),
        };
        let moved = self
            .move_publication(Transition {
                publication_id: publication.id,
                to,
                mover: Mover::Scheduler,
                reason,
                at: now,
                only_from: Some(publication.state),
                while_running: None,
                change,
                enqueue: Vec::new(),
                cancel_jobs_except: None,
                drop_upload: to == PublicationState::Missed,
            })
            .await?;
        if moved && to == PublicationState::Missed {
            self.forget_upload_secret(publication.id).await;
        }
        Ok(moved)
    }

    /// When this account sent something within its spacing before `now`.
    pub(crate) async fn sent_lately(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<Timestamp>, Problem> {
        let since = now - self.spacing(account).await?;
        let calls = self.parts().store.final_calls(since).await?;
        Ok(calls
            .into_iter()
            .filter(|call| call.account_id == account)
            .map(|call| call.at)
            .collect())
    }

    /// When this account has sent or will send something, as far as it bears on slots from `now` on; without the
    /// publications in `except`.
    pub(crate) async fn taken_times(
        &self,
        account: AccountId,
        except: &[daypart_domain::ids::PublicationId],
        now: Timestamp,
    ) -> Result<Vec<Timestamp>, Problem> {
        let mut taken = self.sent_lately(account, now).await?;
        let planned = self.parts().store.publications_in(&PLANNED).await?;
        taken.extend(
            planned
                .iter()
                .filter(|planned| planned.account_id == account && !except.contains(&planned.id))
                .filter_map(|planned| planned.due_at)
                .map(|due_at| due_at.max(now)),
        );
        Ok(taken)
    }

    async fn late_since(&self, publication: &Publication, now: Timestamp) -> Result<Lateness, Problem> {
        let Some(due_at) = publication.due_at else {
            return Ok(Lateness::NoTime);
        };
        let can_be_moved = match publication.state {
            PublicationState::Scheduled | PublicationState::Ready | PublicationState::Staged => true,
            // Without a network nothing has begun, whatever was tried.
            PublicationState::Uploading => self.parts().store.upload(publication.id).await?.is_none(),
            _ => false,
        };
        if !can_be_moved || !lateness::is_late(due_at, now) {
            return Ok(Lateness::DueAt(due_at.max(now)));
        }
        let jobs = self
            .parts()
            .store
            .jobs_of(JobSubject::Publication(publication.id))
            .await?;
        let waits_until = jobs
            .iter()
            .filter(|job| !job.state.is_final())
            .map(|job| job.available_at)
            .max();
        let judged_from = judged_from(publication, due_at, waits_until.unwrap_or(due_at));
        Ok(match lateness::is_late(judged_from, now) {
            true => Lateness::Late,
            false => Lateness::DueAt(judged_from.max(now)),
        })
    }
}

enum Lateness {
    Late,
    /// Not late, and takes this time of its account.
    DueAt(Timestamp),
    NoTime,
}

/// From when on lateness counts. Time that this computer spent working on a publication (since it reached its
/// present state), or that its step was told to wait for a retry or a quota, is no lateness. Time without a network
/// is.
pub(crate) fn judged_from(publication: &Publication, due_at: Timestamp, waits_until: Timestamp) -> Timestamp {
    let was_offline = publication
        .problem
        .as_ref()
        .is_some_and(|problem| problem.code == codes::NETWORK_OFFLINE);
    if was_offline {
        due_at
    } else {
        due_at.max(publication.updated_at).max(waits_until)
    }
}

/// What is moved to a later time is sent no earlier than this before it: an upload that is open too long expires.
pub(crate) const UPLOAD_BEFORE: Duration = Duration::from_secs(900);
