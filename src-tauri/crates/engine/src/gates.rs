//! What holds a step back before its first call: a limit that the platform named, or a platform that is down for
//! everybody. Waiting for either is not an attempt. Readings are never held back.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use daypart_domain::{
    account::Account,
    breaker::{Breaker, Permit},
    ids::AccountId,
    job::{JobKind, JobSubject},
    platform::{PlatformId, Realm},
    problem::{ErrorCode, Problem, RetryClass, codes},
    publication_state::PublicationState,
    quota::{self, QuotaScope},
};
use daypart_ports::{randomness::unit_interval, store::LeasedJob};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Engine, EngineEvent,
    steps::{StepEnd, StepRun, Subject},
};

/// The breakers of all platforms.
#[derive(Default)]
pub(crate) struct Breakers(Mutex<HashMap<(PlatformId, Realm), Breaker>>);

impl Breakers {
    fn lock(&self) -> MutexGuard<'_, HashMap<(PlatformId, Realm), Breaker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, account: &Account, change: impl FnOnce(&mut Breaker) -> T) -> T {
        let key = (account.platform.clone(), account.realm);
        change(self.lock().entry(key).or_default())
    }
}

/// What a platform said last about a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RememberedLimit {
    pub until: Timestamp,
    pub problem: Problem,
}

impl Engine {
    /// The limit that holds this account back now, as the platform named it; the later one of its own and its
    /// client's.
    pub async fn limit_of(&self, account: &Account) -> Result<Option<RememberedLimit>, Problem> {
        let now = self.now();
        let mut found: Option<RememberedLimit> = None;
        for scope in [QuotaScope::Account, QuotaScope::Client] {
            let document = self.parts().store.setting(&limit_key(scope, account)).await?;
            let limit: Option<RememberedLimit> =
                document.and_then(|document| serde_json::from_str(&document).ok());
            if let Some(limit) = limit.filter(|limit| limit.until > now)
                && found.as_ref().is_none_or(|found| found.until < limit.until)
            {
                found = Some(limit);
            }
        }
        Ok(found)
    }

    /// Platforms at which nothing new starts just now because they are down for everybody, and until when.
    pub fn paused_platforms(&self) -> Vec<(PlatformId, Realm, Timestamp)> {
        let mut paused: Vec<_> = self
            .inner
            .breakers
            .lock()
            .iter()
            .filter_map(|((platform, realm), breaker)| {
                Some((platform.clone(), *realm, breaker.paused_until()?))
            })
            .collect();
        paused.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.as_str().cmp(b.1.as_str())));
        paused
    }

    /// The user wants it tried now, whatever the platform said before.
    pub(crate) async fn forget_limit(&self, id: AccountId) -> Result<(), Problem> {
        let account = self.account(id).await?;
        for scope in [QuotaScope::Account, QuotaScope::Client] {
            let key = limit_key(scope, &account);
            if self.parts().store.setting(&key).await?.is_some() {
                self.parts().store.put_setting(&key, "").await?;
            }
        }
        Ok(())
    }

    /// Learns from how a step that sends ended.
    pub(crate) async fn learn(&self, leased: &LeasedJob, end: &StepEnd) -> Result<(), Problem> {
        let (JobKind::Upload | JobKind::Publish, JobSubject::Publication(id)) =
            (leased.job.kind, leased.job.subject)
        else {
            return Ok(());
        };
        let store = &self.parts().store;
        let Some(publication) = store.publication(id).await? else {
            return Ok(());
        };
        let account = self.account(publication.account_id).await?;
        match end {
            StepEnd::Done(_)
                if matches!(
                    publication.state,
                    PublicationState::Staged
                        | PublicationState::Confirming
                        | PublicationState::HandedOff
                        | PublicationState::Published
                ) =>
            {
                self.inner.breakers.with(&account, Breaker::answered);
            }
            StepEnd::Failed(problem) => {
                if let Some((scope, until)) = quota::limit_in(problem) {
                    let problem = problem.clone();
                    let document = serde_json::to_string(&RememberedLimit { until, problem })
                        .map_err(|error| Problem::bug("a limit could not be written").caused_by(&error))?;
                    store.put_setting(&limit_key(scope, &account), &document).await?;
                }
                if is_the_platforms(problem) {
                    let now = self.now();
                    let opens = self
                        .inner
                        .breakers
                        .with(&account, |breaker| breaker.faulted(now, account.id));
                    if opens {
                        self.emit(EngineEvent::Notice(self.is_down(&account)));
                    }
                }
            }
            StepEnd::Done(_) | StepEnd::Again { .. } | StepEnd::Superseded | StepEnd::Interrupted => {}
        }
        Ok(())
    }

    fn is_down(&self, account: &Account) -> Problem {
        let name = self.platform_name(account);
        Problem::transient(
            ErrorCode::new("platform.paused"),
            format!("{name} has trouble with several accounts. Daypart waits a little before it sends more."),
        )
        .fix("Nothing needs to be done: Daypart tries again by itself.")
    }
}

impl StepRun {
    /// Ends the step early when it has to wait before its first call. The publication shows what it waits for.
    pub(crate) async fn heed_gates(&self, subject: &Subject) -> Result<(), StepEnd> {
        let engine = &self.engine;
        let now = engine.now();
        let (until, problem) = if let Some(limit) = engine.limit_of(&subject.account).await? {
            (limit.until, limit.problem)
        } else {
            match engine
                .inner
                .breakers
                .with(&subject.account, |breaker| breaker.ask(now))
            {
                Permit::Go => return Ok(()),
                Permit::WaitUntil(until) => {
                    // Not all at once when the pause is over.
                    let jitter = unit_interval(engine.parts().randomness.as_ref());
                    let after = SignedDuration::try_from(std::time::Duration::from_secs_f64(jitter * 10.0));
                    (
                        until + after.unwrap_or_default(),
                        engine.is_down(&subject.account),
                    )
                }
            }
        };
        let note = format!("waiting until {until}: {}", problem.message);
        let id = subject.publication.id;
        engine.parts().store.set_problem(id, Some(&problem), now).await?;
        engine.tell_changed(id).await?;
        Err(StepEnd::Again { at: until, note })
    }
}

fn limit_key(scope: QuotaScope, account: &Account) -> String {
    match scope {
        QuotaScope::Account => format!("limit.account.{}", account.id),
        QuotaScope::Client => format!("limit.client.{}.{}", account.realm, account.platform),
    }
}

/// A passing fault of the other side: not of our network, disk, database, vault or media.
fn is_the_platforms(problem: &Problem) -> bool {
    let ours = ["store.", "disk.", "vault.", "media.", "file."];
    problem.retry == RetryClass::Transient
        && problem.code != codes::NETWORK_OFFLINE
        && !ours
            .iter()
            .any(|prefix| problem.code.as_str().starts_with(prefix))
}
