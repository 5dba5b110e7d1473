//! Loudness after EBU R128 / ITU-R BS.1770.

use std::io::Read;

use ebur128::{EbuR128, Mode};

use super::{
    metering::{self, CHANNELS, MeterFault, SAMPLE_RATE_HZ},
    true_peak::TruePeak,
};

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
pub(crate) struct LoudnessMeter {
    loudness: EbuR128,
    peak: TruePeak,
}

impl LoudnessMeter {
    pub(crate) fn new() -> Result<Self, ebur128::Error> {
        Ok(Self {
            loudness: EbuR128::new(CHANNELS, SAMPLE_RATE_HZ, Mode::I | Mode::LRA)?,
            peak: TruePeak::new(),
        })
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
        self.peak.push(samples);
        self.loudness.add_frames_i16(samples)
    }

    pub(crate) fn finish(self) -> Loudness {
        let finite = |value: Result<f64, ebur128::Error>| value.ok().filter(|value| value.is_finite());
        let integrated_lufs = finite(self.loudness.loudness_global());
        Loudness {
            integrated_lufs,
            range_lu: integrated_lufs.and_then(|_| finite(self.loudness.loudness_range())),
            true_peak_dbtp: finite(Ok(20.0 * self.peak.finish().log10())),
        }
    }
}
