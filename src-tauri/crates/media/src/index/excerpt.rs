//! A movie of one track and some of its samples, so that a decoder reads nothing else (MEDIA.md §4a).

use super::Track;

/// A sample of an excerpt. Its bytes follow the header in the order given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExcerptSample {
    pub size_bytes: u32,
    pub is_key: bool,
    /// Which of the track's sample entries describes it, counted from 1.
    pub description: u16,
    /// In the track's timescale; never less than the one before.
    pub decode_ticks: u64,
    /// How much later it is shown.
    pub composition_ticks: u32,
}

/// Everything of an MP4 up to the bytes of its samples, which must follow at once and in this order. The boxes
/// that describe the track are the track's own; there is no edit list.
pub fn excerpt_header(track: &Track, samples: &[ExcerptSample]) -> Vec<u8> {
    let file_type = boxed(b"ftyp", &[b"isom", &0x200_u32.to_be_bytes(), b"isom", b"mp42"]);
    // The place of the first sample depends on the length of the index, which does not depend on the place.
    let index_bytes = movie(track, samples, 0).len();
    let data_at = file_type.len() + index_bytes + 16;
    let index = movie(track, samples, u64::try_from(data_at).unwrap_or(u64::MAX));
    let data_bytes: u64 = samples.iter().map(|sample| u64::from(sample.size_bytes)).sum();
    let data_head = [
        1_u32.to_be_bytes().as_slice(),
        b"mdat",
        &(data_bytes + 16).to_be_bytes(),
    ]
    .concat();
    [file_type, index, data_head].concat()
}

fn movie(track: &Track, samples: &[ExcerptSample], data_at: u64) -> Vec<u8> {
    let boxes = &track.boxes;
    let table = boxed(
        b"stbl",
        &[
            &boxes.descriptions,
            &times(samples),
            &compositions(samples),
            &keys(samples),
            &chunks(samples),
            &sizes(samples),
            &chunk_offsets(samples, data_at),
        ],
    );
    let information = boxed(b"minf", &[&boxes.kind_header, &boxes.data_information, &table]);
    let media = boxed(b"mdia", &[&boxes.media_header, &boxes.handler, &information]);
    let trak = boxed(b"trak", &[&boxes.track_header, &media]);
    boxed(b"moov", &[&movie_header(&boxes.movie_matrix), &trak])
}

/// `matrix` as in the movie; as it is when there is none.
fn movie_header(matrix: &[u8]) -> Vec<u8> {
    let mut body = vec![0; 12];
    body.extend(1000_u32.to_be_bytes());
    body.extend([0; 4]);
    body.extend(0x0001_0000_u32.to_be_bytes());
    body.extend(0x0100_0000_u32.to_be_bytes());
    body.extend([0; 8]);
    if matrix.len() == 36 {
        body.extend(matrix);
    } else {
        for cell in [0x0001_0000_u32, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] {
            body.extend(cell.to_be_bytes());
        }
    }
    body.extend([0; 24]);
    body.extend(u32::MAX.to_be_bytes());
    boxed(b"mvhd", &[&body])
}

fn times(samples: &[ExcerptSample]) -> Vec<u8> {
    let lengths = samples.iter().zip(samples.iter().skip(1)).map(|(this, next)| {
        let length = next.decode_ticks.saturating_sub(this.decode_ticks);
        u32::try_from(length).unwrap_or(u32::MAX)
    });
    // The last one lasts as long as you like.
    runs_box(b"stts", lengths.chain(samples.last().map(|_| 1)))
}

fn compositions(samples: &[ExcerptSample]) -> Vec<u8> {
    if samples.iter().all(|sample| sample.composition_ticks == 0) {
        return Vec::new();
    }
    runs_box(b"ctts", samples.iter().map(|sample| sample.composition_ticks))
}

/// A table of counted values.
fn runs_box(name: &[u8; 4], values: impl Iterator<Item = u32>) -> Vec<u8> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for value in values {
        match runs.last_mut() {
            Some((count, last)) if *last == value => *count += 1,
            _ => runs.push((1, value)),
        }
    }
    counted(
        name,
        runs.iter().flat_map(|(count, value)| [*count, *value]),
        runs.len(),
    )
}

fn keys(samples: &[ExcerptSample]) -> Vec<u8> {
    let keys: Vec<u32> = (1_u32..)
        .zip(samples)
        .filter(|(_, sample)| sample.is_key)
        .map(|(number, _)| number)
        .collect();
    counted(b"stss", keys.iter().copied(), keys.len())
}

/// One chunk for each run of samples with the same description.
fn chunk_runs(samples: &[ExcerptSample]) -> impl Iterator<Item = &[ExcerptSample]> {
    samples.chunk_by(|one, next| one.description == next.description)
}

fn chunks(samples: &[ExcerptSample]) -> Vec<u8> {
    let entries: Vec<[u32; 3]> = (1_u32..)
        .zip(chunk_runs(samples))
        .filter_map(|(number, run)| {
            let count = u32::try_from(run.len()).ok()?;
            Some([number, count, u32::from(run.first()?.description)])
        })
        .collect();
    counted(b"stsc", entries.iter().flatten().copied(), entries.len())
}

fn chunk_offsets(samples: &[ExcerptSample], data_at: u64) -> Vec<u8> {
    let mut at = data_at;
    let mut offsets = Vec::new();
    for run in chunk_runs(samples) {
        offsets.push(at);
        at += run.iter().map(|sample| u64::from(sample.size_bytes)).sum::<u64>();
    }
    let halves = offsets.iter().flat_map(|offset| {
        let [a, b, c, d, e, f, g, h] = offset.to_be_bytes();
        [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])]
    });
    counted(b"co64", halves, offsets.len())
}

fn sizes(samples: &[ExcerptSample]) -> Vec<u8> {
    let mut body = vec![0; 8];
    body.extend(u32::try_from(samples.len()).unwrap_or(u32::MAX).to_be_bytes());
    for sample in samples {
        body.extend(sample.size_bytes.to_be_bytes());
    }
    boxed(b"stsz", &[&body])
}

/// A box of version 0 with a count and that many records.
fn counted(name: &[u8; 4], words: impl Iterator<Item = u32>, count: usize) -> Vec<u8> {
    let mut body = vec![0; 4];
    body.extend(u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
    for word in words {
        body.extend(word.to_be_bytes());
    }
    boxed(name, &[&body])
}

fn boxed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let length = 8 + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut whole = Vec::with_capacity(length);
    // An index is never near four gigabytes: its samples are counted in ten thousands.
    whole.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    whole.extend(name);
    for part in parts {
        whole.extend(*part);
    }
    whole
}
