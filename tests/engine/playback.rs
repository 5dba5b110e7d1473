//! What the window is given to play, and captions on their way into the picture; with real clips and the real ffmpeg.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use daypart_domain::{
    asset::AssetState,
    edit::{Captions, Edit},
    ids::{AssetId, PostId},
    publication_state::PublicationState,
};
use daypart_engine::{AddOutcome, Playback, PostDraft, ScheduleWhen};
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::MediaProbe as _;

use crate::world::World;

/// A clip of `length_s` that no web view is trusted with; `seed` tells one from another.
fn ten_bit(world: &World, seed: u32, length_s: u32) -> PathBuf {
    let path = world.clip.with_file_name(format!("ten bit {seed}.mov"));
    let picture = format!("testsrc2=s=320x180:r=30:d={length_s},hue=h={}", seed * 30);
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", &picture])
        .args([
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv422p10le",
        ])
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success());
    path
}

async fn added(world: &World, path: &Path) -> AssetId {
    let mut news = world.engine.subscribe();
    let outcomes = world
        .engine
        .add_assets(&[path.to_str().unwrap().to_owned()])
        .await
        .unwrap();
    let id = match &outcomes[0] {
        AddOutcome::Added(asset) | AddOutcome::AlreadyThere(asset) => asset.id,
        AddOutcome::Refused { problem, .. } => panic!("{problem}"),
    };
    while world.engine.asset(id).await.unwrap().asset.state == AssetState::Probing {
        news.recv().await.unwrap();
    }
    id
}

async fn look(world: &World, id: AssetId) -> Playback {
    world.engine.playback(id, false, false).await.unwrap()
}

/// Everything that is told from now until `is_it`, which comes last.
async fn until(world: &World, id: AssetId, is_it: impl Fn(&Playback) -> bool) -> Vec<Playback> {
    let mut news = world.engine.subscribe();
    let waiting = async {
        let mut told = Vec::new();
        loop {
            let now = world.engine.playback_now(id).await.unwrap();
            let done = is_it(&now);
            told.push(now);
            if done {
                return told;
            }
            news.recv().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .expect("no such playback within 60 s")
}

fn is_copy(playback: &Playback) -> bool {
    *playback == Playback::Copy
}

#[tokio::test]
async fn a_clip_that_every_web_view_plays_is_played_as_it_is() {
    let world = World::new().await;
    let id = added(&world, &world.clip).await;
    assert_eq!(look(&world, id).await, Playback::Itself);
    let none = world.engine.playback_copy_file(id).await.expect_err("no copy");
    assert_eq!(none.code.as_str(), "preview.no_copy");
}

#[tokio::test]
async fn what_no_web_view_plays_gets_a_copy_when_it_is_opened_and_not_before() {
    let world = World::new().await;
    let clip = ten_bit(&world, 1, 20);
    let id = added(&world, &clip).await;
    assert!(!world.clip.with_file_name("proxies").exists());

    let begun = look(&world, id).await;
    assert_eq!(
        begun,
        Playback::Making {
            why: "10-bit video".into(),
            progress: None
        }
    );
    let told = until(&world, id, is_copy).await;
    let progress = told.iter().find_map(|playback| match playback {
        Playback::Making { progress, .. } => *progress,
        _ => None,
    });
    assert_eq!(progress.expect("progress was told").total_ms, 20_000);

    let copy = world.engine.playback_copy_file(id).await.unwrap();
    let info = Media::new(MediaToolbox::locate()).probe(&copy).await.unwrap();
    assert_eq!(
        (info.video.codec.as_str(), info.video.bit_depth, info.duration_ms),
        ("h264", 8, 20_000)
    );
    // Lost with the rest of the cache, it is made again.
    std::fs::remove_file(&copy).unwrap();
    assert!(matches!(look(&world, id).await, Playback::Making { .. }));
    until(&world, id, is_copy).await;
    assert!(copy.exists());
}

#[tokio::test]
async fn a_clip_that_this_web_view_gives_up_on_gets_a_copy_too() {
    let world = World::new().await;
    let id = added(&world, &world.clip).await;
    let refused = world.engine.playback(id, true, false).await.unwrap();
    assert!(
        matches!(&refused, Playback::Making { why, .. } if why == "this video"),
        "{refused:?}"
    );
    until(&world, id, is_copy).await;
    assert_eq!(look(&world, id).await, Playback::Copy);
}

#[tokio::test]
async fn a_copy_that_is_called_off_leaves_nothing_and_is_made_when_asked_for_again() {
    let world = World::new().await;
    let id = added(&world, &ten_bit(&world, 1, 60)).await;
    look(&world, id).await;
    until(&world, id, |playback| {
        matches!(
            playback,
            Playback::Making {
                progress: Some(_),
                ..
            }
        )
    })
    .await;
    world.engine.stop_playback_copy(id).await.unwrap();
    assert!(matches!(look(&world, id).await, Playback::Stopped { .. }));
    assert!(matches!(
        world.engine.playback(id, false, true).await.unwrap(),
        Playback::Making { progress: None, .. }
    ));
    until(&world, id, is_copy).await;
    let kept: Vec<_> = std::fs::read_dir(world.clip.with_file_name("proxies"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "part"))
        .collect();
    assert_eq!(kept, Vec::<PathBuf>::new());
}

#[tokio::test]
async fn the_clip_that_is_opened_last_comes_first() {
    let world = World::new().await;
    let first = added(&world, &ten_bit(&world, 1, 120)).await;
    let second = added(&world, &ten_bit(&world, 2, 1)).await;
    look(&world, first).await;
    look(&world, second).await;
    until(&world, second, is_copy).await;
    let left = world
        .engine
        .playback_copy_file(first)
        .await
        .expect_err("given up");
    assert_eq!(left.code.as_str(), "preview.no_copy");
    // Whoever comes back to it gets it.
    assert!(matches!(look(&world, first).await, Playback::Making { .. }));
    until(&world, first, is_copy).await;
}

#[tokio::test]
async fn a_copy_that_cannot_be_made_says_why_and_may_be_tried_again() {
    let world = World::new().await;
    let clip = ten_bit(&world, 1, 1);
    let id = added(&world, &clip).await;
    let away = clip.with_extension("away");
    std::fs::rename(&clip, &away).unwrap();
    look(&world, id).await;
    let told = until(&world, id, |playback| matches!(playback, Playback::Failed { .. })).await;
    let Some(Playback::Failed { problem, .. }) = told.last() else {
        panic!("{told:?}");
    };
    assert!(problem.message.contains("ten bit 1.mov"), "{problem}");
    assert!(matches!(look(&world, id).await, Playback::Failed { .. }));
    std::fs::rename(&away, &clip).unwrap();
    world.engine.playback(id, false, true).await.unwrap();
    until(&world, id, is_copy).await;
}

/// Captions for a clip that is small and short, so that drawing them takes a moment.
async fn world_with_captions() -> (World, PathBuf) {
    let world = World::new().await;
    let made = Command::new("ffmpeg")
        .args([
            "-nostdin",
            "-v",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=360x640:r=24:d=3.2",
        ])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"])
        .arg(&world.clip)
        .status()
        .unwrap();
    assert!(made.success());
    let captions = world.clip.with_file_name("words.srt");
    (world, captions)
}

const WORDS: &str = "1\n00:00:00,500 --> 00:00:03,000\nGood morning\n";

async fn draft_with_captions(world: &World, captions: &Path) -> PostId {
    let draft = PostDraft {
        edit: Some(Edit {
            captions: Some(Captions {
                path: captions.to_str().unwrap().to_owned(),
                burned_in: true,
            }),
            ..Edit::default()
        }),
        ..world.draft("with captions").await
    };
    world.engine.save_post(&draft).await.unwrap().post.id
}

async fn post_with_captions(world: &World, captions: &Path) -> PostId {
    let id = draft_with_captions(world, captions).await;
    world.engine.schedule_post(id, &ScheduleWhen::Now).await.unwrap();
    id
}

fn renditions(world: &World) -> usize {
    std::fs::read_dir(world.clip.with_file_name("media"))
        .unwrap()
        .filter(|file| {
            file.as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with("rendition-")
        })
        .count()
}

#[tokio::test]
async fn captions_that_changed_are_drawn_anew_and_others_are_not_drawn_twice() {
    let (world, captions) = world_with_captions().await;
    for (words, expected) in [
        (WORDS.to_owned(), 1),
        (WORDS.to_owned(), 1),
        (WORDS.replace("morning", "evening"), 2),
    ] {
        std::fs::write(&captions, words).unwrap();
        let post = post_with_captions(&world, &captions).await;
        world.until(post, PublicationState::Published).await;
        assert_eq!(renditions(&world), expected);
    }
}

#[tokio::test]
async fn a_post_whose_captions_cannot_be_drawn_is_not_scheduled() {
    let (world, captions) = world_with_captions().await;
    let blocked = async |words: &str| {
        let post = draft_with_captions(&world, &captions).await;
        let refused = world.engine.schedule_post(post, &ScheduleWhen::Now).await;
        let problem = refused.expect_err("a post that is blocked");
        assert_eq!(problem.code.as_str(), "post.blocked");
        assert!(
            problem.details.iter().any(|detail| detail.contains(words)),
            "{problem} {:?}",
            problem.details
        );
    };
    blocked("“words.srt” are no longer where they were").await;
    std::fs::write(&captions, "Dear diary,\n").unwrap();
    blocked("“words.srt” cannot be used").await;
}

#[tokio::test]
async fn captions_that_vanish_before_the_time_stop_the_post_and_nothing_is_sent() {
    let (world, captions) = world_with_captions().await;
    std::fs::write(&captions, WORDS).unwrap();
    let post = draft_with_captions(&world, &captions).await;
    let hour = Duration::from_secs(3_600);
    world.engine.schedule_post(post, &world.at(hour)).await.unwrap();
    world.until(post, PublicationState::Ready).await;
    std::fs::remove_file(&captions).unwrap();
    world.clock.advance(hour);
    let stopped = world.until(post, PublicationState::NeedsUser).await;
    assert_eq!(stopped.problem.unwrap().code.as_str(), "captions.missing");
    assert_eq!(world.platform.remote().bytes_received, 0);
}
