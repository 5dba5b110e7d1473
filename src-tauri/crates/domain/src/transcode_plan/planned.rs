//! What a plan says: one entry for each file, with its reasons and its price.

use serde::{Deserialize, Serialize};

use super::{ExpectedTime, Rung, TranscodePlan};
use crate::compliance::Finding;

/// Findings and renditions of one source for all its destinations, made in one go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// For each destination, in its order, worst first.
    pub findings: Vec<Vec<Finding>>,
    /// Cheapest first; see [`super::plan_all`].
    pub renditions: Vec<PlannedRendition>,
}

/// One file to make, or the source itself, and the destinations it goes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedRendition {
    /// Indexes of the destinations, ascending.
    pub serves: Vec<usize>,
    pub plan: TranscodePlan,
    pub why: Vec<Reason>,
    pub expected_size_bytes: u64,
    pub expected_time: ExpectedTime,
    /// One sentence for each thing that is worse than in the source.
    pub lost: Vec<String>,
    /// What stands in the way at a destination, and stays there after the plan.
    pub obstacles: Vec<Obstacle>,
}

/// Why a rung is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The finding's rule, or `edit.…` or `wish.…`.
    pub rule: String,
    pub rung: Rung,
    pub sentence: String,
    /// `None` when it is the edit or the user who needs it.
    pub destination: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Obstacle {
    pub destination: usize,
    pub rule: String,
    pub sentence: String,
}
