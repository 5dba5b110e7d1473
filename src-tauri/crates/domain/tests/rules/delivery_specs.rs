//! The tables of every platform and placement.

use daypart_domain::{
    delivery_spec::{ACCOUNT_SOURCE, AccountLimits, AccountRule, Certainty, DeliverySpec},
    delivery_specs::{self, ALL, FACEBOOK_REELS, INSTAGRAM_REELS, MASTODON, TIKTOK, X, YOUTUBE_VIDEO},
};

/// id, shortest and longest in seconds, most bytes, narrowest and widest shape.
#[test]
fn the_numbers_that_matter_most() {
    let rows: Vec<String> = ALL
        .iter()
        .map(|spec| {
            let seconds =
                |limit: Option<u64>| limit.map_or("-".to_owned(), |ms| (ms as f64 / 1e3).to_string());
            let shape = |ratio: Option<daypart_domain::delivery_spec::Ratio>| {
                ratio.map_or("-".to_owned(), |ratio| {
                    format!("{}:{}", ratio.width, ratio.height)
                })
            };
            format!(
                "{} {} {} {} {} {}",
                spec.id,
                seconds(spec.duration_min_ms.map(|limit| limit.value)),
                seconds(spec.duration_max_ms.map(|limit| limit.value)),
                spec.size_max_bytes.value,
                shape(spec.aspect_min.map(|limit| limit.value)),
                shape(spec.aspect_max.map(|limit| limit.value)),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "tiktok_video 3 600 4294967296 - -",
            "youtube_shorts - 180 274877906944 - 1:1",
            "youtube_video - 43200 274877906944 - -",
            "instagram_reels 3 900 300000000 1:100 10:1",
            "instagram_story 3 60 100000000 1:10 10:1",
            "facebook_reels 3 90 1000000000 9:16 9:16",
            "facebook_video - 14400 10000000000 9:16 16:9",
            "bluesky_video - 600 300000000 - -",
            "mastodon_video - - 103809024 - -",
            "x_video 0.5 140 512000000 1:3 3:1",
            "linkedin_video 3 1800 500000000 5:12 12:5",
            "threads_video - 300 1000000000 1:100 10:1",
            "pinterest_video 4 900 2000000000 1:2 191:100",
        ]
    );
}

#[test]
fn ids_are_unique_and_read_back() {
    for spec in ALL {
        assert_eq!(
            delivery_specs::by_id(spec.id).map(|found| found.name),
            Some(spec.name)
        );
        assert!(spec.version > 0 && !spec.name.is_empty());
    }
    assert_eq!(delivery_specs::by_id("myspace"), None);
}

#[test]
fn every_number_has_a_source_and_a_date() {
    // Debug prints every limit of a spec, those included that a later version adds.
    for spec in ALL {
        let text = format!("{spec:?}");
        assert!(
            !text.contains(r#"source: """#) && !text.contains(r#"as_of: """#),
            "{text}"
        );
        for part in text.split("as_of: \"").skip(1) {
            let date = &part[..7];
            assert!(
                date.starts_with("2026-") && part[7..].starts_with('"'),
                "{}: {date}",
                spec.id
            );
        }
    }
}

#[test]
fn what_the_contracts_leave_open_is_marked() {
    let table: &[(&DeliverySpec, Option<Certainty>)] = &[
        (&TIKTOK, TIKTOK.size_doubtful_bytes.map(|limit| limit.certainty)),
        (&TIKTOK, TIKTOK.duration_min_ms.map(|limit| limit.certainty)),
        (
            &YOUTUBE_VIDEO,
            YOUTUBE_VIDEO.duration_doubtful_ms.map(|limit| limit.certainty),
        ),
        (
            &INSTAGRAM_REELS,
            INSTAGRAM_REELS.audio_rate_max_bps.map(|limit| limit.certainty),
        ),
        (&FACEBOOK_REELS, Some(FACEBOOK_REELS.size_max_bytes.certainty)),
    ];
    for (spec, certainty) in table {
        assert_eq!(*certainty, Some(Certainty::Unverified), "{}", spec.id);
    }
    assert_eq!(
        TIKTOK.size_doubtful_bytes.unwrap().cited(),
        "TikTok Media Transfer Guide, as of 2026-11 (not confirmed)"
    );
}

#[test]
fn an_account_tightens_a_platforms_limit_and_a_server_replaces_its_default() {
    let limits = |duration_s: u64, size_bytes: u64| AccountLimits {
        duration_max_ms: Some(duration_s * 1_000),
        size_max_bytes: Some(size_bytes),
        ..AccountLimits::default()
    };
    assert_eq!(TIKTOK.account_rule, AccountRule::Tightens);
    let creator = TIKTOK.for_account(limits(180, 8 << 30));
    let duration = creator.duration_max_ms.unwrap();
    assert_eq!((duration.value, duration.source), (180_000, ACCOUNT_SOURCE));
    assert_eq!(
        creator.size_max_bytes, TIKTOK.size_max_bytes,
        "no account lifts TikTok's own limit"
    );

    let small_server = MASTODON.for_account(limits(60, 40 << 20));
    assert_eq!(small_server.size_max_bytes.value, 40 << 20);
    let large_server = MASTODON.for_account(AccountLimits {
        pixels_max: Some(33_177_600),
        frame_rate_max_fps: Some(240),
        ..limits(60, 1 << 30)
    });
    assert_eq!(large_server.size_max_bytes.value, 1 << 30);
    assert_eq!(large_server.pixels_max.map(|limit| limit.value), Some(33_177_600));
    assert_eq!(
        large_server.frame_rate_max_fps.map(|limit| limit.value),
        Some(240.0)
    );

    let subscriber = X.for_account(AccountLimits {
        long_side_max_px: Some(1920),
        short_side_max_px: Some(1080),
        ..limits(7_200, 8 << 30)
    });
    assert_eq!(
        subscriber.duration_max_ms.map(|limit| limit.value),
        Some(7_200_000)
    );
    assert_eq!(subscriber.short_side_max_px.map(|limit| limit.value), Some(1080));
    assert_eq!(X.for_account(AccountLimits::default()), X);
}
