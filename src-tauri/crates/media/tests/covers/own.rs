//! A picture of one's own as the window shows it.

use std::path::Path;

use daypart_media::covers::own_cover;
use image::RgbImage;

use crate::clips::{Workshop, footage};

async fn shown(path: &Path) -> RgbImage {
    let jpeg = own_cover(path, 100).await.unwrap();
    assert_eq!(image::guess_format(&jpeg).unwrap(), image::ImageFormat::Jpeg);
    image::load_from_memory(&jpeg).unwrap().into_rgb8()
}

async fn refusal(path: &Path) -> String {
    own_cover(path, 100).await.unwrap_err().code.as_str().to_owned()
}

/// The marker that says in which way a camera was held, after the first two bytes of a JPEG.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let exif = [
        b"\xff\xe1\x00\x22Exif\0\0".as_slice(),
        b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0",
        &[orientation, 0, 0, 0],
        &[0; 4],
    ]
    .concat();
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

fn is_near(pixel: image::Rgb<u8>, colour: [u8; 3]) -> bool {
    pixel
        .0
        .iter()
        .zip(colour)
        .all(|(one, other)| one.abs_diff(other) < 24)
}

#[tokio::test]
async fn it_is_small_and_upright_whatever_the_camera_says() {
    let shop = Workshop::new();
    // Red on the left, blue on the right.
    shop.ffmpeg("-f lavfi -i color=red:s=200x100 -f lavfi -i color=blue:s=200x100 -filter_complex hstack -frames:v 1 flat.jpg");
    let flat = shop.read("flat.jpg");
    let picture = shown(&shop.path("flat.jpg")).await;
    assert_eq!(picture.dimensions(), (100, 25));
    assert!(is_near(*picture.get_pixel(5, 12), [254, 0, 0]));
    // 6: the camera was held turned to the left, so the picture is turned to the right.
    let path = shop.write("turned.jpg", &with_orientation(&flat, 6));
    let picture = shown(&path).await;
    assert_eq!(picture.dimensions(), (25, 100));
    assert!(is_near(*picture.get_pixel(12, 5), [254, 0, 0]), "red is on top");
    assert!(is_near(*picture.get_pixel(12, 95), [0, 0, 254]));
}

#[tokio::test]
async fn png_and_webp_are_read_and_what_is_transparent_is_white() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i color=red@0.0:s=64x64,format=rgba -frames:v 1 clear.png");
    let picture = shown(&shop.path("clear.png")).await;
    assert_eq!(picture.dimensions(), (64, 64), "never enlarged");
    assert!(is_near(*picture.get_pixel(30, 30), [255, 255, 255]));
    RgbImage::from_pixel(30, 20, image::Rgb([0, 200, 0]))
        .save(shop.path("green.webp"))
        .unwrap();
    assert!(is_near(
        *shown(&shop.path("green.webp")).await.get_pixel(9, 9),
        [0, 200, 0]
    ));
}

#[tokio::test]
async fn nothing_of_a_phone_photo_gets_through_but_its_pixels() {
    let path = footage("pic1/IMG_20200827_231612.jpg");
    let has_exif = |bytes: &[u8]| bytes.windows(4).any(|window| window == b"Exif");
    assert!(has_exif(&std::fs::read(&path).unwrap()));
    assert!(!has_exif(&own_cover(&path, 100).await.unwrap()));
}

#[tokio::test]
async fn what_is_no_picture_is_said_to_be_none() {
    let shop = Workshop::new().with_base();
    let jpeg = std::fs::read(footage("pic1/debian_logo.jpg")).unwrap();
    shop.write("words.png", b"not at all a picture");
    shop.write("nothing.jpg", b"");
    shop.write("cut short.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    shop.write("half.jpg", &jpeg[..60]);
    for name in [
        "base.mp4",
        "words.png",
        "nothing.jpg",
        "cut short.png",
        "half.jpg",
        ".",
    ] {
        assert_eq!(refusal(&shop.path(name)).await, "cover.not_a_picture", "{name}");
    }
}

#[tokio::test]
async fn what_has_vanished_or_is_too_large_says_so() {
    let shop = Workshop::new();
    assert_eq!(refusal(&shop.path("gone.jpg")).await, "file.missing");
    std::fs::File::create(shop.path("heavy.jpg"))
        .unwrap()
        .set_len(65 << 20)
        .unwrap();
    assert_eq!(refusal(&shop.path("heavy.jpg")).await, "cover.too_large");
    shop.ffmpeg("-f lavfi -i color=red:s=16386x16 -frames:v 1 wide.png");
    assert_eq!(refusal(&shop.path("wide.png")).await, "cover.too_large");
}
