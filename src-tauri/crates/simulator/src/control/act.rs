//! What a person does on the platform itself.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::call::Refusal;
use crate::control::{read_json, said, wrong};
use crate::tiktok::PostState;
use crate::world::{Platform, World};
use crate::youtube::UploadStatus;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Act {
    platform: Platform,
    id: String,
    act: Deed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deed {
    Delete,
    MakePublic,
    MakePrivate,
    FinishDraft,
    DiscardDraft,
}

pub(crate) async fn act(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let act: Act = read_json(&body)?;
    app.change(|world| {
        match act.platform {
            Platform::TikTok => on_tiktok(world, &act.id, act.act)?,
            Platform::YouTube => on_youtube(world, &act.id, act.act)?,
        }
        world.settle();
        Ok(said(&json!({"done": true})))
    })?
}

fn on_tiktok(world: &mut World, id: &str, deed: Deed) -> Result<(), Refusal> {
    let now_ms = world.now_ms;
    let keys = world
        .tiktok
        .publishes
        .keys_where(|p| p.id == id || p.remote_id.as_deref() == Some(id));
    let Some(publish) = keys.first().and_then(|key| world.tiktok.publishes.edit(key)) else {
        return Err(wrong(format!("tiktok has no post {id}")));
    };
    match (deed, publish.state) {
        (Deed::Delete, PostState::Published | PostState::Inbox) | (Deed::DiscardDraft, PostState::Inbox) => {
            publish.state = PostState::Deleted;
            publish.public = false;
        }
        (Deed::MakePublic, PostState::Published) => publish.visibility = "PUBLIC_TO_EVERYONE".to_owned(),
        (Deed::MakePrivate, PostState::Published) => {
            publish.visibility = "SELF_ONLY".to_owned();
            publish.public = false;
        }
        (Deed::FinishDraft, PostState::Inbox) => {
            publish.state = PostState::Published;
            publish.visibility = "PUBLIC_TO_EVERYONE".to_owned();
            publish.published_ms = Some(now_ms);
        }
        (deed, state) => return Err(wrong(format!("{deed:?} is not possible in state {state:?}"))),
    }
    Ok(())
}

fn on_youtube(world: &mut World, id: &str, deed: Deed) -> Result<(), Refusal> {
    let now_ms = world.now_ms;
    let Some(video) = world.youtube.videos.edit(id) else {
        return Err(wrong(format!("youtube has no video {id}")));
    };
    match deed {
        Deed::Delete => {
            video.upload_status = UploadStatus::Deleted;
            video.public_ms = None;
        }
        Deed::MakePublic => {
            if !video.ever_public {
                video.published_ms = now_ms;
            }
            video.ever_public = true;
            video.metadata.privacy_status = "public".to_owned();
            video.metadata.publish_at_ms = None;
        }
        Deed::MakePrivate => {
            video.metadata.privacy_status = "private".to_owned();
            video.public_ms = None;
        }
        Deed::FinishDraft | Deed::DiscardDraft => return Err(wrong("youtube has no drafts of this kind")),
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    platform: Platform,
    account: String,
}

pub(crate) async fn revoke(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let wanted: Revoke = read_json(&body)?;
    app.change(|world| {
        let ids = world.oauth.grants.keys_where(|grant| {
            grant.platform == wanted.platform && grant.account == wanted.account && !grant.revoked
        });
        for id in &ids {
            world.revoke_grant(id);
        }
        Ok(said(&json!({"revoked": ids.len()})))
    })?
}
