//! Loudness after EBU R128 / ITU-R BS.1770.

use std::io::Read;

use ebur128::{EbuR128, Mode};

use super::metering::{self, CHANNELS, MeterFault, SAMPLE_RATE_HZ};

/// `None` where the standard has no number: nothing above its gate of -70 LUFS, or less sound than it needs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Loudness {
    pub integrated_lufs: Option<f64>,
    /// Needs a few seconds of sound.
    pub range_lu: Option<f64>,
    /// Of the louder channel, between the samples too; `None` when every sample is zero.
    pub true_peak_dbtp: Option<f64>,
}

/// Takes interleaved stereo of 48 kHz.
pub(crate) struct LoudnessMeter(EbuR128);

impl LoudnessMeter {
    pub(crate) fn new() -> Result<Self, ebur128::Error> {
        let mode = Mode::I | Mode::LRA | Mode::TRUE_PEAK;
        EbuR128::new(CHANNELS, SAMPLE_RATE_HZ, mode).map(Self)
    }

    /// Of a whole stream of signed 16-bit.
    pub(crate) fn of_stream(stream: &mut dyn Read) -> Result<Loudness, MeterFault> {
        let mut meter = Self::new()?;
        metering::each_second(stream, |samples| {
            meter.push(samples)?;
            Ok(true)
        })?;
        Ok(meter.finish())
    }

    pub(crate) fn push(&mut self, samples: &[i16]) -> Result<(), ebur128::Error> {
        self.0.add_frames_i16(samples)
    }

    pub(crate) fn finish(self) -> Loudness {
        let finite = |value: Result<f64, ebur128::Error>| value.ok().filter(|value| value.is_finite());
        let integrated_lufs = finite(self.0.loudness_global());
        let peak = (0..CHANNELS)
            .filter_map(|channel| finite(self.0.true_peak(channel)))
            .fold(0.0, f64::max);
        Loudness {
            integrated_lufs,
            range_lu: integrated_lufs.and_then(|_| finite(self.0.loudness_range())),
            true_peak_dbtp: finite(Ok(20.0 * peak.log10())),
        }
    }
}
