//! The rounds: once a day everything that nothing waits for. They sleep until the next one is due, like the queue.

use std::{path::Path, time::Duration};

use daypart_domain::problem::{Problem, UserAction, codes};
use jiff::Timestamp;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{Engine, EngineEvent};

/// After a round that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(3_600);

impl Engine {
    /// Makes rounds until [`Engine::stop`]: at once, and whenever one is due. Owner only; a round that fails is logged
    /// and made again later.
    pub(crate) async fn make_rounds(&self) {
        let Some(every) = self.parts().pace.rounds_every else {
            return;
        };
        let mut news = self.inner.events.subscribe();
        let mut clean_at = self.now();
        let mut told_low_disk = false;
        while !self.inner.stop.is_cancelled() {
            told_low_disk = self.notice_low_disk(told_low_disk);
            if self.now() >= clean_at {
                if let Err(problem) = self.clean_up().await {
                    tracing::warn!(code = %problem.code, details = ?problem.details, "housekeeping failed");
                }
                clean_at = self.now() + every;
            }
            let wake_at = match self.check_due_accounts().await {
                Ok(next) => next.map_or(clean_at, |next| next.min(clean_at)),
                Err(problem) => {
                    tracing::warn!(code = %problem.code, details = ?problem.details, "accounts could not be looked at");
                    clean_at.min(self.now() + AFTER_FAILURE)
                }
            };
            tokio::select! {
                () = self.parts().clock.sleep_until(wake_at) => {}
                () = plans_changed(&mut news) => {}
                () = self.inner.stop.cancelled() => {}
            }
        }
    }

    /// Looks at every account whose time has come, one after the other. Answers when the next one is due.
    async fn check_due_accounts(&self) -> Result<Option<Timestamp>, Problem> {
        while let Some((due_at, id)) = self.next_account_check().await? {
            if due_at > self.now() || self.inner.stop.is_cancelled() {
                return Ok(Some(due_at));
            }
            self.check_account(id).await?;
        }
        Ok(None)
    }

    /// Tells once when there is little room, and again after there was enough in between.
    fn notice_low_disk(&self, was_told: bool) -> bool {
        let folder = &self.parts().folders.media;
        let Some(free_bytes) = self.parts().media_encoder.free_bytes(folder) else {
            return was_told;
        };
        let is_low = free_bytes < self.parts().pace.disk_low_bytes;
        if is_low && !was_told {
            self.emit(EngineEvent::Notice(disk_is_low(folder, free_bytes)));
        }
        is_low
    }
}

/// Ends when something was planned, or another process changed the record.
async fn plans_changed(news: &mut Receiver<EngineEvent>) {
    loop {
        match news.recv().await {
            Ok(EngineEvent::WorkChanged | EngineEvent::ChangedOutside) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn disk_is_low(folder: &Path, free_bytes: u64) -> Problem {
    Problem::needs_user(
        codes::DISK_LOW,
        UserAction::FreeDisk,
        format!(
            "The disk has only {} MB left; a conversion may not fit.",
            free_bytes / 1_000_000
        ),
    )
    .fix("Free some space, or let Daypart clean up in Settings, before the next post is due.")
    .detail(folder.display().to_string())
}
