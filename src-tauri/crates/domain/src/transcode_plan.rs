//! The cheapest way to make a file comply.

use serde::{Deserialize, Serialize};

use crate::{
    compliance::Finding,
    delivery_spec::{AccountLimits, DeliverySpec},
    media_info::MediaInfo,
};

/// From touching nothing to encoding everything. Ordered by cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The bytes sent are the file's own.
    AsIs,
    /// New container, the same video and audio.
    Remux,
    /// The same video, new audio.
    AudioOnly,
    /// New video (and audio).
    Encode,
}

/// What to do to a file and why. Same input, same plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TranscodePlan {
    pub rung: Rung,
    /// One sentence per rule that made it necessary; empty for `AsIs`.
    pub reasons: Vec<String>,
    /// Names the spec (and its version) the plan was made for; part of a rendition's key.
    pub spec_key: String,
    pub target: Option<EncodeTarget>,
}

/// Numbers for `Rung::Encode`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncodeTarget {
    pub width_px: u32,
    pub height_px: u32,
    /// `None` keeps the source's constant rate.
    pub frame_rate_fps: Option<u32>,
    pub max_rate_bps: u64,
}

/// The findings that remain after the plan: what Daypart cannot fix by itself.
pub fn unfixable(findings: &[Finding]) -> Vec<&Finding> {
    findings
        .iter()
        .filter(|finding| finding.is_refusal() && finding.fix.is_none())
        .collect()
}

/// Plans `info` for `spec` (see MEDIA.md §5). Total: there is a plan for every file that was probed.
pub fn plan(info: &MediaInfo, spec: &DeliverySpec, limits: AccountLimits) -> TranscodePlan {
    let _ = limits;
    let findings = crate::compliance::check(info, spec, limits);
    let rung = findings
        .iter()
        .filter_map(|finding| finding.fix)
        .max()
        .unwrap_or(Rung::AsIs);
    TranscodePlan {
        rung,
        reasons: findings
            .iter()
            .filter(|finding| finding.fix.is_some())
            .map(|finding| finding.sentence.clone())
            .collect(),
        spec_key: format!("{}/{}", spec.name, spec.version),
        target: (rung == Rung::Encode).then(|| EncodeTarget {
            width_px: info.video.width_px & !1,
            height_px: info.video.height_px & !1,
            frame_rate_fps: None,
            max_rate_bps: 20_000_000,
        }),
    }
}
