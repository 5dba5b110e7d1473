//! The request log, with everything masked that opens something.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};
use url::form_urlencoded;

const KEPT: usize = 10_000;
const SECRET_FIELDS: [&str; 11] = [
    "code",
    "client_secret",
    "code_verifier",
    "access_token",
    "refresh_token",
    "token",
    "upload_id",
    "upload_token",
    "csrf",
    "upload_url",
    "state",
];

/// One request as it was seen, secrets masked.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RequestNote {
    pub(crate) at: String,
    pub(crate) real_ms: i64,
    pub(crate) platform: &'static str,
    pub(crate) endpoint: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) content_type: Option<String>,
    pub(crate) content_length: Option<u64>,
    pub(crate) content_range: Option<String>,
    pub(crate) has_bearer: bool,
    pub(crate) body: Value,
    /// `None`: the connection was closed without an answer.
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    notes: Mutex<VecDeque<RequestNote>>,
}

impl RequestLog {
    pub(crate) fn add(&self, note: RequestNote) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() == KEPT {
            notes.pop_front();
        }
        notes.push_back(note);
    }

    pub(crate) fn list(&self, platform: Option<&str>, endpoint: Option<&str>) -> Vec<RequestNote> {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes
            .iter()
            .filter(|n| platform.is_none_or(|p| p == n.platform))
            .filter(|n| endpoint.is_none_or(|e| n.endpoint.split(' ').any(|name| name == e)))
            .cloned()
            .collect()
    }

    pub(crate) fn clear(&self) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// The path with the values of secret query fields masked.
pub(crate) fn masked_path(path: &str, query: Option<&str>) -> String {
    match query {
        None | Some("") => path.to_owned(),
        Some(query) => {
            let fields: Vec<String> = form_urlencoded::parse(query.as_bytes())
                .map(|(k, v)| {
                    if SECRET_FIELDS.contains(&&*k) {
                        format!("{k}=***")
                    } else {
                        format!("{k}={v}")
                    }
                })
                .collect();
            format!("{path}?{}", fields.join("&"))
        }
    }
}

/// A JSON or form body for the log; anything else is left out.
pub(crate) fn masked_body(content_type: &str, body: &[u8]) -> Value {
    if body.is_empty() || body.len() > 64 * 1024 {
        return Value::Null;
    }
    if content_type.starts_with("application/json") {
        let mut value = serde_json::from_slice(body).unwrap_or(Value::Null);
        mask(&mut value);
        return value;
    }
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let mut value = Value::Object(
            form_urlencoded::parse(body)
                .map(|(k, v)| (k.into_owned(), Value::String(v.into_owned())))
                .collect::<Map<_, _>>(),
        );
        mask(&mut value);
        return value;
    }
    Value::Null
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if SECRET_FIELDS.contains(&name.as_str()) {
                    *field = Value::String("***".to_owned());
                } else {
                    mask(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_in_paths_and_bodies() {
        assert_eq!(
            masked_path("/x/", Some("part=id&upload_id=S3CRET")),
            "/x/?part=id&upload_id=***"
        );
        let form = masked_body(
            "application/x-www-form-urlencoded",
            b"grant_type=refresh_token&refresh_token=S3CRET",
        );
        assert_eq!(form["refresh_token"], "***");
        assert_eq!(form["grant_type"], "refresh_token");
    }
}
