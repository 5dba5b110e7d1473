//! Several destinations: the fewest renditions that satisfy all of them.

use daypart_domain::{
    analysis::Analysis,
    compliance::{Finding, check_edited},
    delivery_spec::DeliverySpec,
    delivery_specs::{
        ALL, BLUESKY, FACEBOOK_REELS, INSTAGRAM_REELS, INSTAGRAM_STORY, LINKEDIN, MASTODON, PINTEREST,
        THREADS, TIKTOK, X, YOUTUBE_VIDEO,
    },
    edit::{Aspect, Edit, Fit},
    edited_media::edited_info,
    media_info::{Container, FrameRate, MediaInfo},
    transcode_plan::{EncodeWish, PlannedRendition, Rung, Sharing, TranscodePlan, Wishes},
};
use proptest::prelude::*;

use crate::{
    calls::{Call, call},
    clips::{any_clip, clip, good_clip},
    transcode_plan::NO_LIMITS,
};

/// Who is served by what: `rung: destinations` per rendition.
fn served(planned: &[PlannedRendition], specs: &[&DeliverySpec]) -> Vec<String> {
    planned
        .iter()
        .map(|rendition| {
            let names: Vec<&str> = rendition.serves.iter().map(|index| specs[*index].id).collect();
            format!("{:?}: {}", rendition.plan.rung, names.join(" "))
        })
        .collect()
}

#[test]
fn everybody_who_takes_the_source_gets_the_source() {
    let specs = [&TIKTOK, &YOUTUBE_VIDEO, &X, &BLUESKY, &MASTODON];
    assert_eq!(
        served(&call(good_clip()).plan(&specs), &specs),
        [
            "AsIs: tiktok_video youtube_video bluesky_video mastodon_video",
            "Encode: x_video"
        ]
    );
}

#[test]
fn one_rendition_serves_all_who_need_one() {
    let specs = [
        &TIKTOK,
        &INSTAGRAM_REELS,
        &INSTAGRAM_STORY,
        &BLUESKY,
        &LINKEDIN,
        &PINTEREST,
        &THREADS,
    ];
    let matroska = call(clip(|info| info.container = Container::Matroska));
    let planned = matroska.plan(&specs);
    assert_eq!(planned.len(), 1, "{:?}", served(&planned, &specs));
    assert_eq!(planned[0].plan.rung, Rung::Remux);
    assert_eq!(
        planned[0].plan.reasons.len(),
        7,
        "each destination's reason is told"
    );

    // One needs new sound, one a smaller picture: one file does both.
    let two = [&X, &BLUESKY];
    let odd = call(clip(|info| {
        info.audio.as_mut().unwrap().codec = "opus".to_owned()
    }));
    let planned = odd.plan(&two);
    assert_eq!(served(&planned, &two), ["Encode: x_video bluesky_video"]);
    assert_eq!(planned[0].plan.spec_key, "x_video/1+bluesky_video/1");

    // Unless nobody shall get less than alone.
    let kept = Call {
        wishes: Wishes {
            sharing: Sharing::KeepDetail,
            ..Wishes::default()
        },
        ..call(odd.info.clone())
    };
    assert_eq!(
        served(&kept.plan(&two), &two),
        ["AudioOnly: bluesky_video", "Encode: x_video"]
    );
}

#[test]
fn where_two_are_needed_anyway_the_smaller_picture_is_for_those_who_need_it() {
    let specs = [&X, &MASTODON, &BLUESKY, &FACEBOOK_REELS, &THREADS];
    let wide = call(clip(|info| {
        info.video.codec = "prores".to_owned();
        (info.video.width_px, info.video.height_px) = (1920, 1080);
    }));
    let planned = wide.plan(&specs);
    assert_eq!(
        served(&planned, &specs),
        [
            "Encode: x_video mastodon_video bluesky_video threads_video",
            "Encode: facebook_reels"
        ],
        "one for each shape; X's limits bind all of its shape"
    );
    let target = |index: usize| planned[index].plan.target.as_ref().unwrap();
    assert_eq!((target(0).width_px, target(0).height_px), (1280, 720));
    assert_eq!((target(1).width_px, target(1).height_px), (1080, 1920));
    let alone: Vec<u32> = wide
        .plan(&specs[1..])
        .iter()
        .map(|one| one.plan.target.as_ref().unwrap().width_px)
        .collect();
    assert_eq!(alone, [1920, 1080], "without X nobody is bound by it");
}

#[test]
fn a_shape_is_never_forced_on_a_destination_that_takes_the_sources() {
    let specs = [&FACEBOOK_REELS, &YOUTUBE_VIDEO, &LINKEDIN];
    let wide = call(clip(|info| {
        (info.video.width_px, info.video.height_px) = (1920, 1080);
        info.container = Container::Matroska;
    }));
    let planned = wide.plan(&specs);
    assert_eq!(
        served(&planned, &specs),
        ["Remux: youtube_video linkedin_video", "Encode: facebook_reels"]
    );
}

#[test]
fn what_no_plan_can_cure_is_an_obstacle_of_its_destination_alone() {
    let specs = [&INSTAGRAM_STORY, &TIKTOK];
    let long = call(clip(|info| info.duration_ms = 120_000));
    let planned = long.plan(&specs);
    assert_eq!(served(&planned, &specs), ["AsIs: instagram_story tiktok_video"]);
    assert_eq!(planned[0].obstacles.len(), 1);
    assert_eq!(
        (
            planned[0].obstacles[0].destination,
            planned[0].obstacles[0].rule.as_str()
        ),
        (0, "video.duration_max")
    );
}

/// What carrying out `plan` makes of the edited source, as the encoder promises.
fn carried_out(edited: &MediaInfo, plan: &TranscodePlan) -> MediaInfo {
    let mut made = edited.clone();
    if plan.rung == Rung::AsIs {
        return made;
    }
    made.container = Container::Mp4;
    made.index_first = Some(true);
    (made.has_edit_list, made.has_private_metadata) = (false, false);
    made.audio_track_count = made.audio_track_count.min(1);
    if plan.rung >= Rung::AudioOnly
        && let Some(audio) = &mut made.audio
    {
        (audio.codec, audio.channels, audio.sample_rate_hz) = ("aac".to_owned(), 2, 48_000);
        audio.bit_rate_bps = Some(u64::from(plan.sound.bit_rate_bps));
    }
    if let Some(target) = &plan.target {
        let video = &mut made.video;
        (video.codec, video.profile) = ("h264".to_owned(), Some("High".to_owned()));
        (video.width_px, video.height_px) = (target.width_px, target.height_px);
        (video.square_pixels, video.bit_depth) = (true, 8);
        if let Some(numerator) = target.frame_rate_fps {
            video.average_frame_rate = Some(FrameRate {
                numerator,
                denominator: 1,
            });
        }
        (video.variable_frame_rate, video.hdr, video.interlaced) = (false, false, false);
        video.pixel_format = "yuv420p".to_owned();
        video.bit_rate_bps = Some(target.max_rate_bps);
        made.size_bytes = ((target.max_rate_bps + 128_000) * made.duration_ms / 8_000).max(100_000);
    }
    made
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let aspect = prop::sample::select(vec![
        Aspect::Source,
        Aspect::Source,
        Aspect::Portrait9x16,
        Aspect::Square,
        Aspect::Portrait4x5,
        Aspect::Landscape16x9,
    ]);
    let fit = prop_oneof![
        (0.0..=1.0_f64, 0.0..=1.0_f64).prop_map(|(centre_x, centre_y)| Fit::Fill { centre_x, centre_y }),
        Just(Fit::Blur),
        Just(Fit::Colour { rgb: [1, 2, 3] }),
    ];
    (
        aspect,
        fit,
        prop::sample::select(vec![0_u16, 90, 180, 270]),
        prop::sample::select(vec![1.0, 1.0, 0.5, 4.0]),
    )
        .prop_map(|(aspect, fit, rotate_deg, speed)| {
            let mut edit = Edit {
                speed,
                ..Edit::default()
            };
            (edit.framing.aspect, edit.framing.fit) = (aspect, fit);
            edit.turn.rotate_deg = rotate_deg;
            edit
        })
}

fn some_specs(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<&'static DeliverySpec>> {
    prop::sample::subsequence(ALL.to_vec(), count)
}

fn wishes() -> impl Strategy<Value = Wishes> {
    (
        prop::sample::select(vec![Sharing::Fewest, Sharing::KeepDetail]),
        prop::sample::select(vec![EncodeWish::WhenNeeded, EncodeWish::Always]),
    )
        .prop_map(|(sharing, encode)| Wishes {
            sharing,
            encode,
            ..Wishes::default()
        })
}

/// Beyond a banner nothing can be promised: no scaling brings it into bounds that also bind its shape.
fn is_a_picture(info: &MediaInfo) -> bool {
    let (width, height) = (f64::from(info.video.width_px), f64::from(info.video.height_px));
    info.video.width_px.min(info.video.height_px) >= 16 && (0.2..=5.0).contains(&(width / height))
}

proptest! {
    #[test]
    fn every_destination_is_served_once_by_a_file_it_takes(
        info in any_clip().prop_filter("a picture", is_a_picture),
        edit in any_edit(),
        specs in some_specs(1..14),
        wishes in wishes(),
    ) {
        let call = Call { edit, wishes, ..call(info) };
        let planned = call.plan(&specs);
        let mut all: Vec<usize> = planned.iter().flat_map(|rendition| rendition.serves.clone()).collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..specs.len()).collect::<Vec<_>>());
        let edited = edited_info(&call.info, &call.edit);
        for rendition in &planned {
            let made = carried_out(&edited, &rendition.plan);
            for index in &rendition.serves {
                let left: Vec<Finding> = check_edited(&made, &Edit::default(), &Analysis::default(), specs[*index], NO_LIMITS)
                    .into_iter()
                    .filter(|finding| finding.is_refusal() && finding.fix.is_some())
                    // What is too long for a size that is worth sending is told before and after.
                    .filter(|finding| !matches!(finding.rule.as_str(), "file.size" | "video.frame_count"))
                    .collect();
                prop_assert!(left.is_empty(), "{left:?} at {} after {:?}", specs[*index].id, rendition.plan);
            }
        }
        prop_assert_eq!(&planned, &call.plan(&specs), "the same every time");
        let text = serde_json::to_string(&planned).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<PlannedRendition>>(&text).unwrap(), planned);
    }

    #[test]
    fn there_are_never_more_renditions_than_trying_all_divisions_finds(
        info in any_clip().prop_filter("a picture", is_a_picture),
        edit in any_edit(),
        specs in some_specs(1..6),
        wishes in wishes(),
    ) {
        let call = Call { edit, wishes, ..call(info) };
        let count = specs.len();
        let made = |planned: &[PlannedRendition]| planned.iter().filter(|one| one.plan.rung > Rung::AsIs).count();
        // Which sets can one file serve? Then the fewest such sets that cover everybody.
        let members = |set: usize| (0..count).filter(move |index| set & (1 << index) != 0);
        let possible: Vec<usize> = (1..1_usize << count)
            .filter(|set| {
                let subset: Vec<&DeliverySpec> = members(*set).map(|index| specs[index]).collect();
                made(&call.plan(&subset)) <= 1
            })
            .collect();
        let mut fewest = vec![usize::MAX; 1 << count];
        fewest[0] = 0;
        for covered in 0..1_usize << count {
            if fewest[covered] == usize::MAX {
                continue;
            }
            for set in &possible {
                let subset: Vec<&DeliverySpec> = members(*set).map(|index| specs[index]).collect();
                let cost = made(&call.plan(&subset));
                fewest[covered | set] = fewest[covered | set].min(fewest[covered] + cost);
            }
        }
        prop_assert_eq!(made(&call.plan(&specs)), fewest[(1 << count) - 1]);
    }
}
