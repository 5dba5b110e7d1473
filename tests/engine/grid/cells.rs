//! Which cells there are in memory, as data.

use daypart_tests::grid::{Cell, Step, Trouble};

use super::troubled::Call;

/// One cell that is played.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub step: Step,
    pub trouble: Trouble,
    /// What the step asks of the platform; nothing for the steps that work on the file alone.
    pub call: Option<Call>,
}

pub fn cell(step: Step, trouble: Trouble) -> Cell<Case> {
    let call = match step {
        Step::Probe | Step::Prepare => None,
        Step::Open => Some(Call::Open),
        Step::Upload => Some(Call::Chunk),
        Step::Publish | Step::HandOver => Some(Call::LastChunk),
        Step::Confirm => Some(Call::Confirm),
        Step::Reconcile => Some(Call::LookFor),
        Step::Amend => Some(Call::Amend),
        Step::Refresh => Some(Call::Refresh),
        Step::Extras => Some(Call::Extra),
    };
    let absent = match trouble {
        Trouble::SlowBody | Trouble::CutAtByte | Trouble::TruncatedAnswer => {
            Some("no bytes travel in memory; see the adapters")
        }
        Trouble::AnswerLost | Trouble::ServerError | Trouble::TokenExpired | Trouble::TokenRevoked
            if call.is_none() =>
        {
            Some("nobody is asked")
        }
        Trouble::TokenExpired if step == Step::Refresh => Some("a refresh needs no valid access token"),
        Trouble::DiskFull if step == Step::Refresh => Some("the vault is in memory here"),
        Trouble::AnswerTwice if step == Step::Refresh => {
            Some("a refresh is no job that could be leased twice")
        }
        _ => None,
    };
    match absent {
        Some(reason) => Cell::Absent(reason),
        None => Cell::Case(Case { step, trouble, call }),
    }
}
