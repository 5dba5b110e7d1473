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

/// A rule between options that their specs cannot say one by one. Checked by the pre-flight; the composer may
/// grey out what a rule excludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionRule {
    /// While `when` holds, at least one of these toggles must be on.
    OneOf {
        when: Dependency,
        keys: &'static [&'static str],
        sentence: &'static str,
    },
    /// While `when` holds, the option `key` must not have this value.
    Excludes {
        when: Dependency,
        key: &'static str,
        value: OptionValue,
        sentence: &'static str,
    },
}

impl OptionRule {
    /// The option to point at and the sentence for the user, when `values` break this rule.
    pub fn broken_by(&self, values: &OptionValues) -> Option<(&'static str, &'static str)> {
        let holds = |when: &Dependency| values.get(when.key) == Some(&when.value);
        match self {
            OptionRule::OneOf { when, keys, sentence } => {
                let none_on = !keys.iter().any(|key| toggle(values, key));
                (holds(when) && none_on).then_some((when.key, sentence))
            }
            OptionRule::Excludes {
                when,
                key,
                value,
                sentence,
            } => (holds(when) && values.get(*key) == Some(value)).then_some((key, sentence)),
        }
    }
}

/// Reads a toggle whose default is not `false`.
pub fn toggle_or(values: &OptionValues, key: &str, default: bool) -> bool {
    match values.get(key) {
        Some(OptionValue::Toggle(on)) => *on,
        _ => default,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn on(key: &'static str) -> Dependency {
        Dependency {
            key,
            value: OptionValue::Toggle(true),
        }
    }

    fn values(entries: &[(&str, OptionValue)]) -> OptionValues {
        entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect()
    }

    #[test]
    fn a_switched_on_disclosure_asks_for_one_of_its_kinds() {
        let rule = OptionRule::OneOf {
            when: on("disclose"),
            keys: &["own", "partner"],
            sentence: "Say which.",
        };
        assert_eq!(rule.broken_by(&values(&[])), None);
        let disclosed = ("disclose", OptionValue::Toggle(true));
        assert_eq!(
            rule.broken_by(&values(std::slice::from_ref(&disclosed))),
            Some(("disclose", "Say which."))
        );
        assert_eq!(
            rule.broken_by(&values(&[disclosed, ("own", OptionValue::Toggle(true))])),
            None
        );
    }

    #[test]
    fn an_exclusion_points_at_the_excluded_option() {
        let rule = OptionRule::Excludes {
            when: on("partner"),
            key: "visibility",
            value: OptionValue::Text("private".into()),
            sentence: "Not both.",
        };
        let private = ("visibility", OptionValue::Text("private".into()));
        assert_eq!(rule.broken_by(&values(std::slice::from_ref(&private))), None);
        assert_eq!(
            rule.broken_by(&values(&[private, ("partner", OptionValue::Toggle(true))])),
            Some(("visibility", "Not both."))
        );
    }
}
