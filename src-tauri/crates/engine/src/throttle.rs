//! Keeps all transfers together below the limit of the hour.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use daypart_domain::bandwidth::BandwidthPlan;
use daypart_ports::{clock::Clock, transfers::Pacing};
use tokio::time::Instant;

/// The limit is met over this time, and a change of it is felt within a few of them.
const SLICE: Duration = Duration::from_millis(100);
const PIECE_BYTES_MIN: u64 = 1_024;

pub(crate) struct Throttle {
    clock: Arc<dyn Clock>,
    plan: Mutex<BandwidthPlan>,
    line: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    /// When it is free for the next piece.
    free_at: Option<Instant>,
}

impl Throttle {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            plan: Mutex::default(),
            line: Mutex::default(),
        }
    }

    /// Counts from the next piece on.
    pub(crate) fn follow(&self, plan: BandwidthPlan) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = plan;
    }

    pub(crate) fn limit_now(&self) -> Option<u64> {
        let plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        plan.limit_at(self.clock.now())
    }
}

impl Line {
    /// Books the line for a piece at `now`; returns when it may go.
    fn book(&mut self, now: Instant, piece: u64, limit: u64) -> Instant {
        let start = self.free_at.map_or(now, |free_at| free_at.max(now));
        self.free_at = Some(start + Duration::from_secs_f64(piece as f64 / limit as f64));
        start
    }
}

/// As much as goes in one slice, so that nobody waits long and a change of the limit is felt soon.
fn piece(wanted: u64, limit: u64) -> u64 {
    let slice = (limit as f64 * SLICE.as_secs_f64()) as u64;
    wanted.min(slice.max(PIECE_BYTES_MIN)).max(1)
}

#[async_trait]
impl Pacing for Throttle {
    async fn allow(&self, wanted: u64) -> u64 {
        let Some(limit) = self.limit_now() else {
            return wanted;
        };
        let limit = limit.max(1);
        let piece = piece(wanted, limit);
        let start = {
            let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
            line.book(Instant::now(), piece, limit)
        };
        tokio::time::sleep_until(start).await;
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    struct AnyTime;

    #[async_trait]
    impl Clock for AnyTime {
        fn now(&self) -> jiff::Timestamp {
            jiff::Timestamp::UNIX_EPOCH
        }

        async fn sleep_until(&self, _: jiff::Timestamp) {}
    }

    #[test]
    fn whoever_shares_the_line_shares_the_limit() {
        let (mut line, began) = (Line::default(), Instant::now());
        let mut left = [2 * MB, 3 * MB];
        let mut last = began;
        while left.iter().any(|bytes| *bytes > 0) {
            for bytes in &mut left {
                let piece = piece(*bytes, MB).min(*bytes);
                *bytes -= piece;
                last = line.book(began, piece.max(1), MB);
            }
        }
        let took = (last - began).as_secs_f64();
        assert!((4.8..=5.0).contains(&took), "5 MB at 1 MB/s took {took} s");
    }

    #[test]
    fn a_line_that_was_idle_saves_nothing_up() {
        let (mut line, began) = (Line::default(), Instant::now());
        line.book(began, MB, MB);
        let later = began + Duration::from_secs(60);
        assert_eq!(line.book(later, MB, MB), later);
        assert_eq!(line.book(later, MB, MB), later + Duration::from_secs(1));
    }

    #[tokio::test]
    async fn only_under_a_limit_bytes_go_in_pieces() {
        let throttle = Throttle::new(Arc::new(AnyTime));
        assert_eq!(throttle.allow(64 * MB).await, 64 * MB);
        throttle.follow(BandwidthPlan {
            usual_bytes_per_s: Some(MB),
            ..Default::default()
        });
        assert_eq!(throttle.allow(64 * MB).await, MB / 10);
        throttle.follow(BandwidthPlan::default());
        assert_eq!(throttle.allow(64 * MB).await, 64 * MB);
    }
}
