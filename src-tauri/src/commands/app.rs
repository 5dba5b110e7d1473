//! What belongs to the app as a whole.

use std::collections::BTreeSet;

use daypart_domain::problem::{ErrorCode, Problem};
use daypart_ipc::{self as wire, command};
use jiff::tz::TimeZone;
use tauri::State;

use super::{Answer, Request};
use crate::browser;
use crate::core::{Core, Shell};

#[tauri::command]
pub async fn app_info(shell: State<'_, Shell>) -> Answer<command::app_info> {
    let core = shell.core().await?;
    let zones: BTreeSet<String> = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .collect();
    Ok(wire::AppInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        zones: zones.into_iter().collect(),
        default_zone: TimeZone::system().iana_name().unwrap_or("UTC").to_owned(),
        preview: wire::PreviewServer {
            base_url: core.preview.base_url().to_owned(),
            token: core.preview.token().to_owned(),
        },
        practice_page_url: core.app.practice_page_url(),
        data_dir: core.app.data_dir().display().to_string(),
    })
}

#[tauri::command]
pub async fn health(shell: State<'_, Shell>) -> Answer<command::health> {
    Ok(shell.core().await?.app.health().await)
}

#[tauri::command]
pub async fn graphics_card(shell: State<'_, Shell>) -> Answer<command::graphics_card> {
    let card = shell.core().await?.engine.graphics_card().await?;
    Ok(daypart_app::wire::graphics_card(card))
}

#[tauri::command]
pub async fn allow_graphics_card(
    shell: State<'_, Shell>,
    request: Request<command::allow_graphics_card>,
) -> Answer<command::allow_graphics_card> {
    let engine = &shell.core().await?.engine;
    let card = engine.allow_graphics_card(request.is_allowed).await?;
    Ok(daypart_app::wire::graphics_card(card))
}

#[tauri::command]
pub async fn open_link(
    shell: State<'_, Shell>,
    request: Request<command::open_link>,
) -> Answer<command::open_link> {
    let core = shell.core().await?;
    if !is_ours(&core, &request.url).await? {
        return Err(Problem::permanent(
            ErrorCode::new("link.unknown"),
            "Daypart opens only addresses that it has handed out itself.",
        )
        .into());
    }
    Ok(browser::open(&request.url)?)
}

/// Receipts, the links and steps of the platforms, the practice page. The page cannot make us open anything else.
async fn is_ours(core: &Core, address: &str) -> Result<bool, Problem> {
    if core.app.practice_page_url().as_deref() == Some(address) {
        return Ok(true);
    }
    let in_guides = core.engine.platforms().await.into_iter().any(|listing| {
        let capabilities = listing.capabilities;
        let in_consent = capabilities
            .consent
            .is_some_and(|(_, links)| links.iter().any(|(_, link)| *link == address));
        let in_steps = capabilities
            .developer_guide
            .iter()
            .any(|step| step.split_whitespace().any(|word| word == address));
        in_consent || in_steps
    });
    if in_guides {
        return Ok(true);
    }
    let posts = core.engine.posts().await?;
    let receipts = posts
        .iter()
        .flat_map(|post| &post.publications)
        .filter_map(|each| each.receipt.as_ref());
    Ok(receipts
        .into_iter()
        .any(|receipt| receipt.url.as_deref() == Some(address)))
}
