//! The samples of a track, timed as a player shows them.

use super::{IndexFault, Track, table::StoredSample};

/// One sample: a frame of a picture track, a packet of a sound track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// In the file; where it ends may lie beyond the end of a file that was cut.
    pub offset: u64,
    pub size_bytes: u32,
    /// Decoding can begin here.
    pub is_key: bool,
    /// Left out by the edit list: to be decoded, not to be shown.
    pub is_hidden: bool,
    /// Which sample entry describes it, counted from 1.
    pub description: u16,
    /// In the track's timescale; 0 is the first frame that is shown. Negative before it.
    pub decode_ticks: i64,
    pub shown_ticks: i64,
}

impl Sample {
    /// The first byte after it.
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(u64::from(self.size_bytes))
    }
}

/// All samples of a track.
#[derive(Debug, Clone)]
pub struct SampleTable {
    pub timescale: u32,
    /// In the order of decoding.
    pub samples: Vec<Sample>,
    /// Places in `samples` of those that are shown, in the order of showing.
    pub shown: Vec<u32>,
    /// When the last shown one ends.
    pub end_ticks: i64,
    /// How much later than the movie itself the track begins; the time of its 0 on the movie's time line.
    pub start_us: u64,
}

impl SampleTable {
    /// Applies the edit list as ffmpeg does: a sample whose time lies outside the part is not shown.
    pub(super) fn shown_by(track: &Track, stored: Vec<StoredSample>) -> Result<Self, IndexFault> {
        let mut parts = track.edits.iter().skip_while(|edit| edit.media_time.is_none());
        let part = parts.next();
        if parts.next().is_some() {
            return Err(IndexFault::SeveralEdits);
        }
        let waiting: u64 = track
            .edits
            .iter()
            .take_while(|edit| edit.media_time.is_none())
            .fold(0, |sum, edit| sum.saturating_add(edit.length));
        let from = part
            .and_then(|part| part.media_time)
            .map_or(i64::MIN, |time| i64::try_from(time).unwrap_or(i64::MAX));
        // A length of zero reaches to the end.
        let to = part.filter(|part| part.length > 0).map_or(i64::MAX, |part| {
            let length = rescaled(i128::from(part.length), track.movie_timescale, track.timescale);
            from.saturating_add(length)
        });
        let is_shown = |sample: &StoredSample| (from..to).contains(&sample.composed_ticks);
        let mut shown: Vec<u32> = (0_u32..)
            .zip(&stored)
            .filter(|(_, sample)| is_shown(sample))
            .map(|(place, _)| place)
            .collect();
        shown.sort_by_key(|place| stored_at(&stored, *place).map(|sample| sample.composed_ticks));
        let first = shown.first().and_then(|place| stored_at(&stored, *place));
        let zero = first.map_or(0, |sample| sample.composed_ticks);
        let end = shown
            .last()
            .and_then(|place| stored_at(&stored, *place))
            .map_or(0, |sample| sample.composed_ticks + i64::from(sample.length_ticks))
            .min(to);
        // What lies between the part's beginning and its first sample is waiting, too.
        let late_ticks = if part.is_some() {
            zero.saturating_sub(from)
        } else {
            zero
        };
        let start_us = us(i128::from(waiting), track.movie_timescale)
            .saturating_add(us(i128::from(late_ticks), track.timescale));
        let samples = stored
            .iter()
            .map(|sample| Sample {
                offset: sample.offset,
                size_bytes: sample.size_bytes,
                is_key: sample.is_key,
                is_hidden: !is_shown(sample),
                description: sample.description,
                decode_ticks: sample.decode_ticks - zero,
                shown_ticks: sample.composed_ticks - zero,
            })
            .collect();
        Ok(Self {
            timescale: track.timescale,
            samples,
            shown,
            end_ticks: end.saturating_sub(zero),
            start_us,
        })
    }

    /// The samples that are shown, in the order of showing, with their places in the order of decoding.
    pub fn in_shown_order(&self) -> impl DoubleEndedIterator<Item = (usize, &Sample)> {
        self.shown.iter().filter_map(|place| {
            let place = usize::try_from(*place).ok()?;
            Some((place, self.samples.get(place)?))
        })
    }

    /// When a sample is shown, in microseconds from the first frame; 0 for what is hidden before it.
    pub fn at_us(&self, sample: &Sample) -> u64 {
        us(i128::from(sample.shown_ticks), self.timescale)
    }

    /// From the first shown frame to the end of the last one.
    pub fn duration_us(&self) -> u64 {
        us(i128::from(self.end_ticks), self.timescale)
    }

    /// The times of the keyframes that are shown, ascending: where cuts without re-encoding can begin.
    pub fn keyframes_us(&self) -> Vec<u64> {
        self.in_shown_order()
            .filter(|(_, sample)| sample.is_key)
            .map(|(_, sample)| self.at_us(sample))
            .collect()
    }

    /// Where decoding must begin for the sample at `place` to come out right: the last key before it in the
    /// order of decoding that is not shown after it. Frames of an open group that are shown before their key
    /// need the key before that. The first sample when there is none.
    pub fn decoding_start(&self, place: usize) -> usize {
        let Some(target) = self.samples.get(place) else {
            return 0;
        };
        let before = self.samples.get(..=place).unwrap_or_default();
        before
            .iter()
            .rposition(|sample| sample.is_key && sample.shown_ticks <= target.shown_ticks)
            .unwrap_or(0)
    }
}

fn stored_at(stored: &[StoredSample], place: u32) -> Option<&StoredSample> {
    stored.get(usize::try_from(place).ok()?)
}

/// Microseconds to the nearest; 0 below zero.
fn us(ticks: i128, timescale: u32) -> u64 {
    u64::try_from(rescaled(ticks, timescale, 1_000_000)).unwrap_or(0)
}

fn rescaled(ticks: i128, from_timescale: u32, to_timescale: u32) -> i64 {
    let from = i128::from(from_timescale.max(1));
    let product = ticks * i128::from(to_timescale);
    i64::try_from((product + from / 2).div_euclid(from)).unwrap_or(i64::MAX)
}
