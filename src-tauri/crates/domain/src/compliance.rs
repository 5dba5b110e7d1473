//! Measures a file against a delivery spec.

use serde::{Deserialize, Serialize};

use crate::{
    delivery_spec::{AccountLimits, DeliverySpec},
    media_info::MediaInfo,
    transcode_plan::{Rung, lift_to_possible},
};

mod audio;
mod file;
mod video;
mod wording;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The platform will refuse it as it is.
    Refusal,
    /// Accepted, but something is lost or at risk.
    Warning,
    /// Not a rule; would look or sound better.
    Advice,
}

/// One rule, one file, one destination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable, e.g. `video.frame_rate`.
    pub rule: String,
    pub severity: Severity,
    /// One sentence for the user.
    pub sentence: String,
    pub measured: String,
    pub limit: String,
    pub source: String,
    /// The rung that cures it; `None` when Daypart cannot.
    pub fix: Option<Rung>,
}

impl Finding {
    pub fn is_refusal(&self) -> bool {
        self.severity == Severity::Refusal
    }
}

/// The source of a finding that no platform wrote down.
const OWN_ADVICE: &str = "Daypart's advice";

/// Every finding of `info` at `spec`, worst first. Pure and quick (well under a millisecond).
///
/// Bounds are inclusive. A number the probe could not measure is not held against the file. A fix is the
/// cheapest rung that cures this finding for this file: a remux is never offered for a track that an MP4
/// cannot hold.
pub fn check(info: &MediaInfo, spec: &DeliverySpec, limits: AccountLimits) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [
        file::container(info, spec),
        file::size(info, spec),
        file::index_first(info, spec),
        video::codec(info, spec),
        video::picture_size(info, spec),
        video::frame_rate(info, spec),
        video::duration_min(info, spec),
        video::duration_max(info, spec, limits),
        audio::codec(info, spec),
        audio::channels(info, spec),
        audio::sample_rate(info, spec),
        video::variable_frame_rate(info),
        video::high_dynamic_range(info),
        video::chroma(info),
        video::interlaced(info),
        video::pixel_shape(info),
        file::private_metadata(info),
        audio::missing(info),
        audio::several_tracks(info),
    ]
    .into_iter()
    .flatten()
    .collect();
    for finding in &mut findings {
        finding.fix = finding.fix.map(|rung| lift_to_possible(rung, info));
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// The parts of a finding, named, so that the rules below read as a table.
struct Draft<'a> {
    rule: &'static str,
    severity: Severity,
    sentence: String,
    measured: String,
    limit: String,
    source: &'a str,
    fix: Option<Rung>,
}

impl Draft<'_> {
    fn into_finding(self) -> Finding {
        Finding {
            rule: self.rule.to_owned(),
            severity: self.severity,
            sentence: self.sentence,
            measured: self.measured,
            limit: self.limit,
            source: self.source.to_owned(),
            fix: self.fix,
        }
    }
}
