//! The wall clock and waiting for it.

use async_trait::async_trait;
use daypart_ports::clock::Clock;
use jiff::Timestamp;

/// The computer's wall clock.
///
/// On Linux a wait is one kernel timer on the wall clock: no wake-ups in between, an end at the due time also
/// when it passed while the computer slept, and an early end when the clock is set. Elsewhere a wait is made
/// of slices of at most 30 seconds, so that sleep and clock changes are noticed within one slice.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    pub fn new() -> Self {
        Self
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep_until(&self, at: Timestamp) {
        if self.now() >= at {
            return;
        }
        #[cfg(target_os = "linux")]
        match kernel_timer::sleep_until(at).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "no kernel timer; waiting in slices instead"),
        }
        in_slices(at).await;
    }
}

async fn in_slices(at: Timestamp) {
    const SLICE_MAX: std::time::Duration = std::time::Duration::from_secs(30);
    while let Ok(left) = std::time::Duration::try_from(at.duration_since(Timestamp::now())) {
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(SLICE_MAX)).await;
    }
}

#[cfg(target_os = "linux")]
mod kernel_timer {
    use std::io;

    use jiff::Timestamp;
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::{Interest, unix::AsyncFd};

    /// Ends when the wall clock reaches `at` or when it is set; resuming from sleep counts as setting it.
    pub async fn sleep_until(at: Timestamp) -> io::Result<()> {
        let timer = timerfd_create(
            TimerfdClockId::Realtime,
            TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC,
        )?;
        let spec = Itimerspec {
            it_interval: Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            },
            it_value: Timespec {
                tv_sec: at.as_second(),
                tv_nsec: at.subsec_nanosecond().into(),
            },
        };
        timerfd_settime(
            &timer,
            TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET,
            &spec,
        )?;
        // Expired or cancelled: the caller looks at the clock again either way.
        #[expect(
            unsafe_code,
            reason = "tokio's safe constructor is deprecated; the proof is one line"
        )]
        // SAFETY: an `OwnedFd` is a valid descriptor until it is dropped, and nothing replaces it in here.
        let timer = unsafe { AsyncFd::register_with_interest(timer, Interest::READABLE) }?;
        timer.readable().await?.retain_ready();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[tokio::test]
    async fn a_wait_ends_at_its_time_and_not_before() {
        let at = Timestamp::now() + Duration::from_millis(150);
        SystemClock.sleep_until(at).await;
        let late = Timestamp::now().duration_since(at);
        assert!(!late.is_negative(), "woke {late} early");
        assert!(late.as_secs() < 5, "woke {late} late");
    }

    #[tokio::test]
    async fn a_time_in_the_past_returns_at_once() {
        let started = Instant::now();
        SystemClock
            .sleep_until(Timestamp::now() - Duration::from_secs(60))
            .await;
        SystemClock.sleep_until(Timestamp::MIN).await;
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn slices_end_at_their_time_too() {
        let at = Timestamp::now() + Duration::from_millis(50);
        in_slices(at).await;
        assert!(Timestamp::now() >= at);
    }

    #[tokio::test]
    async fn a_wait_that_was_given_up_leaves_nothing_behind() {
        let far = Timestamp::now() + Duration::from_secs(3_600);
        for _ in 0..2_000 {
            // More waits than a process may have open files, had they been kept.
            let given_up = tokio::time::timeout(Duration::ZERO, SystemClock.sleep_until(far)).await;
            assert!(given_up.is_err());
        }
    }

    #[tokio::test]
    async fn the_furthest_time_can_be_waited_for() {
        let given_up =
            tokio::time::timeout(Duration::from_millis(20), SystemClock.sleep_until(Timestamp::MAX)).await;
        assert!(given_up.is_err());
    }
}
