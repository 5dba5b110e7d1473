use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the files of a post are made. What is absent is as in a post without wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Wishes {
    pub encode: EncodeWish,
    pub sharing: Sharing,
    pub quality: Quality,
    /// Place and device stay in the file.
    pub keeps_metadata: bool,
}

/// Whether the picture may, must or must not be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EncodeWish {
    WhenNeeded,
    Always,
    /// Destinations that cannot do without it are told as blocked.
    Never,
}

/// How far destinations may share a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// As few files as possible, though a narrow destination makes the picture smaller for all.
    Fewest,
    /// Only where nobody gets less than alone.
    KeepDetail,
}

/// Of new video; a copy keeps the source's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// About half of the usual size, and the longest to make.
    Smaller,
    Standard,
    Best,
}

/// Whether the graphics card may encode, and whether it can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GraphicsCard {
    pub is_allowed: bool,
    /// Encoders that passed their trial, the one that is used first. None while it is not allowed: nothing was tried.
    pub encoders: Option<Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AllowGraphicsCardRequest {
    pub is_allowed: bool,
}
