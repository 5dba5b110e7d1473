//! Where the samples of a track lie in the file.

use super::index::{child, u32_at, u64_at};

/// What the size, chunk and offset tables say together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Samples {
    pub count: u64,
    pub data_bytes: u64,
    /// The number of the first sample, in storage order, that does not lie wholly in the file.
    pub first_missing: Option<u64>,
    /// Where the last chunk starts.
    pub last_chunk_offset: u64,
}

/// `None` when the tables contradict each other or hold less than they claim: nothing certain can be said then.
pub(super) fn read(sample_table: &[u8], size_bytes: u64) -> Option<Samples> {
    let sizes = Sizes::read(child(sample_table, b"stsz")?)?;
    let offsets = chunk_offsets(sample_table)?;
    let runs = chunk_runs(child(sample_table, b"stsc")?, offsets.len())?;
    let mut samples = Samples {
        count: sizes.count,
        ..Samples::default()
    };
    let mut number = 0_u64;
    let mut chunks = offsets.iter();
    for (chunk_count, samples_per_chunk) in runs {
        for offset in chunks.by_ref().take(chunk_count) {
            samples.last_chunk_offset = samples.last_chunk_offset.max(*offset);
            let here = samples_per_chunk.min(sizes.count.saturating_sub(number));
            let length = sizes.sum(number, here)?;
            samples.data_bytes = samples.data_bytes.checked_add(length)?;
            if offset.checked_add(length)? > size_bytes {
                let missing = sizes.first_beyond(number, here, size_bytes.saturating_sub(*offset));
                samples.first_missing = Some(samples.first_missing.unwrap_or(missing).min(missing));
            }
            number += here;
        }
    }
    (number == sizes.count).then_some(samples)
}

/// `stsz`: one size for all, or one for each.
struct Sizes<'a> {
    count: u64,
    same: Option<u64>,
    each: &'a [u8],
}

impl<'a> Sizes<'a> {
    fn read(table: &'a [u8]) -> Option<Self> {
        let count = u32_at(table, 8)?;
        let same = u32_at(table, 4).filter(|size| *size > 0).map(u64::from);
        let each = table.get(12..)?;
        let held = u64::try_from(each.len() / 4).ok()?;
        (same.is_some() || held >= u64::from(count)).then_some(Self {
            count: u64::from(count),
            same,
            each,
        })
    }

    fn of(&self, number: u64) -> u64 {
        usize::try_from(number * 4)
            .ok()
            .and_then(|at| u32_at(self.each, at))
            .map_or(0, u64::from)
    }

    fn sum(&self, from: u64, count: u64) -> Option<u64> {
        match self.same {
            Some(size) => size.checked_mul(count),
            // At most 2^32 sizes of at most 2^32.
            None => Some((from..from + count).map(|number| self.of(number)).sum()),
        }
    }

    /// The first of `count` samples that ends later than `room_bytes` after the start of sample `from`.
    fn first_beyond(&self, from: u64, count: u64, room_bytes: u64) -> u64 {
        if let Some(size) = self.same {
            return from + (room_bytes / size).min(count);
        }
        let mut end = 0_u64;
        (from..from + count)
            .find(|number| {
                end += self.of(*number);
                end > room_bytes
            })
            .unwrap_or(from + count)
    }
}

fn chunk_offsets(sample_table: &[u8]) -> Option<Vec<u64>> {
    let (table, width) = match child(sample_table, b"stco") {
        Some(table) => (table, 4),
        None => (child(sample_table, b"co64")?, 8),
    };
    let claimed = usize::try_from(u32_at(table, 4)?).ok()?;
    let entries = table.get(8..)?.chunks_exact(width);
    if entries.len() < claimed {
        return None;
    }
    entries
        .take(claimed)
        .map(|entry| {
            if width == 4 {
                u32_at(entry, 0).map(u64::from)
            } else {
                u64_at(entry, 0)
            }
        })
        .collect()
}

/// `stsc` as (number of chunks, samples in each), covering `chunks` chunks.
fn chunk_runs(table: &[u8], chunks: usize) -> Option<Vec<(usize, u64)>> {
    let claimed = usize::try_from(u32_at(table, 4)?).ok()?;
    let entries: Vec<(usize, u64)> = table
        .get(8..)?
        .chunks_exact(12)
        .take(claimed)
        .map(|entry| {
            let first = usize::try_from(u32_at(entry, 0)?).ok()?.checked_sub(1)?;
            Some((first, u64::from(u32_at(entry, 4)?)))
        })
        .collect::<Option<_>>()?;
    if entries.len() < claimed || entries.first().is_some_and(|(first, _)| *first > 0) {
        return None;
    }
    let ends = entries.iter().skip(1).map(|(first, _)| *first).chain([chunks]);
    entries
        .iter()
        .zip(ends)
        .map(|((first, samples), end)| Some((end.checked_sub(*first)?, *samples)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &[u8; 4], words: &[u32]) -> Vec<u8> {
        let length = u32::try_from(12 + words.len() * 4).unwrap();
        let mut bytes = length.to_be_bytes().to_vec();
        bytes.extend(name);
        bytes.extend([0; 4]);
        bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        bytes
    }

    /// Two chunks of two samples and one of one: 10, 20 | 30, 40 | 50 bytes at 100, 200 and 300.
    fn five_samples() -> Vec<u8> {
        [
            table(b"stsz", &[0, 5, 10, 20, 30, 40, 50]),
            table(b"stsc", &[2, 1, 2, 1, 3, 1, 1]),
            table(b"stco", &[3, 100, 200, 300]),
        ]
        .concat()
    }

    #[test]
    fn a_whole_file_misses_nothing() {
        let samples = read(&five_samples(), 350).unwrap();
        assert_eq!((samples.count, samples.data_bytes), (5, 150));
        assert_eq!((samples.first_missing, samples.last_chunk_offset), (None, 300));
    }

    #[test]
    fn the_first_sample_that_reaches_beyond_the_end_is_found() {
        for (size_bytes, missing) in [(349, 4), (300, 4), (269, 3), (229, 2), (129, 1), (100, 0), (0, 0)] {
            let samples = read(&five_samples(), size_bytes).unwrap();
            assert_eq!(samples.first_missing, Some(missing), "{size_bytes} bytes");
        }
    }

    #[test]
    fn samples_of_one_size_are_not_walked_one_by_one() {
        let table = [
            table(b"stsz", &[2, 0xFFFF_FFF0]),
            table(b"stsc", &[1, 1, 0xFFFF_FFF0, 1]),
            table(b"stco", &[1, 100]),
        ]
        .concat();
        assert_eq!(read(&table, 120).unwrap().first_missing, Some(10));
    }

    #[test]
    fn a_table_that_holds_less_than_it_claims_says_nothing() {
        let mut bytes = five_samples();
        bytes[16..20].copy_from_slice(&0xFFFF_FFF0_u32.to_be_bytes());
        assert_eq!(read(&bytes, 350), None);
    }
}
