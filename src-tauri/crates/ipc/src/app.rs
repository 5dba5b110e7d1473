use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppInfo {
    pub version: String,
    /// IANA names, sorted.
    pub zones: Vec<String>,
    /// The zone of this computer.
    pub default_zone: String,
    /// Loopback server of posters, previews and pictures of accounts.
    pub preview: PreviewServer,
    /// The simulator's own page: what it has received.
    pub practice_page_url: Option<String>,
    /// Where database, posters and logs live.
    pub data_dir: String,
}

/// Addresses in `poster_url`, `preview_url` and `avatar_url` already carry the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewServer {
    pub base_url: String,
    /// New at each launch.
    pub token: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Health {
    pub checks: Vec<HealthCheck>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HealthCheck {
    /// Stable: `database`, `ffmpeg`, `keychain`, `practice`, `disk`, `scheduler`; `reach-…` for a platform.
    pub code: String,
    pub label: String,
    pub state: HealthState,
    pub message: String,
    pub fix: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    Ok,
    Warning,
    Broken,
}

/// Only addresses the core itself has handed out: receipts, links of notices and guides, the practice page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenLinkRequest {
    pub url: String,
}
