//! Where YouTube is.

use crate::{loopback::LoopbackBase, upload_hosts::UploadHosts};

/// Base addresses without a trailing slash.
#[derive(Debug, Clone)]
pub struct Endpoints {
    pub(super) accounts: String,
    pub(super) oauth: String,
    pub(super) api: String,
    /// Links to videos.
    pub(super) www: String,
    pub(super) upload_hosts: UploadHosts,
}

impl Endpoints {
    /// Google's own servers (§1).
    pub fn real() -> Self {
        Self {
            accounts: "https://accounts.google.com".into(),
            oauth: "https://oauth2.googleapis.com".into(),
            api: "https://www.googleapis.com".into(),
            www: "https://www.youtube.com".into(),
            upload_hosts: UploadHosts::Below("googleapis.com"),
        }
    }

    pub fn practice(base: &LoopbackBase) -> Self {
        Self {
            accounts: base.join("/google/accounts"),
            oauth: base.join("/google/oauth2"),
            api: base.join("/google/www"),
            www: base.join("/youtube/www"),
            upload_hosts: UploadHosts::Practice(base.clone()),
        }
    }

    /// For asking whether anybody answers.
    pub fn api_address(&self) -> String {
        format!("{}/", self.api)
    }
}
