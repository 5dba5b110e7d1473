//! The cheapest rung that makes a file comply.

use daypart_domain::{
    compliance::{Severity, check},
    delivery_spec::{AccountLimits, DeliverySpec},
    media_info::{Container, FrameRate, MediaInfo},
    transcode_plan::{EncodeTarget, Rung, TranscodePlan, plan, unfixable},
};
use proptest::prelude::*;

use crate::clips::{any_clip, clip, good_clip, lenient_spec, rate, strict_spec};

pub const NO_LIMITS: AccountLimits = AccountLimits {
    duration_max_ms: None,
    size_max_bytes: None,
    pixels_max: None,
    frame_rate_max_fps: None,
    long_side_max_px: None,
    short_side_max_px: None,
};

fn plan_for(change: impl FnOnce(&mut MediaInfo)) -> TranscodePlan {
    plan(&clip(change), &strict_spec(), NO_LIMITS)
}

fn target_for(change: impl FnOnce(&mut MediaInfo)) -> EncodeTarget {
    let plan = plan_for(|info| {
        info.video.codec = "prores".to_owned();
        change(info);
    });
    plan.target.unwrap()
}

#[test]
fn what_complies_is_sent_as_it_is() {
    let plan = plan(&good_clip(), &strict_spec(), NO_LIMITS);
    assert_eq!((plan.rung, plan.target), (Rung::AsIs, None));
    assert!(plan.reasons.is_empty());
    assert_eq!(plan.spec_key, "strict/1");
}

#[test]
fn the_dearest_needed_rung_wins_and_every_reason_is_told() {
    let plan = plan_for(|info| {
        info.index_first = Some(false);
        info.audio.as_mut().unwrap().codec = "ac3".to_owned();
    });
    assert_eq!(plan.rung, Rung::AudioOnly);
    assert_eq!(plan.reasons.len(), 2, "{:?}", plan.reasons);
}

#[test]
fn an_index_at_the_end_is_worth_a_remux_because_nothing_is_lost() {
    assert_eq!(plan_for(|info| info.index_first = Some(false)).rung, Rung::Remux);
}

#[test]
fn what_is_accepted_is_not_encoded_for_beauty() {
    let plan = plan_for(|info| {
        info.video.hdr = true;
        info.video.variable_frame_rate = true;
        info.has_private_metadata = true;
        info.audio_track_count = 2;
    });
    assert_eq!(plan.rung, Rung::AsIs);
}

#[test]
fn what_cannot_be_cured_is_told_and_forces_nothing() {
    let info = clip(|info| info.duration_ms = 700_000);
    let found = check(&info, &strict_spec(), NO_LIMITS);
    let rules: Vec<&str> = unfixable(&found)
        .iter()
        .map(|finding| finding.rule.as_str())
        .collect();
    assert_eq!(rules, ["video.duration_max"]);
    assert_eq!(plan(&info, &strict_spec(), NO_LIMITS).rung, Rung::AsIs);
}

#[test]
fn the_picture_keeps_its_shape_within_1080_by_1920() {
    // source, target
    let table = [
        ((1080, 1920), (1080, 1920)),
        ((2160, 3840), (1080, 1920)),
        ((3840, 2160), (1920, 1080)),
        ((4000, 4000), (1080, 1080)),
        ((720, 1280), (720, 1280)),
        ((641, 361), (642, 362)),
        // Under TikTok's 360: enlarged.
        ((176, 144), (440, 360)),
        ((320, 240), (480, 360)),
        // A shape that no scaling can save is padded.
        ((4000, 100), (1920, 360)),
    ];
    for (source, wanted) in table {
        let target = target_for(|info| (info.video.width_px, info.video.height_px) = source);
        let (width, height) = (target.width_px, target.height_px);
        assert!(
            width.abs_diff(wanted.0) <= 2 && height.abs_diff(wanted.1) <= 2,
            "{source:?} → {width} × {height}, not {wanted:?}"
        );
    }
}

#[test]
fn a_usual_constant_rate_stays_and_others_become_the_nearest_usual_one() {
    let constant = |numerator, denominator| {
        target_for(|info| info.video.average_frame_rate = rate(numerator, denominator)).frame_rate_fps
    };
    assert_eq!(constant(30, 1), None);
    assert_eq!(constant(24_000, 1001), None);
    assert_eq!(constant(60_000, 1001), None);
    assert_eq!(constant(240, 1), Some(60));
    assert_eq!(constant(12, 1), Some(30));
    let variable = |numerator, denominator| {
        target_for(|info| {
            info.video.average_frame_rate = rate(numerator, denominator);
            info.video.variable_frame_rate = true;
        })
        .frame_rate_fps
    };
    assert_eq!(variable(369_000, 13_657), Some(25));
    assert_eq!(variable(298, 10), Some(30));
    assert_eq!(variable(58, 1), Some(60));
    assert_eq!(
        target_for(|info| info.video.average_frame_rate = None).frame_rate_fps,
        Some(30)
    );
}

#[test]
fn the_rate_is_bound_by_the_size_that_may_be_sent() {
    assert_eq!(target_for(|_| {}).max_rate_bps, 20_000_000);
    let mut spec = strict_spec();
    spec.size_max_bytes.value = 10_000_000;
    let info = clip(|info| info.size_bytes = 20_000_000);
    let target = plan(&info, &spec, NO_LIMITS).target.unwrap();
    let bytes = (target.max_rate_bps + 128_000) * info.duration_ms / 8_000;
    assert!((9_000_000..10_000_000).contains(&bytes), "{bytes}");
}

/// What carrying out `plan` makes of `info`, as the encoder promises.
fn carried_out(info: &MediaInfo, plan: &TranscodePlan) -> MediaInfo {
    let mut made = info.clone();
    if plan.rung == Rung::AsIs {
        return made;
    }
    made.container = Container::Mp4;
    made.index_first = Some(true);
    made.has_private_metadata = false;
    made.audio_track_count = made.audio_track_count.min(1);
    if plan.rung >= Rung::AudioOnly
        && let Some(audio) = &mut made.audio
    {
        audio.codec = "aac".to_owned();
        audio.channels = 2;
        audio.sample_rate_hz = 48_000;
    }
    if let Some(target) = &plan.target {
        let video = &mut made.video;
        video.codec = "h264".to_owned();
        (video.width_px, video.height_px) = (target.width_px, target.height_px);
        if let Some(numerator) = target.frame_rate_fps {
            video.average_frame_rate = Some(FrameRate {
                numerator,
                denominator: 1,
            });
        }
        (video.variable_frame_rate, video.hdr, video.interlaced) = (false, false, false);
        video.pixel_format = "yuv420p".to_owned();
        made.size_bytes = (target.max_rate_bps + 128_000) * made.duration_ms / 8_000;
    }
    made
}

fn specs() -> impl Strategy<Value = DeliverySpec> {
    prop_oneof![Just(strict_spec()), Just(lenient_spec())]
}

proptest! {
    #[test]
    fn carrying_out_the_plan_cures_every_refusal_that_can_be_cured(info in any_clip(), spec in specs()) {
        let plan = plan(&info, &spec, NO_LIMITS);
        let made = carried_out(&info, &plan);
        let left: Vec<_> = check(&made, &spec, NO_LIMITS)
            .into_iter()
            .filter(|finding| finding.is_refusal() && finding.fix.is_some())
            .collect();
        prop_assert!(left.is_empty(), "{left:?} after {plan:?}");
    }

    #[test]
    fn nothing_is_done_without_a_reason(info in any_clip(), spec in specs()) {
        let plan = plan(&info, &spec, NO_LIMITS);
        prop_assert_eq!(plan.rung == Rung::AsIs, plan.reasons.is_empty());
        prop_assert_eq!(plan.rung == Rung::Encode, plan.target.is_some());
        let dearest_refusal = check(&info, &spec, NO_LIMITS)
            .iter()
            .filter(|finding| finding.severity == Severity::Refusal)
            .filter_map(|finding| finding.fix)
            .max();
        prop_assert!(plan.rung <= dearest_refusal.unwrap_or(Rung::Remux).max(Rung::Remux));
    }

    #[test]
    fn targets_are_even_within_bounds_and_turned_as_the_source(info in any_clip()) {
        let info = { let mut info = info; info.video.codec = "prores".to_owned(); info };
        let plan = plan(&info, &strict_spec(), NO_LIMITS);
        let target = plan.target.unwrap();
        let (width, height) = (target.width_px, target.height_px);
        prop_assert!(width % 2 == 0 && height % 2 == 0, "{width} × {height}");
        prop_assert!((360..=1920).contains(&width) && (360..=1920).contains(&height), "{width} × {height}");
        let (source_width, source_height) = (info.video.width_px, info.video.height_px);
        if source_width >= source_height {
            prop_assert!(width >= height);
        } else {
            prop_assert!(height >= width);
        }
        let rate = target.frame_rate_fps.map(f64::from).or_else(|| {
            info.video.average_frame_rate.map(FrameRate::frames_per_second)
        });
        prop_assert!((23.0..=60.0).contains(&rate.unwrap()));
        prop_assert!(target.max_rate_bps <= 20_000_000);
    }

    #[test]
    fn a_plan_is_the_same_every_time_and_survives_storage(info in any_clip(), spec in specs()) {
        let first = plan(&info, &spec, NO_LIMITS);
        prop_assert_eq!(&first, &plan(&info, &spec, NO_LIMITS));
        let text = serde_json::to_string(&first).unwrap();
        prop_assert_eq!(serde_json::from_str::<TranscodePlan>(&text).unwrap(), first);
    }
}
