//! Takes secrets out of text that other people wrote. Every word of a platform and every cause that goes into a
//! [`daypart_domain::problem::Problem`] passes through here.

/// Longer texts (an HTML error page) say nothing more.
const TEXT_CHARS_MAX: usize = 600;

/// What stands where a secret stood.
const MASK: &str = "[hidden]";

/// Names whose value is a secret, in a query, a form or a JSON text.
const SECRET_NAMES: &[&str] = &[
    "access_token",
    "refresh_token",
    "id_token",
    "upload_token",
    "token",
    "client_secret",
    "code_verifier",
    "code",
    "state",
    "upload_id",
    "authorization",
];

/// Beginnings by which the platforms' secrets can be told.
const SECRET_PREFIXES: &[&str] = &["act.", "rft.", "ya29.", "ya.", "1//", "4/0", "GOCSPX-"];

/// A run of token characters at least this long is taken for a secret.
const TOKEN_CHARS_MIN: usize = 40;

/// Masks tokens, codes and the whole address part of URLs (path and query: upload addresses act as
/// credentials), and cuts the text to a readable length. Host names stay.
pub fn redact(text: &str) -> String {
    let short: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let without_addresses = mask_addresses(&short);
    let without_values = mask_named_values(&without_addresses);
    mask_tokens(&without_values)
}

/// As [`redact`], after masking each of `secrets` wherever it stands, also percent-encoded.
pub fn redact_known(text: &str, secrets: &[&str]) -> String {
    let mut masked = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        masked = masked.replace(*secret, MASK);
        masked = masked.replace(&percent_encoded(secret), MASK);
    }
    redact(&masked)
}

/// With everything but RFC 3986's unreserved characters escaped.
fn percent_encoded(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

fn mask_addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("://") {
        let host_start = found + 3;
        out.push_str(&rest[..host_start]);
        rest = &rest[host_start..];
        let end = rest.find(ends_address).unwrap_or(rest.len());
        let address = &rest[..end];
        let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
        // User info before an @ would be a credential too.
        out.push_str(authority.rsplit('@').next().unwrap_or_default());
        if authority.len() < address.len() && address.len() > authority.len() + 1 {
            out.push_str("/…");
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | ']' | '}' | '\\')
}

fn mask_named_values(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut position = 0;
    while position < text.len() {
        match secret_value_at(text, &lower, position) {
            Some((start, end)) => {
                out.push_str(&text[position..start]);
                out.push_str(MASK);
                position = end;
            }
            None => {
                let next = next_char(text, position);
                out.push_str(&text[position..next]);
                position = next;
            }
        }
    }
    out
}

fn next_char(text: &str, position: usize) -> usize {
    text[position..]
        .chars()
        .next()
        .map_or(text.len(), |c| position + c.len_utf8())
}

/// The value's range when a secret's name starts exactly at `position` and a `=` or `:` follows it.
fn secret_value_at(text: &str, lower: &str, position: usize) -> Option<(usize, usize)> {
    let starts_word = !text[..position]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    if !starts_word {
        return None;
    }
    let bearer = "bearer ";
    if lower[position..].starts_with(bearer) {
        let start = position + bearer.len();
        return Some((start, value_end(text, start))).filter(|(start, end)| end > start);
    }
    let name = SECRET_NAMES
        .iter()
        .find(|name| lower[position..].starts_with(*name))?;
    let after = &text[position + name.len()..];
    let bare = after.trim_start_matches(['"', '\'', '\\', ' ']);
    let value = bare.strip_prefix(['=', ':'])?;
    // `code: 400` and `"code":"ok"` are no secrets, but cannot be told from one; hiding them costs nothing.
    let value = value.trim_start_matches(['"', '\'', '\\', ' ']);
    let value = ["Bearer ", "Basic "]
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme))
        .unwrap_or(value);
    let start = text.len() - value.len();
    Some((start, value_end(text, start))).filter(|(start, end)| end > start)
}

fn value_end(text: &str, start: usize) -> usize {
    text[start..]
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '&' | ',' | ';' | '}' | '<' | '\\'))
        .map_or(text.len(), |length| start + length)
}

fn mask_tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '/' | '+' | '*' | '!' | '=') {
            word.push(c);
            continue;
        }
        out.push_str(if is_token(&word) { MASK } else { &word });
        word.clear();
        out.push(c);
    }
    out.pop();
    out
}

fn is_token(word: &str) -> bool {
    let prefixed = SECRET_PREFIXES
        .iter()
        .any(|prefix| word.len() > prefix.len() && word.starts_with(prefix));
    prefixed || (word.len() >= TOKEN_CHARS_MIN && word.chars().any(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_an_upload_keeps_only_its_host() {
        assert_eq!(
            redact("PUT https://open-upload.tiktokapis.com/video/?upload_id=1&upload_token=t failed"),
            "PUT https://open-upload.tiktokapis.com/… failed"
        );
        assert_eq!(
            redact("see http://user:pw@127.0.0.1:4000 now"),
            "see http://127.0.0.1:4000 now"
        );
    }

    #[test]
    fn named_values_are_hidden_in_forms_json_and_headers() {
        for text in [
            "client_secret=s3cr3t&grant_type=x",
            r#"{"access_token":"s3cr3t","expires_in":1}"#,
            r#"{\"refresh_token\": \"s3cr3t\"}"#,
            "Authorization: Bearer s3cr3t",
            "code=s3cr3t",
        ] {
            let masked = redact(text);
            assert!(!masked.contains("s3cr3t"), "{masked}");
            assert!(masked.contains(MASK), "{masked}");
        }
    }

    #[test]
    fn tokens_are_told_by_their_beginning_or_length() {
        assert_eq!(redact("bad token act.abc!4"), "bad token [hidden]");
        assert_eq!(redact("ya29.abc"), "[hidden]");
        assert_eq!(redact(&"a1".repeat(30)), MASK);
    }

    #[test]
    fn plain_words_stay_as_they_are() {
        let text = "The chunk size is invalid (tiktok said: chunk_size 5000000, größer als erlaubt).";
        assert_eq!(redact(text), text);
    }

    #[test]
    fn secrets_that_are_known_are_hidden_wherever_they_stand() {
        assert_eq!(
            redact_known("x pa*s! y pa%2As%21 z", &["pa*s!"]),
            "x [hidden] y [hidden] z"
        );
    }

    #[test]
    fn a_page_of_html_is_cut() {
        assert!(redact(&"word ".repeat(5000)).chars().count() <= TEXT_CHARS_MAX);
    }
}
