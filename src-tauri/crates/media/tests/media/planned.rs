//! From a measured file through its plan to a rendition that complies.

use daypart_domain::{
    compliance::check,
    delivery_spec::{AccountLimits, DeliverySpec, Document},
    media_info::Container,
    transcode_plan::{Rung, plan},
};
use daypart_ports::media::{MediaEncoder as _, MediaProbe as _};
use tokio_util::sync::CancellationToken;

use crate::clips::{Workshop, footage, media};

/// The strictest of today's numbers.
fn spec() -> DeliverySpec {
    const TEST: Document = Document {
        title: "the test",
        as_of: "2026-11",
    };
    DeliverySpec {
        frame_rate_min_fps: Some(TEST.states(23.0)),
        frame_rate_max_fps: Some(TEST.states(60.0)),
        side_min_px: Some(TEST.states(360)),
        side_max_px: Some(TEST.states(1920)),
        audio_channels_max: Some(TEST.states(2)),
        audio_sample_rate_max_hz: Some(TEST.states(48_000)),
        index_first: Some(TEST.states(())),
        ..DeliverySpec::naming(
            "strict",
            "Strict",
            1,
            TEST.states(&[Container::Mp4]),
            TEST.states(&["h264"]),
            TEST.states(&["aac"]),
            TEST.states(100_000_000),
        )
    }
}

#[tokio::test]
async fn every_source_ends_as_one_that_complies_by_its_cheapest_rung() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy moov_end.mp4")
        .ffmpeg("-i base.mp4 -c copy x.ts")
        .ffmpeg("-i base.mp4 -c:v copy -c:a libvorbis x.mkv")
        .ffmpeg("-i base.mp4 -c:v copy -c:a pcm_s16be x.mov")
        .ffmpeg("-f lavfi -i testsrc2=s=176x144:r=10:d=1 -c:v libx264 -preset ultrafast small.mp4")
        .ffmpeg("-f lavfi -i testsrc2=s=4000x100:r=120:d=0.5 -c:v libx264 -preset ultrafast banner.mp4");
    let cases = [
        (shop.path("base.mp4"), Rung::AsIs),
        (shop.path("moov_end.mp4"), Rung::Remux),
        (shop.path("x.ts"), Rung::Remux),
        (shop.path("x.mkv"), Rung::AudioOnly),
        (shop.path("x.mov"), Rung::AudioOnly),
        (shop.path("small.mp4"), Rung::Encode),
        (shop.path("banner.mp4"), Rung::Encode),
        (footage("movie2/movie-hello.mpeg"), Rung::Encode),
        (footage("movie2/movie-hello.avi"), Rung::Encode),
    ];
    let (spec, limits) = (spec(), AccountLimits::default());
    for (source, rung) in cases {
        let name = source.display();
        let info = media().probe(&source).await.unwrap();
        let plan = plan(&info, &spec, limits);
        assert_eq!(plan.rung, rung, "{name}: {:?}", plan.reasons);
        if rung == Rung::AsIs {
            continue;
        }
        let rendition = media()
            .encode(
                &source,
                &info,
                &plan,
                &shop.path("out.mp4"),
                &|_| {},
                &CancellationToken::new(),
            )
            .await
            .unwrap_or_else(|problem| panic!("{name}: {problem} {:?}", problem.details));
        let refusals: Vec<_> = check(&rendition, &spec, limits)
            .into_iter()
            .filter(|finding| finding.is_refusal())
            .collect();
        assert!(refusals.is_empty(), "{name}: {refusals:?}");
    }
}
