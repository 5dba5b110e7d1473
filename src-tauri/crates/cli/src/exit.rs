//! What the exit code says. Part of the contract: scripts rely on it.

use daypart_domain::{
    problem::{Problem, RetryClass},
    publication::{NeedsUserReason, Publication},
    publication_state::PublicationState,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    Done = 0,
    /// A passing fault: the same command may succeed later.
    Transient = 6,
    /// A limit of the platform: wait.
    Limited = 7,
    /// You have to do something first.
    NeedsUser = 3,
    /// Refused for good.
    Failed = 4,
    /// It is not known whether a post went out.
    InDoubt = 5,
    /// A fault of Daypart's own.
    Bug = 1,
}

impl ExitCode {
    pub fn of(problem: &Problem) -> Self {
        match problem.retry {
            RetryClass::Transient => Self::Transient,
            RetryClass::RateLimited { .. } => Self::Limited,
            RetryClass::NeedsUser { .. } => Self::NeedsUser,
            RetryClass::Permanent => Self::Failed,
            RetryClass::InDoubt => Self::InDoubt,
            RetryClass::Bug => Self::Bug,
        }
    }

    /// The code for where a publication stands.
    pub fn of_publication(publication: &Publication) -> Self {
        match publication.state {
            PublicationState::Failed => Self::Failed,
            PublicationState::InDoubt => Self::InDoubt,
            PublicationState::NeedsUser if publication.needs_user == Some(NeedsUserReason::CannotTell) => {
                Self::InDoubt
            }
            PublicationState::NeedsUser | PublicationState::Missed => Self::NeedsUser,
            _ => Self::Done,
        }
    }

    /// Of several outcomes the gravest counts.
    pub fn gravest(codes: impl IntoIterator<Item = Self>) -> Self {
        const GRAVITY: [ExitCode; 7] = [
            ExitCode::Done,
            ExitCode::Limited,
            ExitCode::Transient,
            ExitCode::NeedsUser,
            ExitCode::Failed,
            ExitCode::InDoubt,
            ExitCode::Bug,
        ];
        let rank = |code: &ExitCode| GRAVITY.iter().position(|known| known == code);
        codes.into_iter().max_by_key(rank).unwrap_or(Self::Done)
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_that_the_help_promises() {
        let codes = [
            ExitCode::Done,
            ExitCode::Bug,
            ExitCode::NeedsUser,
            ExitCode::Failed,
            ExitCode::InDoubt,
            ExitCode::Transient,
            ExitCode::Limited,
        ];
        assert_eq!(codes.map(|code| code as u8), [0, 1, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_doubt_is_graver_than_a_refusal() {
        assert_eq!(
            ExitCode::gravest([ExitCode::Failed, ExitCode::InDoubt, ExitCode::Done]),
            ExitCode::InDoubt
        );
        assert_eq!(ExitCode::gravest([]), ExitCode::Done);
    }
}
