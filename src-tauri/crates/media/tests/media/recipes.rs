//! The awkward sources of MEDIA.md §7, converted: what comes out is plain, and sight and sound are where they were.

use std::path::Path;

use daypart_domain::{
    edit::KeptRange,
    media_info::MediaInfo,
    transcode_plan::{Cut, Rung, TranscodePlan},
};

use crate::{
    clips::{Workshop, footage},
    edited::{about, make, ms, signal, tone, white},
    encode::{convert, encode_to, plan},
};

/// When the middle of the picture is white, in ms.
fn seen(clip: &Path, rendition: &MediaInfo) -> (u64, u64) {
    let rate = rendition.video.average_frame_rate.unwrap().frames_per_second();
    let (middle_x, middle_y) = (rendition.video.width_px / 2, rendition.video.height_px / 2);
    let (first, last) = white(clip, middle_x, middle_y);
    let at_ms = |frame: usize| (frame as f64 / rate * 1_000.0).round() as u64;
    (at_ms(first), at_ms(last))
}

fn assert_plain(name: &str, rendition: &MediaInfo) {
    let video = &rendition.video;
    assert_eq!(video.pixel_format, "yuv420p", "{name}");
    assert_eq!((video.rotation_deg, video.square_pixels), (0, true), "{name}");
    assert!(
        !video.hdr && !video.interlaced && !video.variable_frame_rate,
        "{name}"
    );
    assert!(
        !rendition.has_edit_list && !rendition.has_private_metadata,
        "{name}"
    );
    if let Some(audio) = &rendition.audio {
        assert_eq!(
            (audio.codec.as_str(), audio.channels, audio.sample_rate_hz),
            ("aac", 2, 48_000),
            "{name}"
        );
    }
}

/// Converts `name` and says when white is seen and the tone heard.
async fn converted(shop: &Workshop, name: &str, plan: &TranscodePlan) -> ((u64, u64), (u64, u64)) {
    let rendition = make(shop, name, plan).await;
    assert_plain(name, &rendition);
    let out = shop.path("out.mp4");
    (seen(&out, &rendition), tone(&out).await)
}

const TURNED: &str = "-i signal.mp4 -c copy -metadata:s:v:0 rotate=270 turned.mp4";
const VFR: &str = "-i signal.mp4 -vf select='not(between(mod(n\\,17)\\,3\\,7))' -fps_mode vfr -c:v libx264 \
    -preset ultrafast -c:a copy vfr.mp4";
const ODD: &str =
    "-i signal.mp4 -vf scale=321:181,format=yuv444p -c:v libx264 -preset ultrafast -c:a copy odd.mp4";
const FAST: &str = "-i signal.mp4 -r 240 -c:v libx264 -preset ultrafast -c:a copy fast.mp4";
const HDR10: &str = "-i signal.mp4 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 -c:a copy \
    -x265-params log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr10=1 hdr10.mp4";
const HLG: &str = "-i signal.mp4 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 -c:a copy \
    -x265-params log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc hlg.mov";
const TEN_BIT: &str = "-i signal.mp4 -c:v libx264 -preset ultrafast -pix_fmt yuv422p10le -c:a copy ten.mp4";
const PRORES: &str = "-i signal.mp4 -c:v prores_ks -profile:v 0 -c:a pcm_s16le prores.mov";
const INTERLACED: &str = "-i signal.mp4 -vf interlace=scan=tff,setsar=16/15 -flags +ilme+ildct -c:v libx264 \
    -preset ultrafast -x264opts tff=1 -c:a copy interlaced.mp4";
const INTERLACED_MPEG: &str = "-i signal.mp4 -vf scale=352:288,interlace=scan=tff -r 25 -flags +ilme+ildct -c:v mpeg2video -b:v 4M \
    -c:a mp2 interlaced.mpg";
const ANAMORPHIC: &str =
    "-i signal.mp4 -vf scale=240:180,setsar=4/3 -c:v libx264 -preset ultrafast -c:a copy ana.mp4";
const SURROUND: &str = "-i signal.mp4 -c:v copy -c:a pcm_s16le -ac 6 -ar 96000 surround.mov";
const OPUS: &str = "-i signal.mp4 -c:v copy -c:a libopus opus.mkv";
const TRANSPORT: &str = "-i signal.mp4 -c copy -output_ts_offset 95000 late_hour.ts";
const FRAGMENTED: &str = "-i signal.mp4 -c copy -movflags frag_keyframe+empty_moov fragmented.mp4";
const OPEN_GOP: &str =
    "-i signal.mp4 -c:v libx264 -preset veryfast -x264-params open-gop=1:keyint=30 -c:a copy open.mp4";
const FULL_RANGE: &str = "-i signal.mp4 -pix_fmt yuvj420p -c:v mjpeg -c:a pcm_s16le full.avi";
const LATE: &str = "-i signal.mp4 -itsoffset 0.7 -i signal.mp4 -map 0:v -map 1:a -c copy late.mp4";
const EARLY: &str = "-itsoffset 0.5 -i signal.mp4 -i signal.mp4 -map 0:v -map 1:a -c copy early.mp4";
const TRIMMED: &str = "-ss 1.3 -i signal.mp4 -c copy -avoid_negative_ts disabled trimmed.mp4";
const COMMENTED: &str =
    "-i signal.mp4 -c:v copy -c:a copy -timecode 01:00:00:00 -metadata location=+52.5+013.4/ timecode.mov";

#[tokio::test]
async fn awkward_pictures_become_plain_and_stay_with_their_sound() {
    let shop = signal();
    let cases = [
        (TURNED, "turned.mp4", encode_to(180, 320, None)),
        (VFR, "vfr.mp4", encode_to(320, 180, Some(25))),
        (ODD, "odd.mp4", encode_to(320, 180, None)),
        (FAST, "fast.mp4", encode_to(320, 180, Some(60))),
        (HDR10, "hdr10.mp4", encode_to(320, 180, None)),
        (HLG, "hlg.mov", encode_to(320, 180, None)),
        (TEN_BIT, "ten.mp4", encode_to(320, 180, None)),
        (PRORES, "prores.mov", encode_to(320, 180, None)),
        (INTERLACED, "interlaced.mp4", encode_to(340, 180, None)),
        (INTERLACED_MPEG, "interlaced.mpg", encode_to(352, 288, None)),
        (ANAMORPHIC, "ana.mp4", encode_to(320, 180, None)),
        (OPEN_GOP, "open.mp4", encode_to(320, 180, Some(24))),
        (FULL_RANGE, "full.avi", encode_to(320, 180, Some(30))),
    ];
    for (recipe, name, plan) in cases {
        shop.ffmpeg(recipe);
        let (seen, heard) = converted(&shop, name, &plan).await;
        assert!(
            seen.0.abs_diff(2_000) <= 120 && seen.1.abs_diff(3_000) <= 140,
            "{name}: {seen:?}"
        );
        assert!(
            heard.0.abs_diff(2_000) <= 60 && heard.1.abs_diff(3_000) <= 60,
            "{name}: {heard:?}"
        );
    }
}

#[tokio::test]
async fn awkward_sounds_and_containers_become_plain() {
    let shop = signal();
    let encode = encode_to(320, 180, None);
    let cases = [
        (SURROUND, "surround.mov", plan(Rung::AudioOnly)),
        (SURROUND, "surround.mov", encode.clone()),
        (OPUS, "opus.mkv", plan(Rung::AudioOnly)),
        (TRANSPORT, "late_hour.ts", encode.clone()),
        (TRANSPORT, "late_hour.ts", plan(Rung::Remux)),
        (FRAGMENTED, "fragmented.mp4", plan(Rung::Remux)),
        (COMMENTED, "timecode.mov", plan(Rung::Remux)),
    ];
    for (recipe, name, plan) in cases {
        shop.ffmpeg(recipe);
        let (seen, heard) = converted(&shop, name, &plan).await;
        about(seen, (2_000, 3_000), 40);
        about(heard, (2_000, 3_000), 60);
    }
}

#[tokio::test]
async fn time_stamps_that_mean_something_are_kept_in_an_encode() {
    let shop = signal();
    let cases = [
        (LATE, "late.mp4", (2_000, 3_000), (2_700, 3_700)),
        (EARLY, "early.mp4", (2_000, 3_000), (1_500, 2_500)),
        (TRIMMED, "trimmed.mp4", (700, 1_700), (700, 1_700)),
    ];
    for (recipe, name, expected_seen, expected_heard) in cases {
        shop.ffmpeg(recipe);
        let (seen, heard) = converted(&shop, name, &encode_to(320, 180, None)).await;
        about(seen, expected_seen, 40);
        about(heard, expected_heard, 30);
    }
}

#[tokio::test]
async fn cuts_are_exact_in_awkward_sources_too() {
    let shop = signal();
    let part: [KeptRange; 1] = [ms(500, 2_600)];
    let cases = [
        (LATE, "late.mp4", (1_500, 2_100), Some(2_200)),
        (EARLY, "early.mp4", (1_500, 2_100), Some(1_000)),
        (TRIMMED, "trimmed.mp4", (200, 1_200), Some(200)),
        (TRANSPORT, "late_hour.ts", (1_500, 2_100), Some(1_500)),
        (VFR, "vfr.mp4", (1_500, 2_100), Some(1_500)),
        (OPUS, "opus.mkv", (1_500, 2_100), Some(1_500)),
        (OPEN_GOP, "open.mp4", (1_500, 2_100), Some(1_500)),
        (INTERLACED_MPEG, "interlaced.mpg", (1_500, 2_100), Some(1_500)),
    ];
    for (recipe, name, expected_seen, heard_from) in cases {
        shop.ffmpeg(recipe);
        let plan = TranscodePlan {
            parts: part.to_vec(),
            cut: Some(Cut::Accurate),
            ..encode_to(320, 180, Some(30))
        };
        let rendition = make(&shop, name, &plan).await;
        assert_plain(name, &rendition);
        assert!(
            rendition.duration_ms.abs_diff(2_100) <= 40,
            "{name}: {}",
            rendition.duration_ms
        );
        let out = shop.path("out.mp4");
        let seen = seen(&out, &rendition);
        assert!(
            seen.0.abs_diff(expected_seen.0) <= 120 && seen.1.abs_diff(expected_seen.1) <= 120,
            "{name}: {seen:?}"
        );
        if let Some(from_ms) = heard_from.filter(|from_ms| *from_ms < 2_100) {
            let heard = tone(&out).await;
            assert!(heard.0.abs_diff(from_ms) <= 40, "{name}: {heard:?}");
        }
    }
}

#[tokio::test]
async fn a_still_picture_stands_as_long_as_it_did_when_the_cut_begins_within_it() {
    let shop = Workshop::new();
    // A screen recording: a picture at 0 s, one at 3 s, the end at 6 s.
    shop.ffmpeg(
        "-f lavfi -i color=c=black:s=160x90:r=30:d=6 -vf drawbox=c=white:t=fill:enable='gte(t\\,3)',select='eq(n\\,0)+eq(n\\,90)+eq(n\\,179)' \
         -fps_mode vfr -c:v libx264 -preset ultrafast -pix_fmt yuv420p still.mp4",
    );
    let plan = TranscodePlan {
        parts: vec![ms(1_000, 5_000)],
        cut: Some(Cut::Accurate),
        ..encode_to(160, 90, Some(30))
    };
    let rendition = make(&shop, "still.mp4", &plan).await;
    assert_eq!(rendition.duration_ms, 4_000);
    about(seen(&shop.path("out.mp4"), &rendition), (2_000, 4_000), 34);
}

#[tokio::test]
async fn a_part_in_which_the_sound_has_ended_is_silent_and_as_long_as_its_picture() {
    let shop = signal();
    shop.ffmpeg("-i signal.mp4 -t 3 -i signal.mp4 -map 0:v -map 1:a -c copy short_sound.mp4");
    let plan = TranscodePlan {
        parts: vec![ms(4_000, 5_000), ms(2_500, 3_500)],
        cut: Some(Cut::Accurate),
        ..encode_to(320, 180, None)
    };
    let rendition = make(&shop, "short_sound.mp4", &plan).await;
    assert_eq!(rendition.duration_ms, 2_000);
    let out = shop.path("out.mp4");
    about(seen(&out, &rendition), (1_000, 1_500), 34);
    about(tone(&out).await, (1_000, 1_500), 40);
}

#[tokio::test]
async fn any_name_of_source_and_rendition_works() {
    let shop = signal();
    for name in [
        "-dash.mp4",
        "a:b.mp4",
        "it's \"quoted\".mp4",
        "%03d.mp4",
        "new\nline.mp4",
        "🎬 é.mp4",
    ] {
        std::fs::copy(shop.path("signal.mp4"), shop.path(name)).unwrap();
        let plan = TranscodePlan {
            parts: vec![ms(0, 500)],
            cut: Some(Cut::Accurate),
            ..encode_to(320, 180, None)
        };
        make(&shop, name, &plan).await;
    }
}

#[tokio::test]
async fn real_footage_passes_its_check_whole_and_cut() {
    let shop = Workshop::new();
    let cases = [
        (
            "movie1/VID_20191220_170832.mp4",
            encode_to(640, 360, Some(30)),
            ms(300, 1_300),
        ),
        (
            "movie2/movie-hello.mp4",
            encode_to(640, 360, None),
            ms(3_210, 5_000),
        ),
        (
            "movie2/movie-hello.mpeg",
            encode_to(640, 480, Some(30)),
            ms(3_210, 5_000),
        ),
    ];
    for (name, whole, part) in cases {
        let source = footage(name);
        let cut = TranscodePlan {
            parts: vec![part],
            cut: Some(Cut::Accurate),
            ..whole.clone()
        };
        for plan in [whole, cut] {
            let rendition = convert(&shop, &source, &plan)
                .await
                .unwrap_or_else(|problem| panic!("{name}: {problem} {:?}", problem.details));
            assert_plain(name, &rendition);
        }
    }
}
