//! Addresses that cannot leave this computer.

use std::fmt;

use daypart_domain::problem::{ErrorCode, Problem};
use url::{Host, Url};

/// The origin of a practice platform: `http`, `127.0.0.1` or `localhost`, a port, and nothing else. Base URLs
/// enter this crate only in this type, so that no test or practice setting can ever aim a real account elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct LoopbackBase {
    origin: String,
    port: u16,
}

impl LoopbackBase {
    /// # Errors
    /// `practice.not_loopback` for anything but `http://127.0.0.1:PORT` or `http://localhost:PORT`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let refused = || {
            Problem::permanent(
                ErrorCode::new("practice.not_loopback"),
                "The practice address must be http://127.0.0.1:PORT.",
            )
            .fix("Start the simulator and use the address it prints.")
        };
        let url = Url::parse(text).map_err(|_| refused())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let anonymous = url.username().is_empty() && url.password().is_none();
        match url.port() {
            Some(port) if url.scheme() == "http" && is_loopback(&url) && bare && anonymous => Ok(Self {
                origin: text.trim_end_matches('/').to_owned(),
                port,
            }),
            _ => Err(refused()),
        }
    }

    /// `path` starts with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(crate) fn owns(&self, url: &Url) -> bool {
        url.scheme() == "http" && is_loopback(url) && url.port() == Some(self.port)
    }
}

impl fmt::Debug for LoopbackBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoopbackBase({})", self.origin)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.octets() == [127, 0, 0, 1],
        Some(Host::Domain(name)) => name == "localhost",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_loopback_origins_are_taken() {
        for good in ["http://127.0.0.1:4000", "http://localhost:4000/"] {
            assert!(LoopbackBase::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "https://open.tiktokapis.com",
            "http://127.0.0.1",
            "http://127.0.0.2:1",
            "http://127.0.0.1.example:1",
            "http://localhost.example:1",
            "http://127.0.0.1:1@example.com",
            "http://user@127.0.0.1:1",
            "http://127.0.0.1:1/path",
            "http://127.0.0.1:1/?q",
            "http://[::1]:1",
            "file:///127.0.0.1",
            "",
        ] {
            assert!(LoopbackBase::parse(bad).is_err(), "{bad}");
        }
    }
}
