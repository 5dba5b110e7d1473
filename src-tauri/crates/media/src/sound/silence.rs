//! Stretches in which nothing is said or played.

use super::waveform::{BUCKET_MS, Bucket};

/// From `start_us` up to, not including, `end_us`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silence {
    pub start_us: u64,
    pub end_us: u64,
}

/// Shorter pauses are part of speaking.
const SHORTEST_MS: u32 = 300;
/// A pause is so much quieter than the whole: the noise of a room passes for silence, a whisper does not.
const BELOW_LOUDNESS_DB: f64 = 25.0;
/// The threshold is never outside of these, however loud or quiet the whole is.
const THRESHOLD_DBFS: (f64, f64) = (-60.0, -40.0);

pub(super) fn silences(buckets: &[Bucket], integrated_lufs: Option<f64>) -> Vec<Silence> {
    let threshold = threshold(integrated_lufs);
    let mut found = Vec::new();
    let mut since = None;
    for (index, bucket) in buckets.iter().enumerate() {
        match (f64::from(bucket.rms) < threshold, since) {
            (true, None) => since = Some(index),
            (false, Some(start)) => {
                found.extend(silence(start, index));
                since = None;
            }
            _ => {}
        }
    }
    found.extend(since.and_then(|start| silence(start, buckets.len())));
    found
}

fn silence(start: usize, end: usize) -> Option<Silence> {
    let at_us = |bucket: usize| bucket as u64 * u64::from(BUCKET_MS) * 1_000;
    let silence = Silence {
        start_us: at_us(start),
        end_us: at_us(end),
    };
    (silence.end_us - silence.start_us >= u64::from(SHORTEST_MS) * 1_000).then_some(silence)
}

/// In the unit of [`Bucket::rms`].
fn threshold(integrated_lufs: Option<f64>) -> f64 {
    let (lowest, highest) = THRESHOLD_DBFS;
    let decibels = integrated_lufs
        .map_or(lowest, |loudness| loudness - BELOW_LOUDNESS_DB)
        .clamp(lowest, highest);
    32_767.0 * 10_f64.powf(decibels / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(rms: u16, milliseconds: u32) -> Vec<Bucket> {
        let bucket = Bucket {
            rms,
            ..Bucket::default()
        };
        vec![bucket; (milliseconds / BUCKET_MS) as usize]
    }

    #[test]
    fn pauses_of_speech_are_found_and_breaths_are_not() {
        let buckets = [
            level(5, 400),
            level(3_000, 1_000),
            level(20, 280),
            level(3_000, 100),
            level(20, 300),
            level(3_000, 100),
            level(0, 500),
        ]
        .concat();
        let found: Vec<(u64, u64)> = silences(&buckets, Some(-23.0))
            .into_iter()
            .map(|silence| (silence.start_us / 1_000, silence.end_us / 1_000))
            .collect();
        assert_eq!(found, [(0, 400), (1_780, 2_080), (2_180, 2_680)]);
    }

    #[test]
    fn what_is_quiet_depends_on_how_loud_the_whole_is() {
        let buckets = level(100, 1_000);
        assert_eq!(silences(&buckets, Some(-14.0)).len(), 1, "noise under loud music");
        assert_eq!(
            silences(&buckets, Some(-35.0)).len(),
            0,
            "part of a quiet recording"
        );
        assert_eq!(silences(&buckets, None).len(), 0);
        assert_eq!(silences(&level(3, 1_000), None).len(), 1);
    }
}
