//! Text limits, each in the platform's own unit.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// How a platform counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextUnit {
    Utf16,
    CodePoints,
    Bytes,
    Graphemes,
}

impl TextUnit {
    pub fn count(self, text: &str) -> usize {
        match self {
            TextUnit::Utf16 => text.encode_utf16().count(),
            TextUnit::CodePoints => text.chars().count(),
            TextUnit::Bytes => text.len(),
            TextUnit::Graphemes => text.graphemes(true).count(),
        }
    }
}

/// Where a field's text comes from while the user wrote none for this destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextDefault {
    /// The post's shared caption.
    Caption,
    /// The first line of the shared caption.
    FirstLineOfCaption,
    Empty,
}

/// One text field of a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRule {
    /// Key of the field in [`crate::post::Destination::text`], e.g. `title`.
    pub field: &'static str,
    pub label: &'static str,
    pub required: bool,
    pub unit: TextUnit,
    pub max: usize,
    pub forbidden: &'static [char],
    pub default: TextDefault,
    /// Contract section of the limit.
    pub source: &'static str,
}

/// Why a text does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextFault {
    Missing,
    TooLong { count: usize, max: usize },
    Forbidden(char),
}

impl TextRule {
    /// Every way in which `text` breaks this rule; empty when it fits.
    pub fn faults(&self, text: &str) -> Vec<TextFault> {
        let mut faults = Vec::new();
        if self.required && text.trim().is_empty() {
            faults.push(TextFault::Missing);
        }
        let count = self.unit.count(text);
        if count > self.max {
            faults.push(TextFault::TooLong { count, max: self.max });
        }
        if let Some(found) = text.chars().find(|c| self.forbidden.contains(c)) {
            faults.push(TextFault::Forbidden(found));
        }
        faults
    }

    /// The text that will be sent: the destination's own, else the default from the shared caption.
    pub fn resolve<'a>(&self, own: Option<&'a str>, caption: &'a str) -> &'a str {
        match (own, self.default) {
            (Some(text), _) => text,
            (None, TextDefault::Caption) => caption,
            (None, TextDefault::FirstLineOfCaption) => caption.lines().next().unwrap_or(""),
            (None, TextDefault::Empty) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_counts_as_each_platform_counts_it() {
        let family = "👩‍👩‍👧";
        assert_eq!(TextUnit::Graphemes.count(family), 1);
        assert_eq!(TextUnit::CodePoints.count(family), 5);
        assert_eq!(TextUnit::Utf16.count(family), 8);
        assert_eq!(TextUnit::Bytes.count(family), 18);
    }

    #[test]
    fn a_title_defaults_to_the_first_line_of_the_caption() {
        let rule = TextRule {
            field: "title",
            label: "Title",
            required: true,
            unit: TextUnit::Utf16,
            max: 5,
            forbidden: &['<'],
            default: TextDefault::FirstLineOfCaption,
            source: "test",
        };
        assert_eq!(rule.resolve(None, "one\ntwo"), "one");
        assert_eq!(rule.resolve(Some("own"), "one\ntwo"), "own");
        assert_eq!(rule.faults("  "), [TextFault::Missing]);
        assert_eq!(
            rule.faults("abcde<"),
            [TextFault::TooLong { count: 6, max: 5 }, TextFault::Forbidden('<')]
        );
    }
}
