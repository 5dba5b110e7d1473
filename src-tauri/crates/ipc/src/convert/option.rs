use daypart_domain::{
    options::{
        Dependency, OptionKind as DomainOptionKind, OptionRule as DomainOptionRule,
        OptionSpec as DomainOptionSpec, OptionValue as DomainOptionValue,
    },
    text::{TextDefault as DomainTextDefault, TextRule as DomainTextRule, TextUnit as DomainTextUnit},
};

use crate::{
    Choice, Condition, OptionKind, OptionRule, OptionSpec, OptionValue, TextDefault, TextRule, TextUnit,
};

impl From<DomainOptionValue> for OptionValue {
    fn from(value: DomainOptionValue) -> Self {
        match value {
            DomainOptionValue::Toggle(on) => Self::Toggle(on),
            DomainOptionValue::Text(text) => Self::Text(text),
            DomainOptionValue::Tags(tags) => Self::Tags(tags),
        }
    }
}

impl From<OptionValue> for DomainOptionValue {
    fn from(value: OptionValue) -> Self {
        match value {
            OptionValue::Toggle(on) => Self::Toggle(on),
            OptionValue::Text(text) => Self::Text(text),
            OptionValue::Tags(tags) => Self::Tags(tags),
        }
    }
}

impl From<DomainOptionSpec> for OptionSpec {
    fn from(spec: DomainOptionSpec) -> Self {
        let DomainOptionSpec {
            key,
            label,
            help,
            kind,
            required,
            depends_on,
        } = spec;
        let (kind, default) = match kind {
            DomainOptionKind::Toggle { default } => (OptionKind::Toggle, Some(OptionValue::Toggle(default))),
            DomainOptionKind::Choice { choices, default } => (
                OptionKind::Choice {
                    choices: choices
                        .into_iter()
                        .map(|(value, label)| choice(value, label))
                        .collect(),
                    from_account: false,
                },
                default.map(|value| OptionValue::Text(value.to_owned())),
            ),
            DomainOptionKind::AccountChoice => (
                OptionKind::Choice {
                    choices: Vec::new(),
                    from_account: true,
                },
                None,
            ),
            DomainOptionKind::Text { max } => (
                OptionKind::Text {
                    max: max as u64,
                    unit: TextUnit::Utf16,
                },
                None,
            ),
            DomainOptionKind::Tags { max_total } => (
                OptionKind::Tags {
                    max: max_total as u64,
                    unit: TextUnit::Utf16,
                },
                None,
            ),
        };
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            kind,
            required,
            default,
            help: help.to_owned(),
            depends_on: depends_on.map(Into::into),
        }
    }
}

impl From<Dependency> for Condition {
    fn from(dependency: Dependency) -> Self {
        let Dependency { key, value } = dependency;
        Self {
            option: key.to_owned(),
            value: value.into(),
        }
    }
}

impl From<DomainOptionRule> for OptionRule {
    fn from(rule: DomainOptionRule) -> Self {
        match rule {
            DomainOptionRule::OneOf { when, keys, sentence } => Self::OneOf {
                when: when.into(),
                options: keys.iter().map(|key| (*key).to_owned()).collect(),
                message: sentence.to_owned(),
            },
            DomainOptionRule::Excludes {
                when,
                key,
                value,
                sentence,
            } => Self::Excludes {
                when: when.into(),
                option: key.to_owned(),
                value: value.into(),
                message: sentence.to_owned(),
            },
        }
    }
}

fn choice(value: &str, label: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
    }
}

impl From<DomainTextUnit> for TextUnit {
    fn from(unit: DomainTextUnit) -> Self {
        match unit {
            DomainTextUnit::Utf16 => Self::Utf16,
            DomainTextUnit::CodePoints => Self::Codepoints,
            DomainTextUnit::Bytes => Self::Bytes,
            DomainTextUnit::Graphemes => Self::Graphemes,
        }
    }
}

impl From<DomainTextRule> for TextRule {
    fn from(rule: DomainTextRule) -> Self {
        let DomainTextRule {
            field,
            label,
            required,
            unit,
            max,
            forbidden,
            default,
            source: _,
        } = rule;
        Self {
            field: field.to_owned(),
            label: label.to_owned(),
            required,
            unit: unit.into(),
            max: max as u64,
            forbidden: forbidden.iter().map(char::to_string).collect(),
            default: match default {
                DomainTextDefault::Caption => TextDefault::Caption,
                DomainTextDefault::FirstLineOfCaption => TextDefault::FirstLineOfCaption,
                DomainTextDefault::Empty => TextDefault::Empty,
            },
        }
    }
}
