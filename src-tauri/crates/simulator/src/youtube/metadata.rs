//! The settable fields of a video and the rules of section 5 of the contract.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::Refusal;
use crate::youtube::categories::is_assignable;
use crate::youtube::errors::{invalid, refuse, unexpected_part};

/// Parts of a video a client may write.
pub(crate) const WRITABLE: [&str; 4] = ["snippet", "status", "recordingDetails", "localizations"];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) tags: Vec<String>,
    pub(crate) category_id: String,
    pub(crate) default_language: Option<String>,
    pub(crate) privacy_status: String,
    pub(crate) publish_at_ms: Option<i64>,
    pub(crate) license: String,
    pub(crate) embeddable: bool,
    pub(crate) public_stats_viewable: bool,
    pub(crate) self_declared_made_for_kids: Option<bool>,
    pub(crate) contains_synthetic_media: Option<bool>,
    pub(crate) recording_date: Option<String>,
    pub(crate) localizations: Option<Value>,
}

impl Default for Metadata {
    fn default() -> Self {
        Self {
            title: "unknown".to_owned(),
            description: String::new(),
            tags: Vec::new(),
            category_id: "22".to_owned(),
            default_language: None,
            // What YouTube takes when nothing is said.
            privacy_status: "public".to_owned(),
            publish_at_ms: None,
            license: "youtube".to_owned(),
            embeddable: true,
            public_stats_viewable: true,
            self_declared_made_for_kids: None,
            contains_synthetic_media: None,
            recording_date: None,
            localizations: None,
        }
    }
}

/// Whether a body is for a new video or replaces parts of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Insert,
    Update,
}

impl Metadata {
    /// Replaces the named parts by what `body` says; fields left out fall back to their defaults.
    pub(crate) fn replaced(&self, parts: &[&str], body: &Value, purpose: Purpose) -> Result<Self, Refusal> {
        for part in WRITABLE {
            if !body[part].is_null() && !parts.contains(&part) {
                return Err(unexpected_part(part));
            }
        }
        let mut next = self.clone();
        for part in parts {
            match *part {
                "snippet" => next.read_snippet(&body["snippet"], purpose)?,
                "status" => next.read_status(&body["status"])?,
                "recordingDetails" => next.read_recording(&body["recordingDetails"])?,
                "localizations" => {
                    next.localizations = Some(body["localizations"].clone()).filter(|v| !v.is_null())
                }
                _ => {}
            }
        }
        Ok(next)
    }

    fn read_snippet(&mut self, snippet: &Value, purpose: Purpose) -> Result<(), Refusal> {
        let title = text(snippet, "title", "invalidTitle")?.unwrap_or_default();
        // The unit is not documented; the stricter of the two counts is enforced.
        let units = title.encode_utf16().count();
        if title.trim().is_empty() || units > 100 || title.contains(['<', '>']) {
            return Err(invalid(
                "invalidTitle",
                "The request metadata specifies an invalid or empty video title.",
            ));
        }
        let description = text(snippet, "description", "invalidDescription")?.unwrap_or_default();
        if description.len() > 5000 || description.contains(['<', '>']) {
            return Err(invalid(
                "invalidDescription",
                "The request metadata specifies an invalid video description.",
            ));
        }
        let tags: Option<Vec<String>> = match &snippet["tags"] {
            Value::Null => Some(Vec::new()),
            tags => tags
                .as_array()
                .and_then(|t| t.iter().map(|tag| tag.as_str().map(str::to_owned)).collect()),
        };
        let tags = tags.filter(|tags| tags.iter().all(|t| !t.trim().is_empty()) && tag_cost(tags) <= 500);
        let Some(tags) = tags else {
            return Err(invalid(
                "invalidTags",
                "The request metadata specifies invalid video keywords.",
            ));
        };
        let category = text(snippet, "categoryId", "invalidCategoryId")?;
        let category = match (category, purpose) {
            (Some(id), _) if is_assignable(&id) => id,
            (None, Purpose::Insert) => "22".to_owned(),
            _ => {
                return Err(invalid(
                    "invalidCategoryId",
                    "The categoryId property specifies an invalid category ID.",
                ));
            }
        };
        let language = text(snippet, "defaultLanguage", "invalidVideoMetadata")?;
        *self = Self {
            title,
            description,
            tags,
            category_id: category,
            default_language: language,
            ..self.clone()
        };
        Ok(())
    }

    fn read_status(&mut self, status: &Value) -> Result<(), Refusal> {
        let bad = || invalid("invalidVideoMetadata", "The request metadata is invalid.");
        let privacy =
            text(status, "privacyStatus", "invalidVideoMetadata")?.unwrap_or_else(|| "public".to_owned());
        let license =
            text(status, "license", "invalidVideoMetadata")?.unwrap_or_else(|| "youtube".to_owned());
        if !["public", "unlisted", "private"].contains(&privacy.as_str())
            || !["youtube", "creativeCommon"].contains(&license.as_str())
        {
            return Err(bad());
        }
        let publish_at_ms = match text(status, "publishAt", "invalidPublishAt")? {
            None => None,
            Some(at) if privacy == "private" => match at.parse::<Timestamp>() {
                Ok(at) => Some(at.as_millisecond()),
                Err(_) => return Err(invalid_publish_at()),
            },
            Some(_) => return Err(invalid_publish_at()),
        };
        let flag = |name: &str| match &status[name] {
            Value::Null => Ok(None),
            Value::Bool(value) => Ok(Some(*value)),
            _ => Err(bad()),
        };
        self.embeddable = flag("embeddable")?.unwrap_or(true);
        self.public_stats_viewable = flag("publicStatsViewable")?.unwrap_or(true);
        self.self_declared_made_for_kids = flag("selfDeclaredMadeForKids")?;
        self.contains_synthetic_media = flag("containsSyntheticMedia")?;
        self.privacy_status = privacy;
        self.license = license;
        self.publish_at_ms = publish_at_ms;
        Ok(())
    }

    fn read_recording(&mut self, recording: &Value) -> Result<(), Refusal> {
        let date = text(recording, "recordingDate", "invalidRecordingDate")?;
        if date
            .as_deref()
            .is_some_and(|date| date.parse::<Timestamp>().is_err())
        {
            return Err(refuse(
                400,
                "youtube.video",
                "invalidRecordingDate",
                "recordingDate is no RFC 3339 time.",
            ));
        }
        self.recording_date = date;
        Ok(())
    }
}

pub(crate) fn invalid_publish_at() -> Refusal {
    invalid(
        "invalidPublishAt",
        "The request metadata specifies an invalid scheduled publishing time.",
    )
}

fn text(object: &Value, name: &str, reason: &str) -> Result<Option<String>, Refusal> {
    match &object[name] {
        Value::Null => Ok(None),
        Value::String(value) => Ok(Some(value.clone())),
        _ => Err(invalid(reason, &format!("{name} must be a string"))),
    }
}

/// What tags cost: their lengths, a comma between them, two quotes around those with a space.
fn tag_cost(tags: &[String]) -> usize {
    let lengths: usize = tags
        .iter()
        .map(|t| t.chars().count() + if t.contains(' ') { 2 } else { 0 })
        .sum();
    lengths + tags.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::tag_cost;

    #[test]
    fn the_example_of_the_contract_costs_eight() {
        assert_eq!(tag_cost(&["a b".to_owned(), "cd".to_owned()]), 8);
    }
}
