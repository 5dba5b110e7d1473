//! Which rule finds what, how grave it is, and what cures it.

use daypart_domain::{
    compliance::{Finding, Severity, check},
    delivery_spec::AccountLimits,
    media_info::{Container, MediaInfo},
    transcode_plan::Rung,
};
use proptest::prelude::*;

use crate::{
    clips::{any_clip, clip, good_clip, lenient_spec, rate, strict_spec},
    transcode_plan::NO_LIMITS,
};

fn findings(info: &MediaInfo) -> Vec<Finding> {
    check(info, &strict_spec(), NO_LIMITS)
}

#[test]
fn a_file_that_complies_has_no_findings() {
    assert_eq!(findings(&good_clip()), []);
}

#[test]
fn the_table_of_rules() {
    use Severity::{Advice, Refusal, Warning};
    type Change = fn(&mut MediaInfo);
    let table: &[(&str, Severity, Option<Rung>, Change)] = &[
        ("file.container", Refusal, Some(Rung::Remux), |info| {
            info.container = Container::Matroska;
            info.index_first = None;
        }),
        ("file.size", Refusal, Some(Rung::Encode), |info| {
            info.size_bytes = 4_000_000_001
        }),
        ("file.size", Refusal, None, |info| {
            // Nine hours do not fit into 4 GB at any rate worth sending.
            info.size_bytes = 9_000_000_000;
            info.duration_ms = 9 * 3_600_000;
        }),
        ("file.index_first", Warning, Some(Rung::Remux), |info| {
            info.index_first = Some(false)
        }),
        ("video.codec", Refusal, Some(Rung::Encode), |info| {
            info.video.codec = "prores".to_owned()
        }),
        ("video.frame_rate", Refusal, Some(Rung::Encode), |info| {
            info.video.average_frame_rate = rate(15, 1);
        }),
        ("video.frame_rate", Refusal, Some(Rung::Encode), |info| {
            info.video.average_frame_rate = rate(120, 1);
        }),
        ("video.picture_size", Refusal, Some(Rung::Encode), |info| {
            info.video.width_px = 358
        }),
        ("video.picture_size", Refusal, Some(Rung::Encode), |info| {
            info.video.height_px = 4098
        }),
        ("video.duration_min", Refusal, None, |info| {
            info.duration_ms = 2_999
        }),
        ("video.duration_max", Refusal, None, |info| {
            info.duration_ms = 600_001
        }),
        ("audio.codec", Refusal, Some(Rung::AudioOnly), |info| {
            info.audio.as_mut().unwrap().codec = "opus".to_owned();
        }),
        ("audio.channels", Refusal, Some(Rung::AudioOnly), |info| {
            info.audio.as_mut().unwrap().channels = 6;
        }),
        ("audio.sample_rate", Refusal, Some(Rung::AudioOnly), |info| {
            info.audio.as_mut().unwrap().sample_rate_hz = 96_000;
        }),
        ("video.variable_frame_rate", Warning, Some(Rung::Encode), |info| {
            info.video.variable_frame_rate = true;
        }),
        ("video.hdr", Warning, Some(Rung::Encode), |info| {
            info.video.hdr = true
        }),
        ("video.pixel_format", Warning, Some(Rung::Encode), |info| {
            info.video.pixel_format = "yuv422p10le".to_owned();
        }),
        ("video.interlaced", Warning, Some(Rung::Encode), |info| {
            info.video.interlaced = true
        }),
        ("video.pixel_shape", Warning, Some(Rung::Encode), |info| {
            info.video.square_pixels = false
        }),
        ("file.private_metadata", Advice, Some(Rung::Remux), |info| {
            info.has_private_metadata = true
        }),
        ("file.cut_short", Warning, None, |info| info.missing_ms = 1_600),
        ("audio.missing", Advice, None, |info| info.audio = None),
        ("audio.track_count", Advice, Some(Rung::Remux), |info| {
            info.audio_track_count = 3
        }),
    ];
    for (rule, severity, fix, change) in table {
        let found = findings(&clip(change));
        let Some(finding) = found.iter().find(|finding| finding.rule == *rule) else {
            panic!("{rule} was not found in {found:?}");
        };
        assert_eq!((finding.severity, finding.fix), (*severity, *fix), "{rule}");
        let source = if *severity == Severity::Refusal || *rule == "file.index_first" {
            "the contract"
        } else {
            "Daypart's advice"
        };
        assert_eq!(finding.source, source, "{rule}");
    }
}

#[test]
fn bounds_are_inclusive_and_rates_are_read_with_their_rounding() {
    let at_the_bounds: &[fn(&mut MediaInfo)] = &[
        |info| info.size_bytes = 4_000_000_000,
        |info| info.duration_ms = 600_000,
        |info| info.duration_ms = 3_000,
        |info| (info.video.width_px, info.video.height_px) = (360, 4096),
        |info| info.video.average_frame_rate = rate(24_000, 1001),
        |info| info.video.average_frame_rate = rate(23, 1),
        |info| info.video.average_frame_rate = rate(60, 1),
        // A phone's 60 fps, as measured.
        |info| info.video.average_frame_rate = rate(6005, 100),
        |info| info.video.average_frame_rate = None,
    ];
    for (row, change) in at_the_bounds.iter().enumerate() {
        let found = findings(&clip(change));
        let more_than_advice: Vec<_> = found
            .iter()
            .filter(|finding| finding.severity != Severity::Advice)
            .collect();
        assert!(more_than_advice.is_empty(), "row {row}: {more_than_advice:?}");
    }
}

#[test]
fn sentences_name_the_measure_the_limit_and_the_way_out() {
    let sentence = |info: &MediaInfo, limits| check(info, &strict_spec(), limits)[0].sentence.clone();
    let long = clip(|info| info.duration_ms = 725_300);
    assert_eq!(
        sentence(&long, NO_LIMITS),
        "The video lasts 12 min 5 s; TikTok takes at most 10 min: trim it to 10 min or less."
    );
    let slow = clip(|info| info.video.average_frame_rate = rate(15_000, 1001));
    assert_eq!(
        sentence(&slow, NO_LIMITS),
        "The video runs at 14.99 frames per second; TikTok takes at least 23."
    );
    let odd = clip(|info| info.container = Container::Avi);
    assert_eq!(
        sentence(&odd, NO_LIMITS),
        "The file is AVI; TikTok takes MP4, MOV or WebM."
    );
    let short = clip(|info| info.duration_ms = 1_517);
    assert_eq!(
        sentence(&short, NO_LIMITS),
        "The video lasts 1.5 s; TikTok takes none under 3 s: choose a longer clip."
    );
}

#[test]
fn the_accounts_own_limit_counts_when_it_is_tighter() {
    let limits = |seconds: u64| AccountLimits {
        duration_max_ms: Some(seconds * 1_000),
        ..NO_LIMITS
    };
    let info = clip(|info| info.duration_ms = 200_000);
    let found = check(&info, &strict_spec(), limits(180));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].rule.as_str(), found[0].fix),
        ("video.duration_max", None)
    );
    assert_eq!(found[0].limit, "at most 3 min");
    assert!(
        found[0].sentence.contains("this account"),
        "{}",
        found[0].sentence
    );
    assert_eq!(check(&info, &strict_spec(), limits(3_600)), []);
    let without_platform_limit = check(&info, &lenient_spec(), limits(180));
    assert_eq!(without_platform_limit.len(), 1);
    let looser = check(
        &clip(|info| info.duration_ms = 700_000),
        &strict_spec(),
        limits(3_600),
    );
    assert_eq!(looser[0].source, "the contract");
}

#[test]
fn a_copy_is_never_offered_where_it_cannot_work() {
    // AVI has no frame times, VP8 and ProRes do not go into MP4, PCM needs new sound.
    let cases: &[(Container, &str, &str, Rung)] = &[
        (Container::Matroska, "h264", "aac", Rung::Remux),
        (Container::Matroska, "h264", "pcm_s16le", Rung::AudioOnly),
        (Container::Matroska, "vp8", "aac", Rung::Encode),
        (Container::Avi, "h264", "aac", Rung::Encode),
        (Container::MpegTs, "h264", "aac", Rung::Remux),
        (Container::Other, "h264", "aac", Rung::Encode),
    ];
    for (container, video, audio, rung) in cases {
        let info = clip(|info| {
            info.container = *container;
            info.video.codec = (*video).to_owned();
            info.audio.as_mut().unwrap().codec = (*audio).to_owned();
        });
        let found = findings(&info);
        let finding = found
            .iter()
            .find(|finding| finding.rule == "file.container")
            .unwrap();
        assert_eq!(finding.fix, Some(*rung), "{container:?} {video} {audio}");
    }
}

proptest! {
    #[test]
    fn the_worst_stands_first_and_every_finding_is_complete(info in any_clip()) {
        let found = findings(&info);
        prop_assert!(found.is_sorted_by_key(|finding| finding.severity));
        for finding in &found {
            prop_assert!(finding.sentence.ends_with('.'), "{}", finding.sentence);
            for part in [&finding.rule, &finding.measured, &finding.limit, &finding.source] {
                prop_assert!(!part.is_empty(), "{finding:?}");
            }
        }
        let rules: std::collections::BTreeSet<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
        prop_assert_eq!(rules.len(), found.len(), "one finding per rule");
    }

    #[test]
    fn the_same_file_has_the_same_findings(info in any_clip()) {
        prop_assert_eq!(findings(&info), findings(&info.clone()));
    }
}
