//! A simulator of its own for each case, driven through its control surface.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use daypart_platforms::{LoopbackBase, LoopbackRedirects};
use daypart_ports::{
    browser::RedirectListeners,
    clock::Clock,
    conformance::platform::{Call, PlatformHarness, Posted, Sizes, Trouble},
    platform::{ClientCredentials, MediaFile, Platform, Submission},
};
use daypart_simulator::{CONTROL_HEADER, Simulator, SimulatorConfig};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What differs between the platforms under test.
pub struct Kind {
    pub name: &'static str,
    pub adapter: fn(&LoopbackBase, Arc<dyn Clock>) -> Arc<dyn Platform>,
    pub client: fn() -> ClientCredentials,
    pub sizes: Sizes,
    pub submission: fn(MediaFile) -> Submission,
    /// The simulator's name for a place where trouble can strike.
    pub endpoint: fn(Call) -> &'static str,
}

pub struct Harness {
    pub kind: Kind,
    pub platform: Arc<dyn Platform>,
    pub base: String,
    unreachable: Arc<dyn Platform>,
    folder: tempfile::TempDir,
    http: reqwest::Client,
    _simulator: Simulator,
}

/// The real time.
struct WallClock;

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep_until(&self, _at: Timestamp) {}
}

impl Harness {
    pub async fn start(kind: Kind) -> Self {
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        let base = simulator.base_url().to_owned();
        let adapter = |base: &str| (kind.adapter)(&LoopbackBase::parse(base).unwrap(), Arc::new(WallClock));
        let harness = Self {
            platform: adapter(&base),
            // Nobody listens on the discard port.
            unreachable: adapter("http://127.0.0.1:9"),
            kind,
            base,
            folder: tempfile::tempdir().unwrap(),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            _simulator: simulator,
        };
        let quick = json!({"probe": false, "processing_ms": 30});
        harness
            .control("settings", json!({"tiktok": quick, "youtube": quick}))
            .await;
        harness
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let request = self
            .http
            .post(format!("{}/_control/{path}", self.base))
            .json(&body);
        Self::answer(request.header(CONTROL_HEADER, "1")).await
    }

    pub async fn look(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}/_control/{path}", self.base));
        Self::answer(request.header(CONTROL_HEADER, "1")).await
    }

    async fn answer(request: reqwest::RequestBuilder) -> Value {
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub async fn setting(&self, name: &str, value: Value) {
        self.control("settings", json!({ self.kind.name: { name: value } }))
            .await;
    }

    pub async fn wait(&self, event: &str, count: usize) {
        let name = self.kind.name;
        self.look(&format!("wait?event={event}&platform={name}&count={count}"))
            .await;
    }

    pub async fn rule(&self, endpoint: &str, rule: Value) {
        let mut rule = rule;
        rule["platform"] = self.kind.name.into();
        rule["endpoint"] = endpoint.into();
        self.control("faults", rule).await;
    }

    pub async fn uploads(&self) -> Vec<Value> {
        let uploads = self.look(&format!("uploads?platform={}", self.kind.name)).await;
        uploads.as_array().cloned().unwrap_or_default()
    }

    pub async fn posts(&self) -> Vec<Value> {
        let ledger = self.look(&format!("ledger?platform={}", self.kind.name)).await;
        ledger.as_array().cloned().unwrap_or_default()
    }
}

#[async_trait]
impl PlatformHarness for Harness {
    fn platform(&self) -> &dyn Platform {
        &*self.platform
    }

    fn unreachable(&self) -> Arc<dyn Platform> {
        Arc::clone(&self.unreachable)
    }

    fn client(&self) -> ClientCredentials {
        (self.kind.client)()
    }

    fn redirects(&self) -> &dyn RedirectListeners {
        &LoopbackRedirects
    }

    fn sizes(&self) -> Sizes {
        self.kind.sizes
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn submission(&self, media: MediaFile) -> Submission {
        (self.kind.submission)(media)
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn consent(&self, authorize_url: &str, allow: bool) -> String {
        let person = json!({"url": authorize_url, "account": "ada", "deny": !allow});
        let answer = self.control("authorize", person).await;
        answer["redirect"].as_str().unwrap().to_owned()
    }

    async fn browse(&self, url: &str) -> u16 {
        self.http.get(url).send().await.unwrap().status().as_u16()
    }

    async fn advance(&self, seconds: u64) {
        self.control("clock", json!({"advance_s": seconds})).await;
    }

    async fn rotate_refresh_tokens(&self, rotate: bool) -> bool {
        if self.kind.name == "tiktok" {
            self.setting("refresh_mode", if rotate { "rotate" } else { "keep" }.into())
                .await;
            return rotate;
        }
        false
    }

    async fn revoke_remotely(&self) {
        self.control("revoke", json!({"platform": self.kind.name, "account": "ada"}))
            .await;
    }

    async fn trouble(&self, call: Call, trouble: Trouble) {
        let rule = match trouble {
            Trouble::LostBefore => json!({"kind": "drop_before_commit"}),
            Trouble::LostAfter => json!({"kind": "drop_after_commit"}),
            Trouble::GatewayBefore => json!({"kind": "status", "status": 503}),
            Trouble::GatewayAfter => json!({"kind": "status_after_commit", "status": 503}),
            Trouble::Truncated => json!({"kind": "truncate_body"}),
            Trouble::CutAfter(bytes) => json!({"kind": "cut_after", "bytes": bytes}),
            Trouble::TokenExpired => json!({"kind": "token_expired"}),
            Trouble::UploadGone => json!({"kind": "upload_gone"}),
            Trouble::Throttled => json!({"kind": "rate_limited"}),
            Trouble::DailyLimit => json!({"kind": "quota"}),
        };
        self.rule((self.kind.endpoint)(call), rule).await;
    }

    async fn processed(&self, count: usize) {
        self.wait("published", count).await;
    }

    async fn ledger(&self) -> Vec<Posted> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.posts()
            .await
            .iter()
            .map(|post| Posted {
                size_bytes: post["size_bytes"].as_u64().unwrap(),
                sha256: text(&post["sha256"]),
                visibility: text(&post["visibility"]),
            })
            .collect()
    }

    async fn resent_bytes(&self) -> u64 {
        let uploads = self.uploads().await;
        uploads
            .iter()
            .map(|upload| upload["resent_bytes"].as_u64().unwrap())
            .sum()
    }
}
