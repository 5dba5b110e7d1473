//! Files come in, change, move and come back.

use std::{collections::HashMap, fs, path::Path};

use daypart_domain::{
    asset::{Asset, AssetState},
    ids::AssetId,
    job::JobKind,
    problem::{Problem, codes},
    publication_state::PublicationState,
};
use daypart_engine::{AddOutcome, EngineEvent};

use crate::world::World;

async fn add(world: &World, path: &Path) -> Asset {
    let path = path.to_str().unwrap().to_owned();
    match world.engine.add_assets(&[path]).await.unwrap().remove(0) {
        AddOutcome::Added(asset) | AddOutcome::AlreadyThere(asset) => asset,
        AddOutcome::Refused { problem, .. } => panic!("{problem}"),
    }
}

/// The asset as soon as `is_so` holds of it.
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

async fn measured(world: &World, id: AssetId) -> Asset {
    asset_when(world, id, |asset| asset.state != AssetState::Probing).await
}

fn refusal(asset: &Asset) -> &Problem {
    match &asset.state {
        AssetState::Refused(problem) => problem,
        other => panic!("not refused: {other:?}"),
    }
}

/// The world's clip with a box of free space behind it that no other clip has.
fn distinct_clip(world: &World, path: &Path, number: u32) {
    let mut bytes = fs::read(&world.clip).unwrap();
    bytes.extend(b"\0\0\0\x0Cfree");
    bytes.extend(number.to_be_bytes());
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn two_hundred_files_dropped_at_once_are_all_measured_and_the_news_stay_few() {
    const FILES: usize = 200;
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<String> = (0..FILES)
        .map(|number| {
            let path = folder.path().join(format!("{number}.mp4"));
            distinct_clip(&world, &path, number.try_into().unwrap());
            path.to_str().unwrap().to_owned()
        })
        .collect();
    let mut news = world.engine.subscribe();
    let outcomes = world.engine.add_assets(&paths).await.unwrap();
    let added: Vec<&Asset> = outcomes
        .iter()
        .map(|outcome| match outcome {
            AddOutcome::Added(asset) => asset,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(
        added.iter().zip(&paths).all(|(asset, path)| &asset.path == path),
        "in the order given"
    );
    assert_eq!(
        world.engine.assets().await.unwrap().len(),
        FILES,
        "there before anything is measured"
    );

    let (mut told, mut nudges) = (HashMap::<AssetId, usize>::new(), 0);
    while told.len() < FILES {
        match news.recv().await.expect("no news are missed") {
            EngineEvent::AssetChanged(id) => *told.entry(id).or_default() += 1,
            EngineEvent::WorkChanged => nudges += 1,
            other => panic!("{other:?}"),
        }
    }
    for overview in world.engine.assets().await.unwrap() {
        assert!(
            matches!(overview.asset.state, AssetState::Ready(_)),
            "{:?}",
            overview.asset
        );
    }
    assert!(
        told.values().all(|times| *times <= 2),
        "once measured, once with its poster"
    );
    assert_eq!(nudges, 1, "one for the whole drop");
}

#[tokio::test]
async fn a_measured_file_gets_its_poster_in_a_step_of_its_own() {
    let world = World::new().await;
    let asset = add(&world, &world.clip).await;
    let with_poster = asset_when(&world, asset.id, |asset| asset.poster_file.is_some()).await;
    assert!(matches!(with_poster.state, AssetState::Ready(_)));
    let kinds: Vec<JobKind> = world
        .jobs_of_asset(asset.id)
        .await
        .iter()
        .map(|job| job.kind)
        .collect();
    assert_eq!(kinds, [JobKind::Probe, JobKind::Poster]);
}

#[tokio::test]
async fn a_renamed_file_is_followed_with_everything_planned_with_it() {
    let world = World::new().await;
    let draft = world.draft("before the move").await;
    let renamed = world.clip.with_file_name("renamed.mp4");
    fs::rename(&world.clip, &renamed).unwrap();
    world.engine.check_files().await.unwrap();
    let moved = world.engine.asset(draft.asset_id.unwrap()).await.unwrap().asset;
    assert_eq!(Path::new(&moved.path), renamed);
    assert!(matches!(moved.state, AssetState::Ready(_)), "{:?}", moved.state);
}

#[tokio::test]
async fn a_file_renamed_just_before_it_is_needed_is_sent_all_the_same() {
    let world = World::new().await;
    let draft = world.draft("on its way").await;
    fs::rename(&world.clip, world.clip.with_file_name("renamed.mp4")).unwrap();
    let post = draft.id.unwrap();
    world
        .engine
        .schedule_post(post, &daypart_engine::ScheduleWhen::Now)
        .await
        .unwrap();
    world.until(post, PublicationState::Published).await;
    assert_eq!(world.platform.remote().posts.len(), 1);
}

#[tokio::test]
async fn a_file_added_from_its_new_place_keeps_its_entry() {
    let world = World::new().await;
    let draft = world.draft("moved far away").await;
    let id = draft.asset_id.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let new_place = folder.path().join("moved.mp4");
    fs::rename(&world.clip, &new_place).unwrap();
    let added = add(&world, &new_place).await;
    assert_ne!(added.id, id, "nobody knows yet that it is the same");
    let moved = asset_when(&world, id, |asset| Path::new(&asset.path) == new_place).await;
    assert!(moved.removed_at.is_none());
    let library = world.engine.assets().await.unwrap();
    assert_eq!(
        library
            .iter()
            .map(|overview| overview.asset.id)
            .collect::<Vec<_>>(),
        [id]
    );
}

#[tokio::test]
async fn a_copy_of_a_file_that_is_still_there_is_a_file_of_its_own() {
    let world = World::new().await;
    let first = add(&world, &world.clip).await;
    measured(&world, first.id).await;
    let copy = world.clip.with_file_name("copy.mp4");
    fs::copy(&world.clip, &copy).unwrap();
    let second = add(&world, &copy).await;
    measured(&world, second.id).await;
    assert_eq!(world.engine.assets().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_changed_file_is_noticed_and_used_as_it_is_now_once_it_is_added_again() {
    let world = World::new().await;
    let id = add(&world, &world.clip).await.id;
    measured(&world, id).await;
    distinct_clip(&world, &world.clip.clone(), 7);
    world.engine.check_files().await.unwrap();
    let changed = world.engine.asset(id).await.unwrap().asset;
    assert_eq!(refusal(&changed).code, codes::FILE_CHANGED);
    assert!(
        refusal(&changed)
            .fix
            .as_deref()
            .unwrap()
            .contains("Add the file again")
    );

    assert_eq!(add(&world, &world.clip).await.id, id);
    let again = measured(&world, id).await;
    let size_bytes = fs::metadata(&world.clip).unwrap().len();
    assert_eq!(again.media_info().unwrap().size_bytes, size_bytes);
    assert_eq!(again.identity.unwrap().size_bytes, size_bytes);
}

#[tokio::test]
async fn a_file_that_vanished_is_told_and_comes_back_by_itself() {
    let world = World::new().await;
    let id = add(&world, &world.clip).await.id;
    measured(&world, id).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let away = elsewhere.path().join("away.mp4");
    fs::rename(&world.clip, &away).unwrap();
    world.engine.check_files().await.unwrap();
    let gone = world.engine.asset(id).await.unwrap().asset;
    assert_eq!(refusal(&gone).code, codes::FILE_MISSING);
    assert!(refusal(&gone).message.contains("clip.mp4"));

    fs::rename(&away, &world.clip).unwrap();
    world.engine.check_files().await.unwrap();
    let back = measured(&world, id).await;
    assert!(matches!(back.state, AssetState::Ready(_)), "{:?}", back.state);
}

#[tokio::test]
async fn a_file_with_a_new_date_and_the_old_bytes_has_not_changed() {
    let world = World::new().await;
    let id = add(&world, &world.clip).await.id;
    let before = measured(&world, id).await;
    let bytes = fs::read(&world.clip).unwrap();
    fs::write(&world.clip, bytes).unwrap();
    let file = fs::File::options().write(true).open(&world.clip).unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(3600);
    file.set_modified(later).unwrap();
    world.engine.check_files().await.unwrap();
    let after = world.engine.asset(id).await.unwrap().asset;
    assert!(matches!(after.state, AssetState::Ready(_)));
    assert_ne!(
        after.identity.unwrap().modified_at_ms,
        before.identity.unwrap().modified_at_ms
    );
}
