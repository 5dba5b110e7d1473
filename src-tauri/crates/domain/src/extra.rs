//! What is added to a post once it is live: a cover, a playlist, a first comment. Each has its own calls and its own
//! retries; its failure never touches the post itself.

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// The key of an addition for which the engine prepares the post's cover as a JPEG.
pub const COVER: &str = "cover";
/// The key of an addition for which the engine prepares the captions of the edited video as an SRT file.
pub const CAPTIONS: &str = "captions";

/// An addition that a platform knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtraSpec {
    pub key: &'static str,
    /// As in “live, {label} not set”.
    pub label: &'static str,
    /// Can be made while the platform holds the post, before it is public.
    pub early: bool,
}

/// One addition to one publication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extra {
    /// An [`ExtraSpec::key`].
    pub key: String,
    pub state: ExtraState,
    /// What it was asked to be made of, so that a change while the platform holds the post is noticed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub made_of: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum ExtraState {
    /// Wanted; not done yet. Holds what went wrong the last time, if anything did.
    Waiting {
        problem: Option<Problem>,
    },
    Done,
    /// Given up until the user asks again.
    Failed {
        problem: Problem,
    },
}

impl Extra {
    pub fn waiting(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            state: ExtraState::Waiting { problem: None },
            made_of: String::new(),
        }
    }

    pub const fn is_waiting(&self) -> bool {
        matches!(self.state, ExtraState::Waiting { .. })
    }
}
