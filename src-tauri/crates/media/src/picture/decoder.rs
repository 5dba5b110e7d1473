//! The decoders of `image`, opened on a file.

use std::{
    fs::File,
    io::{BufRead, BufReader, Cursor, Read as _, Seek},
    path::Path,
};

use daypart_domain::{
    picture_info::{Animation, PictureFormat},
    problem::Problem,
};
use image::{
    ImageDecoder, ImageResult, Limits,
    codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
};

use crate::problems;

/// What a decoder may unpack: about 85 million pixels without transparency.
const MEMORY_MAX_BYTES: u64 = 256 << 20;

pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY_MAX_BYTES);
    limits
}

/// A decoder that has read the header. Of a JPEG no more than `header_bytes` are read, which is enough for what
/// stands in it; `u64::MAX` reads all that is needed to decode it.
pub(super) fn open(
    path: &Path,
    format: PictureFormat,
    header_bytes: u64,
) -> Result<Box<dyn ImageDecoder>, Problem> {
    let file = File::open(path).map_err(|error| problems::unopened(path, &error))?;
    let damaged = |error| problems::picture_damaged(path, error);
    if format == PictureFormat::Jpeg {
        // The decoder would read the file to its end, whatever it is asked.
        let mut start = Vec::new();
        file.take(header_bytes)
            .read_to_end(&mut start)
            .map_err(|error| problems::unopened(path, &error))?;
        return by_format(Cursor::new(start), format).map_err(damaged);
    }
    by_format(BufReader::new(file), format).map_err(damaged)
}

fn by_format<R: BufRead + Seek + 'static>(
    reader: R,
    format: PictureFormat,
) -> ImageResult<Box<dyn ImageDecoder>> {
    Ok(match format {
        PictureFormat::Png => Box::new(PngDecoder::with_limits(reader, limits())?),
        PictureFormat::Webp => Box::new(WebPDecoder::new(reader)?),
        // The others never come here: ffmpeg has made a JPEG of them.
        PictureFormat::Jpeg | PictureFormat::Heic | PictureFormat::Avif => {
            Box::new(JpegDecoder::new(reader)?)
        }
    })
}

/// How a WebP moves; `None` when it does not.
pub(super) fn animation(path: &Path) -> Result<Option<Animation>, Problem> {
    let file = File::open(path).map_err(|error| problems::unopened(path, &error))?;
    let decoder = image_webp::WebPDecoder::new(BufReader::new(file))
        .map_err(|error| problems::picture_damaged(path, error))?;
    Ok(decoder.is_animated().then(|| Animation {
        frame_count: decoder.num_frames(),
        duration_ms: decoder.loop_duration(),
    }))
}
