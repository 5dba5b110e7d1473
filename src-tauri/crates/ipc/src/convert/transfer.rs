use daypart_domain::{
    bandwidth::{BandwidthHours, BandwidthPlan},
    transfer::{SendingPlan as DomainPlan, TransferRules as DomainRules},
};

use crate::{LimitHours, SendingPlan, TransferRules};

impl From<DomainRules> for TransferRules {
    fn from(rules: DomainRules) -> Self {
        let DomainRules {
            at_once,
            at_once_per_account,
            bandwidth,
        } = rules;
        let BandwidthPlan {
            usual_bytes_per_s,
            hours,
            zone,
        } = bandwidth;
        let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            at_once: count(at_once),
            at_once_per_account: count(at_once_per_account),
            limit_bytes_per_s: usual_bytes_per_s,
            hours: hours.into_iter().map(LimitHours::from).collect(),
            zone,
        }
    }
}

impl From<TransferRules> for DomainRules {
    fn from(rules: TransferRules) -> Self {
        let TransferRules {
            at_once,
            at_once_per_account,
            limit_bytes_per_s,
            hours,
            zone,
        } = rules;
        Self {
            at_once: at_once as usize,
            at_once_per_account: at_once_per_account as usize,
            bandwidth: BandwidthPlan {
                usual_bytes_per_s: limit_bytes_per_s,
                hours: hours.into_iter().map(BandwidthHours::from).collect(),
                zone,
            },
        }
    }
}

impl From<BandwidthHours> for LimitHours {
    fn from(hours: BandwidthHours) -> Self {
        let BandwidthHours {
            days,
            from_minute,
            to_minute,
            limit_bytes_per_s,
        } = hours;
        Self {
            days,
            from_minute,
            to_minute,
            limit_bytes_per_s,
        }
    }
}

impl From<LimitHours> for BandwidthHours {
    fn from(hours: LimitHours) -> Self {
        let LimitHours {
            days,
            from_minute,
            to_minute,
            limit_bytes_per_s,
        } = hours;
        Self {
            days,
            from_minute,
            to_minute,
            limit_bytes_per_s,
        }
    }
}

impl From<DomainPlan> for SendingPlan {
    fn from(plan: DomainPlan) -> Self {
        let takes_s = plan.takes_s();
        let DomainPlan {
            starts_at,
            size_bytes: _,
            rate_bytes_per_s,
            is_measured,
            is_limited,
            is_too_late,
        } = plan;
        Self {
            starts_at,
            takes_s,
            rate_bytes_per_s,
            is_measured,
            is_limited,
            is_too_late,
        }
    }
}
