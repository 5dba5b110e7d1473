//! Peaks and mean power over time, at every zoom.

/// Length of a bucket of the finest level.
pub(super) const BUCKET_MS: u32 = 20;
/// -60 dBFS, under which nobody hears anything.
const AUDIBLE_FROM: u16 = 33;
/// A day; a file that claims more is listened to for a day.
const BUCKETS_MAX: u64 = 24 * 3_600 * 1_000 / BUCKET_MS as u64;

/// A stretch of both channels together. Full scale is 32767.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    pub min: i16,
    pub max: i16,
    pub rms: u16,
}

impl Bucket {
    /// Of no samples: silence.
    pub(super) fn of_samples(samples: &[i16]) -> Self {
        let (mut min, mut max, mut power) = (0, 0, 0_u64);
        if let Some(first) = samples.first() {
            (min, max) = (*first, *first);
        }
        for &sample in samples {
            min = min.min(sample);
            max = max.max(sample);
            power += u64::from(sample.unsigned_abs()).pow(2);
        }
        Self {
            min,
            max,
            rms: root_mean(power, samples.len()),
        }
    }

    pub(super) fn is_audible(&self) -> bool {
        self.max.unsigned_abs().max(self.min.unsigned_abs()) >= AUDIBLE_FROM
    }

    /// Of both stretches together; they are of one length but at the very end, where it does not show.
    fn with(self, next: Self) -> Self {
        let power = u64::from(self.rms).pow(2) + u64::from(next.rms).pow(2);
        Self {
            min: self.min.min(next.min),
            max: self.max.max(next.max),
            rms: root_mean(power, 2),
        }
    }
}

fn root_mean(power: u64, count: usize) -> u16 {
    let mean = power / (count as u64).max(1);
    // At most 32768 squared, whose root fits.
    u16::try_from(mean.isqrt()).unwrap_or(u16::MAX)
}

/// One zoom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub bucket_ms: u32,
    pub buckets: Vec<Bucket>,
}

/// Every level has buckets twice as long as the one before; the last one has a single bucket. No level at all
/// when there is no sound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waveform {
    pub levels: Vec<Level>,
}

impl Waveform {
    pub(super) fn from_buckets(finest: Vec<Bucket>) -> Self {
        let mut levels = Vec::new();
        let mut bucket_ms = BUCKET_MS;
        let mut buckets = finest;
        while !buckets.is_empty() {
            let coarser: Vec<Bucket> = buckets
                .chunks(2)
                .map(|pair| match *pair {
                    [first, second] => first.with(second),
                    _ => pair[0],
                })
                .collect();
            let last = buckets.len() == 1;
            levels.push(Level { bucket_ms, buckets });
            if last {
                break;
            }
            bucket_ms = bucket_ms.saturating_mul(2);
            buckets = coarser;
        }
        Self { levels }
    }

    /// How long the sound is, to 20 ms.
    pub fn duration_ms(&self) -> u64 {
        self.levels.first().map_or(0, |finest| {
            finest.buckets.len() as u64 * u64::from(finest.bucket_ms)
        })
    }

    /// The coarsest level that still has `columns` buckets between the two times, else the finest: what a view
    /// of that many pixels draws. `None` without sound.
    pub fn level_for(&self, start_us: u64, end_us: u64, columns: usize) -> Option<&Level> {
        let span_ms = end_us.saturating_sub(start_us) / 1_000;
        let fine_enough =
            |level: &&Level| span_ms / u64::from(level.bucket_ms.max(1)) >= columns.max(1) as u64;
        self.levels.iter().rev().find(fine_enough).or(self.levels.first())
    }
}

/// How many buckets cover so much time; everything when the time is not known.
pub(super) fn buckets_of_ms(duration_ms: u64) -> usize {
    let buckets = match duration_ms {
        0 => BUCKETS_MAX,
        known => known.div_ceil(u64::from(BUCKET_MS)).min(BUCKETS_MAX),
    };
    usize::try_from(buckets).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(min: i16, max: i16, rms: u16) -> Bucket {
        Bucket { min, max, rms }
    }

    #[test]
    fn a_bucket_holds_the_extremes_and_the_power_of_its_samples() {
        assert_eq!(Bucket::of_samples(&[3, -4, 0, 5]), bucket(-4, 5, 3));
        assert_eq!(
            Bucket::of_samples(&[100, 200]),
            bucket(100, 200, 158),
            "an offset stays visible"
        );
        assert_eq!(
            Bucket::of_samples(&[i16::MIN; 960]),
            bucket(i16::MIN, i16::MIN, 32_768)
        );
        assert_eq!(Bucket::of_samples(&[]), Bucket::default());
    }

    #[test]
    fn levels_double_until_one_bucket_tells_it_all() {
        let finest = vec![
            bucket(-1, 1, 1),
            bucket(-7, 2, 7),
            bucket(0, 9, 1),
            bucket(-2, 2, 1),
            bucket(-3, 3, 3),
        ];
        let waveform = Waveform::from_buckets(finest);
        let shape: Vec<(u32, usize)> = waveform
            .levels
            .iter()
            .map(|level| (level.bucket_ms, level.buckets.len()))
            .collect();
        assert_eq!(shape, [(20, 5), (40, 3), (80, 2), (160, 1)]);
        assert_eq!(
            waveform.levels[1].buckets,
            [bucket(-7, 2, 5), bucket(-2, 9, 1), bucket(-3, 3, 3)]
        );
        assert_eq!(
            (
                waveform.levels[3].buckets[0].min,
                waveform.levels[3].buckets[0].max
            ),
            (-7, 9)
        );
        assert_eq!(waveform.duration_ms(), 100);
        assert_eq!(Waveform::from_buckets(Vec::new()), Waveform::default());
    }

    #[test]
    fn a_view_gets_the_coarsest_level_that_fills_its_columns() {
        let waveform = Waveform::from_buckets(vec![Bucket::default(); 3_000]);
        let bucket_ms = |start_us, end_us, columns| {
            waveform
                .level_for(start_us, end_us, columns)
                .map(|level| level.bucket_ms)
        };
        assert_eq!(bucket_ms(0, 60_000_000, 1_000), Some(40));
        assert_eq!(bucket_ms(0, 60_000_000, 90), Some(640));
        assert_eq!(
            bucket_ms(10_000_000, 10_100_000, 1_000),
            Some(20),
            "there is nothing finer"
        );
        assert_eq!(Waveform::default().level_for(0, 1, 1), None);
    }

    #[test]
    fn an_unknown_or_mad_duration_is_listened_to_for_a_day_at_most() {
        assert_eq!(buckets_of_ms(4_001), 201);
        assert_eq!(buckets_of_ms(0), 4_320_000);
        assert_eq!(buckets_of_ms(u64::MAX), 4_320_000);
    }
}
