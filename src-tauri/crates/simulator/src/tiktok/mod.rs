//! TikTok: Login Kit for desktop, Content Posting API, the Display API's reading calls.

pub(crate) mod authorize;
pub(crate) mod cancel;
pub(crate) mod caps;
pub(crate) mod creator_info;
pub(crate) mod envelope;
pub(crate) mod guard;
pub(crate) mod init;
pub(crate) mod settings;
pub(crate) mod settle;
pub(crate) mod source;
pub(crate) mod status;
pub(crate) mod token;
pub(crate) mod upload;
pub(crate) mod user;
pub(crate) mod videos;

use std::sync::Arc;

use axum::Router;
use axum::routing::MethodFilter;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::App;
use crate::gate::{Endpoint, route};
use crate::journal::{Rows, Table};
use crate::probe::Looked;
use crate::tiktok::settings::{Account, Settings, first_accounts};
use crate::world::{Platform, World};

const TIKTOK: Platform = Platform::TikTok;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Direct,
    Inbox,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PostState {
    /// Bytes are awaited.
    Uploading,
    /// TikTok fetches the file itself.
    Downloading,
    Processing,
    Published,
    Inbox,
    Failed,
    Deleted,
}

/// One attempt to post: what a `publish_id` stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Publish {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) upload_id: Option<String>,
    pub(crate) account: String,
    pub(crate) client: String,
    pub(crate) grant: String,
    pub(crate) post_info: Value,
    pub(crate) caption: String,
    pub(crate) visibility: String,
    pub(crate) created_ms: i64,
    /// When the last byte arrived.
    pub(crate) complete_ms: Option<i64>,
    pub(crate) looked: Option<Looked>,
    pub(crate) state: PostState,
    pub(crate) fail_reason: Option<String>,
    /// Id of the post; exists from completion on, whether or not the API ever shows it.
    pub(crate) remote_id: Option<String>,
    pub(crate) published_ms: Option<i64>,
    /// Moderation is through: everybody can see it.
    pub(crate) public: bool,
    pub(crate) size_bytes: u64,
}

impl Publish {
    pub(crate) fn wants_public(&self) -> bool {
        self.visibility == "PUBLIC_TO_EVERYONE"
    }
}

#[derive(Debug)]
pub(crate) struct TikTokTables {
    settings: Table<Settings>,
    pub(crate) accounts: Table<Account>,
    pub(crate) publishes: Table<Publish>,
}

impl Default for TikTokTables {
    fn default() -> Self {
        let mut accounts = Table::named("tiktok.accounts");
        for account in first_accounts() {
            accounts.put(account.key.clone(), account);
        }
        Self {
            settings: Table::named("tiktok.settings"),
            accounts,
            publishes: Table::named("tiktok.publishes"),
        }
    }
}

impl TikTokTables {
    pub(crate) fn tables(&mut self) -> [&mut dyn Rows; 3] {
        [&mut self.settings, &mut self.accounts, &mut self.publishes]
    }

    pub(crate) fn clear(&mut self) {
        self.settings.clear();
        self.publishes.clear();
        self.accounts.clear();
        for account in first_accounts() {
            self.accounts.put(account.key.clone(), account);
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.get("all").cloned().unwrap_or_default()
    }

    pub(crate) fn set_settings(&mut self, settings: Settings) {
        self.settings.put("all", settings);
    }
}

impl World {
    pub(crate) fn creator(&self, key: &str) -> Option<&Account> {
        self.tiktok.accounts.get(key)
    }
}

pub(crate) fn router(app: &Arc<App>) -> Router {
    let get = |name, handler_path: &str| {
        (
            MethodFilter::GET,
            Endpoint::new(TIKTOK, name),
            handler_path.to_owned(),
        )
    };
    let post = |name, handler_path: &str| {
        (
            MethodFilter::POST,
            Endpoint::new(TIKTOK, name),
            handler_path.to_owned(),
        )
    };
    let mut router = Router::new();
    macro_rules! at {
        ($spec:expr, $handler:path) => {{
            let (filter, endpoint, path) = $spec;
            router = router.route(&path, route(app, filter, endpoint, $handler));
        }};
    }
    at!(
        get("authorize", "/tiktok/www/v2/auth/authorize/"),
        authorize::authorize
    );
    at!(
        post("consent", "/tiktok/www/v2/auth/authorize/decide"),
        authorize::decide
    );
    at!(post("token", "/tiktok/api/v2/oauth/token/"), token::token);
    at!(post("revoke", "/tiktok/api/v2/oauth/revoke/"), token::revoke);
    at!(
        post("creator_info", "/tiktok/api/v2/post/publish/creator_info/query/"),
        creator_info::creator_info
    );
    at!(
        post("video_init", "/tiktok/api/v2/post/publish/video/init/"),
        init::video_init
    );
    at!(
        post("inbox_init", "/tiktok/api/v2/post/publish/inbox/video/init/"),
        init::inbox_init
    );
    at!(
        post("status", "/tiktok/api/v2/post/publish/status/fetch/"),
        status::status
    );
    at!(
        post("cancel", "/tiktok/api/v2/post/publish/cancel/"),
        cancel::cancel
    );
    at!(get("user_info", "/tiktok/api/v2/user/info/"), user::user_info);
    at!(
        post("video_list", "/tiktok/api/v2/video/list/"),
        videos::video_list
    );
    at!(
        post("video_query", "/tiktok/api/v2/video/query/"),
        videos::video_query
    );
    let chunk = Endpoint::streamed(TIKTOK, "chunk");
    router.route(
        "/tiktok/upload/{host}/video/",
        route(app, MethodFilter::PUT, chunk, upload::put_chunk),
    )
}
