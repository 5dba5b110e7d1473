//! What one account or one server may do, where it differs from the platform's table.

use serde::{Deserialize, Serialize};

use super::{Certainty, DeliverySpec, Limit};

/// What findings name as the source of a limit that the account itself brought.
pub const ACCOUNT_SOURCE: &str = "the account's own limit, as the platform reports it";

/// What an account's own limit does to the table's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountRule {
    /// The tighter of both counts: TikTok's ten minutes and what this creator may.
    Tightens,
    /// The account's counts, tighter or not: the table holds what servers or accounts usually allow.
    Replaces,
}

/// Limits of one account or of its server, as the platform told them. `None` where it told nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountLimits {
    pub duration_max_ms: Option<u64>,
    pub size_max_bytes: Option<u64>,
    /// Width times height.
    pub pixels_max: Option<u64>,
    pub frame_rate_max_fps: Option<u32>,
    /// Of the longer and of the shorter side.
    pub long_side_max_px: Option<u32>,
    pub short_side_max_px: Option<u32>,
}

impl DeliverySpec {
    /// The table as it holds for an account.
    pub fn for_account(&self, limits: AccountLimits) -> DeliverySpec {
        let rule = self.account_rule;
        let mut spec = *self;
        spec.duration_max_ms = ruled(rule, self.duration_max_ms, limits.duration_max_ms);
        spec.size_max_bytes =
            ruled(rule, Some(self.size_max_bytes), limits.size_max_bytes).unwrap_or(self.size_max_bytes);
        spec.pixels_max = ruled(rule, self.pixels_max, limits.pixels_max);
        spec.frame_rate_max_fps = ruled(
            rule,
            self.frame_rate_max_fps,
            limits.frame_rate_max_fps.map(f64::from),
        );
        spec.side_max_px = ruled(rule, self.side_max_px, limits.long_side_max_px);
        spec.short_side_max_px = ruled(rule, self.short_side_max_px, limits.short_side_max_px);
        // What was in doubt is known now.
        if limits.duration_max_ms.is_some() {
            spec.duration_doubtful_ms = None;
        }
        if limits.size_max_bytes.is_some() {
            spec.size_doubtful_bytes = None;
        }
        spec
    }
}

/// On a tie the platform's limit stays, which has a citable source.
fn ruled<T: Copy + PartialOrd>(
    rule: AccountRule,
    platform: Option<Limit<T>>,
    account: Option<T>,
) -> Option<Limit<T>> {
    let Some(value) = account else { return platform };
    let own = Limit {
        value,
        source: ACCOUNT_SOURCE,
        as_of: "",
        certainty: Certainty::Stated,
    };
    match (platform, rule) {
        (Some(platform), AccountRule::Tightens) if platform.value <= value => Some(platform),
        (Some(platform), AccountRule::Replaces) if platform.value == value => Some(platform),
        _ => Some(own),
    }
}
