//! The one way in which adapters speak HTTP: no redirects, a timeout per phase, bounded answers, and faults sorted
//! by the one question that matters: may the other side have acted?

use std::{error::Error, io, time::Duration};

use bytes::{Bytes, BytesMut};
use daypart_domain::problem::{Problem, codes as common};
use jiff::Timestamp;
use reqwest::{RequestBuilder, header::HeaderMap};
use serde::de::DeserializeOwned;

use crate::{
    codes,
    redaction::redact,
    streaming::{FileBody, FileRange},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// From the first byte of a request to the last byte of its answer, for calls without a file.
const CALL_TIMEOUT: Duration = Duration::from_secs(45);
/// An upload may take hours but not stand still for this long (at most twice as long until it is noticed).
const STALL_TIMEOUT: Duration = Duration::from_secs(60);
/// Real servers close idle connections after a minute or more; ours must not be the older one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// No JSON answer of these platforms comes near this.
const ANSWER_BYTES_MAX: usize = 2 << 20;

/// An answer that was read to its end.
pub struct Reply {
    pub status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `None` when the body is not what was expected (an HTML page, another shape).
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The platform's clock when it answered (RFC 9110 §6.6.1).
    pub fn date(&self) -> Option<Timestamp> {
        let date = jiff::fmt::rfc2822::parse(self.header("date")?).ok()?;
        Some(date.timestamp())
    }
}

/// A request that brought no answer.
#[derive(Debug)]
pub enum Fault {
    /// It provably never reached the platform: name lookup or connection failed.
    NotSent { trusted: bool, causes: Vec<String> },
    /// It may have arrived; the answer did not, or broke off.
    AnswerLost { causes: Vec<String> },
    /// Our own side failed: a request that could not be built, or a file that could not be read as promised. Fewer bytes than announced went out, so the
    /// platform cannot have taken the request for complete.
    Source(Problem),
}

/// What hangs on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stakes {
    /// Doing it twice does no harm.
    Repeatable,
    /// It may make something public.
    Irreversible,
}

impl Fault {
    pub fn into_problem(self, platform: &str, stakes: Stakes) -> Problem {
        match self {
            Fault::Source(problem) => problem,
            Fault::NotSent {
                trusted: true,
                causes,
            } => with_causes(
                Problem::transient(common::NETWORK_OFFLINE, format!("{platform} cannot be reached."))
                    .fix("Check the internet connection; Daypart goes on by itself."),
                causes,
            ),
            Fault::NotSent {
                trusted: false,
                causes,
            } => with_causes(
                Problem::transient(
                    codes::NETWORK_UNTRUSTED,
                    format!("The connection to {platform} cannot be trusted, so nothing was sent."),
                )
                .fix("Check this computer's date and time, and any proxy or security software."),
                causes,
            ),
            Fault::AnswerLost { causes } => with_causes(
                match stakes {
                    Stakes::Repeatable => Problem::transient(
                        codes::ANSWER_LOST,
                        format!("The connection to {platform} broke before it answered."),
                    ),
                    Stakes::Irreversible => Problem::in_doubt(
                        codes::ANSWER_LOST,
                        format!("{platform} may have the post: the connection broke before it answered."),
                    )
                    .fix("Daypart looks at the platform before it does anything else."),
                },
                causes,
            ),
        }
    }
}

fn with_causes(problem: Problem, causes: Vec<String>) -> Problem {
    causes.into_iter().fold(problem, Problem::detail)
}

/// A client for one platform in one realm.
#[derive(Clone)]
pub struct HttpClient {
    inner: reqwest::Client,
}

impl HttpClient {
    /// For the platform's own servers: https only, the system's proxy respected.
    pub fn real() -> Result<Self, Problem> {
        Self::build(common_builder().https_only(true))
    }

    /// For the practice platforms on loopback: no proxy.
    pub fn practice() -> Result<Self, Problem> {
        Self::build(common_builder().no_proxy())
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, Problem> {
        let inner = builder
            .build()
            .map_err(|error| with_causes(Problem::bug("no HTTP client"), causes(error)))?;
        Ok(Self { inner })
    }

    pub fn get(&self, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.inner.get(url)
    }

    pub fn post(&self, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.inner.post(url)
    }

    pub fn delete(&self, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.inner.delete(url)
    }

    pub fn put(&self, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.inner.put(url)
    }

    /// Sends a request without a file and reads the whole answer.
    pub async fn call(&self, request: RequestBuilder) -> Result<Reply, Fault> {
        match tokio::time::timeout(CALL_TIMEOUT, send_and_read(request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Fault::AnswerLost {
                causes: vec![format!("no answer within {} s", CALL_TIMEOUT.as_secs())],
            }),
        }
    }

    /// Sends part of a file as the body, with its exact `Content-Length`.
    pub async fn upload(&self, request: RequestBuilder, range: FileRange) -> Result<Reply, Fault> {
        let body = FileBody::open(range).await.map_err(Fault::Source)?;
        let watch = body.watch();
        let request = request
            .header(reqwest::header::CONTENT_LENGTH, body.length())
            .body(body.into_body());
        let outcome = tokio::select! {
            outcome = send_and_read(request) => outcome,
            () = watch.stalled(STALL_TIMEOUT) => Err(Fault::AnswerLost {
                causes: vec![format!("nothing moved for {} s", STALL_TIMEOUT.as_secs())],
            }),
        };
        match (outcome, watch.fault()) {
            (Err(_), Some(problem)) => Err(Fault::Source(problem)),
            (outcome, _) => outcome,
        }
    }
}

fn common_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .tcp_nodelay(true)
        .user_agent(concat!("Daypart/", env!("CARGO_PKG_VERSION")))
}

async fn send_and_read(request: RequestBuilder) -> Result<Reply, Fault> {
    let mut response = request.send().await.map_err(fault)?;
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let mut body = BytesMut::new();
    while let Some(part) = response.chunk().await.map_err(fault)? {
        if body.len() + part.len() > ANSWER_BYTES_MAX {
            return Err(Fault::AnswerLost {
                causes: vec![format!(
                    "an answer (status {status}) of more than {ANSWER_BYTES_MAX} bytes"
                )],
            });
        }
        body.extend_from_slice(&part);
    }
    Ok(Reply {
        status,
        headers,
        body: body.freeze(),
    })
}

fn fault(error: reqwest::Error) -> Fault {
    if error.is_builder() {
        return Fault::Source(with_causes(
            Problem::bug("a request could not be built"),
            causes(error),
        ));
    }
    if error.is_connect() {
        let trusted = !is_trust_failure(&error);
        return Fault::NotSent {
            trusted,
            causes: causes(error),
        };
    }
    Fault::AnswerLost {
        causes: causes(error),
    }
}

/// TLS failures come as `InvalidData` somewhere in the connector's cause chain, also inside other IO errors.
fn is_trust_failure(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(cause) = next {
        let io = cause.downcast_ref::<io::Error>();
        if io.is_some_and(|io| io.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        let wrapped = io.and_then(io::Error::get_ref).map(|inner| inner as &dyn Error);
        next = wrapped.or_else(|| cause.source());
    }
    false
}

/// The cause chain without addresses: they carry secrets.
fn causes(error: reqwest::Error) -> Vec<String> {
    let error = error.without_url();
    let mut causes = vec![redact(&error.to_string())];
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(redact(&cause.to_string()));
        next = cause.source();
    }
    causes
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncWriteExt, net::TcpListener};

    use super::*;

    async fn problem(client: &HttpClient, url: &str) -> Problem {
        let fault = client.call(client.get(url)).await.err().expect("must fail");
        fault.into_problem("TikTok", Stakes::Irreversible)
    }

    #[tokio::test]
    async fn a_refused_connection_is_offline_even_for_what_cannot_be_repeated() {
        let client = HttpClient::practice().unwrap();
        let problem = problem(&client, "http://127.0.0.1:9/path?secret=s3cr3t").await;
        assert_eq!(problem.code, common::NETWORK_OFFLINE);
        assert!(!format!("{problem:?}").contains("s3cr3t"));
    }

    #[tokio::test]
    async fn whoever_does_not_speak_trusted_tls_gets_nothing() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            }
        });
        let client = HttpClient::real().unwrap();
        let problem = problem(&client, &format!("https://127.0.0.1:{port}/")).await;
        assert_eq!(problem.code, codes::NETWORK_UNTRUSTED, "{problem:?}");
    }

    #[tokio::test]
    async fn a_real_client_never_speaks_in_the_clear() {
        let client = HttpClient::real().unwrap();
        let problem = problem(&client, "http://127.0.0.1:9/").await;
        assert_eq!(problem.code, common::BUG);
    }
}
