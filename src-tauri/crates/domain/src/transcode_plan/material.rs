//! What a plan is made from: the source, the edit, the destinations and the user's wishes.

use serde::{Deserialize, Serialize};

use super::{
    estimate::SpeedHistory,
    target::{HardwareEncoder, Quality},
};
use crate::{
    analysis::Analysis,
    delivery_spec::{AccountLimits, DeliverySpec},
    edit::Edit,
    media_info::MediaInfo,
};

/// Everything that is known about a source and what the user wants of it.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    pub info: &'a MediaInfo,
    /// Without problems on this source.
    pub edit: &'a Edit,
    pub analysis: &'a Analysis,
    /// Times of all keyframes, ascending, microseconds; `None` when they were not listed.
    pub keyframes_us: Option<&'a [u64]>,
    pub history: &'a SpeedHistory,
}

/// Where a video goes.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    pub spec: &'a DeliverySpec,
    pub limits: AccountLimits,
}

/// Whether the picture may, must or must not be encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncodeWish {
    #[default]
    WhenNeeded,
    Always,
    /// What only new video would cure becomes an obstacle; an accurate cut becomes a lossless one near by.
    Never,
}

/// How far destinations may share a rendition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// As few as possible, though one destination's limits make the picture smaller for all.
    #[default]
    Fewest,
    /// Only where nobody gets a smaller picture or fewer frames than alone.
    KeepDetail,
}

/// What the user wishes of the files that are made; kept with the post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Wishes {
    pub encode: EncodeWish,
    pub sharing: Sharing,
    /// Of new video; a copy keeps the source's.
    pub quality: Quality,
    /// Leave place and device in the file. Without this wish they are a reason for a remux.
    pub keeps_metadata: bool,
    /// The encoder to take instead of software. Not the post's but the machine's: what its user allowed and what
    /// passed its trial.
    #[serde(skip)]
    pub hardware: Option<HardwareEncoder>,
}

impl Wishes {
    /// What a post is sent with unless its user wishes otherwise: place and device alone are no reason to make
    /// another file of one that complies.
    pub fn sending() -> Self {
        Self {
            keeps_metadata: true,
            ..Self::default()
        }
    }
}
