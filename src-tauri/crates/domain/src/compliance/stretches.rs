//! Advice about stretches in which nothing is to be seen.

use super::{Finding, Severity, Subject, opinion, wording};
use crate::{analysis::Stretch, transcode_plan::Rung};

/// Shorter black is a cut or a fade.
const BLACK_MIN_MS: u64 = 1_500;
/// Slides and title cards stand still on purpose; longer looks like a fault.
const FROZEN_MIN_MS: u64 = 5_000;

pub(super) fn black(subject: &Subject<'_>) -> Option<Finding> {
    let stretch = kept(subject, subject.analysis.black, BLACK_MIN_MS)?;
    Some(told("video.black", "The picture is black", stretch, subject))
}

pub(super) fn frozen(subject: &Subject<'_>) -> Option<Finding> {
    let stretch = kept(subject, subject.analysis.frozen, FROZEN_MIN_MS)?;
    Some(told("video.frozen", "The picture stands still", stretch, subject))
}

/// What of it the edit keeps, in the part that keeps most.
fn kept(subject: &Subject<'_>, stretch: Option<Stretch>, min_ms: u64) -> Option<Stretch> {
    let Stretch { at_ms, length_ms } = stretch?;
    let end_ms = at_ms + length_ms;
    let within = |(start_ms, part_end_ms): (u64, u64)| {
        let at_ms = at_ms.max(start_ms);
        Stretch {
            at_ms,
            length_ms: end_ms.min(part_end_ms).saturating_sub(at_ms),
        }
    };
    let ranges = &subject.edit.ranges;
    let longest = if ranges.is_empty() {
        Some(within((0, u64::MAX)))
    } else {
        ranges
            .iter()
            .map(|range| within((range.start_us / 1_000, range.end_us / 1_000)))
            .max_by_key(|stretch| stretch.length_ms)
    };
    longest.filter(|stretch| stretch.length_ms >= min_ms)
}

fn told(rule: &'static str, what: &str, stretch: Stretch, subject: &Subject<'_>) -> Finding {
    let length = wording::duration(stretch.length_ms);
    let place = if stretch.at_ms == 0 && subject.edit.ranges.is_empty() {
        "from its first frame".to_owned()
    } else {
        format!("from {} of the source", wording::duration(stretch.at_ms))
    };
    opinion(
        rule,
        Severity::Advice,
        format!("{what} for {length}, {place}; cut it away if that is not meant."),
        length,
        "something to see",
        None::<Rung>,
    )
}
