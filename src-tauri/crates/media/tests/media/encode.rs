//! Renditions: what comes out complies and is whole; what fails leaves nothing behind.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use daypart_domain::{
    media_info::{Container, MediaInfo},
    problem::Problem,
    transcode_plan::{EncodeTarget, Rung, TranscodePlan},
};
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::{EncodeProgress, MediaEncoder as _, MediaProbe as _};
use tokio_util::sync::CancellationToken;

use crate::clips::{Workshop, footage, media};

fn plan(rung: Rung) -> TranscodePlan {
    TranscodePlan {
        rung,
        reasons: vec!["for the test".to_owned()],
        spec_key: "test/1".to_owned(),
        target: None,
    }
}

fn encode_to(width_px: u32, height_px: u32, frame_rate_fps: Option<u32>) -> TranscodePlan {
    TranscodePlan {
        target: Some(EncodeTarget {
            width_px,
            height_px,
            frame_rate_fps,
            max_rate_bps: 20_000_000,
        }),
        ..plan(Rung::Encode)
    }
}

async fn convert(shop: &Workshop, source: &Path, plan: &TranscodePlan) -> Result<MediaInfo, Problem> {
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
fn video_hash(path: &Path) -> String {
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
}

#[tokio::test]
async fn cancelling_in_the_middle_leaves_nothing_behind() {
    let shop = Workshop::new();
    let source = footage("movie2/movie-hello.mp4");
    let info = media().probe(&source).await.unwrap();
    let cancel = CancellationToken::new();
    let cancelled_at: Mutex<Option<Instant>> = Mutex::default();
    let problem = media()
        .encode(
            &source,
            &info,
            &encode_to(1280, 720, None),
            &shop.path("out.mp4"),
            &|_| {
                cancelled_at.lock().unwrap().get_or_insert_with(Instant::now);
                cancel.cancel();
            },
            &cancel,
        )
        .await
        .expect_err("cancelled");
    assert_eq!(problem.code.as_str(), "media.cancelled");
    assert!(shop.names().is_empty(), "{:?}", shop.names());
    let took = cancelled_at
        .into_inner()
        .unwrap()
        .expect("progress was made")
        .elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn dropping_the_conversion_ends_it_and_leaves_nothing_behind() {
    let shop = Workshop::new();
    let source = footage("movie2/movie-hello.mp4");
    let info = media().probe(&source).await.unwrap();
    let progressed = tokio::sync::Notify::new();
    let (media, cancel, out) = (media(), CancellationToken::new(), shop.path("out.mp4"));
    let plan = encode_to(1280, 720, None);
    let observer = |_: EncodeProgress| progressed.notify_one();
    {
        let conversion = media.encode(&source, &info, &plan, &out, &observer, &cancel);
        tokio::pin!(conversion);
        tokio::select! {
            outcome = &mut conversion => panic!("finished before it was dropped: {outcome:?}"),
            () = progressed.notified() => {}
        }
    }
    assert!(shop.names().is_empty(), "{:?}", shop.names());
}

#[tokio::test]
async fn a_source_that_vanished_is_told_and_leaves_nothing_behind() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    std::fs::remove_file(shop.path("base.mp4")).unwrap();
    let problem = media()
        .encode(
            &shop.path("base.mp4"),
            &info,
            &plan(Rung::Remux),
            &shop.path("out.mp4"),
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .expect_err("no source");
    assert_eq!(problem.code.as_str(), "file.missing");
    assert!(shop.names().is_empty());
}

#[tokio::test]
async fn a_source_that_changed_since_its_probe_is_not_converted() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let mut bytes = shop.read("base.mp4");
    bytes.extend(b"\0\0\0\x08free");
    shop.write("base.mp4", &bytes);
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &media()).await;
    assert_eq!(problem.code.as_str(), "file.changed");
    assert_eq!(shop.names(), ["base.mp4"]);
}

async fn convert_known(shop: &Workshop, info: &MediaInfo, plan: &TranscodePlan, media: &Media) -> Problem {
    media
        .encode(
            &shop.path("base.mp4"),
            info,
            plan,
            &shop.path("out.mp4"),
            &|_| {},
            &CancellationToken::new(),
        )
        .await
        .expect_err("a failure")
}

#[tokio::test]
async fn an_ffmpeg_that_outlived_its_daypart_cannot_spoil_the_next_rendition() {
    use std::io::Write as _;
    let shop = Workshop::new().with_base();
    let mut leftover = std::fs::File::create(shop.path("out.mp4.part")).unwrap();
    convert(&shop, &shop.path("base.mp4"), &plan(Rung::Remux))
        .await
        .unwrap();
    let before = shop.read("out.mp4");
    leftover.write_all(b"written by the one left over").unwrap();
    assert_eq!(shop.read("out.mp4"), before);
    assert_eq!(shop.names(), ["base.mp4", "out.mp4"]);
}

#[tokio::test]
async fn damaged_pictures_are_never_passed_on_by_a_copy() {
    let shop = Workshop::new().with_base();
    let mut bytes = shop.read("base.mp4");
    let middle = bytes.len() / 2;
    for (index, byte) in bytes[middle..middle + 4000].iter_mut().enumerate() {
        *byte = (index * 37 % 251) as u8;
    }
    shop.write("base.mp4", &bytes);
    let info = shop.info("base.mp4").await;
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &media()).await;
    assert_eq!(problem.code.as_str(), "media.verify_failed", "{problem}");
    assert_eq!(shop.names(), ["base.mp4"]);
}

#[tokio::test]
async fn a_disk_without_room_is_told_before_anything_is_written() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let mut plan = encode_to(640, 360, None);
    // Four seconds at this rate need more room than any disk has.
    plan.target.as_mut().unwrap().max_rate_bps = u64::MAX / 8_000;
    let problem = convert_known(&shop, &info, &plan, &media()).await;
    assert_eq!(problem.code.as_str(), "disk.full");
    assert_eq!(shop.names(), ["base.mp4"]);
}

/// ffmpeg with a prologue, beside the real ffprobe.
#[cfg(unix)]
fn toolbox_with_ffmpeg(shop: &Workshop, script: &str) -> MediaToolbox {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder: PathBuf = shop.path("tools");
    std::fs::create_dir(&folder).unwrap();
    symlink(MediaToolbox::locate().ffprobe().unwrap(), folder.join("ffprobe")).unwrap();
    let ffmpeg = folder.join("ffmpeg");
    std::fs::write(&ffmpeg, script).unwrap();
    std::fs::set_permissions(&ffmpeg, std::fs::Permissions::from_mode(0o755)).unwrap();
    MediaToolbox::in_folder(folder)
}

#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_fills_up_meanwhile_is_told_and_the_part_is_removed() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let toolbox = toolbox_with_ffmpeg(
        &shop,
        "#!/bin/sh\nfor last; do :; done\necho half > \"${last#file:}\"\n\
         echo 'av_interleaved_write_frame(): No space left on device' >&2\nexit 228\n",
    );
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &Media::new(toolbox)).await;
    assert_eq!(problem.code.as_str(), "disk.full");
    assert_eq!(shop.names(), ["base.mp4", "tools"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_conversion_that_stops_making_progress_is_ended() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let toolbox = toolbox_with_ffmpeg(&shop, "#!/bin/sh\nexec sleep 600\n");
    let media = Media::new(toolbox).with_stall_timeout(Duration::from_millis(300));
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &media).await;
    assert_eq!(problem.code.as_str(), "media.encode_stalled");
    assert_eq!(shop.names(), ["base.mp4", "tools"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_crash_of_ffmpeg_is_a_problem_of_this_file_only() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let toolbox = toolbox_with_ffmpeg(
        &shop,
        "#!/bin/sh\nfor last; do :; done\necho half > \"${last#file:}\"\nkill -SEGV $$\n",
    );
    let problem = convert_known(&shop, &info, &plan(Rung::Remux), &Media::new(toolbox)).await;
    assert_eq!(problem.code.as_str(), "media.encode_failed");
    assert_eq!(shop.names(), ["base.mp4", "tools"]);
}

#[tokio::test]
async fn nothing_is_converted_that_is_sent_as_it_is() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    let problem = convert_known(&shop, &info, &plan(Rung::AsIs), &media()).await;
    assert_eq!(problem.code.as_str(), "daypart.bug");
}
