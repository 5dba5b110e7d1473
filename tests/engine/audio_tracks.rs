//! A clip with several audio tracks: the editor draws the one that is chosen, and one that is not there stops the post.

use std::time::Duration;

use daypart_domain::{asset::AssetState, edit::Edit, ids::AssetId};
use daypart_engine::{AddOutcome, PostDraft, ScheduleWhen};

use crate::world::World;

/// The world's clip with a second, much quieter track, as an asset.
async fn two_tracks(world: &World) -> AssetId {
    let path = world.clip.with_file_name("two tracks.mp4");
    let made = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(&world.clip)
        .args(["-f", "lavfi", "-i", "sine=f=1000:r=48000:d=4"])
        .args([
            "-map",
            "0:v",
            "-map",
            "0:a",
            "-map",
            "1:a",
            "-filter:a:1",
            "volume=-20dB",
        ])
        .args(["-c:v", "copy", "-c:a", "aac", "-movflags", "+faststart"])
        .arg(&path)
        .status()
        .expect("ffmpeg is installed");
    assert!(made.success());
    let mut news = world.engine.subscribe();
    let outcomes = world
        .engine
        .add_assets(&[path.to_str().unwrap().to_owned()])
        .await
        .unwrap();
    let AddOutcome::Added(asset) = &outcomes[0] else {
        panic!("{outcomes:?}");
    };
    while world.engine.asset(asset.id).await.unwrap().asset.state == AssetState::Probing {
        news.recv().await.unwrap();
    }
    asset.id
}

async fn loudness_lufs(world: &World, asset: AssetId, track: Option<u32>) -> f64 {
    let mut news = world.engine.subscribe();
    let listening = async {
        loop {
            let drawn = world
                .engine
                .waveform(asset, 0..4_000_000, 10, track)
                .await
                .unwrap();
            if drawn.is_complete {
                assert_eq!(drawn.columns.len(), 10);
                return drawn.loudness_lufs.unwrap();
            }
            let _ = news.recv().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), listening)
        .await
        .expect("heard to its end within 30 s")
}

#[tokio::test]
async fn the_waveform_is_that_of_the_chosen_track() {
    let world = World::new().await;
    let asset = two_tracks(&world).await;
    let main = loudness_lufs(&world, asset, None).await;
    let second = loudness_lufs(&world, asset, Some(2)).await;
    assert!((main - second - 20.0).abs() < 2.0, "{main} and {second} LUFS");
    for main_by_another_name in [Some(1), Some(9)] {
        assert_eq!(loudness_lufs(&world, asset, main_by_another_name).await, main);
    }
}

#[tokio::test]
async fn a_post_that_asks_for_a_track_its_video_does_not_have_is_not_sent() {
    let world = World::new().await;
    let draft = world.draft("in another language").await;
    let mut edit = Edit::default();
    edit.sound.track = Some(2);
    let choosing = PostDraft {
        edit: Some(edit),
        ..draft
    };
    let post = world.engine.save_post(&choosing).await.unwrap().post.id;
    let refused = world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .unwrap_err();
    let told = format!("{refused} {:?}", refused.details);
    assert!(
        told.contains("This video has no audio track 2. Choose one of its own."),
        "{told}"
    );

    let asset_id = Some(two_tracks(&world).await);
    world
        .engine
        .save_post(&PostDraft {
            id: Some(post),
            asset_id,
            ..choosing
        })
        .await
        .unwrap();
    world
        .engine
        .schedule_post(post, &ScheduleWhen::Now)
        .await
        .expect("this one has it");
}
