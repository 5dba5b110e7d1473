//! TikTok's JSON, as it is sent and received. Only fields that Daypart reads or writes.

use serde::{Deserialize, Deserializer, Serialize};

/// Every API answer (§3). Success if and only if `error.code` is `ok`.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub struct Envelope<T> {
    // TikTok sends `{}` instead of nothing with many errors: read it only after the code.
    #[serde(default = "Option::default")]
    pub data: Option<T>,
}

#[derive(Deserialize)]
pub struct ErrorEnvelope {
    pub error: ApiError,
}

#[derive(Deserialize)]
pub struct ApiError {
    pub code: String,
    #[serde(default)]
    pub message: String,
    #[serde(default, alias = "logid")]
    pub log_id: Option<String>,
}

/// The flat answer of the token endpoint (§2.5), good or bad.
#[derive(Deserialize)]
pub struct TokenAnswer {
    pub access_token: Option<String>,
    pub expires_in: Option<u64>,
    pub refresh_token: Option<String>,
    pub refresh_expires_in: Option<u64>,
    pub scope: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
    #[serde(default, alias = "logid")]
    pub log_id: Option<String>,
}

/// E1.
#[derive(Deserialize)]
pub struct CreatorInfo {
    #[serde(default)]
    pub creator_username: String,
    #[serde(default)]
    pub privacy_level_options: Vec<String>,
    #[serde(default)]
    pub comment_disabled: bool,
    #[serde(default)]
    pub duet_disabled: bool,
    #[serde(default)]
    pub stitch_disabled: bool,
    pub max_video_post_duration_sec: Option<u64>,
}

/// E2, request.
#[derive(Serialize)]
pub struct VideoInit<'a> {
    pub post_info: PostInfo<'a>,
    pub source_info: SourceInfo,
}

#[derive(Serialize)]
pub struct PostInfo<'a> {
    pub privacy_level: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub title: &'a str,
    pub disable_duet: bool,
    pub disable_stitch: bool,
    pub disable_comment: bool,
    pub brand_content_toggle: bool,
    pub brand_organic_toggle: bool,
    pub is_aigc: bool,
    /// Absent or beyond the end: the first frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_cover_timestamp_ms: Option<i32>,
}

#[derive(Serialize)]
pub struct SourceInfo {
    pub source: &'static str,
    pub video_size: u64,
    pub chunk_size: u64,
    pub total_chunk_count: u64,
}

/// E2, answer.
#[derive(Deserialize)]
pub struct VideoInitData {
    pub publish_id: String,
    pub upload_url: String,
}

#[derive(Serialize)]
pub struct StatusFetch<'a> {
    pub publish_id: &'a str,
}

/// E6.
#[derive(Deserialize)]
pub struct PostStatus {
    pub status: String,
    pub fail_reason: Option<String>,
    /// TikTok's spelling. Numbers above 2^53, or texts; absent, null or empty while there is none.
    #[serde(default, deserialize_with = "post_ids")]
    pub publicaly_available_post_id: Vec<String>,
    pub uploaded_bytes: Option<u64>,
}

fn post_ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum PostId {
        Number(u64),
        Text(String),
    }
    let ids = Option::<Vec<PostId>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(ids
        .into_iter()
        .map(|id| match id {
            PostId::Number(number) => number.to_string(),
            PostId::Text(text) => text,
        })
        .collect())
}

/// E8.
#[derive(Deserialize)]
pub struct UserData {
    pub user: User,
}

#[derive(Deserialize)]
pub struct User {
    pub open_id: String,
    #[serde(default)]
    pub display_name: String,
    pub avatar_url: Option<String>,
}

/// E9.
#[derive(Serialize)]
pub struct VideoListRequest {
    pub max_count: u32,
}

#[derive(Deserialize)]
pub struct VideoList {
    #[serde(default)]
    pub videos: Vec<ListedVideo>,
}

#[derive(Deserialize)]
pub struct ListedVideo {
    pub id: String,
    #[serde(default)]
    pub create_time: i64,
    pub share_url: Option<String>,
    #[serde(default)]
    pub video_description: String,
    /// Seconds.
    #[serde(default)]
    pub duration: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(json: &str) -> Vec<String> {
        serde_json::from_str::<PostStatus>(json)
            .unwrap()
            .publicaly_available_post_id
    }

    #[test]
    fn post_ids_keep_all_their_digits_in_every_form() {
        assert_eq!(
            ids(r#"{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7300000000000000001]}"#),
            ["7300000000000000001"]
        );
        assert_eq!(
            ids(r#"{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":["7300000000000000001"]}"#),
            ["7300000000000000001"]
        );
        for none in [
            r#"{"status":"x"}"#,
            r#"{"status":"x","publicaly_available_post_id":null}"#,
            r#"{"status":"x","publicaly_available_post_id":[]}"#,
        ] {
            assert!(ids(none).is_empty(), "{none}");
        }
    }
}
