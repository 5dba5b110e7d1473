//! The universal short-form target (MEDIA.md §5 and §6), bent to what destinations and edit ask.

use super::{
    Background, EncodeTarget,
    bounds::{ASPECT_TOLERANCE, Bounds},
    geometry::{Framed, LONG_SIDE_PX, framed, framed_by, holding, usual_box},
    rate_for_size_bps,
    target::PartFrame,
};
use crate::{
    edit::{Aspect, Edit, Fit},
    media_info::{FrameRate, MediaInfo},
};

/// A rate no encoder can do anything with must not be asked for.
const RATE_MIN_BPS: u64 = 200_000;
/// Under this rate the size cap binds, and knowing the whole video before coding it pays.
const SCARCE_RATE_BPS: u64 = 12_000_000;
/// A rate at which 1080p looks good.
const GOOD_RATE_BPS: u64 = 8_000_000;
const USUAL_RATES_FPS: [u32; 5] = [24, 25, 30, 50, 60];

/// `edited` is `info` as the edit leaves it.
pub(super) fn encode_target(
    info: &MediaInfo,
    edited: &MediaInfo,
    edit: &Edit,
    bounds: &Bounds,
) -> EncodeTarget {
    let frame = framed(edit, info.video.width_px, info.video.height_px);
    let (width_px, height_px) = picture_size(frame, bounds);
    let size_rate_bps = rate_for(bounds, edited.duration_ms);
    let (PartFrame { crop, background }, part_frames) = part_frames(info, edit);
    EncodeTarget {
        crop,
        turn: edit.turn,
        background,
        part_frames,
        captions_path: edit
            .captions
            .as_ref()
            .filter(|captions| captions.burned_in)
            .map(|captions| captions.path.clone()),
        two_passes: size_rate_bps < SCARCE_RATE_BPS,
        ..EncodeTarget::whole(
            width_px,
            height_px,
            frame_rate(edited, bounds),
            size_rate_bps.min(bounds.video_rate_max_bps).max(RATE_MIN_BPS),
        )
    }
}

/// The frame of all parts, or that of each where they differ.
fn part_frames(info: &MediaInfo, edit: &Edit) -> (PartFrame, Vec<PartFrame>) {
    let frame_of = |fit: Fit| PartFrame {
        crop: framed_by(edit, fit, info.video.width_px, info.video.height_px).crop,
        background: match fit {
            Fit::Blur if edit.framing.aspect != Aspect::Source => Background::Blur,
            Fit::Colour { rgb } if edit.framing.aspect != Aspect::Source => Background::Colour { rgb },
            _ => Background::Black,
        },
    };
    // Counted as the plan's parts are.
    let mut frames: Vec<PartFrame> = edit
        .kept(info.duration_ms.saturating_mul(1_000))
        .iter()
        .map(|part| frame_of(edit.fit_of(part)))
        .collect();
    match frames.first().copied() {
        Some(first) if frames.iter().all(|frame| *frame == first) => (first, Vec::new()),
        Some(_) => (PartFrame::default(), std::mem::take(&mut frames)),
        None => (frame_of(edit.framing.fit), Vec::new()),
    }
}

/// The rate that stays under the size that is taken, and under the one in doubt where that costs no quality.
fn rate_for(bounds: &Bounds, duration_ms: u64) -> u64 {
    let sure_bps = rate_for_size_bps(bounds.size_doubtful_bytes.min(bounds.size_max_bytes), duration_ms);
    if sure_bps >= GOOD_RATE_BPS {
        return sure_bps;
    }
    rate_for_size_bps(bounds.size_max_bytes, duration_ms)
}

/// Fits the frame into 1080 × 1920 or 1920 × 1080 without enlarging it, then enlarges what is under the smallest
/// sides. A frame whose shape is not taken gets room at two sides. Only where no scaling can save a shape (a
/// 20:1 banner) do the sides leave their proportions. What that leaves free the encoder fills.
pub(super) fn picture_size(frame: Framed, bounds: &Bounds) -> (u32, u32) {
    let (width, height) = with_room(frame, bounds);
    let (short, long) = (width.min(height), width.max(height));
    let (box_width, box_height) = usual_box(width, height);
    #[expect(clippy::cast_precision_loss, reason = "a number of pixels")]
    let pixels_max = bounds.pixels_max as f64;
    let possible = (f64::from(bounds.side_max_px) / long)
        .min(f64::from(bounds.short_side_max_px) / short)
        .min(f64::from(bounds.width_max_px) / width)
        .min((pixels_max / (width * height)).sqrt());
    let usual = (f64::from(box_width) / width)
        .min(f64::from(box_height) / height)
        .min(1.0)
        .min(possible);
    let least = (f64::from(bounds.side_min_px) / short).max(f64::from(bounds.long_side_min_px) / long);
    let enlarged = f64::from(LONG_SIDE_PX.max(bounds.side_min_px).max(bounds.long_side_min_px)) / long;
    let scale = usual.max(least.min(possible.min(enlarged)));
    let short_max_px = bounds.side_max_px.min(bounds.short_side_max_px);
    let side_max_px = |is_short: bool| {
        if is_short {
            short_max_px
        } else {
            bounds.side_max_px
        }
    };
    let width_px = even_within(
        width * scale,
        bounds.side_min_px,
        side_max_px(width <= height).min(bounds.width_max_px),
    );
    let height_px = even_within(height * scale, bounds.side_min_px, side_max_px(height < width));
    within_pixels(within_shape((width_px, height_px), bounds), bounds)
}

fn with_room(frame: Framed, bounds: &Bounds) -> (f64, f64) {
    let size = (frame.width, frame.height);
    let shape = frame.width / frame.height;
    // To the bound itself, so that rounding has the tolerance to itself; the encoder stretches that much.
    if shape < bounds.aspect_min {
        holding(size, bounds.aspect_min)
    } else if shape > bounds.aspect_max {
        holding(size, bounds.aspect_max)
    } else {
        size
    }
}

/// Rounding the sides of a very small picture can push its shape over a bound; a line or two bring it back.
fn within_shape((mut width_px, mut height_px): (u32, u32), bounds: &Bounds) -> (u32, u32) {
    for _ in 0..4 {
        let shape = f64::from(width_px) / f64::from(height_px);
        if shape > bounds.aspect_max * (1.0 + ASPECT_TOLERANCE) {
            height_px += 2;
        } else if shape < bounds.aspect_min * (1.0 - ASPECT_TOLERANCE) {
            width_px += 2;
        }
    }
    (width_px, height_px)
}

/// Rounding to even numbers can exceed a number of pixels by a line or two.
fn within_pixels((mut width_px, mut height_px): (u32, u32), bounds: &Bounds) -> (u32, u32) {
    while u64::from(width_px) * u64::from(height_px) > bounds.pixels_max && width_px.max(height_px) > 2 {
        if width_px > height_px {
            width_px -= 2;
        } else {
            height_px -= 2;
        }
    }
    (width_px, height_px)
}

/// The nearest even number, at least `min_px` and at most `max_px` where an even number lies between them.
fn even_within(length: f64, min_px: u32, max_px: u32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive length that was fitted into 1920 px, or a small minimum"
    )]
    let nearest = ((length / 2.0).round() as u32).saturating_mul(2);
    nearest.min(max_px & !1).max(min_px.next_multiple_of(2))
}

/// `None` when the source runs at a constant rate that may stay.
pub(super) fn frame_rate(edited: &MediaInfo, bounds: &Bounds) -> Option<u32> {
    let min = bounds.frame_rate_min_fps;
    let max = bounds
        .frame_rate_max_fps
        .min(rate_for_frames(bounds.frames_max, edited.duration_ms))
        .max(min);
    let allowed = |rate: &u32| (min..=max).contains(&f64::from(*rate));
    let Some(measured) = edited.video.average_frame_rate.map(FrameRate::frames_per_second) else {
        return Some(30).filter(allowed).or(Some(25));
    };
    if !edited.video.variable_frame_rate && (min..=max).contains(&measured) {
        return None;
    }
    if measured < min {
        // Few frames are repeated evenly into the common rate.
        return Some(30).filter(allowed).or_else(|| nearest(measured, allowed));
    }
    nearest(measured, allowed)
}

fn rate_for_frames(frames_max: u64, duration_ms: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a rate of frames")]
    {
        frames_max as f64 / (duration_ms.max(1) as f64 / 1e3)
    }
}

fn nearest(measured: f64, allowed: impl Fn(&u32) -> bool) -> Option<u32> {
    let distance = |rate: &u32| (f64::from(*rate) - measured).abs();
    USUAL_RATES_FPS
        .into_iter()
        .filter(allowed)
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .or(Some(30))
}
