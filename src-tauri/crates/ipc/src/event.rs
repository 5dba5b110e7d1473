use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AddOutcome, Asset, Publication, WireError};

/// Added, measured, removed or restored. `asset` is none once it is removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AssetChanged {
    pub id: String,
    pub asset: Option<Asset>,
}

/// The answer to files dropped on the window, one outcome per path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AssetsDropped {
    pub outcomes: Vec<AddOutcome>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountChanged {
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PostChanged {
    pub post_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublicationChanged {
    pub publication: Publication,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferProgress {
    pub publication_id: String,
    pub sent_bytes: u64,
    pub total_bytes: u64,
    pub rate_bytes_per_s: u64,
    /// None until the rate is known.
    pub eta_s: Option<u64>,
}

/// Exactly one of `account_id` and `error` is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectFinished {
    pub connect_id: String,
    pub account_id: Option<String>,
    pub error: Option<WireError>,
}

/// Files are being held over the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DropHover {
    pub active: bool,
}

/// They wait for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PostsMissed {
    pub publication_ids: Vec<String>,
}

/// Something went wrong outside any command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notification {
    pub error: WireError,
}
