use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What pre-flight has to say about one rule at one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    pub severity: Severity,
    /// Stable name of the rule, for example `duration_max`.
    pub rule: String,
    /// One sentence for the user.
    pub message: String,
    /// What was measured in the file or text, ready to show: "11 min 40 s".
    pub measured: Option<String>,
    /// What the platform allows, ready to show: "at most 10 min".
    pub limit: Option<String>,
    /// Where the rule is written down.
    pub source: Option<String>,
    pub fix: Option<String>,
    /// The text field or option it is about; none when it is about the file or the post.
    pub field: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Not a rule; would look or sound better.
    Advice,
    /// Accepted, but something is lost or at risk.
    Warning,
    /// Daypart mends it before sending, without being asked.
    Fixable,
    /// The platform would refuse it, and only the user can mend it.
    Blocking,
}
