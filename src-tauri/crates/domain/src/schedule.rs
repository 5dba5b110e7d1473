//! When a post is due: what the user typed, the zone it was typed in, and the resulting instant.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::problem::{ErrorCode, Problem, UserAction};

/// A due time. The wall time and the zone are what the user meant; the instant is derived from both and kept
/// so that a later change of zone rules can be noticed instead of silently moving a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalSchedule {
    pub wall: civil::DateTime,
    /// IANA name, e.g. `Europe/Berlin`.
    pub zone: String,
    pub instant: Timestamp,
}

impl LocalSchedule {
    /// Resolves `wall` in `zone`.
    ///
    /// A wall time that a clock change skips moves forward by the gap, and one that occurs twice means its
    /// first occurrence (RFC 5545's rule, jiff's "compatible").
    ///
    /// # Errors
    /// `schedule.zone` when the zone is unknown, `schedule.time` when the time is out of range.
    pub fn resolve(wall: civil::DateTime, zone: &str) -> Result<Self, Problem> {
        let tz = TimeZone::get(zone).map_err(|error| {
            Problem::needs_user(
                ErrorCode::new("schedule.zone"),
                UserAction::EditPost,
                format!("There is no time zone called “{zone}”."),
            )
            .fix("Choose a zone such as Europe/Berlin.")
            .caused_by(&error)
        })?;
        let instant = tz.to_ambiguous_timestamp(wall).compatible().map_err(|error| {
            Problem::needs_user(
                ErrorCode::new("schedule.time"),
                UserAction::EditPost,
                "This date and time cannot be used.",
            )
            .caused_by(&error)
        })?;
        Ok(Self {
            wall,
            zone: zone.to_owned(),
            instant,
        })
    }

    /// `instant` as the wall time of `zone`.
    ///
    /// # Errors
    /// `schedule.zone` when the zone is unknown.
    pub fn at(instant: Timestamp, zone: &str) -> Result<Self, Problem> {
        let wall = TimeZone::get(zone)
            .map(|tz| tz.to_datetime(instant))
            .map_err(|error| {
                Problem::needs_user(
                    ErrorCode::new("schedule.zone"),
                    UserAction::EditPost,
                    format!("There is no time zone called “{zone}”."),
                )
                .caused_by(&error)
            })?;
        Ok(Self {
            wall,
            zone: zone.to_owned(),
            instant,
        })
    }
}
