//! Everything the emulated platforms know, as tables.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::clock::{real_now_ms, rfc3339};
use crate::journal::{Rows, Table};
use crate::oauth::OAuthTables;
use crate::signals::Signal;
use crate::tiktok::TikTokTables;
use crate::youtube::YouTubeTables;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Platform {
    TikTok,
    YouTube,
}

impl Platform {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TikTok => "tiktok",
            Self::YouTube => "youtube",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::TikTok => "TikTok",
            Self::YouTube => "YouTube",
        }
    }
}

/// One upload, finished or not. The secret of its URL is kept only as a hash.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) platform: Platform,
    pub(crate) account: String,
    pub(crate) client: String,
    pub(crate) secret_hash: String,
    pub(crate) size_bytes: u64,
    pub(crate) mime: String,
    pub(crate) chunk_size: Option<u64>,
    pub(crate) chunk_count: Option<u64>,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) stored_bytes: u64,
    pub(crate) body_count: u64,
    pub(crate) complete_ms: Option<i64>,
    pub(crate) complete_real_ms: Option<i64>,
    pub(crate) sha256: Option<String>,
    pub(crate) gone: bool,
    pub(crate) publish_id: Option<String>,
    pub(crate) remote_id: Option<String>,
    /// What the upload will become: the metadata sent at its start.
    pub(crate) metadata: Value,
}

/// One request body that arrived for an upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BodyRow {
    pub(crate) first: u64,
    pub(crate) last: Option<u64>,
    pub(crate) received_bytes: u64,
    pub(crate) stored_bytes: u64,
    pub(crate) status: Option<u16>,
    pub(crate) at_ms: i64,
    pub(crate) real_ms: i64,
}

#[derive(Debug)]
pub(crate) struct World {
    /// Virtual time of the current request or turn of the pacer.
    pub(crate) now_ms: i64,
    pub(crate) base_url: String,
    seed: u64,
    /// Counters and the clock offset.
    pub(crate) meta: Table<i64>,
    pub(crate) oauth: OAuthTables,
    pub(crate) tiktok: TikTokTables,
    pub(crate) youtube: YouTubeTables,
    pub(crate) uploads: Table<Upload>,
    /// Hash of the secret in an upload URL → upload id.
    pub(crate) upload_secrets: Table<String>,
    /// Key: upload id, '/', number.
    pub(crate) bodies: Table<BodyRow>,
    /// Signals of this turn, raised once it is durable.
    pub(crate) raised: Vec<Signal>,
}

impl World {
    pub(crate) fn new(base_url: String, seed: u64) -> Self {
        Self {
            now_ms: 0,
            base_url,
            seed,
            meta: Table::named("meta"),
            oauth: OAuthTables::default(),
            tiktok: TikTokTables::default(),
            youtube: YouTubeTables::default(),
            uploads: Table::named("uploads"),
            upload_secrets: Table::named("upload_secrets"),
            bodies: Table::named("bodies"),
            raised: Vec::new(),
        }
    }

    pub(crate) fn tables(&mut self) -> Vec<&mut dyn Rows> {
        let mut all: Vec<&mut dyn Rows> = vec![
            &mut self.meta,
            &mut self.uploads,
            &mut self.upload_secrets,
            &mut self.bodies,
        ];
        all.extend(self.oauth.tables());
        all.extend(self.tiktok.tables());
        all.extend(self.youtube.tables());
        all
    }

    /// Back to the start: only the counters go on, so that no old token or id comes back to life.
    pub(crate) fn reset(&mut self) {
        self.uploads.clear();
        self.upload_secrets.clear();
        self.bodies.clear();
        self.oauth.clear();
        self.tiktok.clear();
        self.youtube.clear();
        self.meta.put("offset_ms", 0);
    }

    pub(crate) fn next(&mut self, counter: &str) -> i64 {
        let value = self.meta.get(counter).copied().unwrap_or(0) + 1;
        self.meta.put(counter, value);
        value
    }

    /// A new opaque string of `length` letters and digits, from the seed.
    pub(crate) fn opaque(&mut self, length: usize) -> String {
        const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let turn = self.next("minted");
            let bytes = Sha256::digest(format!("{}:{turn}", self.seed));
            text.extend(
                bytes
                    .iter()
                    .map(|b| char::from(LETTERS[usize::from(*b) % 62]))
                    .take(length - text.len()),
            );
        }
        text
    }

    /// A number below `below`, from the seed.
    pub(crate) fn chance(&mut self, below: u64) -> u64 {
        let turn = self.next("minted");
        let bytes = Sha256::digest(format!("{}:{turn}", self.seed));
        let wide = bytes
            .iter()
            .take(8)
            .fold(0_u64, |sum, b| sum << 8 | u64::from(*b));
        wide % below.max(1)
    }

    pub(crate) fn raise(
        &mut self,
        event: &'static str,
        platform: Platform,
        account: Option<&str>,
        id: Option<&str>,
        detail: Value,
    ) {
        self.raised.push(Signal {
            seq: 0,
            event,
            platform: platform.name(),
            account: account.map(str::to_owned),
            id: id.map(str::to_owned),
            at: rfc3339(self.now_ms),
            at_ms: self.now_ms,
            real_ms: real_now_ms(),
            detail,
        });
    }

    /// The upload a URL secret opens, forgotten ones included.
    pub(crate) fn upload_by_secret(&self, secret: &str) -> Option<&Upload> {
        self.uploads.get(self.upload_secrets.get(&secret_hash(secret))?)
    }

    pub(crate) fn forget_upload(&mut self, secret: &str) {
        let id = self.upload_by_secret(secret).map(|upload| upload.id.clone());
        if let Some(upload) = id.and_then(|id| self.uploads.edit(&id)) {
            upload.gone = true;
        }
    }

    /// Revokes the grant behind an access token; posts still in the making fail with it.
    pub(crate) fn revoke_grant_of(&mut self, platform: Platform, access_token: &str) {
        let grant = self
            .oauth
            .grant_of_access(platform, access_token)
            .map(|grant| grant.id.clone());
        if let Some(grant) = grant {
            self.revoke_grant(&grant);
        }
    }

    pub(crate) fn revoke_grant(&mut self, grant_id: &str) {
        let Some(grant) = self.oauth.grants.edit(grant_id) else {
            return;
        };
        if grant.revoked {
            return;
        }
        grant.revoked = true;
        let (platform, account) = (grant.platform, grant.account.clone());
        self.raise("revoked", platform, Some(&account), None, Value::Null);
        if platform == Platform::TikTok {
            crate::tiktok::settle::fail_open_posts_of(self, grant_id);
        }
    }

    /// Notes a body of an upload; `stored_bytes` become part of it.
    pub(crate) fn note_body(&mut self, upload_id: &str, mut row: BodyRow) {
        let now_ms = self.now_ms;
        row.at_ms = now_ms;
        row.real_ms = real_now_ms();
        if let Some(upload) = self.uploads.edit(upload_id) {
            upload.body_count += 1;
            upload.stored_bytes += row.stored_bytes;
            self.bodies
                .put(format!("{upload_id}/{:08}", upload.body_count), row);
        }
    }

    /// Applies everything that has become due.
    pub(crate) fn settle(&mut self) {
        crate::tiktok::settle::settle(self);
        crate::youtube::settle::settle(self);
    }

    /// The next virtual time at which [`World::settle`] will have something to do.
    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        let tiktok = crate::tiktok::settle::next_due_ms(self);
        let youtube = crate::youtube::settle::next_due_ms(self);
        [tiktok, youtube].into_iter().flatten().min()
    }
}

/// How secrets are kept: as lowercase hex of their SHA-256.
pub(crate) fn secret_hash(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
