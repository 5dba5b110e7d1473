//! What looking at pictures and listening to sound found out, beyond what a probe reads from the tables.

use serde::{Deserialize, Serialize};

/// Measured values of one source. `None` means not measured, which is held against nobody: without a measure
/// there is no finding.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Analysis {
    /// Integrated loudness after EBU R128.
    pub loudness_lufs: Option<f64>,
    pub true_peak_dbtp: Option<f64>,
    /// Nothing can be heard from start to end.
    pub silent: Option<bool>,
    pub black_bars: Option<BlackBars>,
    pub first_frame_black: Option<bool>,
    /// The picture carries clearly less detail than its size promises.
    pub upscaled: Option<bool>,
    /// The longest stretch of black, and of a picture that stands still; `None` also where there is none.
    pub black: Option<Stretch>,
    pub frozen: Option<Stretch>,
    /// The file names the place where it was recorded.
    pub has_location: Option<bool>,
    /// The file names the device that recorded it.
    pub has_device: Option<bool>,
    /// No frame refers past the keyframe before it.
    pub closed_gop: Option<bool>,
    pub keyframe_gap_max_ms: Option<u64>,
    /// The edit list moves a track or hides pictures; dropping it would part sound and picture.
    pub edit_list_matters: Option<bool>,
}

/// The longest way from one keyframe to the next, or to the end; the whole where there is none.
pub fn keyframe_gap_max_ms(keyframes_us: &[u64], duration_ms: u64) -> u64 {
    let end_us = duration_ms.saturating_mul(1_000);
    let nexts = keyframes_us.iter().skip(1).chain([&end_us]);
    let gaps = keyframes_us
        .iter()
        .zip(nexts)
        .map(|(key, next)| next.saturating_sub(*key));
    gaps.max().unwrap_or(end_us) / 1_000
}

/// A part of the source's time line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stretch {
    pub at_ms: u64,
    pub length_ms: u64,
}

/// Bars that are part of the picture, in pixels of the upright source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BlackBars {
    pub left_px: u32,
    pub right_px: u32,
    pub top_px: u32,
    pub bottom_px: u32,
}

impl BlackBars {
    /// A few lines at an edge are an artefact of capture cards, not bars.
    pub fn are_visible(self) -> bool {
        [self.left_px, self.right_px, self.top_px, self.bottom_px]
            .into_iter()
            .any(|side_px| side_px >= 8)
    }
}

impl Analysis {
    /// What is left to say where another audio track is heard than the main one, which was measured.
    #[must_use]
    pub fn without_sound(&self) -> Self {
        Self {
            loudness_lufs: None,
            true_peak_dbtp: None,
            silent: None,
            ..self.clone()
        }
    }
}
