//! A pause for everybody when a platform is down for everybody.
//!
//! Closed until several accounts in a row meet passing faults of the platform within a short time; then open for a
//! growing pause; then one probe decides. Readings neither ask nor wait.

use std::time::Duration;

use jiff::Timestamp;

use crate::ids::AccountId;

/// Faults in a row that open it.
pub const FAULTS_MAX: usize = 5;
/// They must lie this close together.
pub const FAULTS_WITHIN: Duration = Duration::from_secs(300);
/// The first pause; it doubles up to eightfold while probes fail.
pub const FIRST_PAUSE: Duration = Duration::from_secs(60);

/// What a step may do before its first call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    Go,
    /// Not before then; waiting is not an attempt.
    WaitUntil(Timestamp),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Closed,
    /// `pauses` so far, for the next one's length.
    Open {
        until: Timestamp,
        pauses: u32,
    },
    /// One probe is out. Another may follow at `until`, should it never report.
    Probing {
        until: Timestamp,
        pauses: u32,
    },
}

/// The breaker of one platform in one realm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    state: State,
    /// Faults since the last success, oldest first.
    faults: Vec<(Timestamp, AccountId)>,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            state: State::Closed,
            faults: Vec::new(),
        }
    }
}

impl Breaker {
    /// Asks for one step's calls. The first to ask after a pause is the probe; the others wait for its outcome.
    pub fn ask(&mut self, now: Timestamp) -> Permit {
        let (until, pauses) = match self.state {
            State::Closed => return Permit::Go,
            State::Open { until, pauses } | State::Probing { until, pauses } => (until, pauses),
        };
        // A pause longer than any we make comes from a clock that was set back.
        let is_over = now >= until || until.duration_since(now).unsigned_abs() > pause(u32::MAX);
        if !is_over {
            return Permit::WaitUntil(until);
        }
        self.state = State::Probing {
            until: now + pause(pauses),
            pauses,
        };
        Permit::Go
    }

    /// A step's calls came through, whatever they brought: the platform answers.
    pub fn answered(&mut self) {
        *self = Self::default();
    }

    /// A step ended with a passing fault of the platform. True when this opens the breaker, which is worth telling.
    pub fn faulted(&mut self, now: Timestamp, account: AccountId) -> bool {
        if let State::Probing { pauses, .. } = self.state {
            self.state = State::Open {
                until: now + pause(pauses),
                pauses: pauses.saturating_add(1),
            };
            return false;
        }
        self.faults.push((now, account));
        self.faults
            .retain(|(at, _)| now.duration_since(*at).unsigned_abs() <= FAULTS_WITHIN);
        let first = self.faults.first().map(|(_, account)| *account);
        // One account alone has trouble of its own, which is not the platform's.
        let several = self.faults.iter().any(|(_, other)| Some(*other) != first);
        let opens = self.state == State::Closed && self.faults.len() >= FAULTS_MAX && several;
        if opens {
            self.state = State::Open {
                until: now + pause(0),
                pauses: 1,
            };
        }
        opens
    }

    /// Until when nothing new starts, as of now; `None` while closed.
    pub fn paused_until(&self) -> Option<Timestamp> {
        match self.state {
            State::Closed => None,
            State::Open { until, .. } | State::Probing { until, .. } => Some(until),
        }
    }
}

/// 1, 2, 4, 8 minutes, then 8.
fn pause(pauses: u32) -> Duration {
    FIRST_PAUSE * (1 << pauses.min(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn account(number: u128) -> AccountId {
        AccountId::from_uuid(uuid::Uuid::from_u128(number))
    }

    /// Five faults of two accounts, ten seconds apart; the last at second 40.
    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for number in 0..4 {
            assert!(!breaker.faulted(at(number * 10), account(1)));
        }
        assert!(breaker.faulted(at(40), account(2)));
        breaker
    }

    #[test]
    fn five_faults_of_several_accounts_in_a_row_open_it_for_a_minute() {
        let mut breaker = opened();
        assert_eq!(breaker.ask(at(41)), Permit::WaitUntil(at(100)));
    }

    #[test]
    fn one_account_alone_never_opens_it() {
        let mut breaker = Breaker::default();
        for second in 0..20 {
            assert!(!breaker.faulted(at(second), account(1)));
        }
        assert_eq!(breaker.ask(at(21)), Permit::Go);
    }

    #[test]
    fn an_answer_in_between_starts_the_count_anew() {
        let mut breaker = Breaker::default();
        for number in 0..8 {
            if number == 4 {
                breaker.answered();
            }
            assert!(!breaker.faulted(at(number), account(number.unsigned_abs().into())));
        }
    }

    #[test]
    fn faults_further_apart_than_five_minutes_do_not_add_up() {
        let mut breaker = Breaker::default();
        for number in 0..20 {
            assert!(!breaker.faulted(at(number * 100), account(number.unsigned_abs().into())));
        }
    }

    #[test]
    fn one_probe_goes_and_the_others_wait_for_it() {
        let mut breaker = opened();
        assert_eq!(breaker.ask(at(100)), Permit::Go);
        assert!(matches!(breaker.ask(at(101)), Permit::WaitUntil(_)));
        breaker.answered();
        assert_eq!(breaker.ask(at(102)), Permit::Go);
        assert_eq!(breaker.paused_until(), None);
    }

    #[test]
    fn every_failed_probe_doubles_the_pause_up_to_eight_minutes() {
        let mut breaker = opened();
        let mut now = 100;
        for minutes in [2, 4, 8, 8] {
            assert_eq!(breaker.ask(at(now)), Permit::Go, "the probe");
            assert!(!breaker.faulted(at(now), account(1)), "told once");
            assert_eq!(breaker.ask(at(now)), Permit::WaitUntil(at(now + minutes * 60)));
            now += minutes * 60;
        }
    }

    #[test]
    fn a_probe_that_never_reports_is_followed_by_another() {
        let mut breaker = opened();
        assert_eq!(breaker.ask(at(100)), Permit::Go);
        let Permit::WaitUntil(until) = breaker.ask(at(101)) else {
            panic!("the others wait");
        };
        assert_eq!(breaker.ask(until), Permit::Go);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stretch_the_pause() {
        let mut breaker = opened();
        assert_eq!(breaker.ask(at(-86_400)), Permit::Go);
    }
}
