//! A record that is not where it was, or older than it was: a restored backup, or one copied to another computer.
//! Somebody else may have published from it meanwhile, so nothing goes out before the user was asked.
//!
//! The count of final calls stands in the record and beside it, on this computer. It is raised before each final
//! call, first in the record: a record that counts less than its witness is an old one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use daypart_domain::{
    problem::{ErrorCode, Problem, UserAction},
    publication::{NeedsUserReason, Publication},
    publication_state::{Mover, PublicationState},
};
use daypart_ports::{
    seal::{Mark, Seal},
    store::{PublicationChange, Transition},
};

use crate::{Engine, EngineEvent};

const KEY: &str = "seal";

/// Many posts due in the same second are counted as one: writing once for each would make the last ones late.
const RAISED_FOR: Duration = Duration::from_secs(1);

/// How the record relates to its witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Provenance {
    /// As this computer left it, or made just now.
    Ours,
    /// An older state of it: what was due since may be out.
    Restored,
    /// From another computer, which may go on publishing.
    Foreign,
}

/// `known` stands in the record, `witness` beside it.
fn provenance(known: Option<&Mark>, witness: Option<&Mark>, machine: Option<&str>) -> Provenance {
    let (Some(known), Some(witness)) = (known, witness) else {
        // A record that never sent anything can have published nothing elsewhere.
        return match known {
            Some(known) if known.final_calls > 0 => Provenance::Foreign,
            _ => Provenance::Ours,
        };
    };
    let moved = machine.is_some() && known.machine.is_some() && known.machine.as_deref() != machine;
    if moved || known.record != witness.record {
        Provenance::Foreign
    } else if known.final_calls < witness.final_calls {
        Provenance::Restored
    } else {
        Provenance::Ours
    }
}

impl Engine {
    /// Gives the engine its witness. Without one, copies are not noticed.
    #[must_use]
    pub fn sealed_by(self, seal: Arc<dyn Seal>) -> Self {
        // A second witness is ignored: there is one data folder.
        let _ = self.inner.seal.set(seal);
        self
    }

    /// At start, before any work: puts to the user what a copy must not publish by itself.
    pub(crate) async fn heed_copies(&self) -> Result<(), Problem> {
        let Some(seal) = self.inner.seal.get() else {
            return Ok(());
        };
        let known = self.known_mark().await?;
        let witness = seal.read().await?;
        let machine = seal.machine();
        let found = provenance(known.as_ref(), witness.as_ref(), machine.as_deref());
        if found != Provenance::Ours {
            tracing::warn!(
                ?found,
                ?known,
                ?witness,
                "the record is not as this computer left it"
            );
            self.ask_about_copied(found).await?;
        }
        // From now on it is this computer's, under a name of its own: the other copy learns of it in the same way.
        let counted = |mark: &Option<Mark>| mark.as_ref().map_or(0, |mark| mark.final_calls);
        let mark = Mark {
            record: match (found, known.as_ref()) {
                (Provenance::Ours | Provenance::Restored, Some(known)) => known.record.clone(),
                _ => self.new_uuid().to_string(),
            },
            machine,
            final_calls: counted(&known).max(counted(&witness)),
        };
        self.keep_mark(&mark).await?;
        seal.write(&mark).await
    }

    /// Before each final call. A witness that cannot be written does not stop a post from going out on time.
    pub(crate) async fn count_final_call(&self) -> Result<(), Problem> {
        let Some(seal) = self.inner.seal.get() else {
            return Ok(());
        };
        let mut raised_at = self.inner.seal_turn.lock().await;
        if raised_at.is_some_and(|at| at.elapsed() < RAISED_FOR) {
            return Ok(());
        }
        let Some(mut mark) = self.known_mark().await? else {
            return Ok(());
        };
        mark.final_calls += 1;
        self.keep_mark(&mark).await?;
        if let Err(problem) = seal.write(&mark).await {
            tracing::warn!(code = %problem.code, "the count of final calls could not be kept beside the record");
        }
        *raised_at = Some(Instant::now());
        Ok(())
    }

    async fn known_mark(&self) -> Result<Option<Mark>, Problem> {
        let document = self.parts().store.setting(KEY).await?;
        Ok(document.and_then(|document| serde_json::from_str(&document).ok()))
    }

    async fn keep_mark(&self, mark: &Mark) -> Result<(), Problem> {
        let document = serde_json::to_string(mark)
            .map_err(|error| Problem::bug("the seal could not be written").caused_by(&error))?;
        self.parts().store.put_setting(KEY, &document).await
    }

    async fn ask_about_copied(&self, found: Provenance) -> Result<(), Problem> {
        let now = self.now();
        let planned = self
            .parts()
            .store
            .publications_in(&[
                PublicationState::Scheduled,
                PublicationState::Preparing,
                PublicationState::Ready,
                PublicationState::Uploading,
                PublicationState::Staged,
            ])
            .await?;
        let mut asked = 0_usize;
        for publication in planned {
            let was_due = publication.due_at.is_none_or(|due_at| due_at <= now);
            let (reason, problem) = match (was_due, found) {
                (true, _) => (NeedsUserReason::CannotTell, may_be_out()),
                (false, Provenance::Foreign) => (NeedsUserReason::FixAndRetry, may_go_out_elsewhere()),
                // The rest of an old state still lies ahead, and nobody else has it.
                (false, _) => continue,
            };
            if self.put_to_user(&publication, reason, problem).await? {
                asked += 1;
            }
        }
        if asked > 0 {
            let sentence = match found {
                Provenance::Foreign => "Daypart's record comes from another computer.",
                _ => "Daypart's record is an older one than was used here before.",
            };
            let notice = Problem::needs_user(
                ErrorCode::new("record.copied"),
                UserAction::CheckPlatform,
                format!("{sentence} {asked} posts wait for you, so that none goes out twice."),
            )
            .fix("Look at the posts that need you.");
            self.emit(EngineEvent::Notice(notice));
        }
        Ok(())
    }

    async fn put_to_user(
        &self,
        publication: &Publication,
        reason: NeedsUserReason,
        problem: Problem,
    ) -> Result<bool, Problem> {
        self.move_publication(Transition {
            publication_id: publication.id,
            to: PublicationState::NeedsUser,
            mover: Mover::Rescuer,
            reason: problem.message.clone(),
            at: self.now(),
            only_from: Some(publication.state),
            while_running: None,
            change: PublicationChange {
                problem: Some(Some(problem)),
                needs_user: Some(Some(reason)),
                ..Default::default()
            },
            enqueue: Vec::new(),
            cancel_jobs_except: Some(None),
            drop_upload: false,
        })
        .await
    }
}

fn may_be_out() -> Problem {
    Problem::needs_user(
        ErrorCode::new("record.may_be_out"),
        UserAction::CheckPlatform,
        "Daypart's record was restored or copied after this post's time may already have come.",
    )
    .fix("Look at the account yourself, then say whether the post is there.")
}

fn may_go_out_elsewhere() -> Problem {
    Problem::needs_user(
        ErrorCode::new("record.copied"),
        UserAction::Retry,
        "Daypart's record comes from another computer, which may publish this post too.",
    )
    .fix("Press “Try again” if this computer is the one that publishes from now on.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(record: &str, machine: &str, final_calls: u64) -> Mark {
        Mark {
            record: record.into(),
            machine: Some(machine.into()),
            final_calls,
        }
    }

    #[test]
    fn a_record_is_ours_when_it_counts_as_much_as_its_witness_or_more() {
        let ours = mark("r", "m", 5);
        assert_eq!(provenance(None, None, Some("m")), Provenance::Ours);
        assert_eq!(provenance(Some(&ours), Some(&ours), Some("m")), Provenance::Ours);
        let behind = mark("r", "m", 4);
        assert_eq!(
            provenance(Some(&ours), Some(&behind), Some("m")),
            Provenance::Ours,
            "killed between the two"
        );
        assert_eq!(provenance(Some(&ours), Some(&ours), None), Provenance::Ours);
    }

    #[test]
    fn a_record_that_counts_less_was_restored() {
        let (old, witness) = (mark("r", "m", 4), mark("r", "m", 5));
        assert_eq!(
            provenance(Some(&old), Some(&witness), Some("m")),
            Provenance::Restored
        );
    }

    #[test]
    fn another_computer_or_another_record_is_foreign() {
        let (ours, other) = (mark("r", "m", 4), mark("other", "m", 0));
        assert_eq!(
            provenance(Some(&ours), Some(&ours), Some("n")),
            Provenance::Foreign
        );
        assert_eq!(
            provenance(Some(&ours), Some(&other), Some("m")),
            Provenance::Foreign
        );
        assert_eq!(
            provenance(Some(&ours), None, Some("m")),
            Provenance::Foreign,
            "copied alone"
        );
    }
}
