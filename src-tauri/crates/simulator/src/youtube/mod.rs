//! YouTube: Google OAuth for desktop apps and the Data API v3 calls a publisher needs.

pub(crate) mod authorize;
pub(crate) mod captions;
pub(crate) mod categories;
pub(crate) mod channels;
pub(crate) mod errors;
pub(crate) mod guard;
pub(crate) mod metadata;
pub(crate) mod multipart;
pub(crate) mod playlist_items;
pub(crate) mod playlists;
pub(crate) mod quota;
pub(crate) mod resource;
pub(crate) mod settings;
pub(crate) mod settle;
pub(crate) mod thumbnails;
pub(crate) mod token;
pub(crate) mod upload;
pub(crate) mod upload_start;
pub(crate) mod videos;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodFilter, MethodRouter};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::gate::{Endpoint, route};
use crate::journal::{Rows, Table};
use crate::probe::Looked;
use crate::world::Platform;
use metadata::Metadata;
use settings::{Account, Settings, first_accounts};

const YOUTUBE: Platform = Platform::YouTube;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum UploadStatus {
    Uploaded,
    Processed,
    Failed,
    Rejected,
    Deleted,
}

/// One video on a channel. It exists from the last byte on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Video {
    pub(crate) id: String,
    pub(crate) upload_id: String,
    pub(crate) account: String,
    pub(crate) metadata: Metadata,
    pub(crate) upload_status: UploadStatus,
    pub(crate) failure_reason: Option<String>,
    pub(crate) rejection_reason: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) processed_ms: Option<i64>,
    /// Upload time, later the time of publication.
    pub(crate) published_ms: i64,
    /// A video that was public once can never be scheduled again.
    pub(crate) ever_public: bool,
    /// Everybody can see it since then.
    pub(crate) public_ms: Option<i64>,
    pub(crate) looked: Option<Looked>,
    pub(crate) size_bytes: u64,
    pub(crate) sha256: String,
    pub(crate) thumbnail_type: Option<String>,
    pub(crate) notify_subscribers: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Playlist {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) title: String,
    pub(crate) entries: Vec<PlaylistEntry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PlaylistEntry {
    pub(crate) id: String,
    pub(crate) video_id: String,
    pub(crate) added_ms: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Caption {
    pub(crate) id: String,
    pub(crate) video_id: String,
    pub(crate) language: String,
    pub(crate) name: String,
    pub(crate) is_draft: bool,
    pub(crate) created_ms: i64,
    pub(crate) text: String,
}

#[derive(Debug)]
pub(crate) struct YouTubeTables {
    settings: Table<Settings>,
    pub(crate) accounts: Table<Account>,
    pub(crate) videos: Table<Video>,
    pub(crate) playlists: Table<Playlist>,
    pub(crate) captions: Table<Caption>,
    /// Key: client, Pacific day, bucket.
    pub(crate) quota: Table<i64>,
}

impl Default for YouTubeTables {
    fn default() -> Self {
        let mut tables = Self {
            settings: Table::named("youtube.settings"),
            accounts: Table::named("youtube.accounts"),
            videos: Table::named("youtube.videos"),
            playlists: Table::named("youtube.playlists"),
            captions: Table::named("youtube.captions"),
            quota: Table::named("youtube.quota"),
        };
        tables.furnish();
        tables
    }
}

impl YouTubeTables {
    pub(crate) fn tables(&mut self) -> [&mut dyn Rows; 6] {
        [
            &mut self.settings,
            &mut self.accounts,
            &mut self.videos,
            &mut self.playlists,
            &mut self.captions,
            &mut self.quota,
        ]
    }

    fn furnish(&mut self) {
        for account in first_accounts() {
            if account.has_channel {
                let id = format!("PLpractice{}", account.key);
                let title = "Practice playlist".to_owned();
                let playlist = Playlist {
                    id,
                    account: account.key.clone(),
                    title,
                    entries: Vec::new(),
                };
                self.playlists.put(playlist.id.clone(), playlist);
            }
            self.accounts.put(account.key.clone(), account);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.settings.clear();
        self.accounts.clear();
        self.videos.clear();
        self.playlists.clear();
        self.captions.clear();
        self.quota.clear();
        self.furnish();
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.get("all").cloned().unwrap_or_default()
    }

    pub(crate) fn set_settings(&mut self, settings: Settings) {
        self.settings.put("all", settings);
    }
}

pub(crate) fn router(app: &Arc<App>) -> Router {
    const MAX_THUMBNAIL: usize = 53 * 1024 * 1024;
    const MAX_CAPTION: usize = 101 * 1024 * 1024;
    let plain = |name| Endpoint::new(YOUTUBE, name);
    let (get, post) = (MethodFilter::GET, MethodFilter::POST);
    let api = "/google/www/youtube/v3";
    let files = "/google/www/upload/youtube/v3";
    let videos: MethodRouter = route(app, get, plain("videos_list"), videos::list)
        .merge(route(
            app,
            MethodFilter::PUT,
            plain("videos_update"),
            videos::update,
        ))
        .merge(route(
            app,
            MethodFilter::DELETE,
            plain("videos_delete"),
            videos::delete,
        ));
    let uploads: MethodRouter = route(app, post, plain("upload_start"), upload_start::start).merge(route(
        app,
        MethodFilter::PUT,
        Endpoint::streamed(YOUTUBE, "chunk"),
        upload::put,
    ));
    let thumbnail = Endpoint::up_to(YOUTUBE, "thumbnails_set", MAX_THUMBNAIL);
    let caption = Endpoint::up_to(YOUTUBE, "captions_insert", MAX_CAPTION);
    let playlist_items: MethodRouter = route(app, get, plain("playlist_items_list"), playlist_items::list)
        .merge(route(
            app,
            post,
            plain("playlist_items_insert"),
            playlist_items::insert,
        ));
    Router::new()
        .route(
            "/google/accounts/o/oauth2/v2/auth",
            route(app, get, plain("authorize"), authorize::authorize),
        )
        .route(
            "/google/accounts/o/oauth2/v2/auth/decide",
            route(app, post, plain("consent"), authorize::decide),
        )
        .route(
            "/google/oauth2/token",
            route(app, post, plain("token"), token::token),
        )
        .route(
            "/google/oauth2/revoke",
            route(app, post, plain("revoke"), token::revoke),
        )
        .route(&format!("{api}/videos"), videos)
        .route(
            &format!("{api}/channels"),
            route(app, get, plain("channels_list"), channels::list),
        )
        .route(&format!("{api}/playlistItems"), playlist_items)
        .route(
            &format!("{api}/playlists"),
            route(app, get, plain("playlists_list"), playlists::list),
        )
        .route(
            &format!("{api}/captions"),
            route(app, get, plain("captions_list"), captions::list),
        )
        .route(
            &format!("{api}/videoCategories"),
            route(app, get, plain("categories_list"), categories::list),
        )
        .route(&format!("{files}/videos"), uploads)
        .route(
            &format!("{files}/thumbnails/set"),
            route(app, post, thumbnail, thumbnails::set),
        )
        .route(
            &format!("{files}/captions"),
            route(app, post, caption, captions::insert),
        )
}
