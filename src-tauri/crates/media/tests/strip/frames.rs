//! Zoomed in, down to single frames.

use std::sync::atomic::{AtomicUsize, Ordering};

use daypart_media::strip::{Clip, StripRequest, filmstrip};
use daypart_ports::media::MediaProbe as _;
use tokio_util::sync::CancellationToken;

use crate::{
    clips::{Workshop, footage, media},
    reference::{all_frames, assert_true, difference, make},
};

#[tokio::test]
async fn every_frame_of_a_window_to_the_bit() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -an -c:v libx264 -preset fast -bf 3 -g 40 -x264-params open-gop=1 x.mp4");
    shop.ffmpeg("-i base.mp4 -an -c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=40:open-gop=1 hevc.mp4");
    // A fragmented movie has no index to go by.
    shop.ffmpeg("-i x.mp4 -c copy x.mkv")
        .ffmpeg("-i x.mp4 -c copy -movflags frag_keyframe+empty_moov fragments.mp4");
    for name in ["x.mp4", "hevc.mp4", "x.mkv", "fragments.mp4"] {
        let path = shop.path(name);
        let made = make(&path, StripRequest::window(1_200_000, 2_000_000, 30, 90)).await;
        let frames = all_frames(&path, &made.info, (160, 90));
        let inside: Vec<_> = frames
            .iter()
            .filter(|frame| (1_200_000..2_000_000).contains(&frame.at_us))
            .collect();
        assert_eq!(inside.len(), 24);
        let slack = made.strip.tiles.len() - inside.len();
        assert!(
            slack <= 1,
            "{name}: at most the frame before, which is shown at the beginning"
        );
        for frame in inside {
            let tile = made
                .tiles
                .iter()
                .find(|tile| tile.at_us.abs_diff(frame.at_us) <= 1_000)
                .unwrap();
            let distance = difference(&frame.rgb, &tile.rgb);
            assert!(distance == 0.0, "{name} at {}: {distance}", frame.at_us);
        }
    }
}

#[tokio::test]
async fn a_window_of_a_phone_clip_equals_seeking_in_it() {
    let path = footage("movie1/VID_20191220_170832.mp4");
    let made = make(&path, StripRequest::window(500_000, 900_000, 50, 90)).await;
    assert!(made.tiles.len() >= 9, "{}", made.tiles.len());
    assert_true(&path, &made);
    for tile in &made.tiles {
        let output = std::process::Command::new("ffmpeg")
            .args([
                "-v",
                "error",
                "-ss",
                &format!("{}us", tile.at_us.saturating_sub(1_000)),
                "-i",
            ])
            .arg(&path)
            .args([
                "-frames:v",
                "1",
                "-vf",
                "scale=160:90:flags=fast_bilinear,format=rgb24",
            ])
            .args(["-f", "rawvideo", "-"])
            .output()
            .unwrap();
        assert_eq!(difference(&output.stdout, &tile.rgb), 0.0, "at {} µs", tile.at_us);
    }
}

#[tokio::test]
async fn a_window_at_the_very_end_and_one_beyond_it() {
    let shop = Workshop::new().with_base();
    let made = make(
        &shop.path("base.mp4"),
        StripRequest::window(3_950_000, 9_000_000, 30, 90),
    )
    .await;
    let times: Vec<u64> = made.strip.tiles.iter().map(|tile| tile.at_us).collect();
    assert_eq!(times, [3_933_333, 3_966_667]);
    let made = make(
        &shop.path("base.mp4"),
        StripRequest::window(8_000_000, 9_000_000, 30, 90),
    )
    .await;
    assert_eq!(made.strip.tiles[0].at_us, 3_966_667, "the last frame stays");
}

#[tokio::test]
async fn a_view_that_moves_on_ends_the_decoding() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=1280x720:r=30:d=20 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 1000 -sc_threshold 0 one.mp4");
    let path = shop.path("one.mp4");
    let media = media();
    let info = media.probe(&path).await.unwrap();
    let cancel = CancellationToken::new();
    let came = AtomicUsize::new(0);
    let on_tile = |_: &_| {
        came.fetch_add(1, Ordering::Relaxed);
        cancel.cancel();
    };
    let clip = Clip {
        path: &path,
        info: &info,
    };
    let request = StripRequest::window(0, 20_000_000, 600, 90);
    let problem = filmstrip(media.toolbox(), clip, request, None, &on_tile, &cancel)
        .await
        .unwrap_err();
    assert_eq!(problem.code.as_str(), "media.cancelled");
    assert!(came.load(Ordering::Relaxed) < 500, "{came:?}");
}

#[tokio::test]
async fn a_fragmented_movie_shows_the_frames_and_times_that_ffmpeg_decodes() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -an -c:v libx264 -preset fast -bf 3 -g 20 -sc_threshold 0 x.mp4")
        .ffmpeg("-i x.mp4 -c copy -movflags frag_keyframe+empty_moov late.mp4")
        .ffmpeg("-i x.mp4 -c copy -movflags frag_keyframe+empty_moov+negative_cts_offsets early.mp4")
        .ffmpeg("-i x.mp4 -c copy -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 700000 short.mp4");
    for name in ["late.mp4", "early.mp4", "short.mp4"] {
        let path = shop.path(name);
        let made = make(&path, StripRequest::whole(8, 90)).await;
        assert_eq!(made.tiles.len(), 6, "{name}: its keyframes");
        assert_true(&path, &made);
    }
}
