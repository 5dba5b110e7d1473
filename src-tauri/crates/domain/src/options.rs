//! What a destination lets the user choose, as data. The composer draws it, the pre-flight checks it, the
//! adapter reads it; nobody else knows what an option means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A chosen value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OptionValue {
    Toggle(bool),
    Text(String),
    Tags(Vec<String>),
}

/// Chosen values by option key. An absent key means that the user has not chosen.
pub type OptionValues = BTreeMap<String, OptionValue>;

/// The form of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionKind {
    Toggle {
        default: bool,
    },
    /// One of a fixed list of (value, label). `default: None` means that the user must choose.
    Choice {
        choices: Vec<(&'static str, &'static str)>,
        default: Option<&'static str>,
    },
    /// One of what the account offers right now ([`crate::account::PostingOptions::choices`]); never a default.
    AccountChoice,
    Text {
        max: usize,
    },
    Tags {
        max_total: usize,
    },
}

/// Only meaningful while another option has this value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    pub key: &'static str,
    pub value: OptionValue,
}

/// One option of a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionSpec {
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub kind: OptionKind,
    pub required: bool,
    pub depends_on: Option<Dependency>,
}

/// Reads a toggle, falling back to `false` when it was not chosen.
pub fn toggle(values: &OptionValues, key: &str) -> bool {
    matches!(values.get(key), Some(OptionValue::Toggle(true)))
}

/// Reads a choice or text; `None` when it was not chosen or is empty.
pub fn text<'a>(values: &'a OptionValues, key: &str) -> Option<&'a str> {
    match values.get(key) {
        Some(OptionValue::Text(value)) if !value.is_empty() => Some(value),
        _ => None,
    }
}

/// Reads a list; empty when it was not chosen.
pub fn tags<'a>(values: &'a OptionValues, key: &str) -> &'a [String] {
    match values.get(key) {
        Some(OptionValue::Tags(value)) => value,
        _ => &[],
    }
}
