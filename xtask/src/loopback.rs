//! A few lines of HTTP for talking to the simulator on this computer. Plain text, one request per connection.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// An answer.
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Asks `http://127.0.0.1:PORT/…`.
///
/// # Errors
/// When nobody answers within a minute.
pub fn get(address: &str) -> Result<Answer> {
    request("GET", address, &[], "")
}

/// Sends a filled-in form.
///
/// # Errors
/// When nobody answers within a minute.
pub fn post_form(address: &str, fields: &[(String, String)]) -> Result<Answer> {
    let body: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    request(
        "POST",
        address,
        &[("Content-Type", "application/x-www-form-urlencoded")],
        &body.join("&"),
    )
}

/// Asks the simulator's control surface; `body` makes it a POST.
///
/// # Errors
/// When nobody answers, or the answer is a refusal or no JSON.
pub fn control(base: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let headers = [("X-Daypart-Control", "1"), ("Content-Type", "application/json")];
    let address = format!("{base}/_control/{path}");
    let (method, body) = body.map_or(("GET", String::new()), |body| ("POST", body.to_string()));
    let answer = request(method, &address, &headers, &body)?;
    if answer.status >= 300 {
        bail!(
            "the simulator refused {path} ({}): {}",
            answer.status,
            answer.body
        );
    }
    serde_json::from_str(&answer.body).with_context(|| format!("the simulator's answer to {path} is no JSON"))
}

fn request(method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
    let rest = address
        .strip_prefix("http://")
        .context("only loopback addresses are asked")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).with_context(|| format!("nobody answers at {host}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut text = format!("{method} /{path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    read(&String::from_utf8_lossy(&answer)).with_context(|| format!("{host} does not speak HTTP"))
}

fn read(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    Some(Answer {
        status,
        headers,
        body: body.to_owned(),
    })
}

fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|b| {
            if keep(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_apart() {
        let answer = read("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x?a=b:c\r\n\r\nbody")
            .map(|a| (a.status, a.header("location").map(str::to_owned), a.body));
        assert_eq!(
            answer,
            Some((
                302,
                Some("http://127.0.0.1:1/x?a=b:c".to_owned()),
                "body".to_owned()
            ))
        );
    }

    #[test]
    fn a_form_value_cannot_break_out_of_its_field() {
        assert_eq!(encoded("a b&c=ü"), "a%20b%26c%3D%C3%BC");
    }
}
