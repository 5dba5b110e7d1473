//! The boxes of `stbl` unfolded: one entry for each sample, in the order of decoding.

use crate::boxes::{child, u32_at, u64_at};

use super::IndexFault;

/// More samples than four hours of video at 60 frames per second have.
const SAMPLES_MAX: usize = 1 << 20;

/// A sample as stored, before the edit list.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredSample {
    pub offset: u64,
    pub size_bytes: u32,
    pub is_key: bool,
    /// Which sample entry describes it, counted from 1.
    pub description: u16,
    pub decode_ticks: i64,
    pub composed_ticks: i64,
    /// How long it lasts in the order of decoding.
    pub length_ticks: u32,
}

/// # Errors
/// `Broken` when a table is missing, shorter than it claims, or does not cover all samples; `TooLarge` above
/// [`SAMPLES_MAX`].
pub(super) fn read(sample_table: &[u8], movie_size_bytes: u64) -> Result<Vec<StoredSample>, IndexFault> {
    let mut samples = sizes(sample_table, movie_size_bytes)?;
    place(&mut samples, sample_table)?;
    time(&mut samples, sample_table)?;
    compose(&mut samples, sample_table);
    mark_keys(&mut samples, sample_table);
    Ok(samples)
}

/// The records of a table that starts with `head` bytes, as many as it claims; nothing when it holds fewer.
fn records(table: &[u8], head: usize, record: usize) -> Option<std::slice::ChunksExact<'_, u8>> {
    let claimed = usize::try_from(u32_at(table, head - 4)?).ok()?;
    let bytes = table.get(head..)?.get(..claimed.checked_mul(record)?)?;
    Some(bytes.chunks_exact(record))
}

fn sizes(sample_table: &[u8], movie_size_bytes: u64) -> Result<Vec<StoredSample>, IndexFault> {
    let sample = |size_bytes| StoredSample {
        offset: 0,
        size_bytes,
        is_key: true,
        description: 1,
        decode_ticks: 0,
        composed_ticks: 0,
        length_ticks: 0,
    };
    if let Some(table) = child(sample_table, b"stsz") {
        let each_bytes = u32_at(table, 4).unwrap_or(0);
        if each_bytes > 0 {
            let count = u32_at(table, 8).unwrap_or(0);
            if u64::from(count).saturating_mul(u64::from(each_bytes)) > movie_size_bytes {
                return Err(IndexFault::Broken("more samples than the file has room for"));
            }
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            if count > SAMPLES_MAX {
                return Err(IndexFault::TooLarge);
            }
            return Ok(vec![sample(each_bytes); count]);
        }
        let entries = records(table, 12, 4).ok_or(IndexFault::Broken("stsz claims more than it holds"))?;
        if entries.len() > SAMPLES_MAX {
            return Err(IndexFault::TooLarge);
        }
        return Ok(entries
            .map(|entry| sample(u32_at(entry, 0).unwrap_or(0)))
            .collect());
    }
    // The compact form has fields of 4, 8 or 16 bits; only the latter two are ever written.
    let table = child(sample_table, b"stz2").ok_or(IndexFault::Broken("no sample sizes"))?;
    let width = match table.get(7) {
        Some(8) => 1,
        Some(16) => 2,
        _ => return Err(IndexFault::Broken("sample sizes of an unknown width")),
    };
    let entries = records(table, 12, width).ok_or(IndexFault::Broken("stz2 claims more than it holds"))?;
    if entries.len() > SAMPLES_MAX {
        return Err(IndexFault::TooLarge);
    }
    let size = |entry: &[u8]| entry.iter().fold(0, |size, byte| size << 8 | u32::from(*byte));
    Ok(entries.map(|entry| sample(size(entry))).collect())
}

/// From chunks: where each sample starts.
fn place(samples: &mut [StoredSample], sample_table: &[u8]) -> Result<(), IndexFault> {
    let offsets: Vec<u64> = if let Some(table) = child(sample_table, b"stco") {
        let entries = records(table, 8, 4).ok_or(IndexFault::Broken("stco claims more than it holds"))?;
        entries
            .filter_map(|entry| u32_at(entry, 0))
            .map(u64::from)
            .collect()
    } else {
        let table = child(sample_table, b"co64").ok_or(IndexFault::Broken("no chunk offsets"))?;
        let entries = records(table, 8, 8).ok_or(IndexFault::Broken("co64 claims more than it holds"))?;
        entries.filter_map(|entry| u64_at(entry, 0)).collect()
    };
    let runs: Vec<[u32; 3]> = child(sample_table, b"stsc")
        .and_then(|table| records(table, 8, 12))
        .ok_or(IndexFault::Broken("stsc is missing or claims more than it holds"))?
        .filter_map(|entry| Some([u32_at(entry, 0)?, u32_at(entry, 4)?, u32_at(entry, 8)?]))
        .collect();
    if !runs.is_sorted_by_key(|[first, ..]| *first) {
        return Err(IndexFault::Broken("stsc is not in order"));
    }
    let mut left = samples.iter_mut();
    let mut run = 0;
    for (number, chunk_offset) in (1_u32..).zip(offsets) {
        while runs.get(run + 1).is_some_and(|[first, ..]| *first <= number) {
            run += 1;
        }
        let Some([first, per_chunk, description]) = runs.get(run).copied() else {
            break;
        };
        if first > number {
            return Err(IndexFault::Broken("stsc does not begin with the first chunk"));
        }
        let mut offset = chunk_offset;
        for _ in 0..per_chunk {
            let Some(sample) = left.next() else { return Ok(()) };
            sample.offset = offset;
            sample.description = u16::try_from(description).unwrap_or(1);
            offset = offset.saturating_add(u64::from(sample.size_bytes));
        }
    }
    if left.next().is_some() {
        return Err(IndexFault::Broken("the chunks do not hold all samples"));
    }
    Ok(())
}

fn time(samples: &mut [StoredSample], sample_table: &[u8]) -> Result<(), IndexFault> {
    let runs = child(sample_table, b"stts")
        .and_then(|table| records(table, 8, 8))
        .ok_or(IndexFault::Broken("stts is missing or claims more than it holds"))?;
    let mut left = samples.iter_mut();
    let mut now = 0_i64;
    for run in runs {
        let (count, length_ticks) = (u32_at(run, 0).unwrap_or(0), u32_at(run, 4).unwrap_or(0));
        for _ in 0..count {
            let Some(sample) = left.next() else { return Ok(()) };
            (sample.decode_ticks, sample.composed_ticks) = (now, now);
            sample.length_ticks = length_ticks;
            // A million samples of 32 bits each: no overflow.
            now += i64::from(length_ticks);
        }
    }
    if left.next().is_some() {
        return Err(IndexFault::Broken("the times do not cover all samples"));
    }
    Ok(())
}

/// `ctts`. Written signed even in version 0, and read so by everybody. A broken one is ignored, as in ffmpeg.
fn compose(samples: &mut [StoredSample], sample_table: &[u8]) {
    let Some(runs) = child(sample_table, b"ctts").and_then(|table| records(table, 8, 8)) else {
        return;
    };
    let mut left = samples.iter_mut();
    for run in runs {
        let offset = u32_at(run, 4).unwrap_or(0).cast_signed();
        for _ in 0..u32_at(run, 0).unwrap_or(0) {
            let Some(sample) = left.next() else { return };
            sample.composed_ticks = sample.decode_ticks + i64::from(offset);
        }
    }
}

/// Without `stss` every sample is a key.
fn mark_keys(samples: &mut [StoredSample], sample_table: &[u8]) {
    let Some(table) = child(sample_table, b"stss") else {
        return;
    };
    for sample in samples.iter_mut() {
        sample.is_key = false;
    }
    for entry in records(table, 8, 4).into_iter().flatten() {
        let place = u32_at(entry, 0)
            .and_then(|number| number.checked_sub(1))
            .and_then(|place| usize::try_from(place).ok());
        if let Some(sample) = place.and_then(|place| samples.get_mut(place)) {
            sample.is_key = true;
        }
    }
}
