//! A request as handlers get it, and the refusals they answer with.

use std::sync::{Mutex, PoisonError};

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::Value;
use url::form_urlencoded;

use crate::faults::Fault;
use crate::wire::Wire;

/// One request. Uploads are streamed: `stream` is set and `body` empty.
pub(crate) struct Call {
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    stream: Mutex<Option<Body>>,
    pub(crate) fault: Option<Fault>,
    pub(crate) wire: Wire,
}

impl Call {
    pub(crate) fn new(
        path: String,
        query: Vec<(String, String)>,
        headers: HeaderMap,
        body: Bytes,
        stream: Option<Body>,
        wire: Wire,
    ) -> Self {
        Self {
            path,
            query,
            headers,
            body,
            stream: Mutex::new(stream),
            fault: None,
            wire,
        }
    }

    /// The body of an upload; it can be taken once.
    pub(crate) fn take_stream(&self) -> Option<Body> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.as_str())
    }

    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    pub(crate) fn content_type(&self) -> &str {
        self.header(header::CONTENT_TYPE).unwrap_or("")
    }

    pub(crate) fn is_form(&self) -> bool {
        media_type(self.content_type()) == "application/x-www-form-urlencoded"
    }

    pub(crate) fn is_json(&self) -> bool {
        media_type(self.content_type()) == "application/json"
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        self.header(header::AUTHORIZATION)?
            .strip_prefix("Bearer ")
            .filter(|t| !t.is_empty())
    }

    pub(crate) fn form(&self) -> Form {
        Form(form_urlencoded::parse(&self.body).into_owned().collect())
    }

    /// The body as a JSON object, if it is one.
    pub(crate) fn json_object(&self) -> Option<Value> {
        serde_json::from_slice::<Value>(&self.body)
            .ok()
            .filter(Value::is_object)
    }
}

/// Fields of a form body.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The value, if it is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.as_str())
            .filter(|v| !v.is_empty())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(k, _)| k == name)
            .map(|(_, v)| v.as_str())
    }
}

fn media_type(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase()
}

/// An answer that ends a handler early.
pub(crate) struct Refusal(Box<Response>);

pub(crate) type Answer = Result<Response, Refusal>;

impl Refusal {
    pub(crate) fn new(response: impl IntoResponse) -> Self {
        Self(Box::new(response.into_response()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<std::io::Error> for Refusal {
    fn from(source: std::io::Error) -> Self {
        tracing::error!(%source, "the simulator could not write its state");
        Self::new(html_error(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

/// The kind of body a front end sends when things break: HTML, not JSON.
pub(crate) fn html_error(status: StatusCode) -> Response {
    let title = status.to_string();
    let body = format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>Practice fault.</p></body></html>\n"
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=UTF-8")], body).into_response()
}

/// What an upload PUT says about its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentRange {
    Absent,
    /// `bytes */total`
    Query {
        total: Option<u64>,
    },
    Bytes {
        first: u64,
        last: u64,
        total: Option<u64>,
    },
    Malformed,
}

impl ContentRange {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(header::CONTENT_RANGE) else {
            return Self::Absent;
        };
        value
            .to_str()
            .ok()
            .and_then(Self::parse)
            .unwrap_or(Self::Malformed)
    }

    fn parse(value: &str) -> Option<Self> {
        let (range, total) = value.strip_prefix("bytes ")?.trim().split_once('/')?;
        let total = match total {
            "*" => None,
            digits => Some(number(digits)?),
        };
        if range == "*" {
            return Some(Self::Query { total });
        }
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        (first <= last && total.is_none_or(|t| last < t)).then_some(Self::Bytes { first, last, total })
    }
}

fn number(digits: &str) -> Option<u64> {
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read_strictly() {
        let bytes = |first, last, total| Some(ContentRange::Bytes { first, last, total });
        assert_eq!(ContentRange::parse("bytes 0-9/10"), bytes(0, 9, Some(10)));
        assert_eq!(ContentRange::parse("bytes 0-9/*"), bytes(0, 9, None));
        assert_eq!(
            ContentRange::parse("bytes */10"),
            Some(ContentRange::Query { total: Some(10) })
        );
        assert_eq!(
            ContentRange::parse("bytes */*"),
            Some(ContentRange::Query { total: None })
        );
        for wrong in [
            "0-9/10",
            "bytes 0-10/10",
            "bytes 9-0/10",
            "bytes -1-9/10",
            "bytes 0-9",
            "bytes +0-9/10",
        ] {
            assert_eq!(ContentRange::parse(wrong), None, "{wrong}");
        }
    }
}
