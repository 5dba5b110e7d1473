//! Looks at a completed file in the background and writes down what it is.

use std::sync::Arc;

use crate::app::App;
use crate::probe::{Looked, look_at};
use crate::tiktok::PostState;
use crate::world::Platform;

/// Starts looking at the file of a completed upload. Its post cannot leave processing before this is done.
pub(crate) fn spawn(app: Arc<App>, upload_id: String) {
    tokio::spawn(async move {
        let stopping = app.stopping.clone();
        tokio::select! {
            () = stopping.cancelled() => {}
            () = examine(&app, &upload_id) => {}
        }
    });
}

async fn examine(app: &Arc<App>, upload_id: &str) {
    let wanted = app.look(|world| {
        let upload = world.uploads.get(upload_id)?;
        Some(match upload.platform {
            Platform::TikTok => world.tiktok.settings().probe,
            Platform::YouTube => world.youtube.settings().probe,
        })
    });
    let looked = match wanted {
        Some(true) => look_at(&app.blobs.path(upload_id)).await,
        Some(false) => Looked::Unknown,
        None => return,
    };
    let written = app.change(|world| {
        let Some(upload) = world.uploads.get(upload_id) else {
            return;
        };
        let (publish_id, remote_id) = (upload.publish_id.clone(), upload.remote_id.clone());
        match upload.platform {
            Platform::TikTok => {
                if let Some(publish) = publish_id.and_then(|id| world.tiktok.publishes.edit(&id)) {
                    publish.looked = Some(looked);
                }
            }
            Platform::YouTube => {
                if let Some(video) = remote_id.and_then(|id| world.youtube.videos.edit(&id)) {
                    video.looked = Some(looked);
                }
            }
        }
    });
    if let Err(source) = written {
        tracing::error!(%source, upload_id, "the result of looking at a file could not be written");
    }
}

/// Files whose examination was cut short by the end of the process.
pub(crate) fn resume(app: &Arc<App>) {
    let unfinished = app.look(|world| {
        let tiktok = world.tiktok.publishes.values();
        let tiktok = tiktok.filter(|p| p.state == PostState::Processing && p.looked.is_none());
        let youtube = world.youtube.videos.values().filter(|v| v.looked.is_none());
        let ids = tiktok
            .filter_map(|p| p.upload_id.clone())
            .chain(youtube.map(|v| v.upload_id.clone()));
        ids.collect::<Vec<_>>()
    });
    for upload_id in unfinished {
        spawn(app.clone(), upload_id);
    }
}
