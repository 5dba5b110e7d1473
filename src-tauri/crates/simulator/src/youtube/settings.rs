//! What a test or a person can turn on practice YouTube.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) probe: bool,
    pub(crate) processing_ms: i64,
    pub(crate) secret_required: bool,
    pub(crate) testing_mode: bool,
    pub(crate) access_token_s: i64,
    pub(crate) code_s: i64,
    pub(crate) max_refresh_tokens: usize,
    pub(crate) units_per_day: i64,
    pub(crate) uploads_per_day: i64,
    pub(crate) channel_uploads_per_day: Option<usize>,
    pub(crate) upload_uri_s: i64,
    pub(crate) gone_status: u16,
    pub(crate) final_status: u16,
    pub(crate) store_less_one_in: u64,
    pub(crate) relocate_uploads: bool,
    pub(crate) force_private: bool,
    pub(crate) reject_duplicates: bool,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) thumbnail_max_bytes: usize,
    pub(crate) thumbnails_per_hour: u64,
    pub(crate) not_found_ms: i64,
    pub(crate) uploads_list_delay_ms: i64,
}

/// A rule that makes matching videos fail or be rejected.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Outcome {
    pub(crate) title_contains: Option<String>,
    pub(crate) sha256: Option<String>,
    pub(crate) failed: Option<String>,
    pub(crate) rejected: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            probe: true,
            processing_ms: 1500,
            secret_required: true,
            testing_mode: false,
            access_token_s: 3599,
            code_s: 300,
            max_refresh_tokens: 100,
            units_per_day: 10_000,
            uploads_per_day: 100,
            channel_uploads_per_day: None,
            upload_uri_s: 604_800,
            gone_status: 404,
            final_status: 201,
            store_less_one_in: 0,
            relocate_uploads: false,
            force_private: false,
            reject_duplicates: false,
            outcomes: Vec::new(),
            thumbnail_max_bytes: 52_428_800,
            thumbnails_per_hour: 50,
            not_found_ms: 0,
            uploads_list_delay_ms: 0,
        }
    }
}

/// A practice Google account and its channel.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) key: String,
    pub(crate) email: String,
    pub(crate) title: String,
    pub(crate) channel_id: String,
    pub(crate) has_channel: bool,
    pub(crate) long_uploads: String,
    pub(crate) custom_thumbnails: bool,
    pub(crate) suspended: bool,
    pub(crate) closed: bool,
}

impl Account {
    /// Id of the playlist that holds everything uploaded.
    pub(crate) fn uploads_playlist(&self) -> String {
        format!("UU{}", self.channel_id.trim_start_matches("UC"))
    }
}

pub(crate) fn first_accounts() -> [Account; 3] {
    let ada = Account {
        key: "ada".to_owned(),
        email: "ada@practice.invalid".to_owned(),
        title: "Ada Makes".to_owned(),
        channel_id: "UCpracticeAdaMakes000001".to_owned(),
        has_channel: true,
        long_uploads: "allowed".to_owned(),
        custom_thumbnails: true,
        suspended: false,
        closed: false,
    };
    let studio = Account {
        key: "studio".to_owned(),
        email: "studio@practice.invalid".to_owned(),
        title: "Studio North".to_owned(),
        channel_id: "UCpracticeStudioNorth002".to_owned(),
        long_uploads: "eligible".to_owned(),
        custom_thumbnails: false,
        ..ada.clone()
    };
    let nobody = Account {
        key: "nobody".to_owned(),
        email: "nobody@practice.invalid".to_owned(),
        title: "Nobody".to_owned(),
        channel_id: "UCpracticeNobody00000003".to_owned(),
        has_channel: false,
        long_uploads: "disallowed".to_owned(),
        custom_thumbnails: false,
        ..ada.clone()
    };
    [ada, studio, nobody]
}
