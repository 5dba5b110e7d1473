//! Pictures: what is in one by its header, never decoding it whole, and a small upright copy.
//!
//! JPEG, PNG and WebP are read here, within limits; what shares MP4's container (HEIC, AVIF) by ffmpeg, as far as
//! the one that is installed can.

mod decoder;
mod embedded;
mod high_efficiency;
mod poster;
mod wholeness;

use std::path::Path;

use daypart_domain::{
    picture_info::{PictureFormat, PictureInfo, upright_size},
    problem::Problem,
};

pub(crate) use poster::poster;

use crate::{magic::PictureKind, probe::blocking, problems, toolbox::MediaToolbox};

/// Phone cameras go up to 200 million.
const PIXELS_MAX: u64 = 268_435_456;
/// Up to here a picture may be as plain as it likes.
const PIXELS_ALWAYS_FINE: u64 = 40_000_000;
/// A photograph has a handful of pixels per byte. Hundreds, and many of them, are made to fill a memory.
const PIXELS_PER_BYTE_MAX: u64 = 200;

/// What the picture's header says. Only a moving WebP's is read to its end.
///
/// # Errors
/// `media.picture_format`, `media.picture_too_large`, `media.picture_undecodable`, `media.truncated`,
/// `media.damaged`, `file.missing`, `file.unreadable`, `media.ffmpeg_missing` (HEIC and AVIF only).
pub(crate) async fn measure(
    toolbox: &MediaToolbox,
    path: &Path,
    kind: PictureKind,
    size_bytes: u64,
) -> Result<PictureInfo, Problem> {
    let format = match kind {
        PictureKind::Unread(name) => return Err(problems::picture_format(path, name)),
        PictureKind::Heic => {
            return high_efficiency::measure(toolbox, path, PictureFormat::Heic, size_bytes).await;
        }
        PictureKind::Avif => {
            return high_efficiency::measure(toolbox, path, PictureFormat::Avif, size_bytes).await;
        }
        PictureKind::Jpeg => PictureFormat::Jpeg,
        PictureKind::Png => PictureFormat::Png,
        PictureKind::Webp | PictureKind::MovingWebp => PictureFormat::Webp,
    };
    let owned = path.to_path_buf();
    // The decoders are not ours: should one of them panic, the picture is to blame, not Daypart.
    blocking(move || read_header(&owned, format, size_bytes))
        .await
        .map_err(|died| problems::picture_damaged(path, died))?
}

fn read_header(path: &Path, format: PictureFormat, size_bytes: u64) -> Result<PictureInfo, Problem> {
    let header_bytes = wholeness::header_bytes(path, format, size_bytes)
        .map_err(|error| problems::unopened(path, &error))?
        .ok_or_else(|| problems::picture_cut_short(path))?;
    let mut decoder = decoder::open(path, format, header_bytes)?;
    let (width_px, height_px) = decoder.dimensions();
    refuse_too_large(path, (width_px, height_px), size_bytes)?;
    let icc_profile = decoder.icc_profile().unwrap_or_default();
    let xmp = decoder.xmp_metadata().unwrap_or_default();
    let exif = embedded::exif(path);
    let orientation = exif.as_ref().map_or(1, embedded::orientation);
    let (width_px, height_px) = upright_size(orientation, width_px, height_px);
    Ok(PictureInfo {
        format,
        size_bytes,
        width_px,
        height_px,
        orientation,
        colour_profile: icc_profile.as_deref().and_then(embedded::profile_name),
        animation: match format {
            PictureFormat::Webp => decoder::animation(path)?,
            _ => None,
        },
        has_private_metadata: exif.as_ref().is_some_and(embedded::is_private)
            || xmp.as_deref().is_some_and(embedded::is_private_xmp),
    })
}

/// Decided from the header alone, before anything is unpacked.
fn refuse_too_large(path: &Path, (width_px, height_px): (u32, u32), size_bytes: u64) -> Result<(), Problem> {
    let pixels = u64::from(width_px) * u64::from(height_px);
    let is_bomb = pixels > PIXELS_ALWAYS_FINE && pixels / size_bytes.max(1) > PIXELS_PER_BYTE_MAX;
    if pixels > PIXELS_MAX || is_bomb {
        return Err(problems::picture_too_large(path, width_px, height_px));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_photographs_pass_and_bombs_do_not() {
        let opens = |size, size_bytes| refuse_too_large(Path::new("x"), size, size_bytes).is_ok();
        assert!(
            opens((16_320, 12_240), 25_000_000),
            "a phone's 200 million pixels"
        );
        assert!(opens((6_000, 6_000), 40_000), "a plain drawing");
        assert!(!opens((12_000, 12_000), 420_000), "zeros");
        assert!(!opens((20_000, 20_000), 300_000_000), "more than any camera");
        assert!(!opens((u32::MAX, u32::MAX), 0));
    }
}
