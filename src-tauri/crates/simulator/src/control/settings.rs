//! Switches of the platforms and their accounts.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::call::Refusal;
use crate::control::{read_json, said, wrong};
use crate::world::World;

/// A checked change, ready to be made.
type Write = Box<dyn FnOnce(&mut World)>;

pub(crate) async fn read(State(app): State<Arc<App>>) -> Response {
    said(&app.look(shown))
}

pub(crate) async fn change(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let wanted: Map<String, Value> = read_json(&body)?;
    app.change(|world| {
        // All or nothing: everything is checked before anything is written.
        let mut writes: Vec<Write> = Vec::new();
        for (name, value) in &wanted {
            match name.as_str() {
                "tiktok" => {
                    let settings = merged(&world.tiktok.settings(), value)?;
                    writes.push(Box::new(move |w| w.tiktok.set_settings(settings)));
                }
                "youtube" => {
                    let settings = merged(&world.youtube.settings(), value)?;
                    writes.push(Box::new(move |w| w.youtube.set_settings(settings)));
                }
                "accounts" => {
                    let accounts = value.as_array().ok_or_else(|| wrong("accounts must be a list"))?;
                    for account in accounts {
                        writes.push(account_write(world, account)?);
                    }
                }
                other => {
                    return Err(wrong(format!(
                        "{other} cannot be set: use tiktok, youtube or accounts"
                    )));
                }
            }
        }
        for write in writes {
            write(world);
        }
        world.settle();
        Ok(said(&shown(world)))
    })?
}

fn account_write(world: &World, wanted: &Value) -> Result<Write, Refusal> {
    let mut fields = wanted
        .as_object()
        .cloned()
        .ok_or_else(|| wrong("an account must be an object"))?;
    let mut take = |name: &str| {
        fields
            .remove(name)
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    let (platform, key) = (take("platform"), take("account"));
    let fields = Value::Object(fields);
    let unknown = || wrong(format!("there is no account {key} on {platform}"));
    match platform.as_str() {
        "tiktok" => {
            let account = merged(world.tiktok.accounts.get(&key).ok_or_else(unknown)?, &fields)?;
            Ok(Box::new(move |w| w.tiktok.accounts.put(key, account)))
        }
        "youtube" => {
            let account = merged(world.youtube.accounts.get(&key).ok_or_else(unknown)?, &fields)?;
            Ok(Box::new(move |w| w.youtube.accounts.put(key, account)))
        }
        _ => Err(unknown()),
    }
}

/// `now` with the fields of `wanted` in place of its own.
fn merged<T: Serialize + DeserializeOwned>(now: &T, wanted: &Value) -> Result<T, Refusal> {
    let mut value = serde_json::to_value(now).map_err(wrong)?;
    let fields = wanted
        .as_object()
        .ok_or_else(|| wrong("settings must be an object"))?;
    for (name, field) in fields {
        value[name] = field.clone();
    }
    serde_json::from_value(value).map_err(wrong)
}

fn shown(world: &World) -> Value {
    json!({
        "tiktok": world.tiktok.settings(),
        "youtube": world.youtube.settings(),
        "accounts": {
            "tiktok": world.tiktok.accounts.values().collect::<Vec<_>>(),
            "youtube": world.youtube.accounts.values().collect::<Vec<_>>(),
        },
    })
}
