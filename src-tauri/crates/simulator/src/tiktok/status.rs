//! E6: how far a post is.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::app::App;
use crate::call::{Answer, Call, Refusal};
use crate::oauth::Grant;
use crate::tiktok::envelope::{invalid_params, ok, refuse};
use crate::tiktok::guard::{Window, admit, json_body};
use crate::tiktok::settings::{EmptyPostIds, Settings};
use crate::tiktok::{PostState, Publish};
use crate::world::World;

const WINDOW: Window = Window {
    name: "status",
    per_min: |s| s.status_per_min,
};

pub(crate) async fn status(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, &["video.publish", "video.upload"], &WINDOW)?;
    app.change(|world| {
        let settings = world.tiktok.settings();
        let body = json_body(&call, settings.singular_invalid_param, false)?;
        let publish = own_publish(world, &settings, &grant, &body)?;
        Ok(ok(told(world, &settings, publish)))
    })?
}

/// The publish named in the body, if it is known still and belongs to the caller.
pub(crate) fn own_publish<'w>(
    world: &'w World,
    settings: &Settings,
    grant: &Grant,
    body: &Value,
) -> Result<&'w Publish, Refusal> {
    let Some(id) = body["publish_id"].as_str() else {
        return Err(invalid_params(
            settings.singular_invalid_param,
            "publish_id is required",
        ));
    };
    let kept_ms = settings.publish_retention_s * 1000;
    let publish = world
        .tiktok
        .publishes
        .get(id)
        .filter(|p| p.created_ms > world.now_ms - kept_ms);
    let Some(publish) = publish else {
        return Err(refuse(
            400,
            "invalid_publish_id",
            "The publish_id does not exist.",
        ));
    };
    if publish.account != grant.account || publish.client != grant.client {
        return Err(refuse(
            400,
            "token_not_authorized_for_specified_publish_id",
            "The access_token does not have authorization to the publish_id.",
        ));
    }
    Ok(publish)
}

fn told(world: &World, settings: &Settings, publish: &Publish) -> Value {
    let status = match publish.state {
        PostState::Uploading | PostState::Processing => "PROCESSING_UPLOAD",
        PostState::Downloading => "PROCESSING_DOWNLOAD",
        PostState::Inbox => "SEND_TO_USER_INBOX",
        PostState::Published | PostState::Deleted => "PUBLISH_COMPLETE",
        PostState::Failed => "FAILED",
    };
    let mut data = json!({"status": status});
    if let Some(reason) = &publish.fail_reason {
        data["fail_reason"] = json!(reason);
    }
    let upload = publish.upload_id.as_deref().and_then(|id| world.uploads.get(id));
    match upload {
        Some(upload) => data["uploaded_bytes"] = json!(upload.stored_bytes),
        None => data["downloaded_bytes"] = json!(0),
    }
    let shown = publish.public && publish.state == PostState::Published;
    let id = publish
        .remote_id
        .as_deref()
        .filter(|_| shown)
        .and_then(|id| id.parse::<u64>().ok());
    match (id, settings.empty_post_ids) {
        (Some(id), _) => data["publicaly_available_post_id"] = json!([id]),
        (None, EmptyPostIds::Empty) => data["publicaly_available_post_id"] = json!([]),
        (None, EmptyPostIds::Null) => data["publicaly_available_post_id"] = Value::Null,
        (None, EmptyPostIds::Absent) => {}
    }
    data
}
