//! The crash grid on the adapters: the compiled `daypart` against the practice platforms.

mod cells;
mod scene;

use daypart_tests::grid::{Step, Trouble, play};

use cells::{TIKTOK, YOUTUBE, cell};

/// Each cell is two or three processes that mostly wait.
const AT_ONCE: usize = 5;

#[tokio::test]
async fn tiktok() {
    play(
        "tiktok",
        AT_ONCE,
        |step, trouble| cell(&TIKTOK, step, trouble),
        is_in_fixed_part,
        scene::play,
    )
    .await;
}

#[tokio::test]
async fn youtube() {
    play(
        "youtube",
        AT_ONCE,
        |step, trouble| cell(&YOUTUBE, step, trouble),
        is_in_fixed_part,
        scene::play,
    )
    .await;
}

/// What runs with all other tests: the cells in which a post could be doubled or lost.
fn is_in_fixed_part(step: Step, trouble: Trouble) -> bool {
    use Trouble::{
        AnswerLost, AnswerTwice, CutAtByte, KilledAfter, KilledBefore, ServerError, TruncatedAnswer,
    };
    match step {
        Step::Publish => !matches!(trouble, Trouble::SlowBody),
        Step::HandOver => matches!(trouble, KilledAfter | AnswerLost),
        Step::Upload => matches!(trouble, KilledAfter | CutAtByte | AnswerTwice),
        Step::Confirm | Step::Reconcile => matches!(trouble, KilledBefore | ServerError | TruncatedAnswer),
        Step::Refresh => matches!(trouble, KilledAfter | AnswerLost),
        _ => false,
    }
}
