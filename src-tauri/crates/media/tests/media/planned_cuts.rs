//! What the planner chooses from a file and an edit, carried out: smart cuts, silence, qualities.

use std::collections::HashSet;

use daypart_domain::{
    analysis::Analysis,
    delivery_spec::{AccountLimits, DeliverySpec, Document},
    edit::{Edit, KeptRange},
    media_info::Container,
    transcode_plan::{
        Cut, Destination, EncodeWish, Material, PlannedRendition, Quality, Rung, SpeedHistory, Wishes,
        plan_all,
    },
};
use daypart_media::{
    sound::Audibility,
    strip::{Clip, keyframes_us},
};

use crate::{
    clips::Workshop,
    edited::{about, make, ms, tone, white},
    lossless::{pictures, with_gops},
    sound::listen,
};

const TEST: Document = Document {
    title: "the test",
    as_of: "2026-11",
};

/// Takes an MP4 of H.264 and AAC.
pub fn usual() -> DeliverySpec {
    DeliverySpec::naming(
        "usual",
        "Usual",
        1,
        TEST.states(&[Container::Mp4]),
        TEST.states(&["h264"]),
        TEST.states(&["aac"]),
        TEST.states(100_000_000),
    )
}

/// The one file that `spec` needs of a clip in the workshop.
pub async fn planned(
    shop: &Workshop,
    name: &str,
    ranges: &[KeptRange],
    wishes: Wishes,
    spec: &DeliverySpec,
) -> PlannedRendition {
    let info = shop.info(name).await;
    let path = shop.path(name);
    let keyframes_us = keyframes_us(Clip {
        path: &path,
        info: &info,
    })
    .await;
    let edit = Edit {
        ranges: ranges.to_vec(),
        ..Edit::default()
    };
    let material = Material {
        info: &info,
        edit: &edit,
        analysis: &Analysis::default(),
        keyframes_us: keyframes_us.as_deref(),
        history: &SpeedHistory::default(),
    };
    let limits = AccountLimits::default();
    plan_all(&material, wishes, &[Destination { spec, limits }]).remove(0)
}

#[tokio::test]
async fn a_cut_between_keyframes_is_made_smart_and_keeps_the_sources_bits() {
    let shop = with_gops();
    let rendition = planned(
        &shop,
        "gops.mp4",
        &[ms(1_500, 5_500)],
        Wishes::sending(),
        &usual(),
    )
    .await;
    assert_eq!(
        (rendition.plan.rung, rendition.plan.cut),
        (Rung::Encode, Some(Cut::Smart))
    );
    let made = make(&shop, "gops.mp4", &rendition.plan).await;
    let out = shop.path("out.mp4");
    assert_eq!(made.duration_ms, 4_000);
    let own: HashSet<String> = pictures(&shop.path("gops.mp4")).into_iter().collect();
    let all = pictures(&out);
    let copied = all.iter().filter(|picture| own.contains(*picture)).count();
    assert_eq!((all.len(), copied), (120, 105), "half a second is new");
    assert_eq!(white(&out, 160, 90), (15, 45));
    about(tone(&out).await, (500, 1_500), 25);
}

#[tokio::test]
async fn new_video_everywhere_is_made_where_it_is_wished() {
    let shop = with_gops();
    let wishes = Wishes {
        encode: EncodeWish::Always,
        ..Wishes::sending()
    };
    let rendition = planned(&shop, "gops.mp4", &[ms(1_500, 5_500)], wishes, &usual()).await;
    assert_eq!(rendition.plan.cut, Some(Cut::Accurate));
    let made = make(&shop, "gops.mp4", &rendition.plan).await;
    assert_eq!(made.duration_ms, 4_000);
    let own: HashSet<String> = pictures(&shop.path("gops.mp4")).into_iter().collect();
    let all = pictures(&shop.path("out.mp4"));
    assert!(all.iter().all(|picture| !own.contains(picture)));
}

#[tokio::test]
async fn a_cut_that_may_not_touch_the_picture_moves_to_a_keyframe() {
    let shop = with_gops();
    let wishes = Wishes {
        encode: EncodeWish::Never,
        ..Wishes::sending()
    };
    let rendition = planned(&shop, "gops.mp4", &[ms(2_500, 5_500)], wishes, &usual()).await;
    assert_eq!(rendition.obstacles, []);
    let made = make(&shop, "gops.mp4", &rendition.plan).await;
    assert_eq!(made.duration_ms, 3_500, "from two seconds on");
    let own: HashSet<String> = pictures(&shop.path("gops.mp4")).into_iter().collect();
    let all = pictures(&shop.path("out.mp4"));
    assert!(all.iter().all(|picture| own.contains(picture)));
}

#[tokio::test]
async fn a_track_of_silence_is_added_for_whoever_needs_one() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -an mute.mp4");
    let spec = DeliverySpec {
        sound_needed: Some(TEST.states(())),
        ..usual()
    };
    let rendition = planned(&shop, "mute.mp4", &[], Wishes::sending(), &spec).await;
    assert_eq!(rendition.plan.rung, Rung::AudioOnly);
    let made = make(&shop, "mute.mp4", &rendition.plan).await;
    assert_eq!(made.audio.unwrap().codec, "aac");
    assert_eq!(
        pictures(&shop.path("out.mp4")),
        pictures(&shop.path("mute.mp4")),
        "the picture is a copy"
    );
    let heard = listen(&shop.path("out.mp4"), None).await.unwrap();
    assert_eq!(heard.audibility, Audibility::Silent);
    let as_it_is = planned(&shop, "mute.mp4", &[], Wishes::sending(), &usual()).await;
    assert_eq!(as_it_is.plan.rung, Rung::AsIs);
}

#[tokio::test]
async fn a_better_quality_is_a_larger_file() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=640x360:r=30:d=1 -vf noise=alls=20:allf=t -c:v libx264 -preset ultrafast -crf 10 \
         -pix_fmt yuv420p grainy.mp4",
    );
    let mut sizes = Vec::new();
    for quality in [Quality::Smaller, Quality::Standard, Quality::Best] {
        let wishes = Wishes {
            encode: EncodeWish::Always,
            quality,
            ..Wishes::sending()
        };
        let rendition = planned(&shop, "grainy.mp4", &[], wishes, &usual()).await;
        sizes.push(make(&shop, "grainy.mp4", &rendition.plan).await.size_bytes);
    }
    assert!(sizes[0] < sizes[1] && sizes[1] < sizes[2], "{sizes:?}");
}
