//! Fault rules: what shall go wrong, at which request.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    DropBeforeCommit,
    DropAfterCommit,
    HoldBeforeCommit,
    HoldAfterCommit,
    Status,
    StatusAfterCommit,
    Slow,
    TruncateBody,
    CutAfter,
    StoreLess,
    NoProgress,
    TokenExpired,
    TokenRevoked,
    UploadGone,
    RateLimited,
    Quota,
    DailyUploadQuota,
    UploadLimit,
}

/// One rule as written by a test.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) platform: String,
    pub(crate) endpoint: String,
    pub(crate) kind: FaultKind,
    /// Fires at this matching request, counted from 1.
    #[serde(default = "one")]
    pub(crate) nth: u64,
    /// At how many matching requests in a row; 0 = for ever.
    #[serde(default = "one")]
    pub(crate) times: u64,
    #[serde(default)]
    pub(crate) account: Option<String>,
    #[serde(default)]
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) bytes: Option<u64>,
    #[serde(default)]
    pub(crate) bytes_per_s: Option<u64>,
}

fn one() -> u64 {
    1
}

impl Fault {
    /// What is missing or impossible in the rule, if anything.
    pub(crate) fn complaint(&self) -> Option<String> {
        let platforms = ["tiktok", "youtube", "*"];
        if !platforms.contains(&self.platform.as_str()) {
            return Some(format!("platform must be one of {platforms:?}"));
        }
        if self.nth == 0 {
            return Some("nth counts from 1".to_owned());
        }
        match self.kind {
            FaultKind::Status | FaultKind::StatusAfterCommit if !matches!(self.status, Some(400..=599)) => {
                Some("status needs \"status\" between 400 and 599".to_owned())
            }
            FaultKind::CutAfter | FaultKind::StoreLess if self.bytes.is_none() => {
                Some("this kind needs \"bytes\"".to_owned())
            }
            FaultKind::Slow if self.bytes_per_s.is_none_or(|rate| rate == 0) => {
                Some("slow needs \"bytes_per_s\" above 0".to_owned())
            }
            _ => None,
        }
    }

    pub(crate) fn name(&self) -> String {
        serde_json::to_value(self.kind)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

/// A rule and how often it has matched and fired.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Rule {
    #[serde(flatten)]
    pub(crate) fault: Fault,
    pub(crate) matched: u64,
    pub(crate) fired: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<Rule>>,
}

impl Faults {
    pub(crate) fn add(&self, faults: Vec<Fault>) {
        let rules = faults.into_iter().map(|fault| Rule {
            fault,
            matched: 0,
            fired: 0,
        });
        self.rules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(rules);
    }

    pub(crate) fn clear(&self) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn list(&self) -> Vec<Rule> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every rule counts this request; the first one that is due fires.
    pub(crate) fn at_request(
        &self,
        platform: &str,
        endpoints: &[&str],
        account: Option<&str>,
    ) -> Option<Fault> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = None;
        for rule in rules.iter_mut() {
            let fault = &rule.fault;
            let matches = (fault.platform == "*" || fault.platform == platform)
                && (fault.endpoint == "*" || endpoints.contains(&fault.endpoint.as_str()))
                && fault
                    .account
                    .as_deref()
                    .is_none_or(|wanted| account == Some(wanted));
            if !matches {
                continue;
            }
            rule.matched += 1;
            let last = if fault.times == 0 {
                u64::MAX
            } else {
                fault.nth.saturating_add(fault.times - 1)
            };
            if due.is_none() && (fault.nth..=last).contains(&rule.matched) {
                rule.fired += 1;
                due = Some(rule.fault.clone());
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_fires_at_the_nth_match_and_as_often_as_told() {
        let faults = Faults::default();
        let rule = serde_json::json!({"platform":"tiktok","endpoint":"chunk","kind":"drop_after_commit","nth":2,"times":2});
        faults.add(vec![serde_json::from_value(rule).unwrap()]);
        let fired: Vec<bool> = (0..5)
            .map(|_| {
                assert!(faults.at_request("tiktok", &["status"], None).is_none());
                faults
                    .at_request("tiktok", &["chunk", "last_chunk"], None)
                    .is_some()
            })
            .collect();
        assert_eq!(fired, [false, true, true, false, false]);
    }
}
