//! Renditions: what comes out complies and is whole.

use std::{path::Path, sync::Mutex};

use daypart_domain::{
    media_info::{Container, MediaInfo},
    problem::Problem,
    transcode_plan::{EncodeTarget, Rung, TranscodePlan},
};
use daypart_ports::media::{EncodeProgress, MediaEncoder as _, MediaProbe as _};
use tokio_util::sync::CancellationToken;

use crate::clips::{Workshop, footage, media};

pub fn plan(rung: Rung) -> TranscodePlan {
    TranscodePlan {
        rung,
        reasons: vec!["for the test".to_owned()],
        spec_key: "test/1".to_owned(),
        ..TranscodePlan::default()
    }
}

pub fn encode_to(width_px: u32, height_px: u32, frame_rate_fps: Option<u32>) -> TranscodePlan {
    TranscodePlan {
        target: Some(EncodeTarget::whole(
            width_px,
            height_px,
            frame_rate_fps,
            20_000_000,
        )),
        ..plan(Rung::Encode)
    }
}

pub async fn convert(shop: &Workshop, source: &Path, plan: &TranscodePlan) -> Result<MediaInfo, Problem> {
    let info = media().probe(source).await.expect("a video");
    media()
        .encode(
            source,
            &info,
            plan,
            &shop.path("out.mp4"),
            &|_| {},
            &CancellationToken::new(),
        )
        .await
}

/// The compressed video packets alone, hashed.
pub fn video_hash(path: &Path) -> String {
    let output = std::process::Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args([
            "-map",
            "0:v:0",
            "-c",
            "copy",
            "-bsf:v",
            "h264_mp4toannexb",
            "-f",
            "hash",
            "-",
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_remux_strips_the_place_and_touches_no_picture() {
    let shop = Workshop::new();
    let source = footage("movie1/VID_20191220_170832.mp4");
    let rendition = convert(&shop, &source, &plan(Rung::Remux)).await.unwrap();
    assert_eq!(rendition.index_first, Some(true));
    assert!(!rendition.has_private_metadata);
    assert!(!rendition.has_edit_list);
    assert_eq!(video_hash(&shop.path("out.mp4")), video_hash(&source));
    assert_eq!(shop.names(), ["out.mp4"]);
}

#[tokio::test]
async fn a_remux_moves_the_index_to_the_front() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy moov_end.mp4");
    let rendition = convert(&shop, &shop.path("moov_end.mp4"), &plan(Rung::Remux))
        .await
        .unwrap();
    assert_eq!(rendition.index_first, Some(true));
    assert_eq!(
        video_hash(&shop.path("out.mp4")),
        video_hash(&shop.path("base.mp4"))
    );
}

#[tokio::test]
async fn a_remux_turns_matroska_into_mp4() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy x.mkv");
    let rendition = convert(&shop, &shop.path("x.mkv"), &plan(Rung::Remux))
        .await
        .unwrap();
    assert_eq!(
        (rendition.container, rendition.video.codec.as_str()),
        (Container::Mp4, "h264")
    );
    assert_eq!(rendition.audio.unwrap().codec, "aac");
}

#[tokio::test]
async fn a_remux_keeps_the_rotation() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c copy -metadata:s:v:0 rotate=270 -movflags -faststart r.mp4");
    let rendition = convert(&shop, &shop.path("r.mp4"), &plan(Rung::Remux))
        .await
        .unwrap();
    assert_eq!((rendition.video.width_px, rendition.video.height_px), (360, 640));
}

#[tokio::test]
async fn a_remux_of_late_sound_keeps_it_late() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -itsoffset 0.7 -i base.mp4 -map 0:v -map 1:a -c copy late.mp4");
    let rendition = convert(&shop, &shop.path("late.mp4"), &plan(Rung::Remux))
        .await
        .unwrap();
    assert!(rendition.has_edit_list, "the edit list carries the offset");
}

#[tokio::test]
async fn a_remux_of_a_trimmed_copy_does_not_show_the_hidden_pictures() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-ss 1.3 -i base.mp4 -c copy -avoid_negative_ts disabled trimmed.mp4");
    let rendition = convert(&shop, &shop.path("trimmed.mp4"), &plan(Rung::Remux))
        .await
        .unwrap();
    assert!(
        (2_600..=2_800).contains(&rendition.duration_ms),
        "{}",
        rendition.duration_ms
    );
}

#[tokio::test]
async fn new_sound_beside_the_old_pictures() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c:v copy -c:a pcm_s16be -ac 6 -ar 96000 x.mov");
    let source = shop.path("x.mov");
    let rendition = convert(&shop, &source, &plan(Rung::AudioOnly)).await.unwrap();
    let audio = rendition.audio.unwrap();
    assert_eq!(
        (audio.codec.as_str(), audio.channels, audio.sample_rate_hz),
        ("aac", 2, 48_000)
    );
    assert_eq!(video_hash(&shop.path("out.mp4")), video_hash(&source));
}

#[tokio::test]
async fn nasty_sources_become_plain_clips() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -vf select='not(between(mod(n\\,17)\\,3\\,7))' -fps_mode vfr -c:v libx264 -preset ultrafast vfr.mp4")
        .ffmpeg("-f lavfi -i testsrc2=s=642x362:d=1 -vf scale=641:361,format=yuv444p -c:v libx264 -preset ultrafast odd.mp4")
        .ffmpeg("-f lavfi -i testsrc2=s=320x240:r=30:d=1 -vf interlace=scan=tff,setsar=16/15 -flags +ilme+ildct -c:v libx264 -preset ultrafast -x264opts tff=1 inter.mp4")
        .ffmpeg(
            "-f lavfi -i testsrc2=s=320x180:r=30:d=1 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 \
             -x265-params log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc hdr.mp4",
        )
        .ffmpeg("-f lavfi -i testsrc2=s=320x180:r=25:d=1 -pix_fmt yuvj420p -c:v mjpeg full.avi")
        .ffmpeg("-i base.mp4 -c copy -metadata:s:v:0 rotate=270 turned.mp4");
    let cases = [
        ("vfr.mp4", encode_to(640, 360, Some(25))),
        ("odd.mp4", encode_to(640, 360, None)),
        ("inter.mp4", encode_to(340, 240, None)),
        ("hdr.mp4", encode_to(320, 180, None)),
        ("full.avi", encode_to(320, 180, Some(30))),
        ("turned.mp4", encode_to(360, 640, None)),
        ("base.mp4", encode_to(360, 640, Some(60))),
    ];
    for (name, plan) in cases {
        let rendition = convert(&shop, &shop.path(name), &plan)
            .await
            .unwrap_or_else(|problem| panic!("{name}: {problem} {:?}", problem.details));
        let video = &rendition.video;
        assert_eq!(video.pixel_format, "yuv420p", "{name}");
        assert_eq!((video.rotation_deg, video.square_pixels), (0, true), "{name}");
        assert!(
            !video.hdr && !video.interlaced && !video.variable_frame_rate,
            "{name}"
        );
        assert!(!rendition.has_edit_list, "{name}");
        if let Some(rate) = plan.target.unwrap().frame_rate_fps {
            let measured = video.average_frame_rate.unwrap().frames_per_second();
            assert!((measured - f64::from(rate)).abs() < 0.01, "{name}: {measured}");
        }
    }
}

#[tokio::test]
async fn progress_goes_forward_to_the_end() {
    let shop = Workshop::new();
    let source = footage("movie2/movie-hello.mp4");
    let info = media().probe(&source).await.unwrap();
    let reports: Mutex<Vec<EncodeProgress>> = Mutex::default();
    media()
        .encode(
            &source,
            &info,
            &encode_to(640, 360, None),
            &shop.path("out.mp4"),
            &|report| reports.lock().unwrap().push(report),
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    let reports = reports.into_inner().unwrap();
    assert!(reports.is_sorted_by(|a, b| a.done_ms <= b.done_ms));
    let last = reports.last().expect("at least one report");
    assert_eq!(last.total_ms, info.duration_ms);
    assert!(last.done_ms > info.duration_ms * 9 / 10, "{last:?}");
    assert!(last.frames_done > 200 && last.size_bytes > 10_000, "{last:?}");
    assert!(last.speed.unwrap() > 0.0, "{last:?}");
    assert!(
        last.remaining_ms.unwrap() < reports[0].remaining_ms.unwrap_or(u64::MAX),
        "{last:?}"
    );
}
