//! What goes wrong, and when.

use std::time::Duration;

use daypart_domain::problem::{ErrorCode, Problem, RetryClass, codes};
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::dice::{Dice, Roll};

/// The calls of a platform that can fail each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    Refresh,
    Begin,
    Progress,
    Chunk,
    /// The one that makes it public.
    Final,
    Amend,
    Withdraw,
    Confirm,
    LookFor,
}

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    AnswerLostBefore,
    AnswerLostAfter,
    Busy,
    Quota,
    /// The access token is no longer accepted.
    TokenExpired,
    /// The whole sign-in is dead.
    GrantRevoked,
    UploadForgotten,
    CrashBefore,
    CrashAfter,
    /// The user does something while the call is under way.
    UserBefore,
    UserAfter,
}

/// Of a thousand calls.
const CHANCES: &[(Fault, u64)] = &[
    (Fault::AnswerLostBefore, 12),
    (Fault::AnswerLostAfter, 12),
    (Fault::Busy, 15),
    (Fault::Quota, 4),
    (Fault::TokenExpired, 6),
    (Fault::GrantRevoked, 1),
    (Fault::UploadForgotten, 4),
    (Fault::CrashBefore, 3),
    (Fault::CrashAfter, 3),
    (Fault::UserBefore, 5),
    (Fault::UserAfter, 5),
];

/// The calls that count most fail more often.
const FINAL_FACTOR: u64 = 3;

pub fn fault(roll: &mut Roll, call: Call) -> Option<Fault> {
    let factor = if call == Call::Final { FINAL_FACTOR } else { 1 };
    let mut rest = roll.below(1000);
    for (fault, chance) in CHANCES {
        let chance = chance * factor;
        if rest < chance {
            return Some(*fault);
        }
        rest -= chance;
    }
    None
}

/// Weather: hours in which this computer has no network (`about` is nobody) or a platform is down.
pub fn is_down(dice: Dice, about: Option<usize>, now: Timestamp) -> bool {
    let (hour, minute) = (now.as_second() / 3_600, now.as_second() / 60 % 60);
    let mut roll = dice.about(("weather", about, hour));
    roll.happens(30) && minute < i64::try_from(roll.below(60)).unwrap()
}

/// Sent to whoever conducts the run; the call waits for `go_on` (and never goes on after a crash).
pub struct Interruption {
    pub what: Interrupts,
    /// The word by which the post is known.
    pub token: String,
    pub go_on: oneshot::Sender<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupts {
    Crash,
    User,
}

pub fn offline() -> Problem {
    Problem::transient(codes::NETWORK_OFFLINE, "no network")
}

pub fn busy() -> Problem {
    Problem::transient(ErrorCode::new("soak.busy"), "the platform is busy")
}

pub fn quota(now: Timestamp, roll: &mut Roll) -> Problem {
    let until = now + Duration::from_secs(600 + roll.below(4 * 3_600));
    Problem::new(
        ErrorCode::new("soak.quota"),
        RetryClass::RateLimited { until },
        "the quota is used up",
    )
}

/// Only the final call's lost answer leaves a doubt.
pub fn answer_lost(call: Call) -> Problem {
    match call {
        Call::Final => Problem::in_doubt(ErrorCode::new("soak.answer_lost"), "the answer was lost"),
        _ => Problem::transient(ErrorCode::new("soak.answer_lost"), "the answer was lost"),
    }
}
