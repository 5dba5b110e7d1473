//! Measures a file against a delivery spec.

use serde::{Deserialize, Serialize};

use crate::{
    analysis::Analysis,
    delivery_spec::{AccountLimits, Certainty, DeliverySpec},
    edit::Edit,
    edited_media::edited_info,
    media_info::MediaInfo,
    transcode_plan::{Rung, lift_to_possible},
};

mod audio;
mod file;
mod length;
mod privacy;
mod quality;
mod shape;
mod still;
mod stretches;
mod timing;
mod video;
mod wording;

pub use still::check_picture;

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

/// Every finding of an unedited file at `spec`, worst first: [`check_edited`] without edit and analysis.
pub fn check(info: &MediaInfo, spec: &DeliverySpec, limits: AccountLimits) -> Vec<Finding> {
    check_edited(info, &Edit::default(), &Analysis::default(), spec, limits)
}

/// Every finding of `info` as `edit` leaves it, at `spec` for an account with `limits`, worst first. Pure and
/// quick (far below a millisecond), so that it can run at every movement of a handle.
///
/// Length, shape and sound are judged as edited; what an edit does not touch is judged as stored. Bounds are
/// inclusive. What neither probe nor analysis measured is not held against the file. A number that is not
/// confirmed warns, a recommended one advises. A fix is the cheapest rung that cures this finding for this file:
/// a remux is never offered for a track that an MP4 cannot hold. At most one finding per rule.
pub fn check_edited(
    info: &MediaInfo,
    edit: &Edit,
    analysis: &Analysis,
    spec: &DeliverySpec,
    limits: AccountLimits,
) -> Vec<Finding> {
    let spec = &spec.for_account(limits);
    let edited = edited_info(info, edit);
    let main = info.audio.as_ref().map(|audio| audio.stream_index);
    let analysis = if edit.sound.track.is_some_and(|track| main != Some(track)) {
        &analysis.without_sound()
    } else {
        analysis
    };
    let subject = Subject {
        info: &edited,
        edit,
        analysis,
        spec,
    };
    let mut findings: Vec<Finding> = RULES.iter().filter_map(|rule| rule(&subject)).collect();
    for finding in &mut findings {
        finding.fix = finding.fix.map(|rung| lift_to_possible(rung, &edited));
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// What a rule looks at.
struct Subject<'a> {
    /// As the edit leaves it.
    info: &'a MediaInfo,
    edit: &'a Edit,
    analysis: &'a Analysis,
    /// As it holds for the account.
    spec: &'a DeliverySpec,
}

/// Every rule. A rule gives at most one finding.
const RULES: &[fn(&Subject<'_>) -> Option<Finding>] = &[
    file::container,
    file::size_min,
    file::size,
    file::index_first,
    file::edit_list,
    file::cut_short,
    timing::hidden_lead_in,
    timing::audio_offset,
    timing::reckoned,
    video::codec,
    video::profile,
    video::bit_rate,
    video::chroma,
    video::high_dynamic_range,
    video::interlaced,
    video::pixel_shape,
    video::closed_gop,
    video::keyframe_gap,
    length::frame_rate,
    length::variable_frame_rate,
    length::frame_count,
    length::duration_min,
    length::duration_max,
    length::short_form,
    shape::picture_size,
    shape::aspect,
    shape::aspect_best,
    audio::codec,
    audio::channels,
    audio::sample_rate,
    audio::bit_rate,
    audio::missing,
    audio::several_tracks,
    quality::low_resolution,
    quality::black_bars,
    quality::first_frame_black,
    quality::upscaled,
    stretches::black,
    stretches::frozen,
    quality::silent,
    quality::loudness,
    quality::true_peak,
    privacy::location,
    privacy::device,
    privacy::unsorted,
];

/// How grave it is to be outside a limit of this certainty.
fn severity(certainty: Certainty) -> Severity {
    match certainty {
        Certainty::Stated | Certainty::Reported => Severity::Refusal,
        Certainty::Unverified => Severity::Warning,
        Certainty::Advised => Severity::Advice,
    }
}

/// The parts of a finding, named, so that the rules read as a table.
struct Draft {
    rule: &'static str,
    severity: Severity,
    sentence: String,
    measured: String,
    limit: String,
    source: String,
    fix: Option<Rung>,
}

impl Draft {
    fn into_finding(self) -> Finding {
        Finding {
            rule: self.rule.to_owned(),
            severity: self.severity,
            sentence: self.sentence,
            measured: self.measured,
            limit: self.limit,
            source: self.source,
            fix: self.fix,
        }
    }
}

/// Daypart's own opinion: no platform refuses.
fn opinion(
    rule: &'static str,
    severity: Severity,
    sentence: impl Into<String>,
    measured: impl Into<String>,
    limit: &str,
    fix: Option<Rung>,
) -> Finding {
    Draft {
        rule,
        severity,
        sentence: sentence.into(),
        measured: measured.into(),
        limit: limit.to_owned(),
        source: OWN_ADVICE.to_owned(),
        fix,
    }
    .into_finding()
}
