//! Pictures in the library, and many files of both kinds at once.

use std::{collections::HashSet, fs, path::Path, process::Command};

use daypart_domain::{
    asset::{Asset, AssetState},
    ids::AssetId,
    picture_info::PictureFormat,
    publication_state::PublicationState,
};
use daypart_engine::{AddOutcome, EngineEvent, PostDraft, ScheduleWhen};

use crate::world::World;

/// A JPEG of 64 × 48.
fn jpeg_at(path: &Path) {
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=64x48"])
        .args(["-frames:v", "1", "-f", "mjpeg"])
        .arg(path)
        .status()
        .expect("ffmpeg is installed");
    assert!(made.success());
}

async fn added(world: &World, path: &Path) -> Asset {
    let path = path.to_str().unwrap().to_owned();
    match world.engine.add_assets(&[path]).await.unwrap().remove(0) {
        AddOutcome::Added(asset) | AddOutcome::AlreadyThere(asset) => asset,
        AddOutcome::Refused { problem, .. } => panic!("{problem}"),
    }
}

async fn asset_when(world: &World, id: AssetId, is_so: impl Fn(&Asset) -> bool) -> Asset {
    let mut news = world.engine.subscribe();
    loop {
        let asset = world.engine.asset(id).await.unwrap().asset;
        if is_so(&asset) {
            return asset;
        }
        let _: Result<EngineEvent, _> = news.recv().await;
    }
}

#[tokio::test]
async fn a_picture_is_measured_and_gets_a_poster_as_a_video_does() {
    let world = World::new().await;
    // Content decides, not the name.
    let path = world.clip.with_file_name("holiday.mp4");
    jpeg_at(&path);
    let asset = added(&world, &path).await;
    let asset = asset_when(&world, asset.id, |asset| asset.poster_file.is_some()).await;
    let info = asset.picture_info().expect("a picture");
    assert_eq!(
        (info.format, info.width_px, info.height_px),
        (PictureFormat::Jpeg, 64, 48)
    );
    assert!(asset.media_info().is_none() && asset.identity.is_some());
    let poster = world.engine.asset(asset.id).await.unwrap().poster_path.unwrap();
    assert!(fs::read(poster).unwrap().starts_with(b"\xFF\xD8"));
}

#[tokio::test]
async fn a_post_with_a_picture_is_stopped_before_anything_is_sent_with_the_platforms_reason() {
    let world = World::new().await;
    let saved = world.draft("a picture instead").await;
    let path = world.clip.with_file_name("photo.jpg");
    jpeg_at(&path);
    let picture = added(&world, &path).await;
    asset_when(&world, picture.id, |asset| asset.state != AssetState::Probing).await;
    let with_picture = PostDraft {
        asset_id: Some(picture.id),
        ..saved
    };
    let post = world.engine.save_post(&with_picture).await.unwrap().post.id;

    let checks = world.engine.check_post(post, &Default::default()).await.unwrap();
    let finding = &checks[0].preflight.findings[0];
    assert_eq!((finding.rule.as_str(), finding.fix), ("file.picture", None));
    assert!(finding.measured.contains("JPEG picture, 64 × 48"), "{finding:?}");
    assert!(finding.sentence.contains("cover of a video"), "{finding:?}");
    let problem = world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .unwrap_err();
    assert_eq!(problem.code.as_str(), "post.blocked");
    assert_eq!(problem.details, vec![finding.sentence.as_str()]);
    let overview = world.engine.post(post).await.unwrap();
    assert_eq!(overview.publications[0].state, PublicationState::Draft);
    assert!(world.engine.plan_post(post).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_picture_has_no_timeline_and_says_so() {
    let world = World::new().await;
    let path = world.clip.with_file_name("photo.jpg");
    jpeg_at(&path);
    let asset = added(&world, &path).await;
    asset_when(&world, asset.id, |asset| asset.state != AssetState::Probing).await;
    let problem = world.engine.timeline(asset.id).await.unwrap_err();
    assert_eq!(problem.code.as_str(), "asset.picture");
    assert!(problem.message.contains("photo.jpg"));
}

#[tokio::test]
async fn two_hundred_videos_and_pictures_dropped_at_once_are_all_measured_and_the_broken_one_fails_alone() {
    const FILES: u32 = 200;
    const BROKEN: u32 = 117;
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model.jpg");
    jpeg_at(&model);
    let (video, picture) = (fs::read(&world.clip).unwrap(), fs::read(&model).unwrap());
    let paths: Vec<String> = (0..FILES)
        .map(|number| {
            // Each differs from all others, behind its end, where nobody minds.
            let mark = [b"\0\0\0\x0Cfree".as_slice(), &number.to_be_bytes()].concat();
            let mut bytes = [if number % 2 == 0 { &video } else { &picture }.as_slice(), &mark].concat();
            if number == BROKEN {
                bytes.truncate(picture.len() / 2);
            }
            let path = folder.path().join(format!("file {number}"));
            fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect();
    let mut news = world.engine.subscribe();
    let outcomes = world.engine.add_assets(&paths).await.unwrap();
    let ids: Vec<AssetId> = outcomes
        .iter()
        .map(|outcome| match outcome {
            AddOutcome::Added(asset) => asset.id,
            other => panic!("{other:?}"),
        })
        .collect();
    let mut unmeasured: HashSet<AssetId> = ids.iter().copied().collect();
    while !unmeasured.is_empty() {
        match news.recv().await.expect("no news are missed") {
            EngineEvent::AssetChanged(id) => unmeasured.remove(&id),
            _ => false,
        };
    }
    for (number, id) in (0..FILES).zip(ids) {
        let asset = world.engine.asset(id).await.unwrap().asset;
        match (&asset.state, number % 2 == 0) {
            (AssetState::Refused(problem), false) if number == BROKEN => {
                assert_eq!(problem.code.as_str(), "media.truncated");
                assert!(problem.message.contains("file 117"), "{}", problem.message);
            }
            (AssetState::Ready(info), true) => assert_eq!(info.size_bytes, video.len() as u64 + 12),
            (AssetState::Picture(info), false) => assert_eq!((info.width_px, info.height_px), (64, 48)),
            (other, _) => panic!("file {number}: {other:?}"),
        }
    }
}
