//! A server on loopback that answers in the order of its script and remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use daypart_platforms::LoopbackBase;
use serde_json::Value;

#[derive(Clone)]
pub struct Seen {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<Response>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

pub struct Server {
    pub base: String,
    script: Script,
}

impl Server {
    pub async fn start() -> Self {
        let script = Script::default();
        let app = Router::new().fallback(answer).with_state(script.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { base, script }
    }

    pub fn loopback(&self) -> LoopbackBase {
        LoopbackBase::parse(&self.base).unwrap()
    }

    pub fn then(&self, status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> &Self {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(body.into()).unwrap();
        self.script.answers.lock().unwrap().push_back(response);
        self
    }

    pub fn then_json(&self, status: u16, body: &Value) -> &Self {
        self.then(status, &[("content-type", "application/json")], body.to_string())
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.script.seen.lock().unwrap().clone()
    }
}

async fn answer(
    State(script): State<Script>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    script.seen.lock().unwrap().push(Seen {
        method,
        uri,
        headers,
        body,
    });
    let next = script.answers.lock().unwrap().pop_front();
    next.unwrap_or_else(|| {
        Response::builder()
            .status(599)
            .body(Body::from("off the script"))
            .unwrap()
    })
}
