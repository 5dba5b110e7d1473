//! A platform's media limits, as data, each with its source.

use crate::media_info::Container;

/// A limit and where it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit<T> {
    pub value: T,
    pub source: &'static str,
}

/// What a platform takes. Bounds are inclusive.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliverySpec {
    pub name: &'static str,
    /// Version of this table, so that a stored plan can tell which rules it was made for.
    pub version: u32,
    pub containers: Limit<&'static [Container]>,
    pub video_codecs: Limit<&'static [&'static str]>,
    pub audio_codecs: Limit<&'static [&'static str]>,
    pub frame_rate_min_fps: Option<Limit<f64>>,
    pub frame_rate_max_fps: Option<Limit<f64>>,
    pub side_min_px: Option<Limit<u32>>,
    pub side_max_px: Option<Limit<u32>>,
    pub duration_min_ms: Option<Limit<u64>>,
    pub duration_max_ms: Option<Limit<u64>>,
    pub size_max_bytes: Limit<u64>,
    pub audio_channels_max: Option<Limit<u16>>,
    pub audio_sample_rate_max_hz: Option<Limit<u32>>,
    /// The platform wants the index before the media data.
    pub index_first: Option<Limit<()>>,
}

/// Limits of one account that are tighter than the platform's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountLimits {
    pub duration_max_ms: Option<u64>,
}
