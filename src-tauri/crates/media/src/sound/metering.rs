//! One reader of the decoded stream feeds the waveform and the loudness.

use std::io::{self, Read};

use super::{
    Loudness, LoudnessMeter, SoundObserver, SoundProgress,
    waveform::{BUCKET_MS, Bucket},
};

pub(super) const SAMPLE_RATE_HZ: u32 = 48_000;
pub(super) const CHANNELS: u32 = 2;
const BYTES_PER_FRAME: usize = 4;

const SAMPLES_PER_BUCKET: usize = (SAMPLE_RATE_HZ * BUCKET_MS / 1_000 * CHANNELS) as usize;
/// A second: large enough for the pipe, small enough for the memory.
const BUCKETS_PER_READ: usize = 50;

#[derive(Debug, thiserror::Error)]
pub(crate) enum MeterFault {
    #[error("the sound could not be read")]
    Read(#[from] io::Error),
    #[error("the loudness could not be measured")]
    Loudness(#[from] ebur128::Error),
}

pub(super) struct Meter {
    enough_buckets: usize,
    buckets: Vec<Bucket>,
    loudness: LoudnessMeter,
}

impl Meter {
    /// Listens to at most `enough_buckets`, whatever the file's time stamps make of it.
    pub(super) fn new(enough_buckets: usize) -> Result<Self, MeterFault> {
        Ok(Self {
            enough_buckets,
            buckets: Vec::new(),
            loudness: LoudnessMeter::new()?,
        })
    }

    pub(super) fn has_enough(&self) -> bool {
        self.buckets.len() >= self.enough_buckets
    }

    /// Reads to the end of the stream or until there is enough. `observer` hears of every bucket once.
    pub(super) fn read(
        &mut self,
        stream: &mut dyn Read,
        told_every_buckets: usize,
        observer: &mut SoundObserver,
    ) -> Result<(), MeterFault> {
        let mut told = 0;
        each_second(stream, |samples| {
            let wanted = (self.enough_buckets - self.buckets.len()).saturating_mul(SAMPLES_PER_BUCKET);
            let samples = &samples[..samples.len().min(wanted)];
            self.loudness.push(samples)?;
            self.buckets
                .extend(samples.chunks(SAMPLES_PER_BUCKET).map(Bucket::of_samples));
            if self.buckets.len() - told >= told_every_buckets {
                told = self.tell(told, observer);
            }
            Ok(!self.has_enough())
        })?;
        self.tell(told, observer);
        Ok(())
    }

    /// How much has been told then.
    fn tell(&self, told: usize, observer: &mut SoundObserver) -> usize {
        if told < self.buckets.len() {
            observer(SoundProgress {
                first_bucket: told,
                buckets: &self.buckets[told..],
            });
        }
        self.buckets.len()
    }

    pub(super) fn finish(self) -> (Vec<Bucket>, Loudness) {
        (self.buckets, self.loudness.finish())
    }
}

/// Gives the stream to `take`, a second at a time (the last may be shorter), until its end or until `take` has
/// enough and says false.
pub(super) fn each_second(
    stream: &mut dyn Read,
    mut take: impl FnMut(&[i16]) -> Result<bool, MeterFault>,
) -> Result<(), MeterFault> {
    let mut bytes = vec![0; BUCKETS_PER_READ * SAMPLES_PER_BUCKET * 2];
    let mut samples = Vec::with_capacity(bytes.len() / 2);
    loop {
        let read = fill(stream, &mut bytes)?;
        let whole = &bytes[..read - read % BYTES_PER_FRAME];
        samples.clear();
        samples.extend(
            whole
                .chunks_exact(2)
                .map(|pair| i16::from_le_bytes([pair[0], pair[1]])),
        );
        if !take(&samples)? || read < bytes.len() {
            return Ok(());
        }
    }
}

/// As much as fits or as there is.
fn fill(stream: &mut dyn Read, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < bytes.len() {
        match stream.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
