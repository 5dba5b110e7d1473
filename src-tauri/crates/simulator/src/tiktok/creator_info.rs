//! E1: what this creator may choose right now.

use std::sync::Arc;

use serde_json::json;

use crate::app::App;
use crate::call::{Answer, Call};
use crate::tiktok::caps::{direct_post_refusal, message_of};
use crate::tiktok::envelope::{ok, refuse};
use crate::tiktok::guard::{Window, admit, json_body};

const WINDOW: Window = Window {
    name: "creator_info",
    per_min: |s| s.creator_info_per_min,
};

pub(crate) async fn creator_info(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, &["video.publish"], &WINDOW)?;
    app.change(|world| {
        let settings = world.tiktok.settings();
        json_body(&call, settings.singular_invalid_param, true)?;
        if let Some(code) = direct_post_refusal(world, &settings, &grant.account) {
            // HTTP 200 on purpose: that is how the real call says it.
            return Err(refuse(200, code, message_of(code)));
        }
        let Some(creator) = world.creator(&grant.account) else {
            return Err(refuse(401, "access_token_invalid", "The account is gone."));
        };
        Ok(ok(json!({
            "creator_avatar_url": format!("{}/tiktok/picture/{}.png", world.base_url, creator.key),
            "creator_username": creator.username,
            "creator_nickname": creator.nickname,
            "privacy_level_options": creator.privacy_level_options(),
            "comment_disabled": creator.comment_disabled,
            "duet_disabled": creator.duet_disabled || creator.private,
            "stitch_disabled": creator.stitch_disabled || creator.private,
            "max_video_post_duration_sec": creator.max_video_post_duration_sec,
        })))
    })?
}
