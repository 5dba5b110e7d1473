//! The universal short-form target (MEDIA.md §5 and §6), bent to a spec's bounds.

use serde::{Deserialize, Serialize};

use super::rate_for_size_bps;
use crate::{
    delivery_spec::DeliverySpec,
    edit::Turn,
    media_info::{MediaInfo, VideoTrack},
};

/// The picture of `Rung::Encode`. In this order: the upright source with square pixels, progressive, is cropped,
/// turned clockwise, mirrored, fitted whole into `width_px` × `height_px`, what its shape leaves free is filled
/// with the background, captions are drawn last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncodeTarget {
    /// Even, and within the spec's bounds; the size of the result, after the turn.
    pub width_px: u32,
    pub height_px: u32,
    /// `None` keeps the source's constant rate.
    pub frame_rate_fps: Option<u32>,
    pub max_rate_bps: u64,
    /// `None` keeps the whole picture.
    #[serde(default)]
    pub crop: Option<CropWindow>,
    #[serde(default)]
    pub turn: Turn,
    #[serde(default)]
    pub background: Background,
    /// A caption file, timed on the source, to be drawn into the picture.
    #[serde(default)]
    pub captions_path: Option<String>,
    /// The size cap binds: two passes spend `max_rate_bps` where it is needed.
    #[serde(default)]
    pub two_passes: bool,
}

impl EncodeTarget {
    /// The whole picture, unturned, in this size.
    pub fn whole(width_px: u32, height_px: u32, frame_rate_fps: Option<u32>, max_rate_bps: u64) -> Self {
        Self {
            width_px,
            height_px,
            frame_rate_fps,
            max_rate_bps,
            crop: None,
            turn: Turn::default(),
            background: Background::default(),
            captions_path: None,
            two_passes: false,
        }
    }
}

/// A window on the upright source with square pixels (the size a probe calls `width_px` × `height_px`), before
/// any turn of the edit. Even numbers, wholly inside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CropWindow {
    pub x_px: u32,
    pub y_px: u32,
    pub width_px: u32,
    pub height_px: u32,
}

/// What shows where the picture's shape leaves the frame free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    #[default]
    Black,
    /// A blurred copy of the picture that fills the frame.
    Blur,
    Colour {
        rgb: [u8; 3],
    },
}

/// The sound of the result. The default changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SoundTarget {
    /// No audio track in the result; nothing else here counts then.
    pub removed: bool,
    /// Index of the audio stream to take, as ffmpeg counts; `None` takes the main one.
    pub track: Option<u32>,
    /// The user's volume and, where the loudness was known when planning, the way to -14 LUFS, together.
    pub gain_db: f64,
    /// Hold true peaks under -1 dB after the gain.
    pub limit_peaks: bool,
    /// The loudness is to be -14 LUFS and was not known when planning: measure it, and add what is missing to
    /// `gain_db`, at most 12 dB.
    pub measure_first: bool,
    /// In milliseconds of the result, after the speed change.
    pub fade_in_ms: u32,
    pub fade_out_ms: u32,
    /// For a track that is encoded.
    pub bit_rate_bps: u32,
}

impl Default for SoundTarget {
    fn default() -> Self {
        Self {
            removed: false,
            track: None,
            gain_db: 0.0,
            limit_peaks: false,
            measure_first: false,
            fade_in_ms: 0,
            fade_out_ms: 0,
            bit_rate_bps: 128_000,
        }
    }
}

impl SoundTarget {
    /// True when the samples themselves change, so that a copy of the track will not do.
    pub fn changes_samples(&self) -> bool {
        !self.removed
            && (self.gain_db != 0.0
                || self.limit_peaks
                || self.measure_first
                || self.fade_in_ms > 0
                || self.fade_out_ms > 0)
    }
}

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
    let max_rate_bps =
        rate_for_size_bps(spec.size_max_bytes.value, info.duration_ms).clamp(RATE_MIN_BPS, RATE_MAX_BPS);
    EncodeTarget::whole(width_px, height_px, frame_rate(&info.video, spec), max_rate_bps)
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
