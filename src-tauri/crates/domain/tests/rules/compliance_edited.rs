//! Findings of edited files, of accounts with limits of their own, and of what was and was not measured.

use daypart_domain::{
    analysis::{Analysis, BlackBars},
    delivery_spec::{AccountLimits, DeliverySpec},
    delivery_specs::{
        ALL, BLUESKY, FACEBOOK_REELS, FACEBOOK_VIDEO, INSTAGRAM_REELS, MASTODON, TIKTOK, X, YOUTUBE_SHORTS,
        YOUTUBE_VIDEO,
    },
    edit::{Aspect, Cover, Edit, Fit, KeptRange},
    transcode_plan::Rung,
};
use proptest::prelude::*;

use crate::{
    cases::{Case, found, rules},
    clips::{any_clip, clip, good_clip},
};

const S: u64 = 1_000_000;

#[test]
fn youtube_tells_what_becomes_a_short() {
    let told = |duration_ms: u64, size: (u32, u32), spec: &DeliverySpec| {
        let info = clip(|info| {
            info.duration_ms = duration_ms;
            (info.video.width_px, info.video.height_px) = size;
        });
        found(&info, &Case::default(), spec)
            .into_iter()
            .find(|finding| finding.rule == "video.short_form")
            .map(|finding| finding.sentence)
    };
    let short = "YouTube shows this as a Short: it is square or vertical and lasts at most 3 min.";
    assert_eq!(told(15_000, (1080, 1920), &YOUTUBE_VIDEO).as_deref(), Some(short));
    assert_eq!(told(15_000, (1080, 1080), &YOUTUBE_VIDEO).as_deref(), Some(short));
    let claims = format!("{short} Longer than 1 min, it is blocked if someone claims a part of it.");
    assert_eq!(told(61_000, (1080, 1920), &YOUTUBE_VIDEO), Some(claims));
    assert_eq!(told(15_000, (1920, 1080), &YOUTUBE_VIDEO), None, "wide");
    assert_eq!(told(180_001, (1080, 1920), &YOUTUBE_VIDEO), None, "long");
    assert_eq!(
        told(15_000, (1080, 1920), &YOUTUBE_SHORTS),
        None,
        "that is what was chosen"
    );
    assert!(
        told(61_000, (1080, 1920), &YOUTUBE_SHORTS).is_some(),
        "the risk is told there too"
    );
}

#[test]
fn the_edit_counts() {
    let long = clip(|info| info.duration_ms = 700_000);
    let is_too_long = |edit: Edit| {
        let case = Case {
            edit,
            ..Case::default()
        };
        rules(&long, &case, &TIKTOK).contains(&"video.duration_max".to_owned())
    };
    let kept = |start_s: u64, end_s: u64| vec![KeptRange::new(start_s * S, end_s * S)];
    assert!(is_too_long(Edit::default()));
    assert!(!is_too_long(Edit {
        ranges: kept(50, 650),
        ..Edit::default()
    }));
    assert!(is_too_long(Edit {
        ranges: kept(50, 651),
        ..Edit::default()
    }));
    assert!(!is_too_long(Edit {
        speed: 2.0,
        ..Edit::default()
    }));

    // A wide clip becomes one for Reels by its crop; the window is what is measured.
    let wide = clip(|info| (info.video.width_px, info.video.height_px) = (1920, 1080));
    let mut case = Case::default();
    assert!(rules(&wide, &case, &FACEBOOK_REELS).contains(&"video.aspect".to_owned()));
    case.edit.framing.aspect = Aspect::Portrait9x16;
    for fit in [Fit::default(), Fit::Blur, Fit::Colour { rgb: [0, 0, 0] }] {
        case.edit.framing.fit = fit;
        assert!(
            !rules(&wide, &case, &FACEBOOK_REELS).contains(&"video.aspect".to_owned()),
            "{fit:?}"
        );
    }
    case.edit = Edit::default();
    case.edit.turn.rotate_deg = 90;
    assert!(!rules(&wide, &case, &FACEBOOK_REELS).contains(&"video.aspect".to_owned()));

    // A muted video has no sound to complain of, and is meant to have none.
    let odd = clip(|info| info.audio.as_mut().unwrap().codec = "pcm_s16le".to_owned());
    case.edit = Edit::default();
    assert_eq!(rules(&odd, &case, &BLUESKY), ["audio.codec"]);
    case.edit.sound.muted = true;
    assert_eq!(rules(&odd, &case, &BLUESKY), [""; 0]);

    // Half of a file has half of its bytes.
    let large = clip(|info| (info.size_bytes, info.duration_ms) = (500_000_000, 100_000));
    case.edit = Edit {
        ranges: kept(0, 50),
        ..Edit::default()
    };
    assert_eq!(rules(&large, &case, &BLUESKY), [""; 0]);
}

#[test]
fn what_the_edit_cures_is_not_advised_again() {
    let analysis = Analysis {
        loudness_lufs: Some(-27.0),
        first_frame_black: Some(true),
        black_bars: Some(BlackBars {
            left_px: 200,
            right_px: 200,
            ..BlackBars::default()
        }),
        ..Analysis::default()
    };
    let mut case = Case {
        analysis,
        ..Case::default()
    };
    let advised = ["video.black_bars", "video.first_frame_black", "audio.loudness"];
    assert_eq!(rules(&good_clip(), &case, &BLUESKY), advised);
    case.edit.sound.normalise = true;
    case.edit.cover = Some(Cover::At { at_us: S });
    case.edit.framing.aspect = Aspect::Square;
    assert_eq!(rules(&good_clip(), &case, &BLUESKY), [""; 0]);
    case.edit = Edit {
        ranges: vec![KeptRange::new(S, 9 * S)],
        ..Edit::default()
    };
    case.edit.sound.volume_db = 11.0;
    assert_eq!(
        rules(&good_clip(), &case, &BLUESKY),
        ["video.black_bars"],
        "trimmed off, turned up"
    );
}

#[test]
fn what_was_not_measured_is_not_held_against_the_file() {
    for spec in [&BLUESKY, &FACEBOOK_REELS, &INSTAGRAM_REELS] {
        assert_eq!(
            rules(&good_clip(), &Case::default(), spec),
            [""; 0],
            "{}",
            spec.name
        );
    }
}

#[test]
fn a_server_or_account_brings_its_own_numbers() {
    let mut case = Case::default();
    let large = clip(|info| info.size_bytes = 150_000_000);
    assert_eq!(rules(&large, &case, &MASTODON), ["file.size"]);
    case.limits.size_max_bytes = Some(200_000_000);
    assert_eq!(rules(&large, &case, &MASTODON), [""; 0]);
    case.limits.frame_rate_max_fps = Some(25);
    let all = found(&large, &case, &MASTODON);
    assert_eq!(all[0].rule, "video.frame_rate");
    assert_eq!(
        all[0].source,
        "the account's own limit, as the platform reports it"
    );

    let mut subscriber = Case::default();
    subscriber.limits.long_side_max_px = Some(1920);
    subscriber.limits.short_side_max_px = Some(1200);
    assert_eq!(rules(&good_clip(), &subscriber, &X), [""; 0]);
    let hour = clip(|info| info.duration_ms = 3_600_000);
    let verified = Case {
        limits: AccountLimits {
            duration_max_ms: Some(12 * 3_600_000),
            ..AccountLimits::default()
        },
        ..Case::default()
    };
    assert_eq!(
        rules(&hour, &Case::default(), &YOUTUBE_VIDEO),
        ["video.duration_max"]
    );
    assert_eq!(rules(&hour, &verified, &YOUTUBE_VIDEO), [""; 0]);
    assert_eq!(
        rules(
            &clip(|info| info.size_bytes = 900_000_000),
            &Case::default(),
            &FACEBOOK_VIDEO
        ),
        [""; 0]
    );
}

proptest! {
    #[test]
    fn every_finding_of_every_placement_is_complete(
        info in any_clip(),
        ranges in prop::collection::vec((0..600_u64, 1..60_u64), 0..3),
        speed in prop::sample::select(vec![0.5, 1.0, 3.0]),
        quiet in prop::option::of(-70.0..3.0_f64),
    ) {
        let mut case = Case::default();
        case.edit.speed = speed;
        case.edit.ranges = ranges.iter().map(|(start, length)| KeptRange::new(start * S, (start + length) * S)).collect();
        case.analysis.loudness_lufs = quiet;
        case.analysis.true_peak_dbtp = quiet;
        for spec in ALL {
            let all = found(&info, &case, spec);
            prop_assert!(all.is_sorted_by_key(|finding| finding.severity));
            for finding in &all {
                prop_assert!(finding.sentence.ends_with('.'), "{}", finding.sentence);
                for part in [&finding.rule, &finding.measured, &finding.limit, &finding.source] {
                    prop_assert!(!part.is_empty(), "{finding:?}");
                }
                prop_assert!(finding.fix != Some(Rung::AsIs), "{finding:?}");
            }
            let names: std::collections::BTreeSet<&str> = all.iter().map(|finding| finding.rule.as_str()).collect();
            prop_assert_eq!(names.len(), all.len(), "one finding per rule");
        }
    }
}
