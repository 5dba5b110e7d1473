//! The engine over virtual weeks: many accounts at six makes of platform, faults, crashes, sleeps and people, all from
//! one seed. The platforms' ledgers say whether it held. `cargo xtask soak` runs it at full length.
//!
//! The same seed gives the same plan, the same weather and the same fault for the n-th call about a post. What still
//! differs between two runs is the order in which steps of the same second overtake each other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a run that cannot go on fails"
)]

mod checks;
mod clock;
mod dice;
mod faults;
mod kinds;
mod platform;
mod remote;
mod run;
mod user;
mod world;

use std::time::Duration;

use kinds::LAG_MAX;
use run::{Run, Size, size_from};

/// Set by `cargo xtask soak`.
const SIZE: &str = "DAYPART_SOAK";

const SHORT: Size = Size {
    seed: 1,
    days: 4,
    publications: 250,
    accounts: 12,
    lag_max: LAG_MAX,
};

#[tokio::test]
async fn nothing_is_posted_twice_lost_or_stuck() {
    let size = std::env::var(SIZE).map_or(SHORT, |words| size_from(&words, SHORT));
    println!("{size:?}");
    let figures = Run::whole(size).await;
    println!("{figures}");
    let violations = figures.violations();
    assert!(
        violations.is_empty(),
        "{} violations, of which: {}",
        violations.len(),
        violations[0]
    );
    assert!(figures.published > 0 && figures.doubts > 0 && figures.handed_over > 0);
}

/// The run itself can fail: where a list hides posts for longer than its platform says, absence is believed too early.
#[tokio::test]
#[should_panic(expected = "posted twice")]
async fn a_platform_that_lies_about_itself_is_caught() {
    let lying = Size {
        lag_max: Duration::from_secs(30 * 86_400),
        publications: 500,
        ..SHORT
    };
    Run::whole(lying).await;
}
