//! What one or several destinations ask of an encoded file, as intervals that can be narrowed.

use crate::delivery_spec::{Certainty, DeliverySpec, Limit};

/// How far a shape may be from a bound and still count as it: even sides cannot hit every ratio.
pub(crate) const ASPECT_TOLERANCE: f64 = 0.01;
const FRAME_RATE_MIN_FPS: f64 = 23.0;
const FRAME_RATE_MAX_FPS: f64 = 60.0;
const VIDEO_RATE_MAX_BPS: u64 = 20_000_000;
const AUDIO_RATE_USUAL_BPS: u64 = 128_000;

/// Every bound inclusive; where a destination says nothing, as wide as Daypart's own target allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub side_min_px: u32,
    pub side_max_px: u32,
    pub long_side_min_px: u32,
    pub short_side_max_px: u32,
    pub width_max_px: u32,
    pub pixels_max: u64,
    pub aspect_min: f64,
    pub aspect_max: f64,
    pub frame_rate_min_fps: f64,
    pub frame_rate_max_fps: f64,
    pub frames_max: u64,
    pub size_max_bytes: u64,
    /// Above this a source is in doubt; worth keeping under where the picture does not suffer.
    pub size_doubtful_bytes: u64,
    pub video_rate_max_bps: u64,
    pub audio_rate_max_bps: u64,
    pub audio_rate_best_bps: u64,
    /// A silent track is better than none.
    pub needs_sound: bool,
}

impl Bounds {
    /// Of a spec as it holds for the account. Numbers in doubt bind too: an encode can respect them for nothing.
    /// A shape in doubt does not, since respecting it would add bars.
    pub fn of(spec: &DeliverySpec) -> Self {
        let certain = |limit: &Limit<_>| matches!(limit.certainty, Certainty::Stated | Certainty::Reported);
        Self {
            side_min_px: value(spec.side_min_px).unwrap_or(2).max(2),
            side_max_px: value(spec.side_max_px).unwrap_or(u32::MAX),
            long_side_min_px: value(spec.long_side_min_px).unwrap_or(2),
            short_side_max_px: value(spec.short_side_max_px).unwrap_or(u32::MAX),
            width_max_px: value(spec.width_max_px).unwrap_or(u32::MAX),
            pixels_max: value(spec.pixels_max).unwrap_or(u64::MAX),
            aspect_min: spec
                .aspect_min
                .filter(certain)
                .map_or(0.0, |limit| limit.value.value()),
            aspect_max: spec
                .aspect_max
                .filter(certain)
                .map_or(f64::INFINITY, |limit| limit.value.value()),
            frame_rate_min_fps: value(spec.frame_rate_min_fps)
                .unwrap_or(FRAME_RATE_MIN_FPS)
                .max(FRAME_RATE_MIN_FPS),
            frame_rate_max_fps: value(spec.frame_rate_max_fps)
                .unwrap_or(FRAME_RATE_MAX_FPS)
                .min(FRAME_RATE_MAX_FPS),
            frames_max: value(spec.frames_max).unwrap_or(u64::MAX),
            size_max_bytes: spec.size_max_bytes.value,
            size_doubtful_bytes: value(spec.size_doubtful_bytes).unwrap_or(u64::MAX),
            video_rate_max_bps: value(spec.video_rate_max_bps)
                .unwrap_or(VIDEO_RATE_MAX_BPS)
                .min(VIDEO_RATE_MAX_BPS),
            audio_rate_max_bps: value(spec.audio_rate_max_bps).unwrap_or(u64::MAX),
            audio_rate_best_bps: value(spec.audio_rate_best_bps).unwrap_or(AUDIO_RATE_USUAL_BPS),
            needs_sound: spec.sound_needed.is_some(),
        }
    }

    /// What both ask; `None` when nothing can satisfy both.
    pub fn and(self, other: Self) -> Option<Self> {
        let both = Self {
            side_min_px: self.side_min_px.max(other.side_min_px),
            side_max_px: self.side_max_px.min(other.side_max_px),
            long_side_min_px: self.long_side_min_px.max(other.long_side_min_px),
            short_side_max_px: self.short_side_max_px.min(other.short_side_max_px),
            width_max_px: self.width_max_px.min(other.width_max_px),
            pixels_max: self.pixels_max.min(other.pixels_max),
            aspect_min: self.aspect_min.max(other.aspect_min),
            aspect_max: self.aspect_max.min(other.aspect_max),
            frame_rate_min_fps: self.frame_rate_min_fps.max(other.frame_rate_min_fps),
            frame_rate_max_fps: self.frame_rate_max_fps.min(other.frame_rate_max_fps),
            frames_max: self.frames_max.min(other.frames_max),
            size_max_bytes: self.size_max_bytes.min(other.size_max_bytes),
            size_doubtful_bytes: self.size_doubtful_bytes.min(other.size_doubtful_bytes),
            video_rate_max_bps: self.video_rate_max_bps.min(other.video_rate_max_bps),
            audio_rate_max_bps: self.audio_rate_max_bps.min(other.audio_rate_max_bps),
            audio_rate_best_bps: self.audio_rate_best_bps.max(other.audio_rate_best_bps),
            needs_sound: self.needs_sound || other.needs_sound,
        };
        let satisfiable = both.side_min_px <= both.side_max_px
            && both.side_min_px <= both.short_side_max_px
            && both.side_min_px <= both.width_max_px
            && both.long_side_min_px <= both.side_max_px
            && both.aspect_min <= both.aspect_max
            && both.frame_rate_min_fps <= both.frame_rate_max_fps;
        satisfiable.then_some(both)
    }

    /// What both ask of a copy, which has no numbers of the picture to agree on.
    pub fn and_sound(self, other: Self) -> Self {
        Self {
            audio_rate_max_bps: self.audio_rate_max_bps.min(other.audio_rate_max_bps),
            audio_rate_best_bps: self.audio_rate_best_bps.max(other.audio_rate_best_bps),
            needs_sound: self.needs_sound || other.needs_sound,
            ..self
        }
    }

    pub fn admits_picture(&self, (width_px, height_px): (u32, u32)) -> bool {
        let (short_px, long_px) = (width_px.min(height_px), width_px.max(height_px));
        let shape = f64::from(width_px) / f64::from(height_px.max(1));
        short_px >= self.side_min_px
            && long_px <= self.side_max_px
            && long_px >= self.long_side_min_px
            && short_px <= self.short_side_max_px
            && width_px <= self.width_max_px
            && u64::from(width_px) * u64::from(height_px) <= self.pixels_max
            && shape >= self.aspect_min * (1.0 - ASPECT_TOLERANCE)
            && shape <= self.aspect_max * (1.0 + ASPECT_TOLERANCE)
    }

    /// For a track that is encoded.
    pub fn audio_rate_bps(&self) -> u32 {
        let rate_bps = self.audio_rate_best_bps.min(self.audio_rate_max_bps);
        u32::try_from(rate_bps).unwrap_or(u32::MAX)
    }
}

fn value<T: Copy>(limit: Option<Limit<T>>) -> Option<T> {
    limit.map(|limit| limit.value)
}
