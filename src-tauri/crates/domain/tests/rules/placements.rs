//! The rules of every placement: which rule finds what, how grave it is there, and what cures it.

use daypart_domain::{
    analysis::BlackBars,
    compliance::{Finding, Severity},
    delivery_spec::DeliverySpec,
    delivery_specs::{
        ALL, BLUESKY, FACEBOOK_REELS, INSTAGRAM_REELS, INSTAGRAM_STORY, LINKEDIN, MASTODON, PINTEREST,
        THREADS, TIKTOK, X, YOUTUBE_SHORTS, YOUTUBE_VIDEO,
    },
    media_info::MediaInfo,
    transcode_plan::Rung,
};

use crate::{
    cases::{Case, found},
    clips::{clip, good_clip, rate},
};

#[test]
fn a_phone_clip_is_taken_everywhere_but_where_it_is_too_large() {
    let refused: Vec<&str> = ALL
        .iter()
        .filter(|spec| {
            found(&good_clip(), &Case::default(), spec)
                .iter()
                .any(Finding::is_refusal)
        })
        .map(|spec| spec.id)
        .collect();
    assert_eq!(
        refused,
        ["x_video"],
        "1080 × 1920 is over X's 1280 px for ordinary accounts"
    );
}

#[test]
fn the_table_of_rules_by_placement() {
    use Severity::{Advice, Refusal, Warning};
    type Change = fn(&mut MediaInfo, &mut Case);
    let table: &[(&DeliverySpec, &str, Severity, Option<Rung>, Change)] = &[
        (&LINKEDIN, "file.size_min", Refusal, None, |info, _| {
            info.size_bytes = 74_999
        }),
        (&TIKTOK, "file.size", Warning, Some(Rung::Encode), |info, _| {
            info.size_bytes = 4_100_000_000
        }),
        (&TIKTOK, "file.size", Refusal, Some(Rung::Encode), |info, _| {
            info.size_bytes = 4_300_000_000
        }),
        (
            &FACEBOOK_REELS,
            "file.size",
            Warning,
            Some(Rung::Encode),
            |info, _| info.size_bytes = 1_000_000_001,
        ),
        (
            &INSTAGRAM_REELS,
            "file.index_first",
            Warning,
            Some(Rung::Remux),
            |info, _| info.index_first = Some(false),
        ),
        (
            &YOUTUBE_SHORTS,
            "file.index_first",
            Advice,
            Some(Rung::Remux),
            |info, _| info.index_first = Some(false),
        ),
        (
            &INSTAGRAM_REELS,
            "file.edit_list",
            Refusal,
            Some(Rung::Remux),
            |info, _| info.has_edit_list = true,
        ),
        (
            &INSTAGRAM_REELS,
            "file.edit_list",
            Refusal,
            Some(Rung::Encode),
            |info, case| {
                info.has_edit_list = true;
                case.analysis.edit_list_matters = Some(true);
            },
        ),
        (&X, "video.profile", Refusal, Some(Rung::Encode), |info, _| {
            info.video.profile = Some("High 10".to_owned());
        }),
        (
            &INSTAGRAM_REELS,
            "video.bit_rate",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                info.video.bit_rate_bps = Some(27_000_000);
            },
        ),
        (
            &THREADS,
            "video.pixel_format",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                info.video.pixel_format = "yuv422p".to_owned();
            },
        ),
        (
            &TIKTOK,
            "video.pixel_format",
            Warning,
            Some(Rung::Encode),
            |info, _| {
                info.video.pixel_format = "yuv422p".to_owned();
            },
        ),
        (&X, "video.interlaced", Refusal, Some(Rung::Encode), |info, _| {
            info.video.interlaced = true
        }),
        (&X, "video.pixel_shape", Refusal, Some(Rung::Encode), |info, _| {
            info.video.square_pixels = false
        }),
        (&X, "video.closed_gop", Refusal, Some(Rung::Encode), |_, case| {
            case.analysis.closed_gop = Some(false)
        }),
        (
            &FACEBOOK_REELS,
            "video.keyframe_gap",
            Refusal,
            Some(Rung::Encode),
            |_, case| {
                case.analysis.keyframe_gap_max_ms = Some(5_001);
            },
        ),
        (
            &FACEBOOK_REELS,
            "video.variable_frame_rate",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                info.video.variable_frame_rate = true;
            },
        ),
        (
            &MASTODON,
            "video.frame_count",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                (info.duration_ms, info.video.average_frame_rate) = (700_000, rate(60, 1));
            },
        ),
        (&MASTODON, "video.frame_count", Refusal, None, |info, _| {
            info.duration_ms = 2_000_000
        }),
        (&YOUTUBE_VIDEO, "video.duration_max", Warning, None, |info, _| {
            info.duration_ms = 901_000
        }),
        (&YOUTUBE_SHORTS, "video.duration_max", Warning, None, |info, _| {
            info.duration_ms = 179_500
        }),
        (&YOUTUBE_SHORTS, "video.duration_max", Refusal, None, |info, _| {
            info.duration_ms = 180_001
        }),
        (
            &INSTAGRAM_STORY,
            "video.duration_max",
            Refusal,
            None,
            |info, _| info.duration_ms = 60_001,
        ),
        (&TIKTOK, "video.duration_min", Warning, None, |info, _| {
            info.duration_ms = 2_000
        }),
        (&PINTEREST, "video.duration_min", Refusal, None, |info, _| {
            info.duration_ms = 3_999
        }),
        (
            &FACEBOOK_REELS,
            "video.picture_size",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                (info.video.width_px, info.video.height_px) = (480, 854);
            },
        ),
        (
            &INSTAGRAM_REELS,
            "video.picture_size",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                (info.video.width_px, info.video.height_px) = (2160, 3840);
            },
        ),
        (
            &MASTODON,
            "video.picture_size",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                (info.video.width_px, info.video.height_px) = (4320, 7680);
            },
        ),
        (
            &FACEBOOK_REELS,
            "video.aspect",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                (info.video.width_px, info.video.height_px) = (1920, 1080);
            },
        ),
        (
            &YOUTUBE_SHORTS,
            "video.aspect",
            Refusal,
            Some(Rung::Encode),
            |info, _| {
                (info.video.width_px, info.video.height_px) = (1920, 1080);
            },
        ),
        (
            &LINKEDIN,
            "video.aspect",
            Warning,
            Some(Rung::Encode),
            |info, _| {
                (info.video.width_px, info.video.height_px) = (1920, 720);
            },
        ),
        (&INSTAGRAM_REELS, "video.aspect_best", Advice, None, |info, _| {
            (info.video.width_px, info.video.height_px) = (1920, 1080);
        }),
        (
            &INSTAGRAM_REELS,
            "audio.bit_rate",
            Warning,
            Some(Rung::AudioOnly),
            |info, _| {
                info.audio.as_mut().unwrap().bit_rate_bps = Some(256_000);
            },
        ),
        (&YOUTUBE_VIDEO, "video.short_form", Advice, None, |_, _| {}),
        (&BLUESKY, "video.low_resolution", Advice, None, |info, _| {
            (info.video.width_px, info.video.height_px) = (540, 960);
        }),
        (&BLUESKY, "video.black_bars", Advice, None, |_, case| {
            case.analysis.black_bars = Some(BlackBars {
                left_px: 240,
                right_px: 240,
                top_px: 0,
                bottom_px: 0,
            });
        }),
        (&BLUESKY, "video.first_frame_black", Advice, None, |_, case| {
            case.analysis.first_frame_black = Some(true)
        }),
        (&BLUESKY, "video.upscaled", Advice, None, |_, case| {
            case.analysis.upscaled = Some(true)
        }),
        (&BLUESKY, "audio.silent", Advice, None, |_, case| {
            case.analysis.silent = Some(true)
        }),
        (
            &BLUESKY,
            "audio.loudness",
            Advice,
            Some(Rung::AudioOnly),
            |_, case| {
                case.analysis.loudness_lufs = Some(-27.3);
            },
        ),
        (
            &BLUESKY,
            "audio.true_peak",
            Advice,
            Some(Rung::AudioOnly),
            |_, case| {
                case.analysis.true_peak_dbtp = Some(0.7);
            },
        ),
        (
            &BLUESKY,
            "privacy.location",
            Warning,
            Some(Rung::Remux),
            |_, case| case.analysis.has_location = Some(true),
        ),
        (
            &BLUESKY,
            "privacy.device",
            Advice,
            Some(Rung::Remux),
            |_, case| case.analysis.has_device = Some(true),
        ),
    ];
    for (spec, rule, severity, fix, change) in table {
        let (mut info, mut case) = (good_clip(), Case::default());
        change(&mut info, &mut case);
        let all = found(&info, &case, spec);
        let Some(finding) = all.iter().find(|finding| finding.rule == *rule) else {
            panic!("{rule} was not found at {} in {all:?}", spec.name);
        };
        assert_eq!(
            (finding.severity, finding.fix),
            (*severity, *fix),
            "{rule} at {}",
            spec.name
        );
    }
}

#[test]
fn sentences_say_how_sure_a_limit_is() {
    let sentence = |info: &MediaInfo, spec: &DeliverySpec, rule: &str| {
        let all = found(info, &Case::default(), spec);
        let finding = all.into_iter().find(|finding| finding.rule == rule).unwrap();
        (finding.sentence, finding.source)
    };
    let large = clip(|info| info.size_bytes = 1_200_000_000);
    assert_eq!(
        sentence(&large, &FACEBOOK_REELS, "file.size"),
        (
            "The file has 1.2 GB; Facebook Reels probably takes at most 1.0 GB: a smaller version can be made."
                .to_owned(),
            "not published; the smallest figure of Meta's old video pages, as of 2026-10 (not confirmed)".to_owned()
        )
    );
    let quarter = clip(|info| info.duration_ms = 20 * 60_000);
    assert_eq!(
        sentence(&quarter, &YOUTUBE_VIDEO, "video.duration_max").0,
        "The video lasts 20 min; above 15 min it is not certain that YouTube takes it."
    );
    let in_doubt = clip(|info| info.size_bytes = 4_100_000_000);
    assert_eq!(
        sentence(&in_doubt, &TIKTOK, "file.size").0,
        "The file has 4.1 GB; above 4.0 GB it is not certain that TikTok takes it: a smaller version can be made."
    );
    let wide = clip(|info| (info.video.width_px, info.video.height_px) = (1920, 1080));
    assert_eq!(
        sentence(&wide, &FACEBOOK_REELS, "video.aspect").0,
        "The picture of 1920 × 1080 is too wide; Facebook Reels takes 9:16: crop it, or bars are added."
    );
    let slow = clip(|info| info.video.average_frame_rate = rate(15, 1));
    assert_eq!(
        sentence(&slow, &YOUTUBE_SHORTS, "video.frame_rate").0,
        "The video runs at 15 frames per second; YouTube Shorts recommends at least 24."
    );
}
