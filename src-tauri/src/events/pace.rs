//! Progress is told at a pace that a person can read.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use daypart_domain::ids::PublicationId;
use daypart_engine::TransferProgress;

/// Four times a second, as the wire table promises.
const BETWEEN: Duration = Duration::from_millis(250);

/// Remembers when each transfer was told last.
#[derive(Default)]
pub struct ProgressPace {
    told_at: HashMap<PublicationId, Instant>,
}

impl ProgressPace {
    /// Whether this step is told. The last one of a transfer always is.
    pub fn may_tell(&mut self, progress: &TransferProgress, now: Instant) -> bool {
        let id = progress.publication_id;
        if progress.sent_bytes >= progress.total_bytes {
            self.told_at.remove(&id);
            return true;
        }
        let too_soon = self
            .told_at
            .get(&id)
            .is_some_and(|told_at| now.duration_since(*told_at) < BETWEEN);
        if !too_soon {
            self.told_at.insert(id, now);
        }
        !too_soon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(id: u128, sent_bytes: u64) -> TransferProgress {
        TransferProgress {
            publication_id: PublicationId::from_uuid(uuid::Uuid::from_u128(id)),
            sent_bytes,
            total_bytes: 100,
            rate_bytes_per_s: None,
            eta_s: None,
        }
    }

    #[test]
    fn a_transfer_is_told_four_times_a_second() {
        let start = Instant::now();
        let mut pace = ProgressPace::default();
        let told = (0..100)
            .filter(|step| pace.may_tell(&progress(1, 1), start + Duration::from_millis(step * 10)))
            .count();
        assert_eq!(told, 4);
    }

    #[test]
    fn two_transfers_do_not_silence_each_other() {
        let now = Instant::now();
        let mut pace = ProgressPace::default();
        assert!(pace.may_tell(&progress(1, 1), now));
        assert!(pace.may_tell(&progress(2, 1), now));
    }

    #[test]
    fn the_end_is_always_told() {
        let now = Instant::now();
        let mut pace = ProgressPace::default();
        assert!(pace.may_tell(&progress(1, 99), now));
        assert!(pace.may_tell(&progress(1, 100), now));
    }
}
