//! The fakes keep the promises of the parts they stand for: the same cases as the real ones.

#![allow(clippy::unwrap_used, reason = "a broken step ends the test it is in")]

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use daypart_domain::{
    capabilities::{Capabilities, LookUp, PollPlan, PublishTrigger},
    chunk_plan::ChunkRule,
    cover::CoverChoice,
    delivery_spec::{DeliverySpec, Document},
    media_info::Container,
    platform::PlatformId,
    post::Content,
};
use daypart_ports::{
    browser::RedirectListeners,
    conformance::{
        platform::{Call, PlatformHarness, Posted, Sizes, Trouble},
        vault,
    },
    fakes::{MemoryPlatform, MemoryRedirects, MemoryVault},
    platform::{Accompaniment, ClientCredentials, MediaFile, Platform, Submission},
};
use jiff::Timestamp;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

const CHUNK_BYTES: u64 = 10_000;

fn capabilities() -> Capabilities {
    const TEST: Document = Document {
        title: "test",
        as_of: "2026-11",
    };
    Capabilities {
        platform: PlatformId::from_static("memory"),
        name: "Memory",
        publish_trigger: PublishTrigger::LastByte,
        chunk_rule: ChunkRule::Equal {
            chunk_bytes: CHUNK_BYTES,
        },
        staging_lifetime: None,
        native_schedule: None,
        extras: &[],
        cover: CoverChoice::default(),
        look_up: LookUp::default(),
        text_rules: Vec::new(),
        options: Vec::new(),
        option_rules: Vec::new(),
        delivery: DeliverySpec::naming(
            "memory",
            "Memory",
            1,
            TEST.states(&[Container::Mp4]),
            TEST.states(&["h264"]),
            TEST.states(&["aac"]),
            TEST.states(1 << 30),
        ),
        quotas: Vec::new(),
        confirm_polls: PollPlan {
            steps: &[],
            give_up_after: Duration::from_secs(60),
        },
        developer_guide: &[],
        redirect_uri_pattern: "",
        consent: None,
    }
}

struct Memory {
    platform: MemoryPlatform,
    redirects: MemoryRedirects,
    folder: tempfile::TempDir,
}

async fn memory() -> Memory {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    Memory {
        platform: MemoryPlatform::new(capabilities(), client(), now),
        redirects: MemoryRedirects::default(),
        folder: tempfile::tempdir().unwrap(),
    }
}

fn client() -> ClientCredentials {
    ClientCredentials {
        client_id: "client".into(),
        client_secret: SecretString::from("client-secret-of-memory"),
    }
}

#[async_trait]
impl PlatformHarness for Memory {
    fn platform(&self) -> &dyn Platform {
        &self.platform
    }

    fn unreachable(&self) -> Arc<dyn Platform> {
        Arc::new(self.platform.unreachable())
    }

    fn client(&self) -> ClientCredentials {
        client()
    }

    fn redirects(&self) -> &dyn RedirectListeners {
        &self.redirects
    }

    fn sizes(&self) -> Sizes {
        Sizes {
            small: 1_000,
            exact: CHUNK_BYTES,
            one_over: CHUNK_BYTES + 1,
            many: 3 * CHUNK_BYTES - 7,
        }
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn submission(&self, media: MediaFile) -> Submission {
        Submission {
            caption: "caption".into(),
            content: Content::default(),
            media,
            publish_at: None,
            accompaniment: Accompaniment::default(),
        }
    }

    fn now(&self) -> Timestamp {
        self.platform.now()
    }

    async fn consent(&self, authorize_url: &str, allow: bool) -> String {
        let field = |name: &str| authorize_url.split(name).nth(1).unwrap().to_owned();
        let redirect = field("redirect=");
        let state = field("state=");
        let state = state.split('&').next().unwrap();
        if allow {
            format!("{redirect}?code={}&state={state}", self.platform.consent())
        } else {
            format!("{redirect}?error=access_denied&state={state}")
        }
    }

    async fn browse(&self, url: &str) -> u16 {
        self.redirects.visit(url).await
    }

    async fn advance(&self, seconds: u64) {
        self.platform.advance(Duration::from_secs(seconds));
    }

    async fn rotate_refresh_tokens(&self, _rotate: bool) -> bool {
        false
    }

    async fn revoke_remotely(&self) {
        self.platform.revoke_all();
    }

    async fn trouble(&self, call: Call, trouble: Trouble) {
        self.platform.trouble(call, trouble);
    }

    async fn processed(&self, count: usize) {
        assert!(self.platform.posts().len() >= count, "memory needs no time");
    }

    async fn ledger(&self) -> Vec<Posted> {
        let hash = |bytes: &[u8]| {
            Sha256::digest(bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect()
        };
        self.platform
            .posts()
            .iter()
            .map(|post| Posted {
                size_bytes: post.bytes.len() as u64,
                sha256: hash(&post.bytes),
                visibility: "public".into(),
            })
            .collect()
    }

    async fn resent_bytes(&self) -> u64 {
        self.platform.resent_bytes()
    }
}

daypart_ports::platform_cases!(memory());

#[tokio::test]
async fn the_vault_in_memory_keeps_the_promises_of_a_vault() {
    vault::all(&MemoryVault::default()).await;
}
