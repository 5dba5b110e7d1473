//! What a probe measures, by situation (MEDIA.md §7).

use daypart_domain::media_info::Container;

use crate::clips::Workshop;

#[tokio::test]
async fn a_plain_clip() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    assert_eq!(info.container, Container::Mp4);
    assert_eq!((info.video.width_px, info.video.height_px), (640, 360));
    assert_eq!(info.video.rotation_deg, 0);
    assert!(info.video.square_pixels && !info.video.variable_frame_rate && !info.video.interlaced);
    assert_eq!((info.video.bit_depth, info.video.hdr), (8, false));
    let rate = info.video.average_frame_rate.unwrap();
    assert!((rate.frames_per_second() - 30.0).abs() < 1e-9);
    assert!(
        (3_950..=4_050).contains(&info.duration_ms),
        "{}",
        info.duration_ms
    );
    assert_eq!(info.index_first, Some(true));
    assert!(!info.has_private_metadata);
    assert_eq!((info.audio_track_count, info.audio.unwrap().channels), (1, 1));
}

#[tokio::test]
async fn an_index_at_the_end() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy moov_end.mp4");
    assert_eq!(shop.info("moov_end.mp4").await.index_first, Some(false));
}

#[tokio::test]
async fn a_phone_held_upright() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -metadata:s:v:0 rotate=270 r.mp4");
    let info = shop.info("r.mp4").await;
    assert_eq!((info.video.width_px, info.video.height_px), (360, 640));
    assert_eq!(
        (info.video.coded_width_px, info.video.coded_height_px),
        (640, 360)
    );
    assert_eq!(info.video.rotation_deg, 90);
}

#[tokio::test]
async fn a_varying_frame_rate_in_mp4_and_in_matroska() {
    let shop = Workshop::new().with_base();
    for name in ["vfr.mp4", "vfr.mkv"] {
        shop.ffmpeg(&format!(
            "-i base.mp4 -vf select='not(between(mod(n\\,17)\\,3\\,7))' -fps_mode vfr -c:v libx264 -preset ultrafast {name}"
        ));
        assert!(shop.info(name).await.video.variable_frame_rate, "{name}");
    }
    shop.ffmpeg("-i base.mp4 -c copy cfr.mkv");
    assert!(!shop.info("cfr.mkv").await.video.variable_frame_rate);
}

#[tokio::test]
async fn slow_motion_at_240_frames_per_second() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=320x180:r=240:d=0.5 -c:v libx264 -preset ultrafast fast.mp4");
    let rate = shop.info("fast.mp4").await.video.average_frame_rate.unwrap();
    assert!((rate.frames_per_second() - 240.0).abs() < 0.01);
}

#[tokio::test]
async fn hdr_in_both_kinds() {
    let shop = Workshop::new();
    for (name, transfer) in [("hdr10.mp4", "smpte2084"), ("hlg.mov", "arib-std-b67")] {
        shop.ffmpeg(&format!(
            "-f lavfi -i testsrc2=s=320x180:r=30:d=0.3 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 \
             -x265-params log-level=none:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc {name}"
        ));
        let info = shop.info(name).await;
        assert!(info.video.hdr, "{name}");
        assert_eq!(
            (info.video.bit_depth, info.video.codec.as_str()),
            (10, "hevc"),
            "{name}"
        );
    }
    assert_eq!(shop.info("hlg.mov").await.container, Container::Mov);
}

#[tokio::test]
async fn a_camera_file_with_uncompressed_sound() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c:v copy -c:a pcm_s16be x.mov");
    let info = shop.info("x.mov").await;
    assert_eq!(info.container, Container::Mov);
    assert_eq!(info.audio.unwrap().codec, "pcm_s16be");
}

#[tokio::test]
async fn an_editing_codec() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=320x180:r=25:d=0.4 -c:v prores_ks -profile:v 0 x.mov");
    let info = shop.info("x.mov").await;
    assert_eq!(info.video.codec, "prores");
    assert_eq!(info.video.pixel_format, "yuv422p10le");
    assert!(info.audio.is_none());
}

#[tokio::test]
async fn odd_sides() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=642x362:d=0.3 -vf scale=641:361,format=yuv444p -c:v libx264 -preset ultrafast odd.mp4",
    );
    let info = shop.info("odd.mp4").await;
    assert_eq!((info.video.width_px, info.video.height_px), (641, 361));
}

#[tokio::test]
async fn pixels_that_are_not_square() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=1440x1080:d=0.2 -vf setsar=4/3 -c:v libx264 -preset ultrafast ana.mp4",
    );
    let info = shop.info("ana.mp4").await;
    assert_eq!((info.video.width_px, info.video.height_px), (1920, 1080));
    assert!(!info.video.square_pixels);
}

#[tokio::test]
async fn interlaced_footage() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=640x480:r=30:d=0.5 -vf interlace=scan=tff -flags +ilme+ildct -c:v libx264 \
         -preset ultrafast -x264opts tff=1 i.mp4",
    )
    .ffmpeg("-f lavfi -i testsrc2=s=720x576:r=25:d=0.5 -flags +ilme+ildct -top 1 -c:v mpeg2video i.mpg");
    assert!(shop.info("i.mp4").await.video.interlaced);
    let broadcast = shop.info("i.mpg").await;
    assert!(broadcast.video.interlaced && !broadcast.video.variable_frame_rate);
    assert_eq!(broadcast.container, Container::MpegPs);
}

#[tokio::test]
async fn a_cover_picture_before_the_video() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -frames:v 1 -update 1 -vf scale=1280:720 cover.jpg").ffmpeg(
        "-i cover.jpg -i base.mp4 -map 0:v -map 1:v -map 1:a -c copy -disposition:v:0 attached_pic covered.mp4",
    );
    let info = shop.info("covered.mp4").await;
    assert_eq!((info.video.codec.as_str(), info.video.width_px), ("h264", 640));
}

#[tokio::test]
async fn two_video_tracks_with_the_sound_first() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -vf scale=160:90 -an -c:v libx264 -preset ultrafast small.mp4")
        .ffmpeg("-i base.mp4 -i small.mp4 -map 0:a -map 1:v -map 0:v -c copy two.mp4");
    let info = shop.info("two.mp4").await;
    assert_eq!((info.video.stream_index, info.video.width_px), (2, 640));
    assert_eq!(info.audio.unwrap().stream_index, 0);
}

#[tokio::test]
async fn three_audio_tracks_of_which_the_second_is_the_default() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg(
        "-i base.mp4 -f lavfi -i anoisesrc=d=4:c=pink -map 0:v -map 0:a -map 1:a -map 1:a -c:v copy -c:a aac \
         -ac:a:1 2 -disposition:a:0 0 -disposition:a:1 default three.mkv",
    );
    let info = shop.info("three.mkv").await;
    assert_eq!(info.audio_track_count, 3);
    assert_eq!(info.audio.unwrap().stream_index, 2);
}

#[tokio::test]
async fn a_wrong_extension_is_no_obstacle() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy real.mkv");
    let (mp4, mkv) = (shop.read("base.mp4"), shop.read("real.mkv"));
    shop.write("clip.avi", &mp4);
    shop.write("clip.mp4", &mkv);
    shop.write("clip.txt", &mp4);
    assert_eq!(shop.info("clip.avi").await.container, Container::Mp4);
    assert_eq!(shop.info("clip.txt").await.container, Container::Mp4);
    let matroska = shop.info("clip.mp4").await;
    assert_eq!(matroska.container, Container::Matroska);
    assert!(
        (3_950..=4_100).contains(&matroska.duration_ms),
        "{}",
        matroska.duration_ms
    );
}

#[tokio::test]
async fn webm_is_told_from_matroska() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=160x90:d=0.3 -c:v libvpx -b:v 200k x.webm");
    let info = shop.info("x.webm").await;
    assert_eq!(
        (info.container, info.video.codec.as_str()),
        (Container::Webm, "vp8")
    );
}

#[tokio::test]
async fn a_browser_recording_without_a_stated_length() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=160x90:r=30:d=25 -c:v libvpx -b:v 200k -deadline realtime -live 1 live.webm",
    );
    let info = shop.info("live.webm").await;
    assert!(
        (24_500..=25_500).contains(&info.duration_ms),
        "{}",
        info.duration_ms
    );
}

#[tokio::test]
async fn a_raw_stream_without_times_is_counted() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c:v copy -an -bsf:v h264_mp4toannexb -f h264 raw.mp4");
    let info = shop.info("raw.mp4").await;
    assert_eq!(info.container, Container::Other);
    assert!(
        (3_900..=4_900).contains(&info.duration_ms),
        "{}",
        info.duration_ms
    );
}

#[tokio::test]
async fn a_transport_stream_that_starts_late_and_one_joined_from_two() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -output_ts_offset 90000 -f mpegts x.ts");
    let once = shop.read("x.ts");
    let info = shop.info("x.ts").await;
    assert_eq!(info.container, Container::MpegTs);
    assert!(
        (3_900..=4_200).contains(&info.duration_ms),
        "{}",
        info.duration_ms
    );
    shop.write("joined.ts", &[once.clone(), once].concat());
    let joined = shop.info("joined.ts").await.duration_ms;
    assert!((7_800..=8_400).contains(&joined), "{joined}");
}

#[tokio::test]
async fn a_copy_trimmed_by_an_edit_list() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-ss 1.3 -i base.mp4 -c copy -avoid_negative_ts disabled trimmed.mp4");
    let info = shop.info("trimmed.mp4").await;
    assert!(info.has_edit_list);
    assert!(
        (2_600..=2_800).contains(&info.duration_ms),
        "{}",
        info.duration_ms
    );
}

#[tokio::test]
async fn a_fragmented_file() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -movflags frag_keyframe+empty_moov frag.mp4");
    let info = shop.info("frag.mp4").await;
    assert_eq!(info.index_first, Some(true));
    assert!(
        (3_900..=4_100).contains(&info.duration_ms),
        "{}",
        info.duration_ms
    );
}

#[tokio::test]
async fn the_smallest_and_the_shortest() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -frames:v 1 -an -c:v libx264 one.mp4")
        .ffmpeg("-f lavfi -i testsrc2=s=2x2:d=0.2 -c:v libx264 tiny.mp4");
    assert!(shop.info("one.mp4").await.duration_ms < 100);
    assert_eq!(shop.info("tiny.mp4").await.video.width_px, 2);
}

#[tokio::test]
async fn subtitles_and_timecode_beside_the_video() {
    let shop = Workshop::new().with_base();
    shop.write("s.srt", b"1\n00:00:00,000 --> 00:00:02,000\nHello\n");
    shop.ffmpeg("-i base.mp4 -i s.srt -map 0 -map 1 -c copy -c:s mov_text -timecode 01:00:00:00 x.mov");
    let info = shop.info("x.mov").await;
    assert_eq!((info.video.width_px, info.audio_track_count), (640, 1));
}

#[tokio::test]
async fn a_place_in_the_metadata() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -metadata location=+52.5200+013.4050/ place.mp4");
    assert!(shop.info("place.mp4").await.has_private_metadata);
}

#[tokio::test]
async fn an_animated_gif_is_a_video() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=160x90:r=10:d=1 anim.gif");
    let info = shop.info("anim.gif").await;
    assert_eq!(
        (info.container, info.video.codec.as_str()),
        (Container::Other, "gif")
    );
    assert!((900..=1_100).contains(&info.duration_ms), "{}", info.duration_ms);
}
