//! Source time and edited time. Edited time is the time of the result: kept parts joined, speed applied.

use super::{Edit, KeptRange};

impl KeptRange {
    pub const fn new(start_us: u64, end_us: u64) -> Self {
        Self {
            start_us,
            end_us,
            fit: None,
        }
    }

    /// The same part with other borders.
    #[must_use]
    pub const fn between(self, start_us: u64, end_us: u64) -> Self {
        Self {
            start_us,
            end_us,
            ..self
        }
    }

    /// The stretch of time alone, without a framing of its own.
    #[must_use]
    pub const fn stretch(self) -> Self {
        Self::new(self.start_us, self.end_us)
    }

    /// 0 when the range is empty or turned round.
    pub const fn length_us(&self) -> u64 {
        self.end_us.saturating_sub(self.start_us)
    }

    pub const fn contains(&self, source_us: u64) -> bool {
        self.start_us <= source_us && source_us < self.end_us
    }

    pub const fn overlaps(&self, other: &KeptRange) -> bool {
        self.start_us < other.end_us && other.start_us < self.end_us
    }
}

impl Edit {
    /// What is kept of a source of `duration_us`, in play order; the whole source when no ranges are named.
    /// What reaches past the end is left out.
    pub fn kept(&self, duration_us: u64) -> Vec<KeptRange> {
        if self.ranges.is_empty() {
            return vec![KeptRange::new(0, duration_us)];
        }
        self.ranges
            .iter()
            .map(|range| range.between(range.start_us, range.end_us.min(duration_us)))
            .filter(|range| range.length_us() > 0)
            .collect()
    }

    /// How much of the source is kept, before the speed change.
    pub fn kept_duration_us(&self, duration_us: u64) -> u64 {
        self.kept(duration_us).iter().map(KeptRange::length_us).sum()
    }

    /// How long the result plays.
    pub fn edited_duration_us(&self, duration_us: u64) -> u64 {
        scaled(self.kept_duration_us(duration_us), 1.0 / self.speed)
    }

    /// When the source's `source_us` plays in the result; `None` where it was cut away.
    pub fn edited_at(&self, source_us: u64, duration_us: u64) -> Option<u64> {
        let mut before_us = 0;
        for range in self.kept(duration_us) {
            if range.contains(source_us) {
                return Some(scaled(before_us + source_us - range.start_us, 1.0 / self.speed));
            }
            before_us += range.length_us();
        }
        None
    }

    /// Which source time plays at `edited_us` of the result; `None` from the result's end on.
    ///
    /// Exact at normal speed. At another speed both directions round down to a microsecond.
    pub fn source_at(&self, edited_us: u64, duration_us: u64) -> Option<u64> {
        let mut left_us = scaled(edited_us, self.speed);
        for range in self.kept(duration_us) {
            if left_us < range.length_us() {
                return Some(range.start_us + left_us);
            }
            left_us -= range.length_us();
        }
        None
    }
}

/// `time_us * factor`, rounded down. A factor that is no positive number gives 0.
fn scaled(time_us: u64, factor: f64) -> u64 {
    if factor == 1.0 {
        return time_us;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "exact below 285 years; the cast back saturates and takes NaN for 0"
    )]
    {
        // The margin keeps 30 * (1 / 3) * 3 from losing a whole microsecond to the last bit.
        (time_us as f64).mul_add(factor, 1e-6) as u64
    }
}
