//! What the file tells about the person who made it.

use super::{Finding, Severity, Subject, opinion};
use crate::transcode_plan::Rung;

/// A place is a danger, not a blemish: it is told as a warning, and a remux takes it out.
pub(super) fn location(subject: &Subject<'_>) -> Option<Finding> {
    (subject.analysis.has_location == Some(true)).then(|| {
        opinion(
            "privacy.location",
            Severity::Warning,
            "The file tells where it was recorded; a new container leaves that out.",
            "a place (GPS)",
            "no place",
            Some(Rung::Remux),
        )
    })
}

pub(super) fn device(subject: &Subject<'_>) -> Option<Finding> {
    (subject.analysis.has_device == Some(true)).then(|| {
        opinion(
            "privacy.device",
            Severity::Advice,
            "The file names the device it was recorded with; a new container leaves that out.",
            "a device's name",
            "no device",
            Some(Rung::Remux),
        )
    })
}

/// The probe saw one of both and nobody has told yet which.
pub(super) fn unsorted(subject: &Subject<'_>) -> Option<Finding> {
    let sorted = subject.analysis.has_location.is_some() || subject.analysis.has_device.is_some();
    (subject.info.has_private_metadata && !sorted).then(|| {
        opinion(
            "file.private_metadata",
            Severity::Advice,
            "The file tells where or with which device it was recorded; a new container would leave that out.",
            "place or device names",
            "none",
            Some(Rung::Remux),
        )
    })
}
