//! The loopback address a browser comes back to (RFC 8252 §7.3), strict and short-lived.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use daypart_domain::problem::{PlatformWords, Problem, UserAction};
use daypart_ports::browser::{RedirectAnswer, RedirectListener, RedirectListeners};
use secrecy::SecretString;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    task::JoinSet,
};

use crate::{codes, oauth, redaction::redact};

/// Browsers open connections that they never use; those must not hold up the real one, nor stay for ever.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);
const HEAD_BYTES_MAX: usize = 16 << 10;
const CONNECTIONS_MAX: usize = 32;

/// Opens redirect listeners on 127.0.0.1.
#[derive(Debug, Default, Clone, Copy)]
pub struct LoopbackRedirects;

#[async_trait]
impl RedirectListeners for LoopbackRedirects {
    async fn bind(&self, path: &str) -> Result<Box<dyn RedirectListener>, Problem> {
        let no_port = |error: std::io::Error| {
            Problem::needs_user(
                codes::AUTH_LISTEN,
                UserAction::Retry,
                "Daypart could not open a port for the browser to come back to.",
            )
            .fix("Check firewall software on this computer, then connect again.")
            .caused_by(&error)
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(no_port)?;
        let port = listener.local_addr().map_err(no_port)?.port();
        Ok(Box::new(LoopbackListener {
            listener,
            port,
            redirect_uri: format!("http://127.0.0.1:{port}{path}"),
            path: if path.is_empty() { "/".into() } else { path.into() },
        }))
    }
}

struct LoopbackListener {
    listener: TcpListener,
    port: u16,
    redirect_uri: String,
    path: String,
}

#[async_trait]
impl RedirectListener for LoopbackListener {
    fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    async fn answer(&mut self, expected_state: &str) -> Result<RedirectAnswer, Problem> {
        let (heads, mut arrived) = mpsc::channel::<(Head, TcpStream)>(CONNECTIONS_MAX);
        let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        // Dropped, and with it every open connection, when the wait ends.
        let mut readers = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let (Ok((stream, _)), Ok(permit)) = (accepted, Arc::clone(&room).try_acquire_owned()) else {
                        continue;
                    };
                    let heads = heads.clone();
                    readers.spawn(async move {
                        let _permit = permit;
                        read_head(stream, heads).await;
                    });
                }
                Some((head, stream)) = arrived.recv() => {
                    match self.judge(&head, expected_state) {
                        Verdict::Wrong(status, sentence) => {
                            readers.spawn(respond(stream, status, "Daypart", sentence));
                        }
                        Verdict::Signed(answer) => {
                            respond(stream, "200 OK", "Connected", "You can close this window and go back to Daypart.")
                                .await;
                            return Ok(answer);
                        }
                        Verdict::Refused(problem) => {
                            respond(
                                stream,
                                "200 OK",
                                "Not connected",
                                "Nothing was connected. You can close this window and go back to Daypart.",
                            )
                            .await;
                            return Err(problem);
                        }
                    }
                }
                Some(_) = readers.join_next() => {}
            }
        }
    }
}

/// The first lines of a request, as far as they matter.
struct Head {
    method: String,
    target: String,
    host: Option<String>,
}

enum Verdict {
    /// Not the answer: told so, and the wait goes on.
    Wrong(&'static str, &'static str),
    Signed(RedirectAnswer),
    Refused(Problem),
}

impl LoopbackListener {
    fn judge(&self, head: &Head, expected_state: &str) -> Verdict {
        // A page elsewhere that resolves its own name to 127.0.0.1 would send another host.
        let host = format!("127.0.0.1:{}", self.port);
        if head.host.as_deref() != Some(host.as_str()) {
            return Verdict::Wrong("421 Misdirected Request", "This address is not for that host.");
        }
        if head.method != "GET" {
            return Verdict::Wrong(
                "405 Method Not Allowed",
                "Only a browser's visit is expected here.",
            );
        }
        let (path, query) = head.target.split_once('?').unwrap_or((&head.target, ""));
        if path != self.path {
            return Verdict::Wrong("404 Not Found", "There is nothing here.");
        }
        let answer = RedirectQuery::parse(query);
        if !same(&answer.state, expected_state) {
            return Verdict::Wrong(
                "400 Bad Request",
                "This sign-in was not started by Daypart, or is an old one.",
            );
        }
        answer.verdict()
    }
}

#[derive(Default)]
struct RedirectQuery {
    state: String,
    code: String,
    error: String,
    error_description: String,
    scopes: Option<Vec<String>>,
}

impl RedirectQuery {
    fn parse(query: &str) -> Self {
        let mut answer = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "state" => answer.state = value.into_owned(),
                "code" => answer.code = value.into_owned(),
                "error" => answer.error = value.into_owned(),
                "error_description" => answer.error_description = value.into_owned(),
                // TikTok names them in the plural and with commas, Google in the singular and with spaces.
                "scope" | "scopes" => {
                    let scopes = value.split([',', ' ']).filter(|scope| !scope.is_empty());
                    answer.scopes = Some(scopes.map(str::to_owned).collect());
                }
                _ => {}
            }
        }
        answer
    }

    fn verdict(self) -> Verdict {
        if self.error == "access_denied" {
            return Verdict::Refused(oauth::denied("the platform"));
        }
        if !self.error.is_empty() {
            let words = PlatformWords {
                code: Some(redact(&self.error)),
                message: Some(redact(&self.error_description)).filter(|text| !text.is_empty()),
                ..PlatformWords::default()
            };
            return Verdict::Refused(oauth::refused(
                "The platform",
                oauth::Exchange::Code,
                &self.error,
                words,
            ));
        }
        if self.code.is_empty() {
            return Verdict::Wrong("400 Bad Request", "The platform sent no sign-in code.");
        }
        Verdict::Signed(RedirectAnswer {
            code: SecretString::from(self.code),
            scopes: self.scopes,
        })
    }
}

/// Equal texts, in a time that does not tell where they differ.
fn same(left: &str, right: &str) -> bool {
    let difference = left
        .bytes()
        .zip(right.bytes())
        .fold(0, |sum, (l, r)| sum | (l ^ r));
    !right.is_empty() && left.len() == right.len() && std::hint::black_box(difference) == 0
}

async fn read_head(mut stream: TcpStream, heads: mpsc::Sender<(Head, TcpStream)>) {
    let mut buffer = Vec::new();
    let reading = async {
        loop {
            if buffer.windows(4).any(|window| window == b"\r\n\r\n") {
                return true;
            }
            if buffer.len() > HEAD_BYTES_MAX || !matches!(stream.read_buf(&mut buffer).await, Ok(1..)) {
                return false;
            }
        }
    };
    if !matches!(tokio::time::timeout(HEAD_TIMEOUT, reading).await, Ok(true)) {
        return;
    }
    match parse_head(&buffer) {
        Some(head) => {
            let _ = heads.send((head, stream)).await;
        }
        None => respond(stream, "400 Bad Request", "Daypart", "That was no browser.").await,
    }
}

fn parse_head(bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.split("\r\n");
    let mut request = lines.next()?.split(' ');
    let (method, target, version) = (request.next()?, request.next()?, request.next()?);
    if !version.starts_with("HTTP/1.") {
        return None;
    }
    let host = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("host"))
        .map(|(_, value)| value.trim().to_owned());
    Some(Head {
        method: method.to_owned(),
        target: target.to_owned(),
        host,
    })
}

async fn respond(mut stream: TcpStream, status: &'static str, title: &'static str, sentence: &'static str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>\
         :root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;display:grid;place-items:center;\
         min-height:90vh;margin:0}}main{{text-align:center;padding:24px}}h1{{font-size:22px;margin:0 0 8px}}\
         p{{margin:0;opacity:.75}}</style></head><body><main><h1>{title}</h1><p>{sentence}</p></main></body></html>"
    );
    // The address in the bar holds the code: nobody may learn it from this page.
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    let writing = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // Closing with unread bytes would reset the connection under the page.
        let mut rest = [0u8; 1024];
        while stream.read(&mut rest).await? > 0 {}
        std::io::Result::Ok(())
    };
    let _ = tokio::time::timeout(WRITE_TIMEOUT, writing).await;
}
