//! Where TikTok is.

use crate::{loopback::LoopbackBase, upload_hosts::UploadHosts};

/// Base addresses without a trailing slash.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// Consent page and links to posts.
    pub(super) www: String,
    pub(super) api: String,
    pub(super) upload_hosts: UploadHosts,
}

impl Endpoints {
    /// TikTok's own servers (§1).
    pub fn real() -> Self {
        Self {
            www: "https://www.tiktok.com".into(),
            api: "https://open.tiktokapis.com".into(),
            upload_hosts: UploadHosts::Below("tiktokapis.com"),
        }
    }

    pub fn practice(base: &LoopbackBase) -> Self {
        Self {
            www: base.join("/tiktok/www"),
            api: base.join("/tiktok/api"),
            upload_hosts: UploadHosts::Practice(base.clone()),
        }
    }

    /// For asking whether anybody answers.
    pub fn api_address(&self) -> String {
        format!("{}/", self.api)
    }
}
