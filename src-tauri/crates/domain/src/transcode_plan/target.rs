//! The universal short-form target (MEDIA.md §5 and §6), bent to a spec's bounds.

use super::{EncodeTarget, rate_for_size_bps};
use crate::{
    delivery_spec::DeliverySpec,
    media_info::{MediaInfo, VideoTrack},
};

const LONG_SIDE_PX: u32 = 1920;
const SHORT_SIDE_PX: u32 = 1080;
const RATE_MAX_BPS: u64 = 20_000_000;
/// A rate no encoder can do anything with must not be asked for.
const RATE_MIN_BPS: u64 = 200_000;
const FRAME_RATE_MIN_FPS: f64 = 23.0;
const FRAME_RATE_MAX_FPS: f64 = 60.0;
const USUAL_RATES_FPS: [u32; 5] = [24, 25, 30, 50, 60];

pub(super) fn encode_target(info: &MediaInfo, spec: &DeliverySpec) -> EncodeTarget {
    let (width_px, height_px) = picture(&info.video, spec);
    EncodeTarget {
        width_px,
        height_px,
        frame_rate_fps: frame_rate(&info.video, spec),
        max_rate_bps: rate_for_size_bps(spec.size_max_bytes.value, info.duration_ms)
            .clamp(RATE_MIN_BPS, RATE_MAX_BPS),
    }
}

/// Fits the upright picture into 1080 × 1920 or 1920 × 1080 without enlarging it, then enlarges what is under
/// the spec's smallest side. Only where the shape itself is impossible (a 20:1 banner) do the sides leave the
/// source's proportions; the encoder pads there.
fn picture(video: &VideoTrack, spec: &DeliverySpec) -> (u32, u32) {
    let side_min_px = spec.side_min_px.map_or(2, |limit| limit.value).max(2);
    let side_max_px = spec
        .side_max_px
        .map_or(u32::MAX, |limit| limit.value)
        .max(side_min_px);
    let (width, height) = (
        f64::from(video.width_px.max(1)),
        f64::from(video.height_px.max(1)),
    );
    let (box_width, box_height) = if height > width {
        (SHORT_SIDE_PX, LONG_SIDE_PX)
    } else if width > height {
        (LONG_SIDE_PX, SHORT_SIDE_PX)
    } else {
        (SHORT_SIDE_PX, SHORT_SIDE_PX)
    };
    let largest = |side_px: u32| f64::from(side_px.min(side_max_px));
    let mut scale = (largest(box_width) / width)
        .min(largest(box_height) / height)
        .min(1.0);
    let short_side = width.min(height) * scale;
    if short_side < f64::from(side_min_px) {
        let wanted = f64::from(side_min_px) / width.min(height);
        let possible = largest(LONG_SIDE_PX.max(side_min_px)) / width.max(height);
        scale = wanted.min(possible.max(scale));
    }
    let side = |length: f64| even_within(length * scale, side_min_px, side_max_px);
    (side(width), side(height))
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
fn frame_rate(video: &VideoTrack, spec: &DeliverySpec) -> Option<u32> {
    let min = spec
        .frame_rate_min_fps
        .map_or(FRAME_RATE_MIN_FPS, |limit| limit.value.max(FRAME_RATE_MIN_FPS));
    let max = spec
        .frame_rate_max_fps
        .map_or(FRAME_RATE_MAX_FPS, |limit| limit.value.min(FRAME_RATE_MAX_FPS));
    let allowed = |rate: &u32| (min..=max).contains(&f64::from(*rate));
    let Some(measured) = video
        .average_frame_rate
        .map(crate::media_info::FrameRate::frames_per_second)
    else {
        return Some(30).filter(allowed).or(Some(25));
    };
    if !video.variable_frame_rate && (min..=max).contains(&measured) {
        return None;
    }
    if measured < min {
        // Few frames are repeated evenly into the common rate.
        return Some(30).filter(allowed).or_else(|| nearest(measured, allowed));
    }
    nearest(measured, allowed)
}

fn nearest(measured: f64, allowed: impl Fn(&u32) -> bool) -> Option<u32> {
    let distance = |rate: &u32| (f64::from(*rate) - measured).abs();
    USUAL_RATES_FPS
        .into_iter()
        .filter(allowed)
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .or(Some(30))
}
