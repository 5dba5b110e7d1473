use std::collections::BTreeMap;

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Cover, Edit, Finding, OptionValue, Publication, Wishes};

/// What the user composes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Post {
    pub draft: PostDraft,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// One per destination, in state `draft` until scheduled.
    pub publications: Vec<Publication>,
}

/// Everything the user can type or choose, saved on every pause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PostDraft {
    /// A UUID made by whoever writes first: saving the same draft twice never makes two posts.
    pub id: String,
    pub asset_id: Option<String>,
    /// None leaves the video as it is.
    pub edit: Option<Edit>,
    /// None wishes nothing in particular.
    #[serde(default)]
    pub wishes: Option<Wishes>,
    /// Shared by all destinations that do not override it.
    pub caption: String,
    pub destinations: Vec<Destination>,
    /// The time the user has in mind; nothing happens until `schedule_post`.
    pub planned: Option<WallTime>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Destination {
    pub account_id: String,
    /// Text for this destination only, by field; an absent field takes the default of its rule.
    pub text: BTreeMap<String, String>,
    pub options: BTreeMap<String, OptionValue>,
    /// None follows the post's edit.
    pub cover: Option<Cover>,
    /// Published by this computer at its time, even where the platform could hold the time.
    #[serde(default)]
    pub from_this_computer: bool,
}

/// A local time in a named zone: 09:00 stays 09:00 when the clocks change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WallTime {
    /// Without offset: `2026-11-21T18:00:00`.
    pub wall: civil::DateTime,
    /// IANA name: `Europe/Berlin`.
    pub zone: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PostRequest {
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SavePostRequest {
    pub draft: PostDraft,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SchedulePostRequest {
    pub id: String,
    pub when: ScheduleWhen,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScheduleWhen {
    Now,
    At {
        #[serde(flatten)]
        at: WallTime,
    },
}

/// The answer of pre-flight: media, text and options, per destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PostCheck {
    pub post_id: String,
    pub destinations: Vec<DestinationCheck>,
    /// Reasons of the post as a whole, for example that it has no video.
    pub findings: Vec<Finding>,
    /// No finding of any destination blocks.
    pub can_schedule: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DestinationCheck {
    pub account_id: String,
    pub findings: Vec<Finding>,
    /// What will be done to the file and why; none while it is unknown.
    pub plan: Option<TranscodePlan>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TranscodePlan {
    pub rung: Rung,
    /// One sentence per rule that made it necessary; empty for `as_is`.
    pub reasons: Vec<String>,
}

/// The cheapest way that complies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The bytes sent are the file's own.
    AsIs,
    /// New container, the same video and audio.
    Remux,
    /// The same video, new audio.
    AudioOnly,
    /// New video and audio.
    Encode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_time_travels_flat_beside_its_zone() {
        let when = ScheduleWhen::At {
            at: WallTime {
                wall: civil::date(2026, 11, 21).at(18, 0, 0, 0),
                zone: "Europe/Berlin".into(),
            },
        };
        let json = serde_json::to_string(&when).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"at","wall":"2026-11-21T18:00:00","zone":"Europe/Berlin"}"#
        );
        assert_eq!(serde_json::from_str::<ScheduleWhen>(&json).unwrap(), when);
    }
}
