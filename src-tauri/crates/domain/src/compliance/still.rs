//! A picture where a video is expected.

use super::{Draft, Finding, Severity, wording};
use crate::{
    delivery_spec::{DeliverySpec, PictureIntake},
    picture_info::PictureInfo,
};

/// The one finding of a picture at `spec`: why it cannot go out there as a post of its own. Always a refusal that
/// nothing fixes, worded by what the platform says of pictures; where that is not known, by what Daypart does.
pub fn check_picture(info: &PictureInfo, spec: &DeliverySpec) -> Vec<Finding> {
    let name = spec.name;
    let (sentence, limit) = match spec.pictures.map(|pictures| pictures.value) {
        Some(PictureIntake::Never) => (format!("{name} takes videos only."), "a video"),
        Some(PictureIntake::FromAddress) => (
            format!(
                "{name} takes pictures only from a public web address; from this computer it takes videos."
            ),
            "a video, or a picture with a public address",
        ),
        Some(PictureIntake::FromFile) => (
            format!("{name} takes pictures, but Daypart does not send them there yet: only videos."),
            "a video",
        ),
        None => (format!("Daypart sends only videos to {name}."), "a video"),
    };
    let source = spec
        .pictures
        .map_or_else(|| "Daypart".to_owned(), |pictures| pictures.cited());
    let finding = Draft {
        rule: "file.picture",
        severity: Severity::Refusal,
        sentence: format!("{sentence} A picture can be the cover of a video."),
        measured: format!(
            "a {} picture, {}",
            info.format.label(),
            wording::picture(info.width_px, info.height_px)
        ),
        limit: limit.to_owned(),
        source,
        fix: None,
    };
    vec![finding.into_finding()]
}
