//! A picture of the user's own that is to be the cover, as the window shows it.

use std::{io::Cursor, path::Path};

use daypart_domain::problem::{ErrorCode, Problem, UserAction};
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, Rgb, RgbImage, codecs::jpeg::JpegEncoder};

use crate::problems;

const FILE_MAX_BYTES: u64 = 64 << 20;
const SIDE_MAX_PX: u32 = 16_384;
/// Of the decoded picture and what decoding needs.
const DECODED_MAX_BYTES: u64 = 512 << 20;
const QUALITY_PERCENT: u8 = 85;
/// Shines through where a picture is transparent; JPEG knows no transparency.
const BEHIND: u16 = 255;

/// The picture as a new JPEG, upright, at most `side_px` to a side and never enlarged. Only pixels of the file get
/// into it: no place, no camera, nothing else that the file says.
///
/// # Errors
/// `file.missing`, `file.unreadable`, `cover.not_a_picture`, `cover.too_large`.
pub async fn own_cover(path: &Path, side_px: u32) -> Result<Vec<u8>, Problem> {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || read(&path, side_px))
        .await
        .map_err(|error| Problem::bug("the thread that reads a cover died").caused_by(&error))?
}

fn read(path: &Path, side_px: u32) -> Result<Vec<u8>, Problem> {
    let about = std::fs::metadata(path).map_err(|error| problems::unopened(path, &error))?;
    if !about.is_file() {
        return Err(not_a_picture(path));
    }
    if about.len() > FILE_MAX_BYTES {
        return Err(too_large(path, "more than 64 MB"));
    }
    let bytes = std::fs::read(path).map_err(|error| problems::unopened(path, &error))?;
    let (picture, has_alpha) = decoded(&bytes).map_err(|error| match error {
        image::ImageError::Limits(_) => {
            too_large(path, "more than 16,384 pixels to a side or 512 MB unpacked")
        }
        error => not_a_picture(path).caused_by(&error),
    })?;
    let shrinks = picture.width() > side_px || picture.height() > side_px;
    let picture = if shrinks {
        picture.thumbnail(side_px, side_px)
    } else {
        picture
    };
    let flat = if has_alpha {
        on_white(&picture)
    } else {
        picture.into_rgb8()
    };
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY_PERCENT)
        .encode_image(&flat)
        .map_err(|error| Problem::bug("a cover could not be compressed").caused_by(&error))?;
    Ok(jpeg)
}

fn decoded(bytes: &[u8]) -> image::ImageResult<(DynamicImage, bool)> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX_PX);
    limits.max_image_height = Some(SIDE_MAX_PX);
    limits.max_alloc = Some(DECODED_MAX_BYTES);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let has_alpha = decoder.color_type().has_alpha();
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok((picture, has_alpha))
}

fn on_white(picture: &DynamicImage) -> RgbImage {
    let source = picture.to_rgba8();
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [red, green, blue, alpha] = source.get_pixel(x, y).0.map(u16::from);
        Rgb([red, green, blue].map(|shade| {
            let mixed = (shade * alpha + BEHIND * (255 - alpha)) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        }))
    })
}

fn not_a_picture(path: &Path) -> Problem {
    Problem::needs_user(
        ErrorCode::new("cover.not_a_picture"),
        UserAction::ReplaceFile,
        format!(
            "“{}” is not a picture that Daypart can read.",
            problems::name_of(path)
        ),
    )
    .fix("Choose a JPEG, PNG or WebP file.")
}

fn too_large(path: &Path, why: &str) -> Problem {
    Problem::needs_user(
        ErrorCode::new("cover.too_large"),
        UserAction::ReplaceFile,
        format!("“{}” is too large for a cover: {why}.", problems::name_of(path)),
    )
    .fix("Save it smaller; platforms show covers at 1080 × 1920 pixels at most.")
}
