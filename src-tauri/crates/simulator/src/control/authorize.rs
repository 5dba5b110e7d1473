//! Plays the person in the browser: answers a consent page without showing it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::app::App;
use crate::call::Refusal;
use crate::consent::{Allowed, Decision};
use crate::control::{read_json, said, wrong};
use crate::{tiktok, youtube};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    url: String,
    #[serde(default = "ada")]
    account: String,
    #[serde(default)]
    deny: bool,
    #[serde(default)]
    scopes: Option<Vec<String>>,
}

fn ada() -> String {
    "ada".to_owned()
}

pub(crate) async fn authorize(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let play: Play = read_json(&body)?;
    let url = Url::parse(&play.url).map_err(wrong)?;
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let is_tiktok = match url.path() {
        "/tiktok/www/v2/auth/authorize/" => true,
        "/google/accounts/o/oauth2/v2/auth" => false,
        other => return Err(wrong(format!("{other} is no authorize page"))),
    };
    let consent = if is_tiktok {
        tiktok::authorize::check(&app, &query)?
    } else {
        youtube::authorize::check(&app, &query)?
    };
    let scopes = match play.scopes {
        Some(kept) => consent
            .scopes
            .iter()
            .filter(|scope| kept.contains(scope))
            .cloned()
            .collect(),
        None => consent.scopes.clone(),
    };
    let allowed = (!play.deny).then_some(Allowed {
        account: play.account,
        scopes,
    });
    let decision = Decision { consent, allowed };
    let answer = app.change(|world| {
        if is_tiktok {
            tiktok::authorize::finish(world, decision)
        } else {
            youtube::authorize::finish(world, decision)
        }
    })??;
    let redirect = answer
        .headers()
        .get(header::LOCATION)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    Ok(said(&json!({"redirect": redirect})))
}
