use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing the user decides for a destination. The UI draws it from this alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OptionSpec {
    /// Stable name, for example `visibility`.
    pub key: String,
    pub label: String,
    pub kind: OptionKind,
    /// Scheduling is blocked until it has a value.
    pub required: bool,
    /// None means the user has to choose: nothing is preselected.
    pub default: Option<OptionValue>,
    pub help: String,
    /// The option exists only while this holds.
    pub depends_on: Option<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OptionKind {
    Toggle,
    Choice {
        /// Empty when `from_account` is set.
        choices: Vec<Choice>,
        /// Filled by `posting_options`, because it differs per account and moment.
        from_account: bool,
    },
    Text {
        max: u64,
        unit: TextUnit,
    },
    Tags {
        /// Of all tags together: their lengths, a comma between two, and two quotes around a tag with a space.
        max: u64,
        unit: TextUnit,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum OptionValue {
    Toggle(bool),
    Text(String),
    Tags(Vec<String>),
}

/// A rule over several options of one destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OptionRule {
    /// While `when` holds, at least one of these toggles must be on.
    OneOf {
        when: Condition,
        options: Vec<String>,
        message: String,
    },
    /// While `when` holds, `option` must not have `value`.
    Excludes {
        when: Condition,
        option: String,
        value: OptionValue,
        message: String,
    },
}

/// Text the user agrees to by publishing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Consent {
    pub text: String,
    pub links: Vec<Link>,
}

/// Holds when the option has exactly this value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Condition {
    pub option: String,
    pub value: OptionValue,
}

/// `open_link` accepts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Link {
    pub label: String,
    pub url: String,
}

/// How a platform counts the length of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TextUnit {
    Utf16,
    Codepoints,
    /// Of UTF-8.
    Bytes,
    Graphemes,
}

/// A limit on one text field, in the platform's own unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextRule {
    /// Key into `Destination::text`: `caption`, `title`, `description`.
    pub field: String,
    pub label: String,
    pub required: bool,
    pub unit: TextUnit,
    pub max: u64,
    /// Characters the platform refuses.
    pub forbidden: Vec<String>,
    /// What is sent while the user wrote no text of its own for this destination.
    pub default: TextDefault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TextDefault {
    /// The post's shared caption.
    Caption,
    FirstLineOfCaption,
    Empty,
}
