//! Ours at a platform.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    delivery_spec::AccountLimits,
    ids::AccountId,
    platform::{PlatformId, Realm},
    problem::Problem,
};

/// How an account is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountHealth {
    Connected,
    /// Posting is impossible until the user acts.
    NeedsReconnect(Problem),
}

/// An account the user connected. Its tokens live in the vault under [`AccountId`]; none of them is here.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub id: AccountId,
    pub platform: PlatformId,
    pub realm: Realm,
    /// The platform's own id of the user or channel; unique per platform and realm.
    pub remote_user_id: String,
    pub display_name: String,
    pub avatar_url: Option<String>,
    pub granted_scopes: Vec<String>,
    /// As the platform last told them; they decide what is converted, and tell before anything is sent.
    pub limits: AccountLimits,
    pub health: AccountHealth,
    pub connected_at: Timestamp,
    pub disconnected_at: Option<Timestamp>,
}

/// What the platform says this account may do right now; read afresh for each composer page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PostingOptions {
    /// Choices for option keys whose choices come from the account, as (value, label).
    pub choices: std::collections::BTreeMap<String, Vec<(String, String)>>,
    /// Option keys that are disabled for this account, with the reason.
    pub disabled: std::collections::BTreeMap<String, String>,
    pub limits: AccountLimits,
    /// Set when the account cannot post now; the sentence says until when.
    pub blocked: Option<String>,
}
