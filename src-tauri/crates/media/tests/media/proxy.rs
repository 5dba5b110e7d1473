//! Copies for looking at: every web view plays them, and they show at each time what the clip shows then.

use std::{path::PathBuf, sync::Mutex};

use daypart_domain::{media_info::MediaInfo, playback, problem::Problem};
use daypart_media::{Media, MediaToolbox};
use daypart_ports::{
    media::{EncodeProgress, MediaProbe as _},
    timeline::{Clip, MediaTimeline as _},
};
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, media},
    edited::{about, pixels, signal, tone, white},
};

async fn copy_by(
    media: &Media,
    shop: &Workshop,
    source: &str,
    on_progress: &(dyn Fn(EncodeProgress) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<PathBuf, Problem> {
    let path = shop.path(source);
    let (info, identity) = (shop.info(source).await, media.identify(&path).await?);
    let clip = Clip {
        path: &path,
        info: &info,
        identity: &identity,
    };
    media.proxy(clip, on_progress, cancel).await
}

fn keeping(shop: &Workshop) -> Media {
    media().with_cache(shop.path("cache"))
}

async fn copy(shop: &Workshop, source: &str) -> (PathBuf, MediaInfo) {
    let path = copy_by(&keeping(shop), shop, source, &|_| {}, &CancellationToken::new())
        .await
        .unwrap_or_else(|problem| panic!("{source}: {problem} {:?}", problem.details));
    // What ffprobe says, not our own reading.
    let info = media().second_opinion(&path).await.unwrap();
    (path, info)
}

fn kept(shop: &Workshop) -> Vec<String> {
    std::fs::read_dir(shop.path("proxies"))
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

const HDR: &str = "-i signal.mp4 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 -c:a copy \
    -x265-params log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc hdr.mp4";

#[tokio::test]
async fn whatever_the_clip_is_its_copy_is_plain_and_upright() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -t 1 -vf scale=1280:720 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=none -c:a copy hevc.mp4")
        .ffmpeg("-i base.mp4 -t 1 -c:v prores_ks -profile:v 3 -c:a pcm_s24le prores.mov")
        .ffmpeg("-i base.mp4 -t 1 -vf interlace=scan=tff,setsar=4/3 -flags +ilme+ildct -c:v libx264 -preset ultrafast -x264opts tff=1 -an inter.mp4")
        .ffmpeg("-i base.mp4 -t 1 -c:v mpeg4 -c:a ac3 flat.mov").ffmpeg("-i flat.mov -c copy -metadata:s:v:0 rotate=270 turned.mov")
        .ffmpeg("-i base.mp4 -t 1 -r 100 -c:v libx264 -preset ultrafast -pix_fmt yuv444p -c:a copy fast.mkv");
    let shape = |info: &MediaInfo| (info.video.width_px, info.video.height_px);
    for (name, size, sounds) in [
        ("hevc.mp4", (960, 540), true),
        ("prores.mov", (640, 360), true),
        ("inter.mp4", (852, 360), false),
        ("turned.mov", (360, 640), true),
        ("fast.mkv", (640, 360), true),
    ] {
        let clip = shop.info(name).await;
        assert!(
            playback::obstacle(&clip).is_some(),
            "{name} would be played as it is"
        );
        let (path, copy) = copy(&shop, name).await;
        assert_eq!(playback::obstacle(&copy), None, "{name}");
        assert_eq!(shape(&copy), size, "{name}");
        let video = &copy.video;
        assert_eq!(
            (
                video.codec.as_str(),
                video.pixel_format.as_str(),
                video.rotation_deg,
                video.square_pixels
            ),
            ("h264", "yuv420p", 0, true),
            "{name}"
        );
        let read = media().probe(&path).await.unwrap();
        assert_eq!(
            (video.interlaced, video.variable_frame_rate, read.index_first),
            (false, false, Some(true)),
            "{name}"
        );
        assert!(
            copy.duration_ms.abs_diff(clip.duration_ms) <= 50,
            "{name}: {} ms instead of {} ms",
            copy.duration_ms,
            clip.duration_ms
        );
        let sound = copy
            .audio
            .as_ref()
            .map(|audio| (audio.codec.as_str(), audio.channels));
        assert_eq!(sound, sounds.then_some(("aac", 2)), "{name}");
        // The middle of a test picture is never black.
        assert!(
            pixels(&path, 100, 100)
                .iter()
                .any(|pixel| pixel.iter().any(|channel| *channel > 40)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn sight_and_sound_are_where_the_clip_has_them() {
    let shop = signal();
    shop.ffmpeg(HDR)
        .ffmpeg("-itsoffset 0.7 -i hdr.mp4 -i signal.mp4 -map 0:v -map 1:a -c copy late.mov");
    // White from frame 60 to 90, and the tone with it, by the clip's own time line.
    let (path, info) = copy(&shop, "hdr.mp4").await;
    assert!(!info.video.hdr && info.video.bit_depth == 8);
    assert_eq!(white(&path, 160, 90), (60, 90));
    about(tone(&path).await, (2_000, 3_000), 25);
    // Its picture begins 0.7 s after its sound; the first frame shown is time 0.
    let (path, _) = copy(&shop, "late.mov").await;
    assert_eq!(white(&path, 160, 90), (60, 90));
    about(tone(&path).await, (1_300, 2_300), 25);
}

#[tokio::test]
async fn a_copy_is_made_once_with_progress_and_then_found_without_any_tool() {
    let shop = signal();
    shop.ffmpeg(HDR);
    let told = Mutex::new(Vec::new());
    let progress =
        |progress: EncodeProgress| told.lock().unwrap().push((progress.done_ms, progress.total_ms));
    let cancel = CancellationToken::new();
    let made = copy_by(&keeping(&shop), &shop, "hdr.mp4", &progress, &cancel)
        .await
        .unwrap();
    let told = told.into_inner().unwrap();
    let (last_ms, total_ms) = *told.last().unwrap();
    assert!(total_ms == 6_000 && last_ms + 200 >= total_ms, "{told:?}");
    assert!(told.is_sorted());

    let without_tools = Media::new(MediaToolbox::in_folder("/nothing/here")).with_cache(shop.path("cache"));
    let found = copy_by(
        &without_tools,
        &shop,
        "hdr.mp4",
        &|_| panic!("made again"),
        &cancel,
    )
    .await;
    assert_eq!(found.unwrap(), made);
}

#[tokio::test]
async fn a_cancelled_copy_leaves_nothing() {
    let shop = signal();
    shop.ffmpeg("-stream_loop 20 -i signal.mp4 -c copy long.mp4");
    let cancel = CancellationToken::new();
    // In the middle of it, not before.
    let cancelling = |_: EncodeProgress| cancel.cancel();
    let problem = copy_by(&keeping(&shop), &shop, "long.mp4", &cancelling, &cancel)
        .await
        .expect_err("cancelled");
    assert_eq!(problem.code.as_str(), "media.cancelled");
    assert_eq!(kept(&shop), Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_decoded_is_an_error_of_that_file_and_leaves_nothing() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -c:v prores_ks -an whole.mov");
    let mut bytes = shop.read("whole.mov");
    let packets = shop.info("whole.mov").await;
    assert!(packets.duration_ms > 0);
    // Every packet is noise; the index is whole.
    let data = bytes.windows(4).position(|window| window == b"mdat").unwrap() + 4;
    let end = bytes.windows(4).position(|window| window == b"moov").unwrap() - 4;
    assert!(end > data, "the index stands last in this clip");
    bytes[data..end].fill(0xa5);
    shop.write("noise.mov", &bytes);
    let problem = copy_by(
        &keeping(&shop),
        &shop,
        "noise.mov",
        &|_| {},
        &CancellationToken::new(),
    )
    .await
    .expect_err("noise");
    assert_eq!(problem.code.as_str(), "preview.copy_failed");
    assert!(
        problem.message.contains("noise.mov") && problem.fix.is_some(),
        "{problem}"
    );
    assert_eq!(kept(&shop), Vec::<String>::new());
}
