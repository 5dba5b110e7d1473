//! E7: only a running pull can be cancelled.

use std::sync::Arc;

use crate::app::App;
use crate::call::{Answer, Call};
use crate::tiktok::PostState;
use crate::tiktok::envelope::{ok_without_data, refuse};
use crate::tiktok::guard::{Window, admit, json_body};
use crate::tiktok::status::own_publish;

const WINDOW: Window = Window {
    name: "cancel",
    per_min: |s| s.status_per_min,
};

pub(crate) async fn cancel(app: Arc<App>, call: Call) -> Answer {
    let grant = admit(&app, &call, &["video.publish", "video.upload"], &WINDOW)?;
    app.change(|world| {
        let settings = world.tiktok.settings();
        let body = json_body(&call, settings.singular_invalid_param, false)?;
        let publish = own_publish(world, &settings, &grant, &body)?;
        if publish.state != PostState::Downloading {
            return Err(refuse(
                400,
                "publish_not_cancellable",
                "The post can no longer be cancelled.",
            ));
        }
        let id = publish.id.clone();
        if let Some(publish) = world.tiktok.publishes.edit(&id) {
            publish.state = PostState::Failed;
            publish.fail_reason = Some("publish_cancelled".to_owned());
        }
        Ok(ok_without_data())
    })?
}
