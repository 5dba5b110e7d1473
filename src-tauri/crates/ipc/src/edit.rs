use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is done to a video before it is sent; the file itself is never touched. Its JSON is the document that
/// is exported and applied elsewhere.
///
/// Times are microseconds of the source's own presentation time line; 0 is the first shown frame. A document that
/// leaves a field out means its default: the smallest one, `{"version":1}`, changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Edit {
    pub version: u32,
    /// What is kept, in play order; never overlapping, each with `start_us < end_us`. Empty keeps everything.
    #[serde(default)]
    pub ranges: Vec<KeptRange>,
    #[serde(default)]
    pub framing: Framing,
    #[serde(default)]
    pub turn: Turn,
    #[serde(default)]
    pub sound: SoundEdit,
    /// 0.25 to 4; 1 leaves it as it is.
    #[serde(default = "unchanged_speed")]
    pub speed: f64,
    #[serde(default)]
    pub cover: Option<Cover>,
    #[serde(default)]
    pub captions: Option<Captions>,
}

impl Edit {
    /// The only version there is.
    pub const VERSION: u32 = 1;
}

impl Default for Edit {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            ranges: Vec::new(),
            framing: Framing::default(),
            turn: Turn::default(),
            sound: SoundEdit::default(),
            speed: unchanged_speed(),
            cover: None,
            captions: None,
        }
    }
}

const fn unchanged_speed() -> f64 {
    1.0
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KeptRange {
    pub start_us: u64,
    /// The first moment that is no longer shown.
    pub end_us: u64,
    /// How this part alone gets into the aspect; left out, it follows the framing of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fit: Option<Fit>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Framing {
    #[serde(default)]
    pub aspect: Aspect,
    #[serde(default)]
    pub fit: Fit,
}

/// Width to height of what is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Aspect {
    #[default]
    #[serde(rename = "source")]
    Source,
    #[serde(rename = "portrait_9_16")]
    Portrait9x16,
    #[serde(rename = "square")]
    Square,
    #[serde(rename = "portrait_4_5")]
    Portrait4x5,
    #[serde(rename = "landscape_16_9")]
    Landscape16x9,
}

/// How the picture gets into another aspect.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Cut off what is outside; the window's centre as a share (0 to 1) of the upright source, before any turn.
    Fill { centre_x: f64, centre_y: f64 },
    /// The whole picture over a blurred, enlarged copy of itself.
    Blur,
    /// The whole picture over one colour.
    Colour { rgb: [u8; 3] },
}

impl Default for Fit {
    fn default() -> Self {
        Self::Fill {
            centre_x: 0.5,
            centre_y: 0.5,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Turn {
    /// Clockwise: 0, 90, 180 or 270.
    #[serde(default)]
    pub rotate_deg: u16,
    /// Left and right exchanged, after the rotation.
    #[serde(default)]
    pub mirrored: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SoundEdit {
    #[serde(default)]
    pub muted: bool,
    /// −60 to 12.
    #[serde(default)]
    pub volume_db: f64,
    #[serde(default)]
    pub fade_in_ms: u32,
    #[serde(default)]
    pub fade_out_ms: u32,
    /// To −14 LUFS with peaks of at most −1 dBTP.
    #[serde(default)]
    pub normalise: bool,
    /// Index of the audio track among the streams of the file, as `MediaInfo.audio_tracks` names it; none is the main
    /// track.
    #[serde(default)]
    pub track: Option<u32>,
}

/// The still picture that stands for the video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// A frame of the source.
    At { at_us: u64 },
    /// A picture of the user's own, used in place.
    Image { path: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Captions {
    /// SRT or WebVTT, used in place.
    pub path: String,
    /// Drawn into the picture instead of sent beside it.
    #[serde(default)]
    pub burned_in: bool,
}

/// An edit as text, ready to be kept or applied elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EditText {
    /// JSON, indented for reading.
    pub document: String,
    /// What a file of it would be called.
    pub file_name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApplyEditRequest {
    pub to: EditTarget,
    /// The text that `export_edit` gave, or one written by hand.
    pub document: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EditTarget {
    /// Drafts; their former edit is replaced.
    Posts { post_ids: Vec<String> },
    /// A new draft on this asset.
    Asset { asset_id: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PickEditFileRequest {
    pub kind: EditFileKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EditFileKind {
    CoverImage,
    Captions,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwnCoverRequest {
    pub post_id: String,
    /// The destination with a cover of its own; none asks for the post's.
    pub account_id: Option<String>,
}

/// A file beside the video, used in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EditFile {
    pub path: String,
    pub file_name: String,
    /// The picture on the loopback preview server; none for captions.
    pub url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_document_changes_nothing() {
        assert_eq!(
            serde_json::from_str::<Edit>(r#"{"version":1}"#).unwrap(),
            Edit::default()
        );
    }

    #[test]
    fn the_json_of_a_full_document_is_pinned() {
        let edit = Edit {
            ranges: vec![KeptRange {
                start_us: 1_500_000,
                end_us: 9_000_000,
                fit: Some(Fit::Blur),
            }],
            framing: Framing {
                aspect: Aspect::Portrait9x16,
                fit: Fit::Colour { rgb: [0, 16, 255] },
            },
            cover: Some(Cover::At { at_us: 2_000_000 }),
            captions: Some(Captions {
                path: "/clips/a.srt".into(),
                burned_in: true,
            }),
            ..Edit::default()
        };
        let json = serde_json::to_string(&edit).unwrap();
        assert_eq!(
            json,
            r#"{"version":1,"ranges":[{"start_us":1500000,"end_us":9000000,"fit":"blur"}],"framing":{"aspect":"portrait_9_16","fit":{"colour":{"rgb":[0,16,255]}}},"turn":{"rotate_deg":0,"mirrored":false},"sound":{"muted":false,"volume_db":0.0,"fade_in_ms":0,"fade_out_ms":0,"normalise":false,"track":null},"speed":1.0,"cover":{"at":{"at_us":2000000}},"captions":{"path":"/clips/a.srt","burned_in":true}}"#
        );
        assert_eq!(serde_json::from_str::<Edit>(&json).unwrap(), edit);
    }
}
