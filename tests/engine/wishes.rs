//! What the user wishes of a post's files, and what looking at its video finds out, decide what is made and said.

use std::{collections::BTreeMap, path::Path, process::Command};

use daypart_domain::{
    asset::AssetState,
    edit::{Aspect, Edit},
    ids::{AssetId, PostId},
    publication_state::PublicationState,
    transcode_plan::{EncodeWish, Quality, Rung, Wishes},
};
use daypart_engine::{AddOutcome, EngineEvent, PostDraft, ScheduleWhen};

use crate::world::World;

fn wishing(encode: EncodeWish) -> Wishes {
    Wishes {
        encode,
        ..Wishes::sending()
    }
}

async fn rules(world: &World, post: PostId) -> Vec<String> {
    let checks = world.engine.check_post(post, &BTreeMap::new()).await.unwrap();
    let preflight = &checks[0].preflight;
    preflight
        .blockers
        .iter()
        .map(|blocker| blocker.code.to_owned())
        .chain(preflight.findings.iter().map(|finding| finding.rule.clone()))
        .collect()
}

#[tokio::test]
async fn a_wish_is_kept_with_the_post_and_followed() {
    let world = World::new().await;
    let draft = world.draft("as I like it").await;
    let post = draft.id.unwrap();
    let before = world.engine.plan_post(post).await.unwrap();
    assert_eq!(before[0].rendition.plan.rung, Rung::AsIs);
    let wishes = Wishes {
        quality: Quality::Smaller,
        ..wishing(EncodeWish::Always)
    };
    world
        .engine
        .save_post(&PostDraft { wishes, ..draft })
        .await
        .unwrap();
    assert_eq!(world.engine.post(post).await.unwrap().post.wishes, wishes);
    let planned = world.engine.plan_post(post).await.unwrap();
    assert_eq!(planned[0].rendition.plan.rung, Rung::Encode);
    assert_eq!(planned[0].rendition.plan.reasons, ["You asked for new video."]);

    world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .unwrap();
    world.until(post, PublicationState::Published).await;
    let source_bytes = std::fs::metadata(&world.clip).unwrap().len();
    let received = world.platform.remote().bytes_received;
    assert!(
        received > 0 && received != source_bytes,
        "the platform has another file"
    );
}

#[tokio::test]
async fn what_only_new_video_would_do_blocks_a_post_that_rules_it_out() {
    let world = World::new().await;
    let draft = world.draft("square").await;
    let post = draft.id.unwrap();
    let mut edit = Edit::default();
    edit.framing.aspect = Aspect::Square;
    let wishes = wishing(EncodeWish::Never);
    let draft = PostDraft {
        edit: Some(edit),
        wishes,
        ..draft
    };
    world.engine.save_post(&draft).await.unwrap();
    assert!(rules(&world, post).await.contains(&"media.ruled_out".to_owned()));
    let refused = world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .expect_err("blocked");
    assert_eq!(refused.code.as_str(), "post.blocked");
    assert_eq!(
        refused.details,
        ["The edit changes the picture. Only new video would do it, which you ruled out."]
    );
    let allowed = PostDraft {
        wishes: Wishes::sending(),
        ..draft
    };
    world.engine.save_post(&allowed).await.unwrap();
    assert!(!rules(&world, post).await.contains(&"media.ruled_out".to_owned()));
}

/// A letterboxed clip without sound to speak of, black at first and still at last.
fn make_clip(path: &Path) {
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i"])
        .arg("testsrc2=s=320x180:r=10:d=4")
        .args(["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-shortest"])
        .args(["-vf", "fade=t=in:st=2:d=1,pad=320:300:0:60"])
        .args([
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "5",
            "-pix_fmt",
            "yuv420p",
        ])
        .args(["-c:a", "aac", "-movflags", "+faststart"])
        .arg(path)
        .status()
        .unwrap();
    assert!(made.success());
}

async fn added(world: &World, path: &Path) -> AssetId {
    let mut news = world.engine.subscribe();
    let paths = [path.to_str().unwrap().to_owned()];
    let outcomes = world.engine.add_assets(&paths).await.unwrap();
    let AddOutcome::Added(asset) = &outcomes[0] else {
        panic!("refused");
    };
    let id = asset.id;
    while world.engine.asset(id).await.unwrap().asset.state == AssetState::Probing {
        news.recv().await.unwrap();
    }
    id
}

#[tokio::test]
async fn what_looking_at_a_video_finds_is_told_once_it_is_opened() {
    let world = World::new().await;
    let clip = world.clip.with_file_name("dark.mp4");
    make_clip(&clip);
    let asset = added(&world, &clip).await;
    let draft = PostDraft {
        asset_id: Some(asset),
        ..world.draft("look").await
    };
    let post = draft.id.unwrap();
    world.engine.save_post(&draft).await.unwrap();
    let wanted = [
        "video.black_bars",
        "video.first_frame_black",
        "video.black",
        "audio.silent",
    ];
    let before = rules(&world, post).await;
    assert!(
        wanted.iter().all(|rule| !before.contains(&(*rule).to_owned())),
        "nobody has looked yet: {before:?}"
    );

    let mut news = world.engine.subscribe();
    world.engine.timeline(asset).await.unwrap();
    loop {
        let found = rules(&world, post).await;
        if wanted.iter().all(|rule| found.contains(&(*rule).to_owned())) {
            break;
        }
        while news.recv().await.unwrap() != EngineEvent::TimelineChanged(asset) {}
    }
}

#[tokio::test]
async fn the_graphics_card_is_used_only_when_it_is_allowed_and_passes() {
    let world = World::new().await;
    let draft = world.draft("quick").await;
    let post = draft.id.unwrap();
    let wishes = wishing(EncodeWish::Always);
    world
        .engine
        .save_post(&PostDraft { wishes, ..draft })
        .await
        .unwrap();
    let untried = world.engine.graphics_card().await.unwrap();
    assert_eq!((untried.is_allowed, untried.encoders), (false, None));
    let tried = world.engine.allow_graphics_card(true).await.unwrap();
    let passed = tried.encoders.expect("a trial was made");
    let planned = world.engine.plan_post(post).await.unwrap();
    let target = planned[0].rendition.plan.target.clone().unwrap();
    assert_eq!(target.hardware, passed.first().copied());
    assert!(
        world.engine.graphics_card().await.unwrap().is_allowed,
        "it is kept"
    );
    let forbidden = world.engine.allow_graphics_card(false).await.unwrap();
    assert_eq!(forbidden.encoders, None);
}
