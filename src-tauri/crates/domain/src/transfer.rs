//! What the user wants of transfers: one by one, and of all of them together.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    bandwidth::BandwidthPlan,
    problem::{ErrorCode, Problem},
    publication_state::PublicationState,
};

/// More transfers at once only take speed from each other.
pub const TRANSFERS_MAX: usize = 16;

/// What stands beside a publication's state about sending it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transfer {
    /// Nothing of it is sent, and it does not go public, before it is resumed.
    pub paused_at: Option<Timestamp>,
    /// Among those that wait for their turn, the one with the latest comes first.
    pub first_at: Option<Timestamp>,
    /// Since it is prepared: when sending starts, and why then.
    pub plan: Option<SendingPlan>,
}

/// When an upload starts so that it is there in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendingPlan {
    pub starts_at: Timestamp,
    pub size_bytes: u64,
    /// What is expected, limits included.
    pub rate_bytes_per_s: u64,
    /// Measured in earlier transfers, and not assumed.
    pub is_measured: bool,
    /// The bandwidth limit, not the line, decides how long it takes.
    pub is_limited: bool,
    /// With what is expected the last byte arrives only after the due time.
    pub is_too_late: bool,
}

impl SendingPlan {
    pub fn takes_s(&self) -> u64 {
        self.size_bytes.div_ceil(self.rate_bytes_per_s.max(1))
    }
}

/// For all transfers together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferRules {
    pub at_once: usize,
    pub at_once_per_account: usize,
    pub bandwidth: BandwidthPlan,
}

impl Default for TransferRules {
    fn default() -> Self {
        Self {
            at_once: 3,
            at_once_per_account: 1,
            bandwidth: BandwidthPlan::default(),
        }
    }
}

impl TransferRules {
    /// # Errors
    /// `transfers.invalid` names what cannot be.
    pub fn check(&self) -> Result<(), Problem> {
        let invalid = |sentence: String| Problem::permanent(ErrorCode::new("transfers.invalid"), sentence);
        if !(1..=TRANSFERS_MAX).contains(&self.at_once) {
            return Err(invalid(format!(
                "Between 1 and {TRANSFERS_MAX} transfers can run at the same time."
            )));
        }
        if !(1..=self.at_once).contains(&self.at_once_per_account) {
            return Err(invalid(
                "One account can have at least one transfer and at most as many as run together.".into(),
            ));
        }
        self.bandwidth.check().map_err(invalid)
    }
}

/// Where pausing still holds something back.
pub const fn is_pausable(state: PublicationState) -> bool {
    matches!(
        state,
        PublicationState::Scheduled
            | PublicationState::Preparing
            | PublicationState::Ready
            | PublicationState::Uploading
            | PublicationState::Staged
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_nothing_could_follow_are_refused() {
        assert_eq!(TransferRules::default().check(), Ok(()));
        for broken in [
            TransferRules {
                at_once: 0,
                ..Default::default()
            },
            TransferRules {
                at_once_per_account: 4,
                ..Default::default()
            },
        ] {
            assert_eq!(broken.check().unwrap_err().code.as_str(), "transfers.invalid");
        }
    }

    #[test]
    fn rules_kept_by_an_older_version_are_read() {
        let rules: TransferRules = serde_json::from_str(r#"{"at_once": 5}"#).unwrap();
        assert_eq!(rules.at_once, 5);
        assert_eq!(rules.at_once_per_account, 1);
    }
}
