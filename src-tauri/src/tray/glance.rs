//! What the tray shows, worked out from the publications.

use daypart_ipc::{Publication, PublicationState};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::TrayState;

/// The tray's icon and its line about what goes out next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    pub state: TrayState,
    pub next_line: Option<String>,
}

impl Glance {
    /// `now` and `zone` are those of the person at the computer.
    pub fn of(publications: &[Publication], now: Timestamp, zone: &TimeZone) -> Self {
        let state = publications
            .iter()
            .map(|each| weight(each.state))
            .max()
            .unwrap_or(TrayState::Normal);
        let waiting = publications.iter().filter(|each| waits_for_its_time(each.state));
        let next = waiting.clone().filter_map(|each| each.due_at).min();
        let next_line = next.map(|due| {
            let mut names: Vec<&str> = waiting
                .filter(|each| each.due_at == Some(due))
                .map(|each| each.platform_name.as_str())
                .collect();
            names.sort_unstable();
            names.dedup();
            format!("Next: {} · {}", when(due, now, zone), names.join(", "))
        });
        Self { state, next_line }
    }
}

fn weight(state: PublicationState) -> TrayState {
    match state {
        PublicationState::NeedsUser | PublicationState::InDoubt | PublicationState::Missed => {
            TrayState::Attention
        }
        PublicationState::Uploading | PublicationState::Publishing | PublicationState::Confirming => {
            TrayState::Busy
        }
        _ => TrayState::Normal,
    }
}

fn waits_for_its_time(state: PublicationState) -> bool {
    matches!(
        state,
        PublicationState::Scheduled
            | PublicationState::Preparing
            | PublicationState::Ready
            | PublicationState::Uploading
            | PublicationState::Staged
            | PublicationState::HandedOff
    )
}

/// Stays right when the day changes before the tray is drawn again: no “tomorrow”.
fn when(due: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (due, now) = (due.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let format = if due.date() == now.date() {
        "%H:%M"
    } else {
        "%a %-d %b, %H:%M"
    };
    due.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notifications::sample_publication;

    const NOW: &str = "2026-11-21T16:00:00Z";

    fn due(state: PublicationState, at: &str, platform_name: &str) -> Publication {
        Publication {
            due_at: Some(at.parse().unwrap()),
            platform_name: platform_name.into(),
            ..sample_publication(state)
        }
    }

    fn glance(publications: &[Publication]) -> Glance {
        Glance::of(
            publications,
            NOW.parse().unwrap(),
            &TimeZone::get("Europe/Berlin").unwrap(),
        )
    }

    #[test]
    fn with_nothing_planned_there_is_no_line() {
        assert_eq!(
            glance(&[]),
            Glance {
                state: TrayState::Normal,
                next_line: None
            }
        );
    }

    #[test]
    fn the_next_time_is_told_in_the_zone_of_the_computer() {
        let planned = [due(
            PublicationState::Scheduled,
            "2026-11-21T17:00:00Z",
            "YouTube",
        )];
        assert_eq!(
            glance(&planned).next_line.as_deref(),
            Some("Next: 18:00 · YouTube")
        );
    }

    #[test]
    fn destinations_due_together_share_the_line() {
        let planned = [
            due(PublicationState::Staged, "2026-11-22T08:30:00Z", "YouTube"),
            due(PublicationState::Scheduled, "2026-11-22T08:30:00Z", "TikTok"),
            due(PublicationState::Scheduled, "2026-12-01T08:30:00Z", "TikTok"),
        ];
        assert_eq!(
            glance(&planned).next_line.as_deref(),
            Some("Next: Sun 22 Nov, 09:30 · TikTok, YouTube")
        );
    }

    #[test]
    fn a_later_day_is_named() {
        let planned = [due(PublicationState::Scheduled, "2026-12-01T08:30:00Z", "TikTok")];
        assert_eq!(
            glance(&planned).next_line.as_deref(),
            Some("Next: Tue 1 Dec, 09:30 · TikTok")
        );
    }

    #[test]
    fn what_needs_the_user_outweighs_work_under_way() {
        let mixed = [
            sample_publication(PublicationState::Uploading),
            sample_publication(PublicationState::NeedsUser),
        ];
        assert_eq!(glance(&mixed).state, TrayState::Attention);
        assert_eq!(glance(&mixed[..1]).state, TrayState::Busy);
    }

    #[test]
    fn what_is_over_is_not_next() {
        let over = [due(PublicationState::Published, "2026-11-21T17:00:00Z", "TikTok")];
        assert_eq!(
            glance(&over),
            Glance {
                state: TrayState::Normal,
                next_line: None
            }
        );
    }
}
