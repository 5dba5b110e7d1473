//! Covers as the window asks for them.

use daypart_domain::edit::{Cover, Edit};
use daypart_engine::PostDraft;

use crate::world::World;

#[tokio::test]
async fn suggestions_come_with_pictures_and_are_judged_once() {
    let world = World::new().await;
    let asset = world.draft("which frame?").await.asset_id.unwrap();
    let (first, meanwhile) = tokio::join!(
        world.engine.suggest_covers(asset),
        world.engine.suggest_covers(asset)
    );
    let first = first.unwrap();
    assert!(!first.is_empty() && first.len() <= 6);
    for suggestion in &first {
        let jpeg = world.engine.picture(suggestion.picture).unwrap();
        assert!(jpeg.starts_with(b"\xff\xd8"), "a JPEG");
        assert!(suggestion.at_us < 4_000_000 && !suggestion.reason.is_empty());
    }
    // Without the file nothing could be judged again.
    std::fs::remove_file(&world.clip).unwrap();
    let again = world.engine.suggest_covers(asset).await.unwrap();
    let said = |found: &[daypart_engine::SuggestedCover]| -> Vec<(u64, String)> {
        found
            .iter()
            .map(|suggestion| (suggestion.at_us, suggestion.reason.clone()))
            .collect()
    };
    assert_eq!(said(&again), said(&first));
    assert_eq!(said(&meanwhile.unwrap()), said(&first));
}

#[tokio::test]
async fn own_pictures_of_a_kept_post_are_shown_by_the_posts_name_only() {
    let world = World::new().await;
    let draft = world.draft("with a picture").await;
    let post = draft.id.unwrap();
    assert_eq!(world.engine.own_cover(post, None).await.unwrap(), None);

    let picture = world.clip.with_file_name("own.png");
    image_at(&picture);
    let cover = Some(Cover::Image {
        path: picture.to_str().unwrap().to_owned(),
    });
    let edit = Edit {
        cover: cover.clone(),
        ..serde_json::from_str(r#"{"version":1}"#).unwrap()
    };
    let mut with_own = PostDraft {
        edit: Some(edit),
        ..draft
    };
    world.engine.save_post(&with_own).await.unwrap();
    let shown = world.engine.own_cover(post, None).await.unwrap().unwrap();
    assert_eq!(shown.path, picture.to_str().unwrap());
    assert!(
        world
            .engine
            .picture(shown.picture)
            .unwrap()
            .starts_with(b"\xff\xd8")
    );
    // A destination has its own or none; it does not answer with the post's.
    let account = world.account.id;
    assert_eq!(world.engine.own_cover(post, Some(account)).await.unwrap(), None);
    with_own.destinations[0].content.cover = cover;
    world.engine.save_post(&with_own).await.unwrap();
    assert!(
        world
            .engine
            .own_cover(post, Some(account))
            .await
            .unwrap()
            .is_some()
    );

    std::fs::write(&picture, b"not a picture any more").unwrap();
    let refused = world.engine.own_cover(post, None).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "cover.not_a_picture");
    std::fs::remove_file(&picture).unwrap();
    let gone = world.engine.own_cover(post, None).await.unwrap_err();
    assert_eq!(gone.code.as_str(), "file.missing");
}

fn image_at(path: &std::path::Path) {
    let made = std::process::Command::new("ffmpeg")
        .args([
            "-nostdin",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=red:s=64x64",
            "-frames:v",
            "1",
        ])
        .arg(path)
        .status();
    assert!(made.unwrap().success());
}
