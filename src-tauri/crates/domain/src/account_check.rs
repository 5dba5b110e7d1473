//! When an account is looked at, so that a sign-in that ended is told a day before a post and not at its time.

use std::time::Duration;

use jiff::Timestamp;

use crate::{ids::AccountId, problem::Problem};

/// Every connected account is looked at this often, and this long before its next post.
pub const CHECK_EVERY: Duration = Duration::from_secs(24 * 3_600);

/// A look that got no answer is taken again after this.
const LOOK_AGAIN: Duration = Duration::from_secs(3_600);

/// The end of a sign-in is told this long ahead.
const TELL_AHEAD: Duration = Duration::from_secs(7 * 24 * 3_600);

/// The last look at an account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountCheck {
    pub account_id: AccountId,
    /// When the platform was last asked, whatever came of it.
    pub asked_at: Timestamp,
    /// When it last answered for this account.
    pub answered_at: Option<Timestamp>,
    /// Why the last look brought no answer; `None` after one that did.
    pub problem: Option<Problem>,
    /// After this the user has to sign in again, whatever is done before; `None` where the platform names no end.
    pub sign_in_ends_at: Option<Timestamp>,
    /// The end that the user has been told of.
    pub told_end: Option<Timestamp>,
}

/// When the account is to be looked at. `connected_at` counts as a look; `next_post_at` is the due time of its next post.
pub fn due_at(
    connected_at: Timestamp,
    last: Option<&AccountCheck>,
    next_post_at: Option<Timestamp>,
    every: Duration,
) -> Timestamp {
    let answered_at = last
        .and_then(|check| check.answered_at)
        .map_or(connected_at, |answered_at| answered_at.max(connected_at));
    let daily = answered_at + every;
    let before_post = next_post_at
        .map(|post_at| post_at - CHECK_EVERY)
        .filter(|ahead| *ahead > answered_at);
    let due = before_post.map_or(daily, |ahead| ahead.min(daily));
    match last {
        Some(check) if check.problem.is_some() && check.asked_at >= connected_at => {
            due.max(check.asked_at + LOOK_AGAIN)
        }
        _ => due,
    }
}

/// The end of the sign-in, when it is near and the user has not been told of it.
pub fn end_to_tell(check: &AccountCheck, now: Timestamp) -> Option<Timestamp> {
    check
        .sign_in_ends_at
        .filter(|end| *end > now && now + TELL_AHEAD >= *end && check.told_end != Some(*end))
}
