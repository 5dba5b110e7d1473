//! A client of the simulator that does by hand what the contracts say.

pub mod clips;
pub mod tiktok;
pub mod youtube;

use daypart_simulator::{Simulator, SimulatorConfig};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const VERIFIER: &str = "emu-0123456789_ABCDEFGHIJ.abcdefghij~klmnopqrst";

pub struct Stage {
    pub simulator: Simulator,
    pub base: String,
    pub http: Client,
}

impl Stage {
    /// A fresh simulator with everything as in real life.
    pub async fn real() -> Self {
        Self::with(SimulatorConfig {
            seed: 7,
            ..SimulatorConfig::default()
        })
        .await
    }

    /// A fresh simulator that takes any bytes for a video and processes them at once.
    pub async fn lenient() -> Self {
        let stage = Self::real().await;
        stage
            .set(json!({
                "tiktok": {"probe": false, "processing_ms": 0, "moderation_ms": 0},
                "youtube": {"probe": false, "processing_ms": 0},
            }))
            .await;
        stage
    }

    pub async fn with(config: SimulatorConfig) -> Self {
        let simulator = Simulator::start(config).await.unwrap();
        let base = simulator.base_url().to_owned();
        let http = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            simulator,
            base,
            http,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub fn control(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, self.url(&format!("/_control/{path}")))
            .header("X-Daypart-Control", "1")
    }

    pub async fn look(&self, path: &str) -> Value {
        self.control(reqwest::Method::GET, path)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    pub async fn tell(&self, path: &str, body: Value) -> Value {
        let answer = self
            .control(reqwest::Method::POST, path)
            .json(&body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn set(&self, settings: Value) {
        self.tell("settings", settings).await;
    }

    pub async fn fault(&self, rule: Value) {
        self.tell("faults", rule).await;
    }

    pub async fn advance(&self, seconds: u64) {
        self.tell("clock", json!({"advance_s": seconds})).await;
    }

    /// Waits for `count` events since the start.
    pub async fn wait(&self, event: &str, platform: &str, count: usize) -> Value {
        let said = self
            .look(&format!(
                "wait?event={event}&platform={platform}&count={count}&timeout_s=20"
            ))
            .await;
        assert_eq!(said["reached"], true, "{event} on {platform}: {said}");
        said
    }

    pub async fn ledger(&self) -> Vec<Value> {
        self.look("ledger").await.as_array().unwrap().clone()
    }

    pub async fn upload(&self, index: usize) -> Value {
        self.look("uploads").await[index].clone()
    }
}

/// Query fields of a redirect.
pub fn fields_of(url: &str) -> std::collections::HashMap<String, String> {
    url::Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

pub async fn json_of(answer: Response) -> Value {
    let text = answer.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// Bytes that look like nothing, the same for the same length.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_u32;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as u8
        })
        .collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
