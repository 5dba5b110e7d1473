use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Choice, Realm, WireError};

/// Ours at a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Account {
    pub id: String,
    pub platform: String,
    pub platform_name: String,
    pub realm: Realm,
    pub display_name: String,
    pub avatar_url: Option<String>,
    pub state: AccountState,
    /// Set while `state` is `needs_reconnect`.
    pub error: Option<WireError>,
    pub connected_at: Timestamp,
    /// When the platform last answered for this account; none before the first look.
    pub checked_at: Option<Timestamp>,
    /// Why the last look brought no answer.
    pub check_error: Option<WireError>,
    /// After this the user has to sign in again; none where the platform names no end.
    pub sign_in_ends_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    Connected,
    NeedsReconnect,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BeginConnectRequest {
    pub platform: String,
    pub realm: Realm,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BeginConnectResponse {
    pub connect_id: String,
    /// Shown so that the user can copy it where no browser opens.
    pub authorize_url: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CancelConnectRequest {
    pub connect_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountRequest {
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PostingOptionsRequest {
    pub account_id: String,
}

/// What this account may do at this moment, read from the platform just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PostingOptions {
    pub account_id: String,
    /// Set when the platform takes no more posts for now; the sentence says until when.
    pub blocked: Option<String>,
    /// Option key → its choices, for every option whose choices come from the account.
    pub choices: BTreeMap<String, Vec<Choice>>,
    /// Option key → why the account has it switched off.
    pub disabled: BTreeMap<String, String>,
    pub max_duration_ms: Option<u64>,
}
