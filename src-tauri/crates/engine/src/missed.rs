//! What the user decides about posts that missed their time, and about those that failed.

use std::collections::BTreeMap;

use daypart_domain::{
    ids::{AccountId, PublicationId},
    lateness::{LatenessPolicy, next_slot},
    problem::{ErrorCode, Problem, UserAction},
    publication::{NeedsUserReason, Publication},
    publication_state::PublicationState,
    schedule::LocalSchedule,
};
use jiff::{Timestamp, civil};

use crate::Engine;

/// For one missed publication or for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissedDecision {
    /// Now; several of one account go out its spacing apart.
    PublishNow,
    /// At the next time at which the account has nothing within its spacing.
    NextSlot,
    /// At this time; several of one account from then on, its spacing apart.
    At {
        wall: civil::DateTime,
        zone: String,
    },
    LetGo,
}

impl Engine {
    /// Everything that missed its time and waits for a decision, oldest due first. What was told to be skipped is
    /// not among it.
    pub async fn missed(&self) -> Result<Vec<Publication>, Problem> {
        let missed = self
            .parts()
            .store
            .publications_in(&[PublicationState::Missed])
            .await?;
        let mut asked = Vec::new();
        for publication in missed {
            let is_kept = self
                .parts()
                .store
                .post(publication.post_id)
                .await?
                .is_some_and(|post| post.deleted_at.is_none());
            if is_kept && publication.lateness != LatenessPolicy::Skip {
                asked.push(publication);
            }
        }
        Ok(asked)
    }

    /// Decides about missed publications, oldest first. Those that are not missed (any more) are left alone. Returns
    /// what was decided about, as it is now.
    ///
    /// # Errors
    /// `schedule.past`, `schedule.zone`; nothing has changed then.
    pub async fn decide_missed(
        &self,
        ids: &[PublicationId],
        decision: &MissedDecision,
    ) -> Result<Vec<Publication>, Problem> {
        let now = self.now();
        let from = match decision {
            MissedDecision::At { wall, zone } => {
                let instant = LocalSchedule::resolve(*wall, zone)?.instant;
                if instant < now {
                    return Err(Problem::needs_user(
                        ErrorCode::new("schedule.past"),
                        UserAction::EditPost,
                        "This time has already passed.",
                    )
                    .fix("Pick a later time, or publish now."));
                }
                instant
            }
            MissedDecision::PublishNow | MissedDecision::NextSlot | MissedDecision::LetGo => now,
        };
        let mut missed = self
            .parts()
            .store
            .publications_in(&[PublicationState::Missed])
            .await?;
        missed.retain(|publication| ids.contains(&publication.id));
        let mut decided = BTreeMap::<AccountId, Vec<Timestamp>>::new();
        let mut after = Vec::new();
        for publication in missed {
            if *decision == MissedDecision::LetGo {
                after.push(self.cancel_publication(publication.id).await?);
                continue;
            }
            let account = publication.account_id;
            let spacing = self.spacing(account).await?;
            if let std::collections::btree_map::Entry::Vacant(entry) = decided.entry(account) {
                entry.insert(match decision {
                    MissedDecision::NextSlot => self.taken_times(account, ids, now).await?,
                    // The user named the time; only the others that were decided with it keep their distance.
                    _ => Vec::new(),
                });
            }
            let taken = decided.entry(account).or_default();
            let due_at = next_slot(from, taken, spacing);
            taken.push(due_at);
            self.plan_from(&publication, due_at, "decided after it was missed")
                .await?;
            after.push(self.publication(publication.id).await?);
        }
        Ok(after)
    }

    /// Tries everything again that failed or waits for the user to press retry. What only a person can tell about is
    /// left alone, and so is what was missed.
    pub async fn retry_failed(&self) -> Result<Vec<Publication>, Problem> {
        let stopped = self
            .parts()
            .store
            .publications_in(&[PublicationState::Failed, PublicationState::NeedsUser])
            .await?;
        let mut retried = Vec::new();
        for publication in stopped {
            let post = self.parts().store.post(publication.post_id).await?;
            let is_kept = post.is_some_and(|post| post.deleted_at.is_none());
            let is_safe = publication.state == PublicationState::Failed
                || (publication.needs_user == Some(NeedsUserReason::FixAndRetry)
                    && publication.remote.is_none());
            if is_kept && is_safe {
                retried.push(self.retry_publication(publication.id).await?);
            }
        }
        Ok(retried)
    }
}
