//! Assets, accounts, posts and the small records come back as they were put.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use daypart_domain::{
    account::AccountHealth,
    asset::{Asset, AssetState, FileIdentity},
    delivery_spec::AccountLimits,
    job::{JobKind, JobState, JobSubject},
    picture_info::{Animation, PictureFormat, PictureInfo},
    platform::{PlatformId, Realm},
    problem::{ErrorCode, Problem, UserAction},
};
use daypart_ports::store::{
    AccountStore, AssetStore, JobStore, PostStore, PublicationStore, RenditionRecord, SettingStore,
};
use sqlx::Row;
use support::{account, asset, at, connect, fixture, identity, job, media_info};

fn probe_of(id: daypart_domain::ids::AssetId) -> daypart_ports::store::NewJob {
    job(JobKind::Probe, JobSubject::Asset(id), at(0))
}

#[tokio::test]
async fn a_dropped_file_and_its_probe_arrive_together() {
    let fixture = fixture().await;
    let new = asset("/clips/Straße 🎬.mov");
    let (stored, added) = fixture.store.add_asset(&new, &probe_of(new.id)).await.unwrap();
    assert!(added);
    assert_eq!(stored, new);
    let jobs = fixture.store.jobs_of(JobSubject::Asset(new.id)).await.unwrap();
    assert_eq!(
        jobs.iter().map(|job| job.kind).collect::<Vec<_>>(),
        [JobKind::Probe]
    );
}

#[tokio::test]
async fn the_same_file_is_added_once() {
    let fixture = fixture().await;
    let again = asset(&fixture.asset.path);
    let (stored, added) = fixture
        .store
        .add_asset(&again, &probe_of(again.id))
        .await
        .unwrap();
    assert!(!added);
    assert_eq!(stored, fixture.asset);
    assert_eq!(fixture.store.assets().await.unwrap().len(), 1);
    assert_eq!(
        fixture
            .store
            .jobs_of(JobSubject::Asset(fixture.asset.id))
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_removed_file_comes_back_under_its_old_id_and_is_probed_anew() {
    let fixture = fixture().await;
    let id = fixture.asset.id;
    // Its first probe is over.
    let probe = fixture
        .store
        .jobs_of(JobSubject::Asset(id))
        .await
        .unwrap()
        .pop()
        .unwrap();
    let (owner, attempt) = (support::owner_id(), support::attempt_id());
    fixture.store.lease_due(owner, at(0), &[attempt]).await.unwrap();
    fixture
        .store
        .end_job(owner, attempt, &support::ended(probe.id, JobState::Completed))
        .await
        .unwrap();

    assert!(fixture.store.set_asset_removed(id, Some(at(5))).await.unwrap());
    assert!(fixture.store.assets().await.unwrap().is_empty());
    assert_eq!(
        fixture.store.asset(id).await.unwrap().unwrap().removed_at,
        Some(at(5))
    );

    let again = asset(&fixture.asset.path);
    let (stored, added) = fixture
        .store
        .add_asset(&again, &probe_of(again.id))
        .await
        .unwrap();
    assert!(added);
    assert_eq!((stored.id, stored.removed_at), (id, None));
    assert_eq!(
        fixture.store.jobs_of(JobSubject::Asset(id)).await.unwrap().len(),
        2
    );
}

#[tokio::test]
async fn many_files_arrive_together_or_not_at_all() {
    let fixture = fixture().await;
    let new: Vec<_> = (0..200)
        .map(|number| asset(&format!("/clips/{number}.mov")))
        .chain([asset(&fixture.asset.path)])
        .map(|asset| (asset.clone(), probe_of(asset.id)))
        .collect();
    let added = fixture.store.add_assets(&new).await.unwrap();
    let (known, fresh): (Vec<_>, Vec<_>) = added.into_iter().partition(|(_, is_new)| !is_new);
    assert_eq!((fresh.len(), known.len()), (200, 1));
    assert!(
        fresh
            .iter()
            .zip(&new)
            .all(|((stored, _), (given, _))| stored == given)
    );
    let good = asset("/clips/good.mov");
    // The job of the second is there already.
    let spoiled = [
        (good.clone(), probe_of(good.id)),
        (asset("/clips/bad.mov"), new[0].1.clone()),
    ];
    fixture
        .store
        .add_assets(&spoiled)
        .await
        .expect_err("one job for two files");
    assert_eq!(fixture.store.assets().await.unwrap().len(), 201);
}

#[tokio::test]
async fn a_file_is_known_again_by_its_content() {
    let fixture = fixture().await;
    let measured = Asset {
        identity: Some(identity()),
        ..fixture.asset.clone()
    };
    fixture.store.put_asset_facts(&measured).await.unwrap();
    let alike = fixture.store.assets_alike(&identity()).await.unwrap();
    assert_eq!(alike, [measured]);
    let longer = FileIdentity {
        size_bytes: identity().size_bytes + 1,
        ..identity()
    };
    assert!(fixture.store.assets_alike(&longer).await.unwrap().is_empty());
    fixture
        .store
        .set_asset_removed(fixture.asset.id, Some(at(5)))
        .await
        .unwrap();
    assert!(fixture.store.assets_alike(&identity()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_poster_made_while_a_file_is_looked_at_again_stays() {
    let fixture = fixture().await;
    let looked_at = fixture.store.asset(fixture.asset.id).await.unwrap().unwrap();
    assert!(
        fixture
            .store
            .put_poster(looked_at.id, "poster.jpg")
            .await
            .unwrap()
    );
    fixture.store.put_asset_facts(&looked_at).await.unwrap();
    let kept = fixture.store.asset(looked_at.id).await.unwrap().unwrap();
    assert_eq!(kept.poster_file.as_deref(), Some("poster.jpg"));
    assert!(
        !fixture
            .store
            .put_poster(asset("/x").id, "poster.jpg")
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_moved_file_takes_its_new_place_and_the_posts_that_were_begun_there() {
    let fixture = fixture().await;
    let place = asset("/elsewhere/renamed.mov");
    fixture
        .store
        .add_asset(&place, &probe_of(place.id))
        .await
        .unwrap();
    let draft = support::post(Some(place.id));
    fixture.store.save_post(&draft, &[]).await.unwrap();

    let id = fixture.asset.id;
    assert!(fixture.store.relink_asset(id, &place.path, at(9)).await.unwrap());
    let moved = fixture.store.asset(id).await.unwrap().unwrap();
    assert_eq!(
        (moved.path.as_str(), moved.removed_at),
        (place.path.as_str(), None)
    );
    let gave_way = fixture.store.asset(place.id).await.unwrap().unwrap();
    assert_eq!(
        (gave_way.path, gave_way.removed_at),
        (fixture.asset.path.clone(), Some(at(9)))
    );
    assert_eq!(
        fixture.store.post(draft.id).await.unwrap().unwrap().asset_id,
        Some(id)
    );

    assert!(
        fixture
            .store
            .relink_asset(id, "/free/place.mov", at(9))
            .await
            .unwrap()
    );
    assert_eq!(
        fixture.store.asset(id).await.unwrap().unwrap().path,
        "/free/place.mov"
    );
    assert!(
        !fixture
            .store
            .relink_asset(asset("/x").id, "/y", at(9))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn removing_and_bringing_back_can_be_undone_and_says_when_there_is_nothing() {
    let fixture = fixture().await;
    fixture
        .store
        .set_asset_removed(fixture.asset.id, Some(at(5)))
        .await
        .unwrap();
    assert!(
        fixture
            .store
            .set_asset_removed(fixture.asset.id, None)
            .await
            .unwrap()
    );
    assert_eq!(
        fixture.store.assets().await.unwrap().first(),
        Some(&fixture.asset)
    );
    assert!(
        !fixture
            .store
            .set_asset_removed(asset("/x").id, None)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn what_a_probe_found_is_kept_whole() {
    let fixture = fixture().await;
    let mut asset = fixture.asset.clone();
    asset.identity = Some(identity());
    asset.state = AssetState::Ready(Box::new(media_info()));
    fixture.store.put_asset_facts(&asset).await.unwrap();
    assert_eq!(fixture.store.asset(asset.id).await.unwrap(), Some(asset.clone()));

    asset.state = AssetState::Refused(
        Problem::needs_user(
            ErrorCode::new("media.truncated"),
            UserAction::ReplaceFile,
            "beach.mp4 breaks off.",
        )
        .fix("Copy it again."),
    );
    fixture.store.put_asset_facts(&asset).await.unwrap();
    assert_eq!(fixture.store.asset(asset.id).await.unwrap(), Some(asset));
}

#[tokio::test]
async fn a_picture_is_kept_whole_and_a_videos_facts_stand_as_they_always_did() {
    let fixture = fixture().await;
    let picture = PictureInfo {
        format: PictureFormat::Webp,
        size_bytes: 12_345,
        width_px: 1080,
        height_px: 1350,
        orientation: 6,
        colour_profile: Some("Display P3".to_owned()),
        animation: Some(Animation {
            frame_count: 12,
            duration_ms: 800,
        }),
        has_private_metadata: true,
    };
    let mut asset = fixture.asset.clone();
    asset.identity = Some(identity());
    asset.state = AssetState::Picture(Box::new(picture));
    fixture.store.put_asset_facts(&asset).await.unwrap();
    assert_eq!(fixture.store.asset(asset.id).await.unwrap(), Some(asset.clone()));

    asset.state = AssetState::Ready(Box::new(media_info()));
    fixture.store.put_asset_facts(&asset).await.unwrap();
    let mut connection = connect(&fixture.path).await;
    let row = sqlx::query("SELECT state, facts ->> 'container' AS container FROM assets")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!((row.get("state"), row.get("container")), ("ready", "mp4"));
}

#[tokio::test]
async fn assets_are_listed_newest_first() {
    let fixture = fixture().await;
    for (path, second) in [("/b.mp4", 20), ("/a.mp4", 10)] {
        let mut new = asset(path);
        new.added_at = at(second);
        fixture.store.add_asset(&new, &probe_of(new.id)).await.unwrap();
    }
    let paths: Vec<_> = fixture
        .store
        .assets()
        .await
        .unwrap()
        .into_iter()
        .map(|asset| asset.path)
        .collect();
    assert_eq!(paths, ["/b.mp4", "/a.mp4", "/clips/beach.mp4"]);
}

#[tokio::test]
async fn connecting_the_same_user_again_keeps_the_account_and_its_history() {
    let fixture = fixture().await;
    let mut again = account("ada");
    again.display_name = "Ada & Co".to_owned();
    again.avatar_url = Some("http://127.0.0.1/ada.png".to_owned());
    again.health = AccountHealth::NeedsReconnect(Problem::needs_user(
        ErrorCode::new("auth.revoked"),
        UserAction::Reconnect,
        "Access was taken back.",
    ));
    let stored = fixture.store.put_account(&again).await.unwrap();
    assert_eq!(stored.id, fixture.account.id);
    again.id = fixture.account.id;
    assert_eq!(stored, again);
    assert_eq!(fixture.store.account(stored.id).await.unwrap(), Some(stored));
    assert_eq!(fixture.store.account(account("nobody").id).await.unwrap(), None);
}

#[tokio::test]
async fn practice_and_real_are_two_accounts_for_ever() {
    let fixture = fixture().await;
    let mut real = account("ada");
    real.realm = Realm::Real;
    let real = fixture.store.put_account(&real).await.unwrap();
    assert_ne!(real.id, fixture.account.id);

    let tiktok = PlatformId::from_static("tiktok");
    let found = fixture
        .store
        .find_account(&tiktok, Realm::Real, "ada")
        .await
        .unwrap();
    assert_eq!(found, Some(real));
    let found = fixture
        .store
        .find_account(&tiktok, Realm::Practice, "ada")
        .await
        .unwrap();
    assert_eq!(found, Some(fixture.account.clone()));

    // The same id in another realm is refused …
    let mut moved = fixture.account.clone();
    moved.realm = Realm::Real;
    moved.remote_user_id = "someone else".to_owned();
    fixture.store.put_account(&moved).await.unwrap_err();
    // … and so is a statement that goes past this crate.
    let mut connection = connect(&fixture.path).await;
    let refused = sqlx::query("UPDATE accounts SET realm = 'real' WHERE id = ?")
        .bind(fixture.account.id.to_string())
        .execute(&mut connection)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("keeps its identity"), "{refused}");
}

#[tokio::test]
async fn only_connected_accounts_are_listed_oldest_first() {
    let fixture = fixture().await;
    for (name, second) in [("late", 30), ("early", 20), ("gone", 10)] {
        let mut new = account(name);
        new.connected_at = at(second);
        new.disconnected_at = (name == "gone").then(|| at(99));
        fixture.store.put_account(&new).await.unwrap();
    }
    let names: Vec<_> = fixture
        .store
        .accounts()
        .await
        .unwrap()
        .into_iter()
        .map(|account| account.remote_user_id)
        .collect();
    assert_eq!(names, ["ada", "early", "late"]);
}

#[tokio::test]
async fn renditions_and_settings_are_kept_by_key() {
    let fixture = fixture().await;
    let mut rendition = RenditionRecord {
        key: "b3:0123/tiktok/1".to_owned(),
        path: "/media/0123.mp4".to_owned(),
        info: media_info(),
        made_at: at(3),
    };
    for path in ["/media/one.mp4", "/media/two.mp4"] {
        rendition.path = path.to_owned();
        fixture.store.put_rendition(&rendition).await.unwrap();
        assert_eq!(
            fixture.store.rendition(&rendition.key).await.unwrap(),
            Some(rendition.clone())
        );
    }
    assert_eq!(fixture.store.rendition("other").await.unwrap(), None);

    assert_eq!(fixture.store.setting("zone").await.unwrap(), None);
    for zone in ["Europe/Berlin", "America/Lima"] {
        fixture.store.put_setting("zone", zone).await.unwrap();
        assert_eq!(
            fixture.store.setting("zone").await.unwrap().as_deref(),
            Some(zone)
        );
    }
}

#[tokio::test]
async fn times_are_kept_to_the_microsecond_before_1970_too() {
    let fixture = fixture().await;
    for (path, nanosecond, kept) in [
        ("/a", 1_795_000_000_123_456_789, 123_456_000),
        ("/b", -1_500, -1_000),
    ] {
        let mut new = asset(path);
        new.added_at = jiff::Timestamp::from_nanosecond(nanosecond).unwrap();
        let (stored, _) = fixture.store.add_asset(&new, &probe_of(new.id)).await.unwrap();
        assert_eq!(stored.added_at.subsec_nanosecond(), kept);
    }
}

#[tokio::test]
async fn there_is_no_column_for_a_secret() {
    let fixture = fixture().await;
    let mut connection = connect(&fixture.path).await;
    let columns: Vec<String> = sqlx::query(
        "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap()
    .iter()
    .map(|row| row.get(0))
    .collect();
    assert!(columns.len() > 50, "{columns:?}");
    for word in ["token", "secret", "password", "credential", "url"] {
        let found: Vec<_> = columns.iter().filter(|column| column.contains(word)).collect();
        let expected: &[&str] = if word == "url" {
            &["accounts.avatar_url"]
        } else {
            &[]
        };
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn the_limits_of_an_account_are_kept_when_it_is_connected_again() {
    let fixture = fixture().await;
    let limits = AccountLimits {
        duration_max_ms: Some(600_000),
        ..AccountLimits::default()
    };
    let store = &fixture.store;
    assert!(
        store
            .put_account_limits(fixture.account.id, limits)
            .await
            .unwrap()
    );
    assert!(
        !store
            .put_account_limits(fixture.account.id, limits)
            .await
            .unwrap(),
        "nothing new"
    );
    let again = store.put_account(&account("ada")).await.unwrap();
    assert_eq!((again.id, again.limits), (fixture.account.id, limits));
}
