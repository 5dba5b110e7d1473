//! What a test or a person can turn on practice TikTok.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) audited: bool,
    pub(crate) probe: bool,
    pub(crate) processing_ms: i64,
    pub(crate) moderation_ms: i64,
    pub(crate) daily_post_cap: usize,
    pub(crate) pending_share_cap: usize,
    pub(crate) unaudited_user_cap: usize,
    pub(crate) creator_cap: Option<usize>,
    pub(crate) creator_info_per_min: u64,
    pub(crate) init_per_min: u64,
    pub(crate) status_per_min: u64,
    pub(crate) display_per_min: u64,
    pub(crate) max_file_bytes: u64,
    pub(crate) access_token_s: i64,
    pub(crate) refresh_token_s: i64,
    pub(crate) code_s: i64,
    pub(crate) refresh_mode: RefreshMode,
    pub(crate) refresh_grace_s: i64,
    pub(crate) oauth_error_status: u16,
    pub(crate) singular_invalid_param: bool,
    pub(crate) empty_post_ids: EmptyPostIds,
    pub(crate) content_range_counts: bool,
    pub(crate) resent_chunk_status: u16,
    pub(crate) upload_url_s: i64,
    pub(crate) publish_retention_s: i64,
    pub(crate) redirects: Vec<String>,
    pub(crate) verified_urls: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RefreshMode {
    Rotate,
    Keep,
    Grace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EmptyPostIds {
    Empty,
    Absent,
    Null,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            audited: true,
            probe: true,
            processing_ms: 1200,
            moderation_ms: 800,
            daily_post_cap: 15,
            pending_share_cap: 5,
            unaudited_user_cap: 5,
            creator_cap: None,
            creator_info_per_min: 20,
            init_per_min: 6,
            status_per_min: 30,
            display_per_min: 600,
            max_file_bytes: 4_294_967_296,
            access_token_s: 86_400,
            refresh_token_s: 31_536_000,
            code_s: 300,
            refresh_mode: RefreshMode::Rotate,
            refresh_grace_s: 60,
            oauth_error_status: 400,
            singular_invalid_param: false,
            empty_post_ids: EmptyPostIds::Empty,
            content_range_counts: false,
            resent_chunk_status: 416,
            upload_url_s: 3600,
            publish_retention_s: 2_592_000,
            redirects: vec![
                "http://127.0.0.1:*/callback/".to_owned(),
                "http://localhost:*/callback/".to_owned(),
            ],
            verified_urls: Vec::new(),
        }
    }
}

/// A practice creator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) key: String,
    pub(crate) open_id: String,
    pub(crate) username: String,
    pub(crate) nickname: String,
    pub(crate) private: bool,
    pub(crate) comment_disabled: bool,
    pub(crate) duet_disabled: bool,
    pub(crate) stitch_disabled: bool,
    pub(crate) max_video_post_duration_sec: u64,
    pub(crate) banned: bool,
}

impl Account {
    /// What creator_info offers.
    pub(crate) fn privacy_level_options(&self) -> [&'static str; 3] {
        if self.private {
            ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
        } else {
            ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
        }
    }
}

pub(crate) fn first_accounts() -> [Account; 2] {
    let ada = Account {
        key: "ada".to_owned(),
        open_id: "practice-open-id-ada".to_owned(),
        username: "ada.makes".to_owned(),
        nickname: "Ada Makes".to_owned(),
        private: false,
        comment_disabled: false,
        duet_disabled: false,
        stitch_disabled: true,
        max_video_post_duration_sec: 600,
        banned: false,
    };
    let bo = Account {
        key: "bo".to_owned(),
        open_id: "practice-open-id-bo".to_owned(),
        username: "bo.quiet".to_owned(),
        nickname: "Bo (private account)".to_owned(),
        private: true,
        stitch_disabled: false,
        max_video_post_duration_sec: 180,
        ..ada.clone()
    };
    [ada, bo]
}
