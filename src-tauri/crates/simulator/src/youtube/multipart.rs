//! `multipart/related`: a JSON part and a file part.

use serde_json::Value;

/// The JSON and the file of a two-part body; `None` if it has not that shape.
pub(crate) fn json_and_file(content_type: &str, body: &[u8]) -> Option<(Value, Vec<u8>)> {
    let boundary = content_type
        .split(';')
        .map(str::trim)
        .find_map(|p| p.strip_prefix("boundary="))?;
    let marker = format!("--{}", boundary.trim_matches('"')).into_bytes();
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some(found) = find(&body[at..], &marker) {
        starts.push(at + found);
        at += found + marker.len();
    }
    let part = |index: usize| -> Option<&[u8]> {
        let inside = body.get(starts.get(index)? + marker.len()..*starts.get(index + 1)?)?;
        let content = find(inside, b"\r\n\r\n").map(|head| &inside[head + 4..])?;
        Some(content.strip_suffix(b"\r\n").unwrap_or(content))
    };
    Some((serde_json::from_slice(part(0)?).ok()?, part(1)?.to_vec()))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::json_and_file;

    #[test]
    fn both_parts_are_found() {
        let body = b"--b\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n";
        let (json, file) = json_and_file("multipart/related; boundary=b", body).unwrap();
        assert_eq!(json["a"], 1);
        assert_eq!(file, b"hello");
        assert!(json_and_file("multipart/related", body).is_none());
    }
}
