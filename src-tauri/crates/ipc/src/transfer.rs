use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is true of all transfers together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Transfers {
    /// Since when everything is held back; none while it is not.
    pub all_paused_at: Option<Timestamp>,
    pub rules: TransferRules,
    /// The limit of this hour; none is no limit.
    pub limit_now_bytes_per_s: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferRules {
    pub at_once: u32,
    pub at_once_per_account: u32,
    /// For all together, outside `hours`; none is no limit.
    pub limit_bytes_per_s: Option<u64>,
    /// The first that fits counts.
    pub hours: Vec<LimitHours>,
    /// The zone whose clock `hours` mean.
    pub zone: String,
}

/// A stretch of some days of the week with a limit of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LimitHours {
    /// 1 is Monday, 7 is Sunday: the day on which it begins.
    pub days: Vec<u8>,
    /// Minutes since midnight; an end at or before the start is on the next day.
    pub from_minute: u16,
    pub to_minute: u16,
    /// None is no limit.
    pub limit_bytes_per_s: Option<u64>,
}

/// When an upload starts so that it is there in time, and why then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SendingPlan {
    pub starts_at: Timestamp,
    pub takes_s: u64,
    /// What is expected.
    pub rate_bytes_per_s: u64,
    /// Measured in earlier uploads, and not assumed.
    pub is_measured: bool,
    /// The bandwidth limit decides it, not the line.
    pub is_limited: bool,
    /// It will be there only after the due time.
    pub is_too_late: bool,
}
