//! The adapters against a server that answers from a script: the mean cases that no honest emulator plays.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a broken step ends the test it is in"
)]

mod picture;
mod server;
mod tiktok;
mod youtube;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use daypart_domain::{chunk_plan::ChunkPlan, options::OptionValue, post::Content};
use daypart_ports::{
    clock::Clock,
    platform::{Accompaniment, ChunkSource, MediaFile, Session, Submission, UploadHandle},
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

pub const TOKEN: &str = "act.token-of-this-test!1";

pub struct FixedClock;

#[async_trait]
impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    async fn sleep_until(&self, _at: Timestamp) {}
}

pub fn session() -> Session {
    Session {
        access_token: SecretString::from(TOKEN),
        remote_user_id: "somebody".into(),
        scopes: Vec::new(),
    }
}

/// A file and what counts the bytes handed to the network.
pub struct Clip {
    _folder: tempfile::TempDir,
    pub path: PathBuf,
    pub size_bytes: u64,
    pub sent_bytes: Arc<AtomicU64>,
}

impl Clip {
    pub fn new(size_bytes: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.mp4");
        let bytes: Vec<u8> = (0..size_bytes).map(|index| (index % 251) as u8).collect();
        std::fs::write(&path, bytes).unwrap();
        Self {
            _folder: folder,
            path,
            size_bytes,
            sent_bytes: Arc::default(),
        }
    }

    pub fn submission(&self, options: &[(&str, &str)]) -> Submission {
        Submission {
            caption: "caption".into(),
            content: Content {
                options: options
                    .iter()
                    .map(|(key, value)| ((*key).to_owned(), OptionValue::Text((*value).to_owned())))
                    .collect(),
                ..Content::default()
            },
            media: MediaFile {
                path: self.path.clone(),
                size_bytes: self.size_bytes,
                mime: "video/mp4",
                duration_ms: 4000,
                width_px: 640,
                height_px: 360,
            },
            publish_at: None,
            accompaniment: Accompaniment::default(),
        }
    }

    pub fn upload(&self, public: Value, address: &str, chunk_bytes: u64) -> UploadHandle {
        UploadHandle {
            public,
            secret: SecretString::from(address),
            plan: ChunkPlan {
                size_bytes: self.size_bytes,
                chunk_bytes,
                chunk_count: self.size_bytes.div_ceil(chunk_bytes),
                tail_bytes: 0,
            },
            expires_at: None,
        }
    }

    pub fn chunk(&self, upload: &UploadHandle, offset: u64) -> ChunkSource {
        let counted = Arc::clone(&self.sent_bytes);
        ChunkSource {
            path: self.path.clone(),
            chunk: upload.plan.chunk_at(offset).unwrap(),
            mime: "video/mp4",
            sent: Arc::new(move |bytes| {
                counted.fetch_add(bytes, Ordering::SeqCst);
            }),
            pacing: Arc::new(daypart_ports::transfers::Unlimited),
        }
    }
}
