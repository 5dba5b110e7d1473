//! E2 and E3: the start of a direct post and of an inbox draft.

use std::sync::Arc;

use serde_json::{Value, json};
use url::Url;

use crate::app::App;
use crate::call::{Answer, Call, Refusal};
use crate::oauth::Grant;
use crate::tiktok::caps::{direct_post_refusal, message_of, too_many_pending_shares};
use crate::tiktok::envelope::{invalid_params, ok, refuse};
use crate::tiktok::guard::{Window, admit, json_body};
use crate::tiktok::settings::Settings;
use crate::tiktok::source::ChunkPlan;
use crate::tiktok::{Kind, PostState, Publish, TIKTOK};
use crate::world::{Upload, World, secret_hash};

const VIDEO_WINDOW: Window = Window {
    name: "video_init",
    per_min: |s| s.init_per_min,
};
const INBOX_WINDOW: Window = Window {
    name: "inbox_init",
    per_min: |s| s.init_per_min,
};
const CAPTION_UNITS: usize = 2200;

pub(crate) async fn video_init(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, &["video.publish"], &VIDEO_WINDOW)?;
    app.change(|world| {
        let settings = world.tiktok.settings();
        let body = json_body(&call, settings.singular_invalid_param, false)?;
        if let Some(code) = direct_post_refusal(world, &settings, &grant.account) {
            return Err(refuse(403, code, message_of(code)));
        }
        let post_info = &body["post_info"];
        check_post_info(world, &settings, &grant, post_info)?;
        start(
            world,
            &settings,
            &grant,
            Kind::Direct,
            post_info.clone(),
            &body["source_info"],
        )
    })?
}

pub(crate) async fn inbox_init(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, &["video.upload"], &INBOX_WINDOW)?;
    app.change(|world| {
        let settings = world.tiktok.settings();
        let body = json_body(&call, settings.singular_invalid_param, false)?;
        if world
            .creator(&grant.account)
            .is_some_and(|creator| creator.banned)
        {
            let code = "spam_risk_user_banned_from_posting";
            return Err(refuse(403, code, message_of(code)));
        }
        if too_many_pending_shares(world, &settings, &grant.account) {
            let code = "spam_risk_too_many_pending_share";
            return Err(refuse(403, code, message_of(code)));
        }
        start(
            world,
            &settings,
            &grant,
            Kind::Inbox,
            body["post_info"].clone(),
            &body["source_info"],
        )
    })?
}

fn check_post_info(world: &World, settings: &Settings, grant: &Grant, info: &Value) -> Result<(), Refusal> {
    let invalid = |message: &str| Err(invalid_params(settings.singular_invalid_param, message));
    if !info.is_object() {
        return invalid("post_info is required");
    }
    let toggles = [
        "disable_duet",
        "disable_stitch",
        "disable_comment",
        "brand_content_toggle",
        "brand_organic_toggle",
        "is_aigc",
    ];
    for toggle in toggles {
        if !matches!(info[toggle], Value::Null | Value::Bool(_)) {
            return invalid(&format!("{toggle} must be a boolean"));
        }
    }
    match &info["title"] {
        Value::Null => {}
        Value::String(title) if title.encode_utf16().count() <= CAPTION_UNITS => {}
        Value::String(_) => return invalid("title is longer than 2200 UTF-16 units"),
        _ => return invalid("title must be a string"),
    }
    let cover = &info["video_cover_timestamp_ms"];
    if !cover.is_null() && cover.as_i64().is_none_or(|ms| i32::try_from(ms).is_err()) {
        return invalid("video_cover_timestamp_ms must be an int32");
    }
    let Some(level) = info["privacy_level"].as_str() else {
        return invalid("privacy_level is required");
    };
    let Some(creator) = world.creator(&grant.account) else {
        return Err(refuse(401, "access_token_invalid", "The account is gone."));
    };
    if !creator.privacy_level_options().contains(&level) {
        return Err(refuse(
            403,
            "privacy_level_option_mismatch",
            "privacy_level is not among the privacy_level_options of creator_info.",
        ));
    }
    if !settings.audited && (!creator.private || level != "SELF_ONLY") {
        return Err(refuse(
            403,
            "unaudited_client_can_only_post_to_private_accounts",
            "Unaudited clients can only post to private accounts, with SELF_ONLY.",
        ));
    }
    Ok(())
}

fn start(
    world: &mut World,
    settings: &Settings,
    grant: &Grant,
    kind: Kind,
    post_info: Value,
    source: &Value,
) -> Answer {
    let invalid = |message: &str| Err(invalid_params(settings.singular_invalid_param, message));
    match source["source"].as_str() {
        Some("FILE_UPLOAD") => match ChunkPlan::checked(source, settings.max_file_bytes) {
            Ok(plan) => Ok(start_upload(world, settings, grant, kind, post_info, plan)),
            Err(message) => invalid(&message),
        },
        Some("PULL_FROM_URL") => {
            check_pull_url(settings, source["video_url"].as_str().unwrap_or(""))?;
            let prefix = if kind == Kind::Direct {
                "v_pub_url"
            } else {
                "v_inbox_url"
            };
            let publish = new_publish(world, grant, kind, prefix, post_info, 0);
            let publish = Publish {
                state: PostState::Downloading,
                ..publish
            };
            let publish_id = publish.id.clone();
            world.tiktok.publishes.put(publish_id.clone(), publish);
            Ok(ok(json!({"publish_id": publish_id})))
        }
        _ => invalid("source must be FILE_UPLOAD or PULL_FROM_URL"),
    }
}

fn new_publish(
    world: &mut World,
    grant: &Grant,
    kind: Kind,
    prefix: &str,
    post_info: Value,
    size_bytes: u64,
) -> Publish {
    let id = format!("{prefix}~v2-1.{}{}", world.next("publishes"), world.opaque(12));
    Publish {
        id,
        kind,
        upload_id: None,
        account: grant.account.clone(),
        client: grant.client.clone(),
        grant: grant.id.clone(),
        caption: post_info["title"].as_str().unwrap_or("").to_owned(),
        visibility: post_info["privacy_level"].as_str().unwrap_or("").to_owned(),
        post_info,
        created_ms: world.now_ms,
        complete_ms: None,
        looked: None,
        state: PostState::Uploading,
        fail_reason: None,
        remote_id: None,
        published_ms: None,
        public: false,
        size_bytes,
    }
}

fn start_upload(
    world: &mut World,
    settings: &Settings,
    grant: &Grant,
    kind: Kind,
    post_info: Value,
    plan: ChunkPlan,
) -> axum::response::Response {
    let prefix = if kind == Kind::Direct {
        "v_pub_file"
    } else {
        "v_inbox_file"
    };
    let publish = new_publish(world, grant, kind, prefix, post_info, plan.video_size);
    let number = world.next("tiktok_uploads");
    let (upload_id, secret) = (format!("tiktok-upload-{number}"), world.opaque(40));
    let host = ["open-upload", "upload.us", "upload.eu"][world.chance(3) as usize];
    let upload = Upload {
        id: upload_id.clone(),
        platform: TIKTOK,
        account: grant.account.clone(),
        client: grant.client.clone(),
        secret_hash: secret_hash(&secret),
        size_bytes: plan.video_size,
        mime: "video/mp4".to_owned(),
        chunk_size: Some(plan.chunk_size),
        chunk_count: Some(plan.total_chunk_count),
        created_ms: world.now_ms,
        expires_ms: world.now_ms + settings.upload_url_s * 1000,
        stored_bytes: 0,
        body_count: 0,
        complete_ms: None,
        complete_real_ms: None,
        sha256: None,
        gone: false,
        publish_id: Some(publish.id.clone()),
        remote_id: None,
        metadata: Value::Null,
    };
    world
        .upload_secrets
        .put(upload.secret_hash.clone(), upload_id.clone());
    world.uploads.put(upload_id.clone(), upload);
    let publish_id = publish.id.clone();
    world.tiktok.publishes.put(
        publish_id.clone(),
        Publish {
            upload_id: Some(upload_id.clone()),
            ..publish
        },
    );
    let detail = json!({"publish_id": publish_id, "size_bytes": plan.video_size, "chunk_count": plan.total_chunk_count});
    world.raise(
        "upload_started",
        TIKTOK,
        Some(&grant.account),
        Some(&upload_id),
        detail,
    );
    let base = &world.base_url;
    let upload_url = format!("{base}/tiktok/upload/{host}/video/?upload_id={number}&upload_token={secret}");
    ok(json!({"publish_id": publish_id, "upload_url": upload_url}))
}

/// `https`, a host name under a verified domain or prefix.
fn check_pull_url(settings: &Settings, url: &str) -> Result<(), Refusal> {
    let Ok(parsed) = Url::parse(url) else {
        return Err(invalid_params(
            settings.singular_invalid_param,
            "video_url is not a URL",
        ));
    };
    let named_host = matches!(parsed.host(), Some(url::Host::Domain(_)));
    if parsed.scheme() != "https" || !named_host {
        return Err(invalid_params(
            settings.singular_invalid_param,
            "video_url must be https with a host name",
        ));
    }
    if !settings
        .verified_urls
        .iter()
        .any(|prefix| url.starts_with(prefix.as_str()))
    {
        return Err(refuse(
            403,
            "url_ownership_unverified",
            "The URL prefix or domain is not verified for this client.",
        ));
    }
    Ok(())
}
