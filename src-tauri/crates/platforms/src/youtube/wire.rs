//! YouTube's JSON, as it is sent and received. Only fields that Daypart reads or writes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Errors of the API (§6).
#[derive(Deserialize)]
pub struct ErrorEnvelope {
    pub error: ApiError,
}

#[derive(Deserialize)]
pub struct ApiError {
    #[serde(default)]
    pub message: String,
    pub status: Option<String>,
    #[serde(default)]
    pub errors: Vec<ErrorEntry>,
}

#[derive(Deserialize)]
pub struct ErrorEntry {
    #[serde(default)]
    pub reason: String,
}

/// The flat error of token and revoke calls.
#[derive(Deserialize)]
pub struct TokenError {
    pub error: String,
    pub error_description: Option<String>,
}

/// Y1, request.
#[derive(Serialize)]
pub struct VideoInsert<'a> {
    pub snippet: InsertSnippet<'a>,
    pub status: InsertStatus<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InsertSnippet<'a> {
    pub title: &'a str,
    pub description: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub tags: &'a [String],
    pub category_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InsertStatus<'a> {
    pub privacy_status: &'a str,
    pub license: &'a str,
    pub embeddable: bool,
    pub public_stats_viewable: bool,
    pub self_declared_made_for_kids: bool,
    pub contains_synthetic_media: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
}

/// Lists of every kind.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub struct Listing<T> {
    #[serde(default = "Vec::new")]
    pub items: Vec<T>,
    #[serde(rename = "nextPageToken")]
    pub next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Video {
    pub id: String,
    pub snippet: Option<VideoSnippet>,
    pub status: Option<VideoStatus>,
    pub processing_details: Option<ProcessingDetails>,
    pub file_details: Option<FileDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoSnippet {
    #[serde(default)]
    pub title: String,
    pub published_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoStatus {
    #[serde(default)]
    pub upload_status: String,
    pub privacy_status: Option<String>,
    /// Present while YouTube holds the video for later.
    pub publish_at: Option<Timestamp>,
    pub failure_reason: Option<String>,
    pub rejection_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingDetails {
    pub processing_progress: Option<ProcessingProgress>,
}

/// 64-bit numbers come as texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingProgress {
    pub parts_total: Option<String>,
    pub parts_processed: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileDetails {
    pub file_size: Option<String>,
    pub duration_ms: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    pub id: String,
    pub snippet: Option<ChannelSnippet>,
    pub content_details: Option<ChannelContent>,
    pub status: Option<ChannelStatus>,
}

#[derive(Deserialize)]
pub struct ChannelSnippet {
    #[serde(default)]
    pub title: String,
    pub thumbnails: Option<Thumbnails>,
}

#[derive(Deserialize)]
pub struct Thumbnails {
    pub default: Option<Thumbnail>,
}

#[derive(Deserialize)]
pub struct Thumbnail {
    pub url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelContent {
    pub related_playlists: RelatedPlaylists,
}

#[derive(Deserialize)]
pub struct RelatedPlaylists {
    pub uploads: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelStatus {
    pub long_uploads_status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaylistEntry {
    pub content_details: PlaylistEntryContent,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaylistEntryContent {
    pub video_id: String,
}

/// Y13.
#[derive(Deserialize)]
pub struct Playlist {
    pub id: String,
    pub snippet: Option<PlaylistSnippet>,
}

#[derive(Deserialize)]
pub struct PlaylistSnippet {
    #[serde(default)]
    pub title: String,
}

/// Y7.
#[derive(Serialize)]
pub struct CaptionInsert<'a> {
    pub snippet: CaptionSnippet<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptionSnippet<'a> {
    pub video_id: &'a str,
    pub language: &'a str,
    /// Empty for the only track of its language.
    pub name: &'a str,
    pub is_draft: bool,
}
