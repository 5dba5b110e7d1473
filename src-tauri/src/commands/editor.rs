//! The editor: what a timeline is drawn from, and edits as text.

use std::path::Path;

use daypart_app::wire;
use daypart_engine::EditReceiver;
use daypart_ipc::{self as ipc, convert::parse_id, editor_command as command};
use tauri::{State, WebviewWindow};
use tauri_plugin_dialog::DialogExt;

use super::{Answer, Request};
use crate::core::Shell;

const PICTURE_ENDINGS: &[&str] = &["jpg", "jpeg", "png", "webp"];
const CAPTION_ENDINGS: &[&str] = &["srt", "vtt"];

#[tauri::command]
pub async fn timeline(
    shell: State<'_, Shell>,
    request: Request<command::timeline>,
) -> Answer<command::timeline> {
    let core = shell.core().await?;
    Ok(wire::timeline(&core.engine, parse_id(&request.asset_id)?).await?)
}

#[tauri::command]
pub async fn open_strip(
    shell: State<'_, Shell>,
    request: Request<command::open_strip>,
) -> Answer<command::open_strip> {
    let core = shell.core().await?;
    let asset = parse_id(&request.asset_id)?;
    let strip = core
        .engine
        .open_strip(asset, wire::strip_request(&request))
        .await?;
    Ok(ipc::OpenStripResponse {
        strip_id: strip.to_string(),
    })
}

#[tauri::command]
pub async fn close_strip(
    shell: State<'_, Shell>,
    request: Request<command::close_strip>,
) -> Answer<command::close_strip> {
    shell
        .core()
        .await?
        .engine
        .close_strip(parse_id(&request.strip_id)?);
    Ok(())
}

#[tauri::command]
pub async fn waveform(
    shell: State<'_, Shell>,
    request: Request<command::waveform>,
) -> Answer<command::waveform> {
    let core = shell.core().await?;
    Ok(wire::waveform(&core.engine, &request).await?)
}

#[tauri::command]
pub async fn frame(shell: State<'_, Shell>, request: Request<command::frame>) -> Answer<command::frame> {
    let core = shell.core().await?;
    let asset = parse_id(&request.asset_id)?;
    let (at_us, picture) = core.engine.frame(asset, request.at_us, request.height_px).await?;
    Ok(ipc::Frame {
        url: core.preview.frame_url(picture),
        at_us,
    })
}

#[tauri::command]
pub async fn suggest_covers(
    shell: State<'_, Shell>,
    request: Request<command::suggest_covers>,
) -> Answer<command::suggest_covers> {
    let core = shell.core().await?;
    let found = core.engine.suggest_covers(parse_id(&request.asset_id)?).await?;
    Ok(wire::cover_suggestions(found, &|picture| {
        core.preview.frame_url(picture)
    }))
}

#[tauri::command]
pub async fn own_cover(
    shell: State<'_, Shell>,
    request: Request<command::own_cover>,
) -> Answer<command::own_cover> {
    let core = shell.core().await?;
    let account = request.account_id.as_deref().map(parse_id).transpose()?;
    let cover = core
        .engine
        .own_cover(parse_id(&request.post_id)?, account)
        .await?;
    Ok(cover.map(|cover| {
        edit_file(
            Path::new(&cover.path),
            Some(core.preview.frame_url(cover.picture)),
        )
    }))
}

#[tauri::command]
pub async fn plan_post(
    shell: State<'_, Shell>,
    request: Request<command::plan_post>,
) -> Answer<command::plan_post> {
    let core = shell.core().await?;
    let planned = core.engine.plan_post(parse_id(&request.id)?).await?;
    Ok(planned.into_iter().map(wire::rendition).collect())
}

#[tauri::command]
pub async fn export_edit(
    shell: State<'_, Shell>,
    request: Request<command::export_edit>,
) -> Answer<command::export_edit> {
    let core = shell.core().await?;
    let id = parse_id(&request.id)?;
    let overview = core.engine.post(id).await?;
    let name = overview
        .asset
        .as_ref()
        .map_or("video", |overview| overview.asset.file_name());
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(ipc::EditText {
        document: core.engine.export_edit(id).await?,
        file_name: format!("{stem}.edit.json"),
    })
}

#[tauri::command]
pub async fn apply_edit(
    shell: State<'_, Shell>,
    request: Request<command::apply_edit>,
) -> Answer<command::apply_edit> {
    let core = shell.core().await?;
    let to = match request.to {
        ipc::EditTarget::Posts { post_ids } => {
            EditReceiver::Posts(post_ids.iter().map(|id| parse_id(id)).collect::<Result<_, _>>()?)
        }
        ipc::EditTarget::Asset { asset_id } => EditReceiver::Asset(parse_id(&asset_id)?),
    };
    let mut posts = Vec::new();
    for overview in core.engine.apply_edit(&request.document, &to).await? {
        posts.push(wire::post(&core.engine, overview).await?);
    }
    Ok(posts)
}

#[tauri::command]
pub async fn pick_edit_file(
    shell: State<'_, Shell>,
    window: WebviewWindow,
    request: Request<command::pick_edit_file>,
) -> Answer<command::pick_edit_file> {
    let (title, kind, endings) = match request.kind {
        ipc::EditFileKind::CoverImage => ("Choose a cover picture", "Pictures", PICTURE_ENDINGS),
        ipc::EditFileKind::Captions => ("Choose captions", "Captions", CAPTION_ENDINGS),
    };
    let (answer, picked) = tokio::sync::oneshot::channel();
    window
        .dialog()
        .file()
        .set_parent(&window)
        .set_title(title)
        .add_filter(kind, endings)
        .pick_file(move |file| {
            // The window may have been closed in the meantime: then nobody waits for the answer.
            let _ = answer.send(file);
        });
    let picked = picked.await.ok().flatten().and_then(|file| file.into_path().ok());
    let Some(path) = picked else {
        return Ok(None);
    };
    // The window is shown what Daypart decoded and compressed itself, and only of what the user picked.
    let url = match request.kind {
        ipc::EditFileKind::CoverImage => {
            let core = shell.core().await?;
            Some(core.preview.frame_url(core.engine.show_own_cover(&path).await?))
        }
        ipc::EditFileKind::Captions => None,
    };
    Ok(Some(edit_file(&path, url)))
}

fn edit_file(path: &Path, url: Option<String>) -> ipc::EditFile {
    ipc::EditFile {
        file_name: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        path: path.to_string_lossy().into_owned(),
        url,
    }
}
