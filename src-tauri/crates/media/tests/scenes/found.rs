//! What is found, by keyframes first and without.

use daypart_media::{
    scenes::{SceneMarks, find_scenes},
    strip::Clip,
};
use daypart_ports::media::MediaProbe as _;
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, footage, media},
    reel::{BLACK_PART, SECOND_US, STILL_PART, make, part_us, scdet_cuts_us, true_cuts_us},
};

async fn marks(path: &std::path::Path) -> SceneMarks {
    let media = media();
    let info = media.probe(path).await.unwrap();
    let clip = Clip { path, info: &info };
    find_scenes(media.toolbox(), clip, &CancellationToken::new())
        .await
        .unwrap()
}

fn has(cuts_us: &[u64], at_us: u64) -> bool {
    // Half a frame: the very one.
    cuts_us.iter().any(|cut| cut.abs_diff(at_us) < SECOND_US / 60)
}

/// No cut is lost that scdet finds too, and at most 15 of 100 are found besides the true ones.
#[track_caller]
fn assert_cuts(name: &str, found: &[u64], scdet: &[u64]) {
    let truth = true_cuts_us();
    let agreed: Vec<u64> = truth.iter().copied().filter(|cut| has(scdet, *cut)).collect();
    assert!(
        agreed.len() >= 9,
        "{name}: the reel has cuts that scdet finds: {agreed:?} of {truth:?}"
    );
    let lost: Vec<&u64> = agreed.iter().filter(|cut| !has(found, **cut)).collect();
    assert!(lost.is_empty(), "{name}: lost {lost:?}; found {found:?}");
    let extra: Vec<&u64> = found.iter().filter(|cut| !has(&truth, **cut)).collect();
    assert!(extra.len() * 100 <= truth.len() * 15, "{name}: besides {extra:?}");
}

#[track_caller]
fn assert_black_and_frozen(name: &str, marks: &SceneMarks) {
    let near = |one: u64, other: u64| one.abs_diff(other) <= SECOND_US / 10;
    let (from_us, to_us) = part_us(BLACK_PART);
    let black = &marks.black;
    assert_eq!(black.len(), 1, "{name}: {black:?}");
    assert!(
        near(black[0].from_us, from_us) && near(black[0].to_us, to_us),
        "{name}: {black:?}"
    );
    let (from_us, to_us) = part_us(STILL_PART);
    let frozen = marks
        .frozen
        .iter()
        .any(|stretch| near(stretch.from_us, from_us) && near(stretch.to_us, to_us));
    assert!(frozen, "{name}: {:?}", marks.frozen);
}

#[tokio::test]
async fn a_keyframe_every_second_wherever_the_cuts_are() {
    let shop = Workshop::new();
    make(
        &shop,
        "-c:v libx264 -preset fast -g 30 -keyint_min 30 -sc_threshold 0",
    );
    let path = shop.path("reel.mp4");
    let scdet = scdet_cuts_us(&path);
    let by_keys = marks(&path).await;
    assert_cuts("mp4", &by_keys.cuts_us, &scdet);
    assert_black_and_frozen("mp4", &by_keys);
    // The same pictures in a container without an index of ours.
    shop.ffmpeg("-i reel.mp4 -c copy reel.mkv");
    let whole = marks(&shop.path("reel.mkv")).await;
    assert_cuts("mkv", &whole.cuts_us, &scdet);
    assert_black_and_frozen("mkv", &whole);
}

#[tokio::test]
async fn keyframes_at_the_cuts_as_encoders_like_them() {
    let shop = Workshop::new();
    make(&shop, "-c:v libx264 -preset fast");
    let path = shop.path("reel.mp4");
    let marks = marks(&path).await;
    assert_cuts("mp4", &marks.cuts_us, &scdet_cuts_us(&path));
    assert_black_and_frozen("mp4", &marks);
}

#[tokio::test]
async fn open_groups_and_one_group() {
    let shop = Workshop::new();
    let encodings = [
        "-c:v libx264 -preset fast -bf 3 -g 30 -sc_threshold 0 -x264-params open-gop=1",
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=30:scenecut=0:bframes=3:open-gop=1",
        "-c:v libx264 -preset fast -g 100000 -sc_threshold 0",
    ];
    for encoding in encodings {
        make(&shop, encoding);
        let path = shop.path("reel.mp4");
        let marks = marks(&path).await;
        assert_cuts(encoding, &marks.cuts_us, &scdet_cuts_us(&path));
        assert_black_and_frozen(encoding, &marks);
    }
}

#[tokio::test]
async fn a_phone_clip_has_no_cuts() {
    let marks = marks(&footage("movie1/VID_20191220_170832.mp4")).await;
    assert_eq!(marks, SceneMarks::default());
}

#[tokio::test]
async fn what_is_cancelled_ends() {
    let shop = Workshop::new().with_base();
    let media = media();
    let path = shop.path("base.mp4");
    let info = media.probe(&path).await.unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let outcome = find_scenes(
        media.toolbox(),
        Clip {
            path: &path,
            info: &info,
        },
        &cancel,
    )
    .await;
    assert_eq!(outcome.unwrap_err().code.as_str(), "media.cancelled");
}
