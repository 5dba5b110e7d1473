//! The waveform for the columns of a screen.

use std::ops::Range;

use daypart_domain::{ids::AssetId, problem::Problem};
use daypart_ports::timeline::{SoundBucket, SoundLevel};

use super::lock;
use crate::Engine;

const COLUMNS_MAX: u32 = 4_096;
/// The finest level's length, while only that one is there.
const FINEST_US: u64 = 20_000;

/// What is to be drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaveformColumns {
    /// Lowest, highest and root mean square of each column, -1 ..= 1. Shorter than asked where the clip has not been
    /// heard yet or has ended.
    pub columns: Vec<[f32; 3]>,
    /// Of the whole clip; `None` until it has been heard to its end, and for silence.
    pub loudness_lufs: Option<f64>,
    pub true_peak_dbtp: Option<f64>,
    pub is_complete: bool,
}

impl Engine {
    /// How loud `span_us` is in `columns` columns (cut to 1 ..= 4096), as far as it has been heard: the audio track with
    /// the index `track` among the file's streams, or the main one where there is no such track.
    ///
    /// # Errors
    /// `asset.unknown`, `asset.not_measured`.
    pub async fn waveform(
        &self,
        id: AssetId,
        span_us: Range<u64>,
        columns: u32,
        track: Option<u32>,
    ) -> Result<WaveformColumns, Problem> {
        let footage = self.footage(id).await?;
        let other = track.and_then(|track| Some((track, footage.with_main_track(track)?)));
        let measured = match other {
            Some((track, footage)) => self.measured_track(id, footage, track),
            None => self.measured(id, &footage),
        };
        let measured = lock(&measured);
        let columns = columns.clamp(1, COLUMNS_MAX);
        Ok(match &measured.sound {
            Some(sound) => WaveformColumns {
                columns: level_for(&sound.levels, &span_us, columns)
                    .map(|level| drawn(&level.buckets, level.bucket_us, &span_us, columns))
                    .unwrap_or_default(),
                loudness_lufs: sound.loudness_lufs,
                true_peak_dbtp: sound.true_peak_dbtp,
                is_complete: true,
            },
            None => WaveformColumns {
                columns: drawn(&measured.heard, FINEST_US, &span_us, columns),
                ..WaveformColumns::default()
            },
        })
    }
}

/// The coarsest level that still has a bucket for each column; the finest when none has.
fn level_for<'a>(levels: &'a [SoundLevel], span_us: &Range<u64>, columns: u32) -> Option<&'a SoundLevel> {
    let column_us = (span_us.end.saturating_sub(span_us.start) / u64::from(columns)).max(1);
    levels
        .iter()
        .rev()
        .find(|level| level.bucket_us <= column_us)
        .or(levels.first())
}

fn drawn(buckets: &[SoundBucket], bucket_us: u64, span_us: &Range<u64>, columns: u32) -> Vec<[f32; 3]> {
    let length_us = span_us.end.saturating_sub(span_us.start).max(1);
    let place = |column: u64| (span_us.start + length_us * column / u64::from(columns)) / bucket_us;
    let mut drawn = Vec::new();
    for column in 0..u64::from(columns) {
        let first = place(column);
        let end = place(column + 1).max(first + 1);
        let within = usize::try_from(first).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX);
        let Some(found) = buckets
            .get(within.start..within.end.min(buckets.len()))
            .filter(|found| !found.is_empty())
        else {
            break;
        };
        drawn.push(joined(found));
    }
    drawn
}

fn joined(buckets: &[SoundBucket]) -> [f32; 3] {
    const FULL_SCALE: f32 = 32_768.0;
    let min = buckets.iter().map(|bucket| bucket.min).min().unwrap_or_default();
    let max = buckets.iter().map(|bucket| bucket.max).max().unwrap_or_default();
    let squares: f32 = buckets.iter().map(|bucket| f32::from(bucket.rms).powi(2)).sum();
    [
        f32::from(min) / FULL_SCALE,
        f32::from(max) / FULL_SCALE,
        (squares / buckets.len() as f32).sqrt() / FULL_SCALE,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(loud: i16) -> SoundBucket {
        SoundBucket {
            min: -loud,
            max: loud,
            rms: loud.unsigned_abs(),
        }
    }

    #[test]
    fn a_column_holds_the_extremes_of_its_buckets() {
        let buckets = [bucket(0), bucket(16_384), bucket(8_192), bucket(8_192)];
        let columns = drawn(&buckets, 20_000, &(0..80_000), 2);
        assert_eq!(columns[0][0..2], [-0.5, 0.5]);
        assert_eq!(columns[1], [-0.25, 0.25, 0.25]);
    }

    #[test]
    fn columns_past_what_was_heard_are_left_out() {
        let buckets = [bucket(1); 10];
        assert_eq!(drawn(&buckets, 20_000, &(0..400_000), 20).len(), 10);
        assert_eq!(
            drawn(&buckets, 20_000, &(300_000..400_000), 5),
            Vec::<[f32; 3]>::new()
        );
        assert_eq!(drawn(&[], 20_000, &(0..400_000), 20).len(), 0);
    }

    #[test]
    fn a_deep_zoom_repeats_the_finest_bucket() {
        assert_eq!(drawn(&[bucket(5), bucket(7)], 20_000, &(0..20_000), 8).len(), 8);
    }

    #[test]
    fn the_coarsest_level_that_is_fine_enough_is_drawn() {
        let level = |bucket_us| SoundLevel {
            bucket_us,
            buckets: vec![bucket(1)],
        };
        let levels = [level(20_000), level(40_000), level(80_000)];
        let chosen = |length_us| level_for(&levels, &(0..length_us), 10).unwrap().bucket_us;
        assert_eq!(chosen(100_000), 20_000);
        assert_eq!(chosen(500_000), 40_000);
        assert_eq!(chosen(9_000_000), 80_000);
        assert!(level_for(&[], &(0..1), 1).is_none());
    }
}
