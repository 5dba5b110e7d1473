//! The rung that one destination needs, with edits and wishes: why, how large, how long, and what is lost.

use daypart_domain::{
    delivery_spec::DeliverySpec,
    delivery_specs::{BLUESKY, FACEBOOK_REELS, FACEBOOK_VIDEO, TIKTOK},
    edit::{Aspect, Cover, Edit, Fit, KeptRange},
    media_info::{Container, MediaInfo},
    transcode_plan::{
        Background, CropWindow, Cut, EncodeWish, PastRun, Rung, SpeedHistory, lossless_alternative, work_of,
    },
};

use crate::{
    calls::{Call, call},
    clips::{clip, good_clip, rate},
};

const S: u64 = 1_000_000;

fn parts(seconds: &[(f64, f64)]) -> Vec<KeptRange> {
    let us = |seconds: f64| (seconds * 1e6) as u64;
    seconds
        .iter()
        .map(|(start, end)| KeptRange::new(us(*start), us(*end)))
        .collect()
}

#[test]
fn the_rung_follows_from_the_source_and_the_edit() {
    type Change = fn(&mut Call);
    let table: &[(&str, Rung, Change)] = &[
        ("nothing to do", Rung::AsIs, |_| {}),
        ("an image as cover", Rung::AsIs, |call| {
            call.edit.cover = Some(Cover::Image {
                path: "cover.jpg".to_owned(),
            });
        }),
        ("Matroska", Rung::Remux, |call| {
            call.info.container = Container::Matroska
        }),
        ("a place in the file", Rung::Remux, |call| {
            call.info.has_private_metadata = true
        }),
        ("a cut on keyframes", Rung::Remux, |call| {
            call.edit.ranges = parts(&[(2.0, 5.0), (8.0, 9.5)]);
            call.keyframes_us = Some((0..8).map(|number| number * 2 * S).collect());
        }),
        ("a cut from the start, keyframes unknown", Rung::Remux, |call| {
            call.edit.ranges = parts(&[(0.0, 5.0)])
        }),
        ("muted", Rung::Remux, |call| call.edit.sound.muted = true),
        ("another track", Rung::Remux, |call| {
            call.edit.sound.track = Some(2)
        }),
        ("the main track, named", Rung::AsIs, |call| {
            call.edit.sound.track = Some(1)
        }),
        ("louder", Rung::AudioOnly, |call| call.edit.sound.volume_db = 3.0),
        ("a fade", Rung::AudioOnly, |call| {
            call.edit.sound.fade_out_ms = 500
        }),
        ("normalise", Rung::AudioOnly, |call| {
            call.edit.sound.normalise = true
        }),
        ("PCM", Rung::AudioOnly, |call| {
            call.info.audio.as_mut().unwrap().codec = "pcm_s16le".to_owned()
        }),
        ("a cut between keyframes", Rung::Encode, |call| {
            call.edit.ranges = parts(&[(2.5, 5.0)]);
            call.keyframes_us = Some(vec![0, 2 * S, 4 * S]);
        }),
        ("parts joined across open groups", Rung::Encode, |call| {
            call.edit.ranges = parts(&[(2.0, 3.0), (4.0, 5.0)]);
            call.keyframes_us = Some(vec![0, 2 * S, 4 * S]);
            call.analysis.closed_gop = Some(false);
        }),
        ("speed", Rung::Encode, |call| call.edit.speed = 2.0),
        ("a crop", Rung::Encode, |call| {
            call.edit.framing.aspect = Aspect::Square
        }),
        ("a turn", Rung::Encode, |call| call.edit.turn.rotate_deg = 180),
        ("ProRes", Rung::Encode, |call| {
            call.info.video.codec = "prores".to_owned()
        }),
        ("wished", Rung::Encode, |call| {
            call.wishes.encode = EncodeWish::Always
        }),
    ];
    for (name, rung, change) in table {
        let mut call = call(good_clip());
        change(&mut call);
        let planned = call.one(&BLUESKY);
        assert_eq!(planned.plan.rung, *rung, "{name}: {:?}", planned.why);
        assert_eq!(planned.why.is_empty(), *rung == Rung::AsIs, "{name}");
        assert_eq!(planned.plan.reasons.len(), planned.why.len(), "{name}");
        assert_eq!(planned.plan.target.is_some(), *rung == Rung::Encode, "{name}");
        assert_eq!(planned.obstacles, [], "{name}");
    }
}

#[test]
fn private_metadata_stays_only_when_the_user_wants_it() {
    let mut call = call(clip(|info| info.has_private_metadata = true));
    assert_eq!(call.one(&TIKTOK).plan.rung, Rung::Remux);
    call.wishes.keeps_metadata = true;
    assert_eq!(call.one(&TIKTOK).plan.rung, Rung::AsIs);
    call.analysis.has_location = Some(true);
    assert_eq!(call.one(&TIKTOK).plan.rung, Rung::AsIs);
}

#[test]
fn the_difference_between_the_cuts_is_told() {
    let mut call = call(good_clip());
    call.edit.ranges = parts(&[(0.0, 1.0), (4.5, 9.0)]);
    call.keyframes_us = Some(vec![0, 2 * S, 4 * S, 6 * S]);
    let smart = call.one(&BLUESKY);
    assert_eq!(smart.plan.cut, Some(Cut::Smart));
    assert_eq!(
        smart.plan.reasons,
        [
            "Part 2 starts between keyframes: a smart cut makes 1.50 s anew, up to the next keyframe, and leaves the \
             rest as it is. Starting 0.50 s earlier would leave the picture untouched."
        ]
    );
    call.info.video.codec = "hevc".to_owned();
    let accurate = call.one(&FACEBOOK_VIDEO);
    assert_eq!(accurate.plan.cut, Some(Cut::Accurate));
    assert_eq!(
        accurate.why[0].sentence,
        "Part 2 starts between keyframes: an exact cut needs new video. Starting 0.50 s earlier would leave the \
         picture untouched."
    );
    call.info.video.codec = "h264".to_owned();
    call.edit.ranges = parts(&[(0.0, 1.0), (4.0, 9.0)]);
    let lossless = call.one(&BLUESKY);
    assert_eq!(
        (lossless.plan.cut, lossless.plan.rung),
        (Some(Cut::Lossless), Rung::Remux)
    );
    assert_eq!(lossless.plan.parts, call.edit.ranges);
    assert!(lossless.lost.is_empty(), "{:?}", lossless.lost);
}

#[test]
fn parts_are_moved_to_keyframes_where_nothing_is_in_the_way() {
    let keyframes_us = [0, 2 * S, 4 * S, 6 * S];
    let moved = |seconds: &[(f64, f64)]| lossless_alternative(&parts(seconds), &keyframes_us);
    assert_eq!(moved(&[(2.5, 3.0)]), Some(parts(&[(2.0, 3.0)])));
    assert_eq!(
        moved(&[(2.0, 2.6), (2.7, 5.0)]),
        Some(parts(&[(2.0, 2.6), (4.0, 5.0)])),
        "forward"
    );
    assert_eq!(
        moved(&[(2.0, 2.6), (2.7, 3.5)]),
        None,
        "no keyframe is left to start on"
    );
    assert_eq!(
        moved(&[(4.5, 5.0), (1.0, 1.5)]),
        Some(parts(&[(4.0, 5.0), (0.0, 1.5)]))
    );
}

#[test]
fn an_encode_that_is_ruled_out_becomes_an_obstacle_or_a_cut_near_by() {
    let mut forbidden = call(clip(|info| info.video.codec = "prores".to_owned()));
    forbidden.wishes.encode = EncodeWish::Never;
    let planned = forbidden.one(&BLUESKY);
    assert!(planned.plan.rung < Rung::Encode);
    assert_eq!(planned.obstacles.len(), 1);
    assert_eq!(
        planned.obstacles[0].sentence,
        "The picture is coded as ProRes; Bluesky takes H.264. Only new video would do it, which you ruled out."
    );

    let mut cropped = call(good_clip());
    cropped.wishes.encode = EncodeWish::Never;
    cropped.edit.framing.aspect = Aspect::Square;
    assert_eq!(cropped.one(&BLUESKY).obstacles[0].rule, "edit.picture");

    let mut cut = call(good_clip());
    cut.wishes.encode = EncodeWish::Never;
    cut.edit.ranges = parts(&[(2.5, 5.0)]);
    cut.keyframes_us = Some(vec![0, 2 * S, 4 * S]);
    let planned = cut.one(&BLUESKY);
    assert_eq!(
        (planned.plan.rung, planned.plan.cut),
        (Rung::Remux, Some(Cut::Lossless))
    );
    assert_eq!(planned.plan.parts, parts(&[(2.0, 5.0)]));
    assert_eq!(planned.obstacles, []);
    assert_eq!(
        planned.lost,
        ["Parts start at a keyframe near by instead of exactly where you cut."]
    );
}

#[test]
fn crop_turn_and_background_are_plain_numbers_for_the_encoder() {
    let target = |source: (u32, u32), change: fn(&mut Edit)| {
        let mut call = call(clip(|info| (info.video.width_px, info.video.height_px) = source));
        change(&mut call.edit);
        let target = call.one(&BLUESKY).plan.target.unwrap();
        (
            target.crop,
            (target.width_px, target.height_px),
            target.background,
        )
    };
    let window = |x_px, y_px, width_px, height_px| {
        Some(CropWindow {
            x_px,
            y_px,
            width_px,
            height_px,
        })
    };
    assert_eq!(
        target((3840, 2160), |edit| edit.framing.aspect = Aspect::Portrait9x16),
        (window(1312, 0, 1216, 2160), (1080, 1920), Background::Black)
    );
    // A window stops at the edge; what is small stays small.
    assert_eq!(
        target((1920, 1080), |edit| {
            edit.framing.aspect = Aspect::Square;
            edit.framing.fit = Fit::Fill {
                centre_x: 1.0,
                centre_y: 0.5,
            };
        }),
        (window(840, 0, 1080, 1080), (1080, 1080), Background::Black)
    );
    // Turned by a quarter, the window on the source lies.
    assert_eq!(
        target((1920, 1080), |edit| {
            edit.framing.aspect = Aspect::Portrait9x16;
            edit.turn.rotate_deg = 90;
        }),
        (None, (1080, 1920), Background::Black)
    );
    assert_eq!(
        target((1920, 1080), |edit| {
            edit.framing.aspect = Aspect::Portrait9x16;
            edit.framing.fit = Fit::Blur;
        }),
        (None, (1080, 1920), Background::Blur)
    );
    assert_eq!(
        target((1080, 1920), |edit| {
            edit.framing.aspect = Aspect::Landscape16x9;
            edit.framing.fit = Fit::Colour { rgb: [9, 9, 9] };
        }),
        (None, (1920, 1080), Background::Colour { rgb: [9, 9, 9] })
    );
}

#[test]
fn loudness_is_brought_to_the_usual_level_by_what_was_measured() {
    let sound = |loudness_lufs: Option<f64>, true_peak_dbtp: Option<f64>| {
        let mut call = call(good_clip());
        call.edit.sound.normalise = true;
        call.analysis.loudness_lufs = loudness_lufs;
        call.analysis.true_peak_dbtp = true_peak_dbtp;
        let sound = call.one(&BLUESKY).plan.sound;
        (sound.gain_db, sound.limit_peaks, sound.measure_first)
    };
    assert_eq!(sound(Some(-20.0), Some(-3.0)), (6.0, true, false));
    assert_eq!(
        sound(Some(-20.0), Some(-9.0)),
        (6.0, false, false),
        "peaks stay under -1"
    );
    assert_eq!(
        sound(Some(-40.0), None),
        (12.0, true, false),
        "not more than 12 dB"
    );
    assert_eq!(
        sound(Some(-14.4), Some(-2.0)),
        (0.0, false, false),
        "nobody hears 0.4 dB"
    );
    assert_eq!(sound(Some(-9.0), Some(-0.1)), (-5.0, false, false));
    assert_eq!(sound(None, None), (0.0, true, true));
}

#[test]
fn what_is_lost_is_told() {
    let lost = |spec: &DeliverySpec, change: fn(&mut MediaInfo)| call(clip(change)).one(spec).lost;
    assert!(lost(&BLUESKY, |_| {}).is_empty());
    assert_eq!(
        lost(&BLUESKY, |info| {
            info.audio.as_mut().unwrap().codec = "ac3".to_owned();
            info.audio.as_mut().unwrap().channels = 6;
        }),
        [
            "The sound is encoded again; nobody should hear it.",
            "6 channels become two."
        ]
    );
    assert_eq!(
        lost(&BLUESKY, |info| {
            info.video.codec = "hevc".to_owned();
            info.video.hdr = true;
            info.video.average_frame_rate = rate(120, 1);
            (info.video.width_px, info.video.height_px) = (2160, 3840);
            info.audio = None;
        }),
        [
            "The picture is encoded again and loses a little detail.",
            "The picture shrinks from 2160 × 3840 to 1080 × 1920.",
            "HDR becomes SDR.",
            "It runs at 60 frames per second."
        ]
    );
    assert_eq!(
        lost(&FACEBOOK_REELS, |info| (
            info.video.width_px,
            info.video.height_px
        ) = (1920, 1080))[2],
        "Bars are added to make it 1080 × 1920; a crop in the editor would avoid them."
    );
}

#[test]
fn time_is_learned_from_this_machines_own_runs() {
    let encode = call(clip(|info| info.video.codec = "prores".to_owned()));
    let first = encode.one(&BLUESKY);
    assert!(!first.expected_time.learned);
    let work = work_of(&first.plan, &encode.info);
    assert_eq!(work, 1080 * 1920 * 30 * 15);

    let mut history = SpeedHistory::default();
    for took_ms in [10_000, 11_000, 90_000] {
        history.record(PastRun {
            rung: Rung::Encode,
            work: work * 2,
            took_ms,
        });
    }
    let learned = Call {
        history: history.clone(),
        ..call(encode.info.clone())
    }
    .one(&BLUESKY)
    .expected_time;
    assert_eq!(
        (learned.time_ms, learned.learned),
        (5_500, true),
        "the median, halved"
    );
    for _ in 0..100 {
        history.record(PastRun {
            rung: Rung::Encode,
            work,
            took_ms: 1_000,
        });
        history.record(PastRun {
            rung: Rung::Remux,
            work: 0,
            took_ms: 5,
        });
    }
    assert_eq!(
        history.runs.len(),
        15,
        "old runs are forgotten, empty ones not kept"
    );
    assert_eq!(history.expected(Rung::Encode, work).time_ms, 1_000);
    assert_eq!(
        call(good_clip()).one(&BLUESKY).expected_time.time_ms,
        0,
        "nothing is made"
    );
}

#[test]
fn a_size_in_doubt_is_kept_under_only_where_the_picture_does_not_suffer() {
    let rate_bps = |duration_ms: u64| {
        let mut call = call(clip(|info| info.duration_ms = duration_ms));
        call.wishes.encode = EncodeWish::Always;
        call.one(&FACEBOOK_VIDEO).plan.target.unwrap().max_rate_bps
    };
    // In doubt above 1 GB, refused above 10 GB.
    assert_eq!(rate_bps(60_000), 20_000_000);
    assert!(rate_bps(10 * 60_000) * 600 / 8 < 1_000_000_000);
    assert_eq!(rate_bps(60 * 60_000), 20_000_000, "an hour in 1 GB would be ugly");
}

#[test]
fn sizes_are_foreseen() {
    let size = |change: fn(&mut Call)| {
        let mut call = call(good_clip());
        change(&mut call);
        call.one(&BLUESKY).expected_size_bytes
    };
    assert_eq!(size(|_| {}), 20_000_000);
    assert_eq!(size(|call| call.edit.ranges = parts(&[(0.0, 7.5)])), 10_000_000);
    assert_eq!(
        size(|call| call.info.audio.as_mut().unwrap().codec = "ac3".to_owned()),
        20_000_000,
        "new sound at the rate of the old"
    );
    let capped = size(|call| {
        call.limits.size_max_bytes = Some(6_000_000);
        call.wishes.encode = EncodeWish::Always;
    });
    assert!((5_000_000..6_000_000).contains(&capped), "{capped}");
}
