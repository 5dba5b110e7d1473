//! What may be removed from the data folder. Originals are never in it.

use std::time::Duration;

use jiff::Timestamp;

/// History that nobody chose to keep for longer.
pub const HISTORY_DAYS: u32 = 90;
/// The least and the most that can be chosen.
pub const HISTORY_DAYS_RANGE: std::ops::RangeInclusive<u32> = 7..=3_650;

/// What nothing refers to and is younger than this may be in the making.
pub const ABANDONED_AFTER: Duration = Duration::from_secs(2 * 3_600);

/// Taking a file out of the library can be undone for this long with its picture.
pub const POSTER_KEPT: Duration = Duration::from_secs(24 * 3_600);

/// What a thing in the media folder is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// In the making, or given up: `….part`, `….work`, `….captions`.
    HalfMade,
    /// A rendition; it counts while the record names it.
    Rendition,
    /// A picture of an asset; it counts while the record names it.
    Poster,
    /// Not ours to judge: caches have limits of their own.
    Other,
}

impl Left {
    pub fn by_name(name: &str) -> Self {
        let ends = |ending: &str| name.ends_with(ending);
        if ends(".part") || ends(".work") || ends(".captions") {
            Self::HalfMade
        } else if name.starts_with("rendition-") {
            Self::Rendition
        } else if name.starts_with("poster-") {
            Self::Poster
        } else {
            Self::Other
        }
    }

    /// `age`: since it was last written.
    pub fn may_go(self, is_named: bool, age: Duration) -> bool {
        match self {
            Self::Other => false,
            Self::HalfMade => age >= ABANDONED_AFTER,
            Self::Rendition | Self::Poster => !is_named && age >= ABANDONED_AFTER,
        }
    }
}

/// What ended before this is forgotten; `None` keeps everything.
pub fn history_ends(now: Timestamp, days: Option<u32>) -> Option<Timestamp> {
    let days = days?;
    Some(now - Duration::from_secs(u64::from(days) * 24 * 3_600))
}
