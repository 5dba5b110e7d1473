//! The small upright copy of a picture.

use std::path::Path;

use daypart_domain::{
    picture_info::{PictureFormat, PictureInfo},
    problem::Problem,
};
use image::{
    DynamicImage, ImageDecoder, ImageEncoder as _, ImageResult, RgbImage, codecs::jpeg::JpegEncoder,
    metadata::Orientation,
};
use tokio::sync::Semaphore;

use super::{decoder, embedded, high_efficiency};
use crate::{encode::part_file::PartFile, probe::blocking, problems, toolbox::MediaToolbox};

const LONG_SIDE_PX: u32 = 640;
const QUALITY_PERCENT: u8 = 88;
/// A profile with tables can have megabytes; those that cameras embed have some hundred bytes.
const PROFILE_MAX_BYTES: usize = 64 << 10;

/// A picture is unpacked in this process: never two of them at a time.
static UNPACKING: Semaphore = Semaphore::const_new(1);

/// Writes a JPEG of at most 640 px on its long side to `out`, through a part file; never enlarged, transparency on
/// white, in the colours of the picture's own profile.
///
/// # Errors
/// `media.poster_failed`, `file.missing`, `file.unreadable`, `file.unwritable`, `disk.full`.
pub(crate) async fn poster(
    toolbox: &MediaToolbox,
    path: &Path,
    info: &PictureInfo,
    out: &Path,
) -> Result<(), Problem> {
    let failed = |detail: String| match path.metadata() {
        Err(error) => problems::unopened(path, &error),
        Ok(_) => problems::poster_failed(path, detail),
    };
    let unpacking = UNPACKING
        .acquire()
        .await
        .map_err(|error| Problem::bug("pictures cannot be unpacked any more").caused_by(&error))?;
    let orientation = Orientation::from_exif(info.orientation).unwrap_or(Orientation::NoTransforms);
    let jpeg = match info.format {
        PictureFormat::Heic | PictureFormat::Avif => {
            let small = high_efficiency::small_jpeg(toolbox, path, LONG_SIDE_PX)
                .await
                .map_err(&failed)?;
            blocking(move || again_upright(&small, orientation)).await
        }
        format => {
            let owned = path.to_path_buf();
            blocking(move || from_file(&owned, format, orientation)).await
        }
    }
    // A decoder that panicked says no more than one that failed.
    .unwrap_or_else(|died| Err(died.to_string()))
    .map_err(failed)?;
    drop(unpacking);
    let unwritable = |error| problems::unwritable(out, &error);
    let part = PartFile::unique_beside(out);
    tokio::fs::write(part.path(), &jpeg).await.map_err(unwritable)?;
    part.rename_to(out).await.map_err(unwritable)
}

fn from_file(path: &Path, format: PictureFormat, orientation: Orientation) -> Result<Vec<u8>, String> {
    let decoder = decoder::open(path, format, u64::MAX).map_err(|problem| problem.to_string())?;
    upright(decoder, orientation).map_err(|error| error.to_string())
}

fn again_upright(jpeg: &[u8], orientation: Orientation) -> Result<Vec<u8>, String> {
    image::codecs::jpeg::JpegDecoder::new(std::io::Cursor::new(jpeg))
        .and_then(|decoder| upright(decoder, orientation))
        .map_err(|error| error.to_string())
}

fn upright(mut decoder: impl ImageDecoder, orientation: Orientation) -> ImageResult<Vec<u8>> {
    let mut limits = decoder::limits();
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let profile = decoder.icc_profile().unwrap_or_default();
    let profile =
        profile.filter(|profile| profile.len() <= PROFILE_MAX_BYTES && embedded::is_for_rgb(profile));
    let picture = DynamicImage::from_decoder(decoder)?;
    let mut picture = if picture.width().max(picture.height()) > LONG_SIDE_PX {
        picture.thumbnail(LONG_SIDE_PX, LONG_SIDE_PX)
    } else {
        picture
    };
    picture.apply_orientation(orientation);
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY_PERCENT);
    if let Some(profile) = profile {
        // Cannot fail: JPEG holds profiles.
        let _ = encoder.set_icc_profile(profile);
    }
    encoder.encode_image(&on_white(&picture))?;
    Ok(jpeg)
}

fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let source = picture.to_rgba8();
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [red, green, blue, alpha] = source.get_pixel(x, y).0.map(u16::from);
        let blended = [red, green, blue].map(|value| (value * alpha + 255 * (255 - alpha)) / 255);
        image::Rgb(blended.map(|value| u8::try_from(value).unwrap_or(u8::MAX)))
    })
}
