//! What is added to a live post fails alone.

use std::time::Duration;

use daypart_domain::{
    edit::{Aspect, Captions, Cover, Edit, Framing, KeptRange},
    extra::{Extra, ExtraState},
    ids::PostId,
    post::{Content, Destination},
    problem::{ErrorCode, Problem},
    publication_state::PublicationState,
};
use daypart_engine::{PostDraft, ScheduleWhen};

use crate::{
    platform::{ScriptedPlatform, busy},
    world::World,
};

async fn publish_with_cover(world: &World) -> daypart_domain::ids::PostId {
    let draft = world.draft("with a cover").await;
    let content = Content {
        cover: Some(Cover::At { at_us: 1_000_000 }),
        ..Content::default()
    };
    let destinations = vec![Destination {
        account_id: world.account.id,
        content,
    }];
    let post = draft.id.unwrap();
    let covered = PostDraft {
        destinations,
        ..draft
    };
    world.engine.save_post(&covered).await.unwrap();
    world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .unwrap();
    world.until(post, PublicationState::Published).await;
    post
}

#[tokio::test]
async fn a_cover_is_added_once_the_post_is_live() {
    let world = World::new().await;
    let post = publish_with_cover(&world).await;
    world
        .until_that(post, "covered", |publication| {
            publication
                .extras
                .iter()
                .all(|extra| extra.state == ExtraState::Done)
                && !publication.extras.is_empty()
        })
        .await;
    assert_eq!(world.platform.remote().extras_made, ["cover"]);
}

#[tokio::test]
async fn a_passing_fault_is_tried_again_without_touching_the_post() {
    let world = World::new().await;
    world.platform.remote().extra_answers.push_back(busy());
    let post = publish_with_cover(&world).await;
    let waiting = world
        .until_that(post, "waiting", |publication| {
            publication
                .extras
                .iter()
                .any(|extra| matches!(extra.state, ExtraState::Waiting { problem: Some(_) }))
        })
        .await;
    assert_eq!(
        (waiting.state, waiting.problem),
        (PublicationState::Published, None)
    );
    world.clock.advance(Duration::from_secs(120));
    world
        .until_that(post, "covered", |publication| {
            publication.extras[0].state == ExtraState::Done
        })
        .await;
    assert_eq!(world.platform.remote().posts, [1], "one post");
}

#[tokio::test]
async fn a_refused_cover_is_told_and_can_be_asked_for_again() {
    let world = World::new().await;
    let refused = Problem::permanent(ErrorCode::new("test.cover"), "this cover is too large");
    world.platform.remote().extra_answers.push_back(refused);
    let post = publish_with_cover(&world).await;
    let failed = world
        .until_that(post, "refused", |publication| {
            matches!(
                publication.extras.first().map(|extra| &extra.state),
                Some(ExtraState::Failed { .. })
            )
        })
        .await;
    assert_eq!(failed.state, PublicationState::Published);

    world.engine.retry_publication(failed.id).await.unwrap();
    world
        .until_that(post, "covered", |publication| {
            publication.extras[0].state == ExtraState::Done
        })
        .await;
    assert_eq!(world.platform.remote().posts, [1], "one post");
}

/// A post of the clip with this edit, sent at once to a platform that takes covers and captions.
async fn publish_edited(world: &World, edit: Edit) -> PostId {
    let draft = world.draft("edited").await;
    let post = draft.id.unwrap();
    let edited = PostDraft {
        edit: Some(edit),
        ..draft
    };
    world.engine.save_post(&edited).await.unwrap();
    world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .unwrap();
    world.until(post, PublicationState::Published).await;
    post
}

async fn until_settled(world: &World, post: PostId) -> Vec<Extra> {
    let settled = world
        .until_that(post, "settled", |publication| {
            let waits = publication.extras.iter().any(Extra::is_waiting);
            !publication.extras.is_empty() && !waits
        })
        .await;
    settled.extras
}

#[tokio::test]
async fn the_cover_is_framed_like_the_video_and_its_file_does_not_stay() {
    let world = World::at_platform(ScriptedPlatform::adding_early).await;
    let edit = Edit {
        ranges: vec![KeptRange::new(1_000_000, 3_000_000)],
        framing: Framing {
            aspect: Aspect::Square,
            ..Framing::default()
        },
        cover: Some(Cover::At { at_us: 2_000_000 }),
        ..Edit::default()
    };
    let post = publish_edited(&world, edit).await;
    let extras = until_settled(&world, post).await;
    assert_eq!(extras[0].state, ExtraState::Done);
    let remote = world.platform.remote();
    assert_eq!(remote.cover_times_ms, [Some(1_000)], "in the edited video");
    assert_eq!(size_of_jpeg(&remote.cover_jpeg), (720, 720));
    assert!(remote.cover_jpeg.len() <= 2_000_000);
    assert!(remote.file_paths.iter().all(|path| !path.exists()));
}

#[tokio::test]
async fn captions_go_along_as_they_are_timed_in_the_edited_video() {
    let world = World::at_platform(ScriptedPlatform::adding_early).await;
    let captions = world.clip.with_file_name("words.srt");
    std::fs::write(
        &captions,
        "1\n00:00:00,200 --> 00:00:00,800\ncut away\n\n2\n00:00:02,000 --> 00:00:02,500\nkept\n",
    )
    .unwrap();
    let edit = Edit {
        ranges: vec![KeptRange::new(1_000_000, 3_000_000)],
        captions: Some(Captions {
            path: captions.to_str().unwrap().to_owned(),
            burned_in: false,
        }),
        ..Edit::default()
    };
    let post = publish_edited(&world, edit).await;
    until_settled(&world, post).await;
    let remote = world.platform.remote();
    assert_eq!(remote.extras_made, ["captions"]);
    assert_eq!(remote.captions_srt, "1\n00:00:01,000 --> 00:00:01,500\nkept\n\n");
    assert!(remote.file_paths.iter().all(|path| !path.exists()));
}

#[tokio::test]
async fn an_own_picture_that_is_gone_fails_alone_and_can_be_put_back() {
    let world = World::at_platform(ScriptedPlatform::adding_early).await;
    let picture = world.clip.with_file_name("own.png");
    let edit = Edit {
        cover: Some(Cover::Image {
            path: picture.to_str().unwrap().to_owned(),
        }),
        ..Edit::default()
    };
    let post = publish_edited(&world, edit).await;
    let extras = until_settled(&world, post).await;
    let ExtraState::Failed { problem } = &extras[0].state else {
        panic!("{extras:?}");
    };
    assert_eq!(problem.code.as_str(), "file.missing");
    assert_eq!(
        world.platform.remote().cover_times_ms,
        [None],
        "no frame of the video"
    );

    let made = std::process::Command::new("ffmpeg")
        .args([
            "-nostdin",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=red:s=64x48",
        ])
        .args(["-frames:v", "1"])
        .arg(&picture)
        .status();
    assert!(made.unwrap().success());
    let id = world.publication(post).await.id;
    world.engine.retry_publication(id).await.unwrap();
    until_settled(&world, post).await;
    assert_eq!(size_of_jpeg(&world.platform.remote().cover_jpeg), (64, 48));
    assert_eq!(world.platform.remote().posts, [1], "one post");
}

/// From the frame header (ITU T.81, B.2.2).
fn size_of_jpeg(jpeg: &[u8]) -> (u16, u16) {
    let mut at = 2;
    loop {
        let (marker, length) = (jpeg[at + 1], u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if (0xC0..=0xC2).contains(&marker) {
            let side = |from: usize| u16::from_be_bytes([jpeg[from], jpeg[from + 1]]);
            return (side(at + 7), side(at + 5));
        }
        at += 2 + usize::from(length);
    }
}
