//! Sound that begins late and pictures that are hidden: mended, never repacked as they are (MEDIA.md §7).

use daypart_domain::{
    delivery_spec::{DeliverySpec, Document},
    transcode_plan::{Rung, Wishes},
};

use crate::{
    clips::Workshop,
    edited::make,
    lossless::pictures,
    planned_cuts::{planned, usual},
    sound::listen,
};

const TEST: Document = Document {
    title: "the test",
    as_of: "2026-11",
};

/// As Instagram.
fn without_edit_lists() -> DeliverySpec {
    DeliverySpec {
        no_edit_list: Some(TEST.states(())),
        ..usual()
    }
}

#[tokio::test]
async fn the_gap_before_late_sound_is_filled_with_silence() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -itsoffset 0.7 -i base.mp4 -map 0:v -map 1:a -c copy late.mp4")
        .ffmpeg("-i base.mp4 -itsoffset 0.7 -i base.mp4 -map 0:v -map 1:a -c copy late.mkv");
    for name in ["late.mp4", "late.mkv"] {
        let rendition = planned(&shop, name, &[], Wishes::sending(), &without_edit_lists()).await;
        assert_eq!(
            rendition.plan.rung,
            Rung::AudioOnly,
            "{name}: {:?}",
            rendition.why
        );
        let made = make(&shop, name, &rendition.plan).await;
        assert!(
            made.audio_offset_ms.abs() <= 50,
            "{name}: {} ms",
            made.audio_offset_ms
        );
        assert!(!made.has_edit_list, "{name}");
        let out = shop.path("out.mp4");
        assert_eq!(pictures(&out), pictures(&shop.path("base.mp4")), "{name}: a copy");
        let heard = listen(&out, None).await.unwrap();
        let loud = |at_ms: usize| heard.waveform.levels[0].buckets[at_ms / 20].rms > 500;
        assert!(!loud(600), "{name}: silence");
        assert!(loud(800), "{name}: where it was");
        std::fs::remove_file(out).unwrap();
    }
}

#[tokio::test]
async fn what_an_edit_list_hides_stays_hidden() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-ss 1.3 -i base.mp4 -c copy -avoid_negative_ts disabled trimmed.mp4");
    let rendition = planned(
        &shop,
        "trimmed.mp4",
        &[],
        Wishes::sending(),
        &without_edit_lists(),
    )
    .await;
    assert_eq!(rendition.plan.rung, Rung::Encode, "{:?}", rendition.why);
    let made = make(&shop, "trimmed.mp4", &rendition.plan).await;
    assert!(
        (2_600..=2_800).contains(&made.duration_ms),
        "{}",
        made.duration_ms
    );
    assert_eq!((made.hidden_lead_in_ms, made.has_edit_list), (0, false));
    let as_it_is = planned(&shop, "trimmed.mp4", &[], Wishes::sending(), &usual()).await;
    assert_eq!(
        as_it_is.plan.rung,
        Rung::AsIs,
        "where it is taken nothing is done"
    );
}
