//! Posters are upright JPEGs of at most 640 px, and appear whole or not at all.

use std::path::Path;

use daypart_ports::media::MediaProbe as _;
use image::RgbImage;

use crate::clips::{Workshop, footage, media};

async fn poster_of(path: &Path, out: &Path) -> RgbImage {
    let info = media().probe(path).await.unwrap();
    media().poster(path, &info, out).await.unwrap();
    let jpeg = std::fs::read(out).unwrap();
    image::load_from_memory_with_format(&jpeg, image::ImageFormat::Jpeg)
        .unwrap()
        .into_rgb8()
}

#[tokio::test]
async fn a_phone_clip_gives_a_small_picture() {
    let shop = Workshop::new();
    let picture = poster_of(&footage("movie1/VID_20191220_170832.mp4"), &shop.path("p.jpg")).await;
    assert_eq!(picture.dimensions(), (640, 360));
    assert_eq!(shop.names(), ["p.jpg"]);
}

#[tokio::test]
async fn a_turned_clip_stands_upright() {
    let shop = Workshop::new();
    // Red above blue as stored; turned clockwise, red lies on the right.
    shop.ffmpeg(
        "-f lavfi -i color=red:s=320x90:d=1 -f lavfi -i color=blue:s=320x90:d=1 -filter_complex vstack \
         -c:v libx264 -pix_fmt yuv420p flat.mp4",
    )
    .ffmpeg("-i flat.mp4 -c copy -metadata:s:v:0 rotate=270 turned.mp4");
    let picture = poster_of(&shop.path("turned.mp4"), &shop.path("p.jpg")).await;
    assert_eq!(picture.dimensions(), (180, 320));
    let (left, right) = (picture.get_pixel(20, 160).0, picture.get_pixel(160, 160).0);
    assert!(left[2] > 150 && left[0] < 100, "blue on the left: {left:?}");
    assert!(right[0] > 150 && right[2] < 100, "red on the right: {right:?}");
}

#[tokio::test]
async fn a_black_opening_is_skipped() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i color=black:s=160x90:r=25:d=2 -f lavfi -i color=white:s=160x90:r=25:d=6 \
         -filter_complex concat -c:v libx264 -pix_fmt yuv420p -g 25 fade.mp4",
    );
    let picture = poster_of(&shop.path("fade.mp4"), &shop.path("p.jpg")).await;
    assert!(picture.get_pixel(80, 45).0[0] > 200);
}

#[tokio::test]
async fn every_kind_of_source_has_a_poster() {
    let shop = Workshop::new().with_base();
    shop.ffmpeg("-i base.mp4 -frames:v 1 -an -c:v libx264 one.mp4")
        .ffmpeg("-i base.mp4 -c:v copy -an -bsf:v h264_mp4toannexb -f h264 raw.h264")
        .ffmpeg("-i base.mp4 -c copy -f mpegts x.ts")
        .ffmpeg("-f lavfi -i testsrc2=s=160x90:r=10:d=1 anim.gif")
        .ffmpeg("-f lavfi -i testsrc2=s=1440x1080:d=0.2 -vf setsar=4/3 -c:v libx264 wide.mp4")
        .ffmpeg(
            "-f lavfi -i testsrc2=s=320x180:r=30:d=0.3 -c:v libx265 -pix_fmt yuv420p10le -tag:v hvc1 \
             -x265-params log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc hdr.mp4",
        );
    for (name, size) in [
        ("one.mp4", (640, 360)),
        ("raw.h264", (640, 360)),
        ("x.ts", (640, 360)),
        ("anim.gif", (160, 90)),
        ("wide.mp4", (640, 360)),
        ("hdr.mp4", (320, 180)),
    ] {
        let picture = poster_of(&shop.path(name), &shop.path("p.jpg")).await;
        assert_eq!(picture.dimensions(), size, "{name}");
    }
}

#[tokio::test]
async fn a_source_that_vanished_leaves_nothing_behind() {
    let shop = Workshop::new().with_base();
    let info = shop.info("base.mp4").await;
    std::fs::remove_file(shop.path("base.mp4")).unwrap();
    let problem = media()
        .poster(&shop.path("base.mp4"), &info, &shop.path("p.jpg"))
        .await
        .expect_err("no source");
    assert_eq!(problem.code.as_str(), "file.missing");
    assert!(shop.names().is_empty());
}
