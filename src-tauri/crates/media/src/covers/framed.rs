//! A frame of the clip as the cover of the edited video: cropped, turned and fitted as the video is.

use daypart_domain::{
    cover::{CoverFrame, framed_like_video},
    edit::{Edit, Fit},
    problem::Problem,
};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder, imageops};
use tokio_util::sync::CancellationToken;

use crate::{still::raw_frame, strip::Clip, toolbox::MediaToolbox};

/// Tried one after the other until the picture is small enough; then it is made smaller.
const QUALITIES_PERCENT: [u8; 4] = [92, 84, 74, 60];
/// As in the video: blurred at this fraction of the size, by so much.
const BLURRED_AT: u32 = 10;
const BLUR_SIGMA: f32 = 4.0;
/// Shapes that differ by less than evenness costs are stretched to each other, as in the video.
const SAME_SHAPE: f64 = 0.01;

/// The frame that is shown at `at_us`, framed as `edit` frames it, as a JPEG of at most `max_bytes`.
///
/// # Errors
/// As [`crate::still()`].
pub async fn framed_cover(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    edit: &Edit,
    at_us: u64,
    max_bytes: usize,
    cancel: &CancellationToken,
) -> Result<Vec<u8>, Problem> {
    let raw = raw_frame(toolbox, clip, at_us, None, cancel).await?;
    let frame = framed_like_video(edit, at_us, raw.width_px, raw.height_px);
    tokio::task::spawn_blocking(move || {
        let source = RgbImage::from_raw(raw.width_px, raw.height_px, raw.rgb)
            .ok_or_else(|| Problem::bug("a frame of the wrong size"))?;
        within(framed(source, &frame), max_bytes)
    })
    .await
    .map_err(|error| Problem::bug("the thread that frames a cover died").caused_by(&error))?
}

fn framed(source: RgbImage, frame: &CoverFrame) -> RgbImage {
    let cropped = match frame.crop {
        Some(crop) => {
            imageops::crop_imm(&source, crop.x_px, crop.y_px, crop.width_px, crop.height_px).to_image()
        }
        None => source,
    };
    let turned = match frame.turn.rotate_deg {
        90 => imageops::rotate90(&cropped),
        180 => imageops::rotate180(&cropped),
        270 => imageops::rotate270(&cropped),
        _ => cropped,
    };
    let upright = if frame.turn.mirrored {
        imageops::flip_horizontal(&turned)
    } else {
        turned
    };
    fitted(upright, frame)
}

/// Whole in the size; what is left free shows what the edit puts there.
fn fitted(picture: RgbImage, frame: &CoverFrame) -> RgbImage {
    let size = (frame.width_px, frame.height_px);
    let shape = |(width, height): (u32, u32)| f64::from(width) / f64::from(height.max(1));
    if (shape(picture.dimensions()) / shape(size) - 1.0).abs() <= SAME_SHAPE {
        return resized(&picture, size);
    }
    let (scale, _) = scales(picture.dimensions(), size);
    let inner = resized(&picture, scaled(picture.dimensions(), scale));
    let mut whole = match frame.fit {
        Fit::Blur => blurred(&picture, size),
        Fit::Colour { rgb } => RgbImage::from_pixel(size.0, size.1, Rgb(rgb)),
        Fit::Fill { .. } => RgbImage::new(size.0, size.1),
    };
    let left = i64::from(size.0.saturating_sub(inner.width()) / 2);
    let top = i64::from(size.1.saturating_sub(inner.height()) / 2);
    imageops::replace(&mut whole, &inner, left, top);
    whole
}

fn blurred(picture: &RgbImage, size: (u32, u32)) -> RgbImage {
    let small = (size.0.div_ceil(BLURRED_AT), size.1.div_ceil(BLURRED_AT));
    let (_, cover) = scales(picture.dimensions(), small);
    let (width, height) = scaled(picture.dimensions(), cover);
    let filling = resized(picture, (width.max(small.0), height.max(small.1)));
    let (left, top) = ((filling.width() - small.0) / 2, (filling.height() - small.1) / 2);
    let middle = imageops::crop_imm(&filling, left, top, small.0, small.1).to_image();
    resized(&imageops::blur(&middle, BLUR_SIGMA), size)
}

/// The factor that brings all of a picture into a size, and the one that leaves nothing of the size free.
fn scales(picture: (u32, u32), size: (u32, u32)) -> (f64, f64) {
    let across = f64::from(size.0) / f64::from(picture.0.max(1));
    let down = f64::from(size.1) / f64::from(picture.1.max(1));
    (across.min(down), across.max(down))
}

fn scaled((width, height): (u32, u32), scale: f64) -> (u32, u32) {
    let side = |length: u32| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast from a double saturates"
        )]
        let side = (f64::from(length) * scale).round() as u32;
        side.max(1)
    };
    (side(width), side(height))
}

fn resized(picture: &RgbImage, (width, height): (u32, u32)) -> RgbImage {
    if picture.dimensions() == (width, height) {
        return picture.clone();
    }
    imageops::resize(picture, width, height, imageops::FilterType::CatmullRom)
}

fn within(mut picture: RgbImage, max_bytes: usize) -> Result<Vec<u8>, Problem> {
    loop {
        for quality_percent in QUALITIES_PERCENT {
            let mut jpeg = Vec::new();
            JpegEncoder::new_with_quality(&mut jpeg, quality_percent)
                .encode_image(&picture)
                .map_err(|error| Problem::bug("a cover could not be compressed").caused_by(&error))?;
            if jpeg.len() <= max_bytes {
                return Ok(jpeg);
            }
        }
        if picture.width().min(picture.height()) < 2 {
            return Err(Problem::bug(format!("no cover has only {max_bytes} bytes")));
        }
        picture = resized(&picture, (picture.width() / 2, picture.height() / 2));
    }
}

#[cfg(test)]
mod tests {
    use daypart_domain::{edit::Turn, transcode_plan::CropWindow};

    use super::*;

    const RED: Rgb<u8> = Rgb([255, 0, 0]);
    const BLUE: Rgb<u8> = Rgb([0, 0, 255]);

    /// Red on the left, blue on the right.
    fn two_colours(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
    }

    fn frame(width_px: u32, height_px: u32, fit: Fit) -> CoverFrame {
        CoverFrame {
            crop: None,
            turn: Turn::default(),
            width_px,
            height_px,
            fit,
        }
    }

    #[test]
    fn a_window_is_cut_out_turned_and_mirrored_in_this_order() {
        let order = CoverFrame {
            crop: Some(CropWindow {
                x_px: 50,
                y_px: 0,
                width_px: 100,
                height_px: 50,
            }),
            turn: Turn {
                rotate_deg: 90,
                mirrored: true,
            },
            ..frame(50, 100, Fit::default())
        };
        let made = framed(two_colours(200, 50), &order);
        assert_eq!(made.dimensions(), (50, 100));
        assert_eq!((*made.get_pixel(25, 5), *made.get_pixel(25, 95)), (RED, BLUE));
    }

    #[test]
    fn what_is_left_free_shows_the_colour_or_the_blurred_picture() {
        let coloured = framed(
            two_colours(200, 100),
            &frame(100, 200, Fit::Colour { rgb: [1, 2, 3] }),
        );
        assert_eq!(*coloured.get_pixel(50, 10), Rgb([1, 2, 3]));
        assert_eq!(
            (*coloured.get_pixel(5, 100), *coloured.get_pixel(95, 100)),
            (RED, BLUE)
        );
        let blurred = framed(two_colours(200, 100), &frame(100, 200, Fit::Blur));
        assert_eq!(
            (*blurred.get_pixel(5, 100), *blurred.get_pixel(95, 100)),
            (RED, BLUE)
        );
        let Rgb([red, green, blue]) = *blurred.get_pixel(50, 10);
        assert!(
            red > 40 && blue > 40 && green == 0,
            "both colours run into each other"
        );
    }

    #[test]
    fn it_gets_as_small_as_it_has_to() {
        let noise = RgbImage::from_fn(400, 300, |x, y| {
            let hash = x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503).rotate_left(x % 31);
            let [red, green, blue, _] = hash.to_le_bytes();
            Rgb([red, green, blue])
        });
        let fine = within(noise.clone(), 1_000_000).unwrap();
        let coarse = within(noise.clone(), fine.len() - 1).unwrap();
        assert!(coarse.len() < fine.len());
        assert_eq!(image::load_from_memory(&coarse).unwrap().width(), 400);
        let tiny = within(noise, 3_000).unwrap();
        assert!(tiny.len() <= 3_000 && image::load_from_memory(&tiny).unwrap().width() < 400);
    }
}
