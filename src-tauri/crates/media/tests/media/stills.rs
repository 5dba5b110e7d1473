//! Pictures are measured by what is in them, by their header alone, and get an upright poster.

use std::path::Path;

use daypart_domain::{
    picture_info::{Animation, PictureFormat, PictureInfo},
    problem::Problem,
};
use daypart_ports::media::{Measured, MediaProbe as _};
use image::{DynamicImage, ImageDecoder as _, ImageEncoder as _, Rgb, RgbImage, codecs::jpeg::JpegEncoder};

use crate::clips::{Workshop, footage, media, without_tools};

const RED: [u8; 3] = [220, 20, 20];
const BLUE: [u8; 3] = [20, 20, 220];

async fn picture(shop: &Workshop, name: &str) -> PictureInfo {
    match media().measure(&shop.path(name)).await.expect(name) {
        Measured::Picture(info) => *info,
        Measured::Video(info) => panic!("{name} is a video: {info:?}"),
    }
}

/// Of a picture that no tool is needed for.
async fn refusal(shop: &Workshop, name: &str) -> Problem {
    without_tools()
        .measure(&shop.path(name))
        .await
        .expect_err("a refusal")
}

async fn poster(shop: &Workshop, name: &str) -> RgbImage {
    let (info, out) = (picture(shop, name).await, shop.path("poster.jpg"));
    media()
        .picture_poster(&shop.path(name), &info, &out)
        .await
        .unwrap();
    opened(&out)
}

fn opened(jpeg: &Path) -> RgbImage {
    let bytes = std::fs::read(jpeg).unwrap();
    image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg)
        .unwrap()
        .into_rgb8()
}

fn is_like(pixel: Rgb<u8>, wanted: [u8; 3]) -> bool {
    pixel
        .0
        .iter()
        .zip(wanted)
        .all(|(seen, wanted)| seen.abs_diff(wanted) < 40)
}

/// A TIFF block, as EXIF is stored: entries of one directory, each (tag, type, count, value).
fn exif(entries: &[(u16, u16, u32, u32)]) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    block.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, kind, count, value) in entries {
        block.extend(tag.to_le_bytes());
        block.extend(kind.to_le_bytes());
        block.extend(count.to_le_bytes());
        block.extend(value.to_le_bytes());
    }
    block.extend([0; 4]);
    block
}

fn turned(orientation: u32) -> Vec<u8> {
    exif(&[(0x0112, 3, 1, orientation)])
}

fn jpeg(picture: &RgbImage, exif: Option<Vec<u8>>, icc_profile: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).unwrap();
    }
    if let Some(icc_profile) = icc_profile {
        encoder.set_icc_profile(icc_profile).unwrap();
    }
    encoder.encode_image(picture).unwrap();
    bytes
}

/// 96 × 64, blue, with a red quarter at the top left.
fn flag() -> RgbImage {
    RgbImage::from_fn(96, 64, |x, y| Rgb(if x < 48 && y < 32 { RED } else { BLUE }))
}

/// As a camera stores it that was held so. EXIF says for each number where the stored first row and first column lie
/// in the picture as it is seen (TIFF 6.0, Orientation).
fn as_stored(seen: &RgbImage, orientation: u32) -> RgbImage {
    let (width, height) = seen.dimensions();
    let (right, bottom) = (width - 1, height - 1);
    let place = |row: u32, column: u32| match orientation {
        1 => (column, row),
        2 => (right - column, row),
        3 => (right - column, bottom - row),
        4 => (column, bottom - row),
        5 => (row, column),
        6 => (right - row, column),
        7 => (right - row, bottom - column),
        8 => (row, bottom - column),
        _ => unreachable!(),
    };
    let (stored_width, stored_height) = if orientation >= 5 {
        (height, width)
    } else {
        (width, height)
    };
    RgbImage::from_fn(stored_width, stored_height, |column, row| {
        let (x, y) = place(row, column);
        *seen.get_pixel(x, y)
    })
}

#[tokio::test]
async fn each_format_is_known_by_its_content_whatever_its_name() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=360x640 -frames:v 1 -update 1 one.jpg")
        .ffmpeg("-f lavfi -i testsrc2=s=360x640 -frames:v 1 -update 1 two.png")
        .ffmpeg("-f lavfi -i testsrc2=s=360x640 -frames:v 1 -c:v libwebp three.webp");
    for (name, disguise, format) in [
        ("one.jpg", "holiday.mp4", PictureFormat::Jpeg),
        ("two.png", "two.jpg", PictureFormat::Png),
        ("three.webp", "three", PictureFormat::Webp),
    ] {
        std::fs::rename(shop.path(name), shop.path(disguise)).unwrap();
        let Measured::Picture(info) = without_tools().measure(&shop.path(disguise)).await.unwrap() else {
            panic!("{disguise} is no video");
        };
        let size_bytes = std::fs::metadata(shop.path(disguise)).unwrap().len();
        assert_eq!(
            *info,
            PictureInfo {
                format,
                size_bytes,
                width_px: 360,
                height_px: 640,
                orientation: 1,
                colour_profile: None,
                animation: None,
                has_private_metadata: false,
            },
            "{disguise}"
        );
    }
}

#[tokio::test]
async fn a_video_measured_among_pictures_is_a_video() {
    let shop = Workshop::new().with_base();
    std::fs::rename(shop.path("base.mp4"), shop.path("base.jpg")).unwrap();
    let measured = media().measure(&shop.path("base.jpg")).await.unwrap();
    assert!(matches!(measured, Measured::Video(info) if info.video.width_px == 640));
}

#[tokio::test]
async fn all_eight_ways_of_holding_a_camera_end_upright() {
    let shop = Workshop::new();
    for orientation in 1..=8 {
        let name = format!("held_{orientation}.jpg");
        let stored = as_stored(&flag(), orientation);
        shop.write(&name, &jpeg(&stored, Some(turned(orientation)), None));
        let info = picture(&shop, &name).await;
        assert_eq!((info.width_px, info.height_px), (96, 64), "{orientation}");
        assert_eq!(u32::from(info.orientation), orientation);
        let poster = poster(&shop, &name).await;
        assert_eq!(poster.dimensions(), (96, 64), "{orientation}");
        for (x, y, colour) in [(20, 14, RED), (76, 14, BLUE), (20, 50, BLUE), (76, 50, BLUE)] {
            assert!(
                is_like(*poster.get_pixel(x, y), colour),
                "{orientation}: {:?} at {x}, {y}",
                poster.get_pixel(x, y)
            );
        }
    }
}

#[tokio::test]
async fn a_phones_photograph_held_upside_down_stands_upright_without_a_tool() {
    let shop = Workshop::new();
    let photograph = footage("pic2/IMG_20200124_231153.jpg");
    let Measured::Picture(info) = without_tools().measure(&photograph).await.unwrap() else {
        panic!("a photograph is a picture");
    };
    assert_eq!((info.width_px, info.height_px, info.orientation), (4000, 3000, 3));
    assert!(info.has_private_metadata, "the phone's name is in it");
    let out = shop.path("poster.jpg");
    without_tools()
        .picture_poster(&photograph, &info, &out)
        .await
        .unwrap();
    assert_eq!(opened(&out).dimensions(), (640, 480));
}

#[tokio::test]
async fn an_orientation_that_does_not_exist_turns_nothing() {
    let shop = Workshop::new();
    shop.write("odd.jpg", &jpeg(&flag(), Some(turned(9)), None));
    assert_eq!(picture(&shop, "odd.jpg").await.orientation, 1);
}

#[tokio::test]
async fn a_colour_profile_is_named_and_goes_with_the_poster() {
    let shop = Workshop::new();
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    shop.write("wide.jpg", &jpeg(&flag(), None, Some(profile.clone())));
    let name = picture(&shop, "wide.jpg").await.colour_profile;
    assert_eq!(name.as_deref(), Some("Display P3"));
    poster(&shop, "wide.jpg").await;
    let jpeg = std::io::Cursor::new(shop.read("poster.jpg"));
    let mut decoder = image::codecs::jpeg::JpegDecoder::new(jpeg).unwrap();
    assert_eq!(decoder.icc_profile().unwrap(), Some(profile));
}

#[tokio::test]
async fn a_broken_profile_and_broken_exif_do_not_make_a_picture_unusable() {
    let shop = Workshop::new();
    let bytes = jpeg(
        &flag(),
        Some(b"II*\0\xFF\xFF\xFF\xFF".to_vec()),
        Some(vec![7; 200]),
    );
    shop.write("odd.jpg", &bytes);
    let info = picture(&shop, "odd.jpg").await;
    assert_eq!((info.orientation, info.colour_profile), (1, None));
    assert!(is_like(*poster(&shop, "odd.jpg").await.get_pixel(10, 10), RED));
}

#[tokio::test]
async fn place_and_device_are_noticed() {
    let shop = Workshop::new();
    let maker = exif(&[(0x010F, 2, 4, u32::from_le_bytes(*b"Ace\0"))]);
    // A directory for the place behind the first, with the latitude's hemisphere in it.
    let mut place = exif(&[(0x8825, 4, 1, 26)]);
    place.extend(&exif(&[(0x0001, 2, 2, u32::from_le_bytes(*b"N\0\0\0"))])[8..]);
    for (name, exif, is_private) in [
        ("maker.jpg", maker, true),
        ("place.jpg", place, true),
        ("turned.jpg", turned(6), false),
    ] {
        shop.write(name, &jpeg(&flag(), Some(exif), None));
        assert_eq!(
            picture(&shop, name).await.has_private_metadata,
            is_private,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_picture_that_unpacks_to_hundreds_of_megabytes_is_refused_by_its_header() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i color=black:s=12000x12000 -frames:v 1 -pix_fmt monob -update 1 bomb.png");
    assert!(std::fs::metadata(shop.path("bomb.png")).unwrap().len() < 500_000);
    let problem = refusal(&shop, "bomb.png").await;
    assert_eq!(problem.code.as_str(), "media.picture_too_large");
    assert!(
        problem.message.contains("bomb.png") && problem.message.contains("12000 × 12000"),
        "{}",
        problem.message
    );
    // The pixels were never looked at: without them it is refused just the same.
    let mut header = shop.read("bomb.png");
    let data = header.windows(4).position(|name| name == b"IDAT").unwrap();
    header.truncate(data - 4);
    header.extend(b"\0\0\0\0IDAT\x35\xAF\x06\x1E\0\0\0\0IEND\xAE\x42\x60\x82");
    shop.write("header.png", &header);
    assert_eq!(
        refusal(&shop, "header.png").await.code.as_str(),
        "media.picture_too_large"
    );
}

#[tokio::test]
async fn a_picture_that_was_not_copied_to_its_end_says_so() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=320x240 -frames:v 1 -update 1 whole.jpg")
        .ffmpeg("-f lavfi -i testsrc2=s=320x240 -frames:v 1 -update 1 whole.png")
        .ffmpeg("-f lavfi -i testsrc2=s=320x240 -frames:v 1 -c:v libwebp whole.webp");
    for name in ["whole.jpg", "whole.png", "whole.webp"] {
        picture(&shop, name).await;
        let bytes = shop.read(name);
        for percent in [1, 10, 60, 98] {
            shop.write("cut", &bytes[..(bytes.len() * percent / 100).max(12)]);
            let problem = refusal(&shop, "cut").await;
            assert_eq!(problem.code.as_str(), "media.truncated", "{name} at {percent} %");
            assert!(
                problem.message.contains("“cut” is incomplete"),
                "{}",
                problem.message
            );
        }
    }
}

#[tokio::test]
async fn what_stands_behind_the_end_of_a_jpeg_does_not_matter() {
    // Phones append the video of a motion photo.
    let shop = Workshop::new().with_base();
    shop.write(
        "motion.jpg",
        &[jpeg(&flag(), None, None), shop.read("base.mp4")].concat(),
    );
    let info = picture(&shop, "motion.jpg").await;
    assert_eq!((info.format, info.width_px), (PictureFormat::Jpeg, 96));
}

#[tokio::test]
async fn rubbish_behind_a_pictures_first_bytes_is_refused_with_a_sentence() {
    let shop = Workshop::new();
    let noise: Vec<u8> = (0..4000u32)
        .map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    for (name, start) in [
        ("a.jpg", b"\xFF\xD8\xFF\xE0".as_slice()),
        ("b.png", b"\x89PNG\r\n\x1A\n"),
        ("c.webp", b"RIFF\x10\0\0\0WEBPVP8 "),
        ("d.webp", b"RIFF\x10\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0"),
    ] {
        shop.write(name, &[start, &noise].concat());
        let problem = refusal(&shop, name).await;
        assert!(
            ["media.truncated", "media.damaged"].contains(&problem.code.as_str()),
            "{name}: {problem:?}"
        );
        assert!(problem.message.contains(name) && problem.fix.is_some());
    }
    shop.write("empty.jpg", b"");
    assert_eq!(refusal(&shop, "empty.jpg").await.code.as_str(), "media.empty");
}

#[tokio::test]
async fn no_damage_anywhere_in_a_picture_is_worse_than_a_sentence() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=48x32 -frames:v 1 -update 1 a.png")
        .ffmpeg("-f lavfi -i testsrc2=s=48x32 -frames:v 1 -c:v libwebp b.webp")
        .ffmpeg("-f lavfi -i testsrc2=s=48x32:r=5:d=1 -c:v libwebp_anim c.webp");
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    shop.write("d.jpg", &jpeg(&flag(), Some(turned(6)), Some(profile)));
    // Replayed by its numbers: xorshift from a fixed seed.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let (out, path) = (shop.path("poster.jpg"), shop.path("damaged"));
    for name in ["a.png", "b.webp", "c.webp", "d.jpg"] {
        let whole = shop.read(name);
        for round in 0..40 {
            let mut bytes = whole.clone();
            for _ in 0..=next(4) {
                // The first bytes say what it is; most of the others that matter stand near the start.
                let place = 12 + next(if round % 2 == 0 { 200 } else { bytes.len() - 12 });
                bytes[place] = u8::try_from(next(256)).unwrap();
            }
            shop.write("damaged", &bytes);
            match without_tools().measure(&path).await {
                Ok(Measured::Picture(info)) => {
                    if let Err(problem) = without_tools().picture_poster(&path, &info, &out).await {
                        assert_eq!(
                            problem.code.as_str(),
                            "media.poster_failed",
                            "{name}, round {round}"
                        );
                    }
                }
                Ok(Measured::Video(info)) => panic!("{name}, round {round}: {info:?}"),
                Err(problem) => assert!(
                    problem.code.as_str().starts_with("media."),
                    "{name}, round {round}: {problem:?}"
                ),
            }
        }
    }
}

#[tokio::test]
async fn a_moving_webp_is_a_picture_with_a_length() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=160x90:r=10:d=1 -c:v libwebp_anim moving.webp");
    let info = picture(&shop, "moving.webp").await;
    assert_eq!((info.width_px, info.height_px), (160, 90));
    let moves = Animation {
        frame_count: 10,
        duration_ms: 1000,
    };
    assert_eq!(info.animation, Some(moves));
    assert_eq!(poster(&shop, "moving.webp").await.dimensions(), (160, 90));
}

#[tokio::test]
async fn gif_and_apng_go_the_way_of_videos() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=160x90:r=10:d=1 moving.gif")
        .ffmpeg("-f lavfi -i testsrc2=s=160x90:r=10:d=1 -f apng moving.png");
    for name in ["moving.gif", "moving.png"] {
        let measured = media().measure(&shop.path(name)).await.unwrap();
        assert!(
            matches!(measured, Measured::Video(info) if info.video.width_px == 160),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_avif_is_opened_by_ffmpeg() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=320x240 -frames:v 1 -c:v libaom-av1 -still-picture 1 -cpu-used 8 one.avif",
    );
    let info = picture(&shop, "one.avif").await;
    assert_eq!(
        (info.format, info.width_px, info.height_px),
        (PictureFormat::Avif, 320, 240)
    );
    assert_eq!(poster(&shop, "one.avif").await.dimensions(), (320, 240));
}

#[tokio::test]
async fn an_avif_is_turned_as_its_boxes_say() {
    let shop = Workshop::new();
    shop.ffmpeg(
        "-f lavfi -i testsrc2=s=320x240 -frames:v 1 -c:v libaom-av1 -still-picture 1 -cpu-used 8 one.avif",
    );
    let mut bytes = shop.read("one.avif");
    // The description of its colours gives its place to a quarter turn and an empty box.
    let at = bytes.windows(4).position(|name| name == b"colr").unwrap() - 4;
    assert_eq!(bytes[at + 3], 19);
    bytes[at..at + 19].copy_from_slice(b"\0\0\0\x09irot\x03\0\0\0\x0Afree\0\0");
    shop.write("turned.avif", &bytes);
    let info = picture(&shop, "turned.avif").await;
    assert_eq!((info.width_px, info.height_px, info.orientation), (240, 320, 6));
    assert_eq!(poster(&shop, "turned.avif").await.dimensions(), (240, 320));
}

#[tokio::test]
async fn a_heic_that_ffmpeg_cannot_open_says_what_to_do() {
    let shop = Workshop::new();
    shop.write(
        "IMG_0001.HEIC",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08meta",
    );
    let problem = media().measure(&shop.path("IMG_0001.HEIC")).await.unwrap_err();
    assert_eq!(problem.code.as_str(), "media.picture_undecodable");
    assert!(problem.message.contains("HEIC"), "{}", problem.message);
    assert!(problem.fix.unwrap().contains("JPEG"));
}

#[tokio::test]
async fn formats_that_no_platform_takes_are_named() {
    let shop = Workshop::new();
    shop.ffmpeg("-f lavfi -i testsrc2=s=32x32 -frames:v 1 -update 1 a.tiff")
        .ffmpeg("-f lavfi -i testsrc2=s=32x32 -frames:v 1 -update 1 b.bmp");
    for (name, format) in [("a.tiff", "TIFF"), ("b.bmp", "BMP")] {
        let problem = refusal(&shop, name).await;
        assert_eq!(problem.code.as_str(), "media.picture_format");
        assert!(problem.message.contains(format), "{}", problem.message);
    }
}

#[tokio::test]
async fn a_poster_is_small_and_what_is_transparent_is_white() {
    let shop = Workshop::new();
    let large = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(1600, 900, image::Rgba([9, 9, 9, 0])));
    large.save(shop.path("clear.png")).unwrap();
    let poster = poster(&shop, "clear.png").await;
    assert_eq!(poster.dimensions(), (640, 360));
    assert!(is_like(*poster.get_pixel(100, 100), [255, 255, 255]));
    assert_eq!(shop.names(), ["clear.png", "poster.jpg"]);
}

#[tokio::test]
async fn a_picture_that_vanished_leaves_no_poster() {
    let shop = Workshop::new();
    shop.write("gone.jpg", &jpeg(&flag(), None, None));
    let info = picture(&shop, "gone.jpg").await;
    std::fs::remove_file(shop.path("gone.jpg")).unwrap();
    let (source, out) = (shop.path("gone.jpg"), shop.path("poster.jpg"));
    let problem = media().picture_poster(&source, &info, &out).await.unwrap_err();
    assert_eq!(problem.code.as_str(), "file.missing");
    assert!(shop.names().is_empty());
}
