//! E8: the person behind the token, field by granted field.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::call::{Answer, Call};
use crate::tiktok::envelope::{invalid_params, ok, refuse};
use crate::tiktok::guard::{Window, admit};

const WINDOW: Window = Window {
    name: "user_info",
    per_min: |s| s.display_per_min,
};

pub(crate) async fn user_info(app: Arc<App>, call: Call) -> Answer {
    let scopes = ["user.info.basic", "user.info.profile", "user.info.stats"];
    let grant = admit(&app, &call, &scopes, &WINDOW)?;
    app.look(|world| {
        let singular = world.tiktok.settings().singular_invalid_param;
        let Some(creator) = world.creator(&grant.account) else {
            return Err(refuse(401, "access_token_invalid", "The account is gone."));
        };
        let fields = call.query("fields").unwrap_or("");
        if fields.is_empty() {
            return Err(invalid_params(singular, "fields is required"));
        }
        let picture = format!("{}/tiktok/picture/{}.png", world.base_url, creator.key);
        let public_posts = world
            .tiktok
            .publishes
            .values()
            .filter(|p| p.account == creator.key && p.public)
            .count();
        let mut user = Map::new();
        for field in fields.split(',') {
            let (scope, value): (&str, Value) = match field {
                "open_id" => (scopes[0], json!(creator.open_id)),
                "union_id" => (scopes[0], json!(format!("union-{}", creator.open_id))),
                "avatar_url" | "avatar_url_100" | "avatar_large_url" => (scopes[0], json!(picture)),
                "display_name" => (scopes[0], json!(creator.nickname)),
                "username" => (scopes[1], json!(creator.username)),
                "bio_description" => (scopes[1], json!("A practice account")),
                "profile_deep_link" => (
                    scopes[1],
                    json!(format!("{}/tiktok/www/@{}", world.base_url, creator.username)),
                ),
                "is_verified" => (scopes[1], json!(false)),
                "follower_count" | "following_count" | "likes_count" => (scopes[2], json!(0)),
                "video_count" => (scopes[2], json!(public_posts)),
                _ => return Err(invalid_params(singular, &format!("field {field} does not exist"))),
            };
            if !grant.scopes.iter().any(|granted| granted == scope) {
                return Err(refuse(
                    401,
                    "scope_not_authorized",
                    &format!("field {field} needs the scope {scope}"),
                ));
            }
            user.insert(field.to_owned(), value);
        }
        Ok(ok(json!({"user": user})))
    })
}
