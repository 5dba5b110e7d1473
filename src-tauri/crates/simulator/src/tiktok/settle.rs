//! What happens on TikTok by itself as time passes: processing, moderation, revoked access.

use serde_json::json;

use crate::probe::{Looked, VideoFacts};
use crate::tiktok::{Kind, PostState, Publish, TIKTOK};
use crate::world::World;

const CODECS: [&str; 4] = ["h264", "hevc", "vp8", "vp9"];
const CONTAINERS: [&str; 3] = ["mp4", "mov", "webm"];

/// Applies what is due.
pub(crate) fn settle(world: &mut World) {
    let settings = world.tiktok.settings();
    let now_ms = world.now_ms;
    let processed = |p: &Publish| {
        p.state == PostState::Processing
            && p.looked.is_some()
            && p.complete_ms
                .is_some_and(|at| at + settings.processing_ms <= now_ms)
    };
    for id in world.tiktok.publishes.keys_where(processed) {
        finish_processing(world, &id);
    }
    let moderated = |p: &Publish| {
        waits_for_moderation(p)
            && p.published_ms
                .is_some_and(|at| at + settings.moderation_ms <= now_ms)
    };
    for id in world.tiktok.publishes.keys_where(moderated) {
        let Some(publish) = world.tiktok.publishes.edit(&id) else {
            continue;
        };
        publish.public = true;
        let (account, remote_id) = (publish.account.clone(), publish.remote_id.clone());
        world.raise(
            "public",
            TIKTOK,
            Some(&account),
            remote_id.as_deref(),
            json!({"publish_id": id}),
        );
    }
}

fn waits_for_moderation(publish: &Publish) -> bool {
    publish.state == PostState::Published && publish.wants_public() && !publish.public
}

fn finish_processing(world: &mut World, id: &str) {
    let Some(publish) = world.tiktok.publishes.get(id).cloned() else {
        return;
    };
    if let Some(reason) = fault_of(world, &publish) {
        fail(world, id, reason);
        return;
    }
    let now_ms = world.now_ms;
    let (state, event) = match publish.kind {
        Kind::Direct => (PostState::Published, "published"),
        Kind::Inbox => (PostState::Inbox, "inbox"),
    };
    if let Some(row) = world.tiktok.publishes.edit(id) {
        row.state = state;
        row.published_ms = Some(now_ms);
    }
    let remote_id = publish.remote_id.as_deref();
    world.raise(
        event,
        TIKTOK,
        Some(&publish.account),
        remote_id,
        json!({"publish_id": id}),
    );
}

fn fault_of(world: &World, publish: &Publish) -> Option<&'static str> {
    let creator = world.creator(&publish.account)?;
    match publish.looked.as_ref()? {
        Looked::Unknown => None,
        Looked::NoVideo => Some("file_format_check_failed"),
        Looked::Video(facts) => media_fault(facts, creator.max_video_post_duration_sec),
    }
}

/// Which rule of the contract's section 5 the file breaks.
fn media_fault(facts: &VideoFacts, max_duration_s: u64) -> Option<&'static str> {
    if !CONTAINERS.contains(&facts.container.as_str()) || !CODECS.contains(&facts.codec.as_str()) {
        return Some("file_format_check_failed");
    }
    if facts.duration_s > max_duration_s.min(600) as f64 + 0.5 {
        return Some("duration_check_failed");
    }
    if !(22.9..=60.1).contains(&facts.fps) {
        return Some("frame_rate_check_failed");
    }
    let side = 360..=4096;
    (!side.contains(&facts.width) || !side.contains(&facts.height)).then_some("picture_size_check_failed")
}

fn fail(world: &mut World, id: &str, reason: &str) {
    let Some(publish) = world.tiktok.publishes.edit(id) else {
        return;
    };
    publish.state = PostState::Failed;
    publish.fail_reason = Some(reason.to_owned());
    let account = publish.account.clone();
    world.raise(
        "failed",
        TIKTOK,
        Some(&account),
        Some(id),
        json!({"publish_id": id, "fail_reason": reason}),
    );
}

/// Access was removed while something was under way.
pub(crate) fn fail_open_posts_of(world: &mut World, grant_id: &str) {
    let open = |p: &Publish| {
        p.grant == grant_id
            && matches!(
                p.state,
                PostState::Uploading | PostState::Downloading | PostState::Processing
            )
    };
    for id in world.tiktok.publishes.keys_where(open) {
        let upload_id = world.tiktok.publishes.get(&id).and_then(|p| p.upload_id.clone());
        if let Some(upload) = upload_id.and_then(|id| world.uploads.edit(&id)) {
            upload.gone = upload.complete_ms.is_none();
        }
        fail(world, &id, "auth_removed");
    }
}

/// When [`settle`] will next have something to do.
pub(crate) fn next_due_ms(world: &World) -> Option<i64> {
    let settings = world.tiktok.settings();
    let due = |p: &Publish| match p.state {
        PostState::Processing if p.looked.is_some() => p.complete_ms.map(|at| at + settings.processing_ms),
        _ if waits_for_moderation(p) => p.published_ms.map(|at| at + settings.moderation_ms),
        _ => None,
    };
    world.tiktok.publishes.values().filter_map(due).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip() -> VideoFacts {
        VideoFacts {
            container: "mp4".to_owned(),
            codec: "h264".to_owned(),
            width: 1080,
            height: 1920,
            fps: 30.0,
            duration_s: 12.0,
        }
    }

    #[test]
    fn each_media_rule_has_its_own_reason() {
        assert_eq!(media_fault(&clip(), 180), None);
        assert_eq!(
            media_fault(
                &VideoFacts {
                    fps: 24000.0 / 1001.0,
                    ..clip()
                },
                180
            ),
            None
        );
        let reason = |facts| media_fault(&facts, 180);
        assert_eq!(
            reason(VideoFacts {
                container: "matroska".into(),
                ..clip()
            }),
            Some("file_format_check_failed")
        );
        assert_eq!(
            reason(VideoFacts {
                codec: "mpeg4".into(),
                ..clip()
            }),
            Some("file_format_check_failed")
        );
        assert_eq!(
            reason(VideoFacts {
                duration_s: 181.0,
                ..clip()
            }),
            Some("duration_check_failed")
        );
        assert_eq!(
            reason(VideoFacts { fps: 15.0, ..clip() }),
            Some("frame_rate_check_failed")
        );
        assert_eq!(
            reason(VideoFacts { width: 320, ..clip() }),
            Some("picture_size_check_failed")
        );
    }
}
