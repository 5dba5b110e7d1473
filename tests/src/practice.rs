//! Practice platforms in a process of their own, and their control surface.

use std::path::Path;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::{Answer, Started, consent, daypart};

/// A running `daypart simulator` with state of its own.
pub struct Practice {
    process: Started,
    url: String,
    http: reqwest::Client,
    data: tempfile::TempDir,
}

impl Practice {
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let (process, url) = spawn(data.path(), 0).await;
        Self {
            process,
            url,
            http: client(),
            data,
        }
    }

    /// Kills it and starts it again on the same port with the same state; a real platform never forgets.
    pub async fn restart(self) -> Self {
        let port = self
            .url
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .unwrap();
        self.process.kill().await;
        let (process, url) = spawn(self.data.path(), port).await;
        Self { process, url, ..self }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// What really got posted, newest last.
    pub async fn ledger(&self) -> Vec<Value> {
        list(self.get("ledger").await)
    }

    /// The only post of a platform; fails when there are none or several.
    #[track_caller]
    pub fn only_post(&self, platform: &str) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        let platform = platform.to_owned();
        async move {
            let mut posts = self.ledger().await;
            posts.retain(|post| post["platform"] == platform.as_str());
            assert_eq!(posts.len(), 1, "{place}: posts of {platform}: {posts:#?}");
            posts.remove(0)
        }
    }

    /// Every upload of a platform, unfinished ones too.
    pub async fn uploads(&self, platform: &str) -> Vec<Value> {
        list(self.get(&format!("uploads?platform={platform}")).await)
    }

    pub async fn requests(&self, platform: &str, endpoint: &str) -> Vec<Value> {
        list(
            self.get(&format!("requests?platform={platform}&endpoint={endpoint}"))
                .await,
        )
    }

    /// Adds a fault rule, e.g. `{"platform":"tiktok","endpoint":"last_chunk","kind":"drop_after_commit"}`.
    pub async fn fault(&self, rule: Value) {
        self.post("faults", rule).await;
    }

    pub async fn settings(&self, settings: Value) {
        self.post("settings", settings).await;
    }

    /// Lets held requests go on and removes all fault rules.
    pub async fn heal(&self) {
        let answer = self
            .http
            .delete(format!("{}/_control/faults", self.url))
            .header("X-Daypart-Control", "1")
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success());
        self.post("release", json!({})).await;
    }

    /// Returns once `count` such events have happened since the start.
    pub async fn wait_for(&self, event: &str, platform: &str, count: u32) -> Value {
        let wait = format!("wait?event={event}&platform={platform}&count={count}&timeout_s=120");
        let answer = self.get(&wait).await;
        assert_eq!(
            answer["reached"], true,
            "{event} at {platform} × {count}: {answer:#}"
        );
        answer
    }

    /// Plays the person in the browser: opens the page, chooses, submits the form, follows the redirect home.
    pub async fn answer(&self, authorize_url: &str, account: &str, answer: Answer) {
        consent::answer(&self.http, authorize_url, account, answer).await;
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self
            .http
            .get(format!("{}/_control/{path}", self.url))
            .header("X-Daypart-Control", "1")
            .send()
            .await
            .unwrap();
        read(answer).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self
            .http
            .post(format!("{}/_control/{path}", self.url))
            .header("X-Daypart-Control", "1")
            .json(&body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{path} {body}: {}", answer.status());
        read(answer).await
    }
}

async fn spawn(data: &Path, port: u16) -> (Started, String) {
    let mut command = Command::new(daypart());
    command
        .arg("simulator")
        .arg("--port")
        .arg(port.to_string())
        .arg("--data")
        .arg(data);
    let mut process = Started::new(&mut command);
    let url = process.line_with("http://").await;
    (process, url)
}

async fn read(answer: reqwest::Response) -> Value {
    let text = answer.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        other => panic!("not a list: {other}"),
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}
