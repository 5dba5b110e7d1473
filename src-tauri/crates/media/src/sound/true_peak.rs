//! True peak after ITU-R BS.1770 annex 2: the largest value of the sound at four times its rate.
//!
//! Between samples a sound rises above them by a bounded factor. Stretches that cannot reach the largest value found so far
//! are therefore not interpolated, which changes nothing in the answer and spares most of the work.

use super::metering::CHANNELS;

const PHASES: usize = 4;
const TAPS: usize = 12;
/// A millisecond at 48 kHz: short enough that most are far from the loudest.
const STRETCH: usize = 48;
const CHANNEL_COUNT: usize = CHANNELS as usize;

/// Takes interleaved stereo.
pub(super) struct TruePeak {
    /// For the places a quarter, a half and three quarters between two samples; the samples themselves are the fourth.
    filters: [[f32; TAPS]; PHASES - 1],
    /// How far above its samples a sound can rise between them.
    rise_max: f32,
    /// The last samples of each channel, then those of the stretch.
    waiting: [[f32; TAPS + STRETCH]; CHANNEL_COUNT],
    filled: usize,
    /// In the unit of the samples.
    peak: f32,
}

impl TruePeak {
    pub(super) fn new() -> Self {
        let filters = [1, 2, 3].map(|phase| std::array::from_fn(|tap| tap_at(tap * PHASES + phase)));
        let rise = |filter: &[f32; TAPS]| filter.iter().map(|tap| tap.abs()).sum::<f32>();
        Self {
            rise_max: filters.iter().map(rise).fold(1.0, f32::max),
            filters,
            waiting: [[0.0; TAPS + STRETCH]; CHANNEL_COUNT],
            filled: 0,
            peak: 0.0,
        }
    }

    pub(super) fn push(&mut self, samples: &[i16]) {
        for frame in samples.chunks_exact(CHANNEL_COUNT) {
            for (waiting, sample) in self.waiting.iter_mut().zip(frame) {
                if let Some(place) = waiting.get_mut(TAPS + self.filled) {
                    *place = f32::from(*sample);
                }
            }
            self.filled += 1;
            if self.filled == STRETCH {
                self.take_stretch();
            }
        }
    }

    fn take_stretch(&mut self) {
        for waiting in &mut self.waiting {
            let highest = waiting
                .iter()
                .fold(0.0_f32, |most, sample| most.max(sample.abs()));
            if highest * self.rise_max > self.peak {
                self.peak = self.peak.max(highest);
                for filter in &self.filters {
                    self.peak = self.peak.max(highest_between(waiting, filter));
                }
            }
            waiting.copy_within(STRETCH.., 0);
        }
        self.filled = 0;
    }

    /// Full scale is 1; 0 when every sample is zero.
    pub(super) fn finish(mut self) -> f64 {
        if self.filled > 0 {
            for waiting in &mut self.waiting {
                if let Some(rest) = waiting.get_mut(TAPS + self.filled..) {
                    rest.fill(0.0);
                }
            }
            self.take_stretch();
        }
        f64::from(self.peak) / 32_768.0
    }
}

fn highest_between(waiting: &[f32; TAPS + STRETCH], filter: &[f32; TAPS]) -> f32 {
    let mut between = [0.0_f32; STRETCH];
    for (back, tap) in filter.iter().enumerate() {
        let from = waiting.get(TAPS - back..).unwrap_or_default();
        for (sum, sample) in between.iter_mut().zip(from) {
            *sum += tap * sample;
        }
    }
    between.iter().fold(0.0, |most, value| most.max(value.abs()))
}

/// A sinc under a Hann window, 49 values at four times the rate.
fn tap_at(place: usize) -> f32 {
    use std::f64::consts::PI;
    const MIDDLE: f64 = (PHASES * TAPS / 2) as f64;
    let from_middle = place as f64 - MIDDLE;
    let angle = from_middle * PI / PHASES as f64;
    let sinc = if from_middle == 0.0 {
        1.0
    } else {
        angle.sin() / angle
    };
    let window = 0.5 * (1.0 - (PI * place as f64 / MIDDLE).cos());
    #[expect(clippy::cast_possible_truncation, reason = "a filter needs no more")]
    let tap = (sinc * window) as f32;
    tap
}

#[cfg(test)]
mod tests {
    use ebur128::{EbuR128, Mode};

    use super::*;

    fn decibels(amplitude: f64) -> f64 {
        20.0 * amplitude.log10()
    }

    fn ours(samples: &[i16]) -> f64 {
        let mut meter = TruePeak::new();
        samples.chunks(1_000).for_each(|part| meter.push(part));
        decibels(meter.finish())
    }

    /// The library, which interpolates everything.
    fn theirs(samples: &[i16]) -> f64 {
        let mut meter = EbuR128::new(CHANNELS, 48_000, Mode::TRUE_PEAK).unwrap();
        meter.add_frames_i16(samples).unwrap();
        let peaks = (0..CHANNELS).map(|channel| meter.true_peak(channel).unwrap());
        decibels(peaks.fold(0.0, f64::max))
    }

    #[test]
    fn it_finds_what_interpolating_everything_finds() {
        let tone = |hertz: f64, phase: f64, level: f64| -> Vec<i16> {
            (0..96_000)
                .map(|place| {
                    let time_s = f64::from(place / 2) / 48_000.0;
                    // Swells and fades, each channel at its own time.
                    let swell = (time_s * 3.0 + f64::from(place % 2)).sin().abs();
                    (level * swell * (time_s * hertz * std::f64::consts::TAU + phase).sin()) as i16
                })
                .collect()
        };
        let mut state = 7_u64;
        let noise: Vec<i16> = (0..96_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 48) as i16 / 2
            })
            .collect();
        let mut click = vec![0; 96_000];
        click[50_001] = i16::MAX;
        for samples in [
            tone(12_000.0, 0.8, 30_000.0),
            tone(997.0, 0.0, 9_000.0),
            tone(17_900.0, 0.3, 32_000.0),
            noise,
            click,
        ] {
            let (ours, theirs) = (ours(&samples), theirs(&samples));
            assert!((ours - theirs).abs() < 0.001, "{ours} against {theirs}");
        }
    }

    #[test]
    fn it_lies_above_the_samples_of_a_tone_that_they_miss() {
        // A quarter of the rate, sampled at 45 degrees: 3 dB above every sample.
        let samples: Vec<i16> = (0..9_600)
            .map(|place| if place / 4 % 2 == 0 { 10_000 } else { -10_000 })
            .collect();
        let above = ours(&samples) - decibels(10_000.0 / 32_768.0);
        assert!((2.5..3.6).contains(&above), "{above}");
        assert_eq!(TruePeak::new().finish(), 0.0);
    }
}
