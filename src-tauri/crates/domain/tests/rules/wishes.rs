//! What the user may wish of the files, and what the machine may add.

use daypart_domain::{
    delivery_spec::DeliverySpec,
    delivery_specs::{BLUESKY, TIKTOK, X},
    edit::{Aspect, KeptRange},
    transcode_plan::{Cut, EncodeWish, HardwareEncoder, Quality, Rung, Wishes},
};

use crate::{
    calls::{Call, call},
    clips::{CONTRACT, clip, good_clip},
};

const S: u64 = 1_000_000;

/// Cut at 1.5 s, with a keyframe every two seconds.
fn cut_between_keyframes() -> Call {
    let mut call = call(good_clip());
    call.edit.ranges = vec![KeptRange::new(1_500_000, 9 * S)];
    call.keyframes_us = Some((0..7).map(|number| number * 2 * S).collect());
    call
}

#[test]
fn a_cut_alone_touches_only_what_lies_before_the_next_keyframe() {
    let smart = cut_between_keyframes().one(&BLUESKY);
    assert_eq!(
        (smart.plan.rung, smart.plan.cut),
        (Rung::Encode, Some(Cut::Smart))
    );
    assert_eq!(
        smart.lost,
        [
            "The sound is encoded again; nobody should hear it.",
            "From each cut to the next keyframe the picture is encoded again and loses a little detail."
        ]
    );
    let mut whole = cut_between_keyframes();
    whole.wishes.encode = EncodeWish::Always;
    let whole = whole.one(&BLUESKY);
    assert_eq!(whole.plan.cut, Some(Cut::Accurate));
    assert!(smart.expected_time.time_ms * 10 < whole.expected_time.time_ms);
}

#[test]
fn where_more_than_the_cut_changes_everything_is_encoded() {
    type Change = fn(&mut Call);
    let table: &[(&str, Change)] = &[
        ("a crop", |call| call.edit.framing.aspect = Aspect::Square),
        ("another speed", |call| call.edit.speed = 2.0),
        ("open groups", |call| call.analysis.closed_gop = Some(false)),
        ("keyframes unknown", |call| call.keyframes_us = None),
        ("no keyframe within", |call| call.keyframes_us = Some(vec![0])),
        ("HEVC", |call| call.info.video.codec = "hevc".to_owned()),
        ("ten bits", |call| {
            (call.info.video.bit_depth, call.info.video.pixel_format) = (10, "yuv420p10le".to_owned());
        }),
        ("a varying rate", |call| {
            call.info.video.variable_frame_rate = true
        }),
        ("turned by a mark", |call| call.info.video.rotation_deg = 90),
        ("a rate above what is sent", |call| {
            call.info.video.bit_rate_bps = Some(40_000_000)
        }),
        ("a rate that is not known", |call| {
            call.info.video.bit_rate_bps = None
        }),
        ("a smaller file wished", |call| {
            call.wishes.quality = Quality::Smaller
        }),
        ("another reason for new video", |call| {
            call.info.video.interlaced = true;
        }),
    ];
    for (name, change) in table {
        let mut call = cut_between_keyframes();
        change(&mut call);
        let plan = call.one(&BLUESKY).plan;
        assert_eq!(
            (plan.rung, plan.cut),
            (Rung::Encode, Some(Cut::Accurate)),
            "{name}"
        );
    }
    let mut too_large = cut_between_keyframes();
    (too_large.info.video.width_px, too_large.info.video.height_px) = (1440, 2560);
    assert_eq!(
        too_large.one(&X).plan.cut,
        Some(Cut::Accurate),
        "X wants a smaller picture"
    );
}

#[test]
fn a_quality_is_a_number_for_the_encoder_and_a_size_for_the_user() {
    let planned = |quality| {
        let mut call = call(clip(|info| info.video.codec = "prores".to_owned()));
        call.wishes.quality = quality;
        call.one(&BLUESKY)
    };
    let [smaller, standard, best] = [Quality::Smaller, Quality::Standard, Quality::Best].map(planned);
    assert_eq!(smaller.plan.target.as_ref().unwrap().quality, Quality::Smaller);
    assert_eq!(smaller.plan.target.as_ref().unwrap().max_rate_bps, 8_000_000);
    assert!(smaller.expected_size_bytes < standard.expected_size_bytes);
    assert!(standard.expected_size_bytes < best.expected_size_bytes);
    assert!(standard.expected_time.time_ms < best.expected_time.time_ms);
    let key = |planned: &daypart_domain::transcode_plan::PlannedRendition| {
        serde_json::to_string(&planned.plan).unwrap()
    };
    assert!(
        !key(&standard).contains("quality"),
        "files made before there was a choice keep their key"
    );
    assert!(key(&best) != key(&standard) && key(&smaller) != key(&standard));
}

#[test]
fn wishes_outlive_a_version_that_knew_fewer() {
    let kept: Wishes = serde_json::from_str(r#"{"encode":"never","keeps_metadata":true}"#).unwrap();
    assert_eq!(
        (kept.encode, kept.quality),
        (EncodeWish::Never, Quality::Standard)
    );
    let of_the_machine = Wishes {
        hardware: Some(HardwareEncoder::Nvenc),
        ..Wishes::sending()
    };
    let text = serde_json::to_string(&of_the_machine).unwrap();
    assert_eq!(serde_json::from_str::<Wishes>(&text).unwrap(), Wishes::sending());
}

#[test]
fn hardware_is_named_where_it_encodes() {
    let mut call = call(clip(|info| info.video.codec = "prores".to_owned()));
    call.wishes.hardware = Some(HardwareEncoder::Vaapi);
    let planned = call.one(&BLUESKY);
    assert_eq!(
        planned.plan.target.unwrap().hardware,
        Some(HardwareEncoder::Vaapi)
    );
    assert_eq!(
        planned.lost[2],
        "The graphics card (VA-API) encodes it: sooner, and softer or larger than software would."
    );
    let mut scarce = call;
    scarce.info.duration_ms = 500_000;
    scarce.info.size_bytes = 3_000_000_000;
    let target = scarce.one(&BLUESKY).plan.target.unwrap();
    assert_eq!(
        (target.two_passes, target.hardware),
        (true, None),
        "every byte counts"
    );
    let mut cut = cut_between_keyframes();
    cut.wishes.hardware = Some(HardwareEncoder::Vaapi);
    assert_eq!(
        cut.one(&BLUESKY).plan.target.unwrap().hardware,
        None,
        "a smart cut"
    );
}

/// TikTok, if it refused videos without sound.
fn needing_sound() -> DeliverySpec {
    DeliverySpec {
        sound_needed: Some(CONTRACT.states(())),
        ..TIKTOK
    }
}

#[test]
fn silence_is_added_where_a_track_is_needed() {
    let spec = needing_sound();
    let mut silent = call(clip(|info| info.audio = None));
    silent.wishes = Wishes::sending();
    let planned = silent.one(&spec);
    assert_eq!(planned.plan.rung, Rung::AudioOnly);
    assert!(planned.plan.sound.silence_if_none && !planned.plan.sound.removed);
    assert_eq!(
        planned.plan.reasons,
        ["The video has no sound; TikTok takes no video without: a silent track can be added."]
    );

    let mut muted = call(good_clip());
    muted.edit.sound.muted = true;
    let sound = muted.one(&spec).plan.sound;
    assert!(sound.removed && sound.silence_if_none);

    assert_eq!(silent.one(&TIKTOK).plan.rung, Rung::AsIs, "nobody needs it there");
    let shared = silent.plan(&[&TIKTOK, &spec]);
    assert_eq!(shared.len(), 2, "who takes the source gets the source");
}

#[test]
fn a_need_that_is_not_confirmed_changes_no_file_that_complies() {
    let open = DeliverySpec {
        sound_needed: Some(CONTRACT.leaves_open(())),
        ..TIKTOK
    };
    let mut silent = call(clip(|info| info.audio = None));
    silent.wishes = Wishes::sending();
    assert_eq!(silent.one(&open).plan.rung, Rung::AsIs);
    silent.info.video.codec = "prores".to_owned();
    assert!(
        silent.one(&open).plan.sound.silence_if_none,
        "made anew, it costs nothing"
    );
}
