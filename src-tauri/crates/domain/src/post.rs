//! What the user composes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    edit::{Cover, Edit},
    ids::{AccountId, AssetId, PostId},
    options::OptionValues,
    schedule::LocalSchedule,
    transcode_plan::Wishes,
};

/// What goes to one account: its own texts where they differ from the caption, and the options chosen there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Own texts by field key ([`crate::text::TextRule::field`]); an absent key takes the default.
    pub text: BTreeMap<String, String>,
    pub options: OptionValues,
    /// This destination's own cover; `None` takes the edit's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
    /// Published by this computer at its time, even where the platform could hold the time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_this_computer: bool,
}

/// One account a post goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    pub account_id: AccountId,
    pub content: Content,
}

/// A post: an asset, a shared caption and its destinations. The status lives in its publications.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    pub id: PostId,
    pub asset_id: Option<AssetId>,
    /// `None` sends the video as it is.
    pub edit: Option<Edit>,
    /// How its files are made.
    pub wishes: Wishes,
    pub caption: String,
    pub schedule: Option<LocalSchedule>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Set when the user deleted it; deletion can be undone.
    pub deleted_at: Option<Timestamp>,
}
