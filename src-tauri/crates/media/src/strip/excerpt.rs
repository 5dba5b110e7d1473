//! Runs of frames as one small movie. Its times are numbers of our own, by which a picture that comes out is known
//! again.

use std::ops::RangeInclusive;

use crate::{
    index::{ExcerptSample, Sample, excerpt_header},
    picture_pipe::{Feed, Piece},
};

use super::{film::Film, hevc};

/// Places in the order of decoding; begins where decoding can.
pub(crate) type Run = RangeInclusive<usize>;

pub(crate) struct Excerpt {
    pub feed: Feed,
    /// Which frame has the n-th time.
    places: Vec<Option<usize>>,
    step_ticks: u64,
    timescale: u32,
}

impl Excerpt {
    /// Frames that are not wholly in the file end their run.
    pub(crate) fn of(film: &Film, runs: &[Run]) -> Self {
        let parts: Vec<Part<'_>> = runs.iter().filter_map(|run| Part::of(film, run)).collect();
        let orders: Vec<Vec<usize>> = parts.iter().map(|part| shown_order(part.samples)).collect();
        // So much later than decoded must everything be shown that nothing is shown before it is decoded.
        let latest = orders
            .iter()
            .flat_map(|order| {
                order
                    .iter()
                    .enumerate()
                    .map(|(rank, decoded)| decoded.saturating_sub(rank))
            })
            .max()
            .unwrap_or(0);
        let hevc = hevc::of(&film.track);
        // Ten frames a second, so that nobody thinks of odd rates.
        let step_ticks = u64::from(film.track.timescale / 10).max(1);
        let (mut chosen, mut pieces, mut places) = (Vec::new(), Vec::new(), vec![None; latest]);
        for (part, order) in parts.iter().zip(&orders) {
            let samples = part.samples;
            let base = chosen.len();
            let mut ranks = vec![0; samples.len()];
            for (rank, decoded) in order.iter().enumerate() {
                places.push(Some(part.first + decoded));
                if let Some(place) = ranks.get_mut(*decoded) {
                    *place = rank;
                }
            }
            for (decoded, (sample, rank)) in samples.iter().zip(ranks).enumerate() {
                let is_last = decoded + 1 == samples.len();
                let tail = hevc
                    .filter(|_| is_last)
                    .map_or(&[][..], |hevc| hevc.end_of_sequence);
                pieces.push(Piece {
                    offset: sample.offset,
                    size_bytes: sample.size_bytes,
                    rewrite: hevc.filter(|_| decoded == 0).map(|hevc| hevc.begin_cleanly),
                    tail,
                });
                let later = u64::try_from(rank + latest - decoded).unwrap_or(0) * step_ticks;
                chosen.push(ExcerptSample {
                    size_bytes: sample.size_bytes + u32::try_from(tail.len()).unwrap_or(0),
                    is_key: sample.is_key,
                    description: sample.description,
                    decode_ticks: u64::try_from(base + decoded).unwrap_or(0) * step_ticks,
                    composition_ticks: u32::try_from(later).unwrap_or(u32::MAX),
                });
            }
        }
        Self {
            feed: Feed {
                path: film.path.clone(),
                head: excerpt_header(&film.track, &chosen),
                pieces,
            },
            places,
            step_ticks,
            timescale: film.track.timescale,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.feed.pieces.is_empty()
    }

    /// The place (in the order of decoding) of the frame that came out with this time.
    pub(crate) fn place_of(&self, at_us: i64) -> Option<usize> {
        let step_us = i128::from(self.step_ticks) * 1_000_000 / i128::from(self.timescale);
        let number = (i128::from(at_us) + step_us / 2).div_euclid(step_us.max(1));
        self.places.get(usize::try_from(number).ok()?).copied().flatten()
    }
}

/// Samples that follow each other in the order of decoding.
struct Part<'a> {
    /// The place of the first one.
    first: usize,
    samples: &'a [Sample],
}

impl<'a> Part<'a> {
    /// The samples of a run up to the first that is not wholly there.
    fn of(film: &'a Film, run: &Run) -> Option<Self> {
        let samples = film.table.samples.get(run.clone())?;
        let length = samples.iter().take_while(|sample| film.is_whole(sample)).count();
        (length > 0).then(|| Self {
            first: *run.start(),
            samples: &samples[..length],
        })
    }
}

/// Numbers within the run, by the time of showing.
fn shown_order(samples: &[Sample]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..samples.len()).collect();
    order.sort_by_key(|number| samples.get(*number).map(|sample| sample.shown_ticks));
    order
}
