//! HEVC keyframes taken out of their order. Most are CRA pictures, of which a decoder that is already running
//! drops what it takes for repetitions; renamed to BLA and followed by an end of sequence each is a beginning of its
//! own (MEDIA.md §4a).

use crate::{boxes::children, index::Track};

const CRA_NUT: u8 = 21;
const BLA_N_LP: u8 = 18;
/// A visual sample entry's own fields, before its boxes.
const VISUAL_ENTRY_BYTES: usize = 78;

#[derive(Debug, Clone, Copy)]
pub(super) struct Hevc {
    pub begin_cleanly: fn(&mut [u8]),
    pub end_of_sequence: &'static [u8],
}

/// `None` for other codecs.
pub(super) fn of(track: &Track) -> Option<Hevc> {
    let (_, entry) = track
        .descriptions()
        .find(|(tag, _)| matches!(tag, b"hvc1" | b"hev1" | b"dvh1" | b"dvhe"))?;
    let (_, configuration) = children(entry.get(VISUAL_ENTRY_BYTES..)?).find(|(name, _)| name == b"hvcC")?;
    match configuration.get(21)? & 3 {
        0 => Some(Hevc {
            begin_cleanly: begin_cleanly::<1>,
            end_of_sequence: &[2, 0x48, 1],
        }),
        1 => Some(Hevc {
            begin_cleanly: begin_cleanly::<2>,
            end_of_sequence: &[0, 2, 0x48, 1],
        }),
        3 => Some(Hevc {
            begin_cleanly: begin_cleanly::<4>,
            end_of_sequence: &[0, 0, 0, 2, 0x48, 1],
        }),
        _ => None,
    }
}

/// Each unit stands behind its length in `LENGTH` bytes. Stops at a length that does not fit.
fn begin_cleanly<const LENGTH: usize>(sample: &mut [u8]) {
    let mut at = 0;
    while let Some(length) = sample.get(at..at + LENGTH) {
        let length = length
            .iter()
            .fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        let Some(header) = sample.get_mut(at + LENGTH) else {
            return;
        };
        if *header >> 1 & 0x3F == CRA_NUT {
            *header = *header & 0x81 | BLA_N_LP << 1;
        }
        at += LENGTH + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slice_of_a_clean_random_access_picture_is_renamed_and_nothing_else() {
        // A parameter set, two slices of a CRA picture, something cut off.
        let mut sample = vec![
            0,
            0,
            0,
            3,
            32 << 1,
            1,
            42 << 1,
            0,
            0,
            0,
            3,
            21 << 1,
            1,
            7,
            0,
            0,
            0,
            2,
        ];
        sample.extend([21 << 1, 1, 0, 0]);
        let mut expected = sample.clone();
        (expected[11], expected[18]) = (18 << 1, 18 << 1);
        begin_cleanly::<4>(&mut sample);
        assert_eq!(sample, expected);
    }

    #[test]
    fn a_length_beyond_the_sample_ends_the_walk() {
        let mut sample = vec![0xFF, 0xFF, 0xFF, 0xF0, 21 << 1];
        begin_cleanly::<4>(&mut sample);
        assert_eq!(sample[4], 18 << 1);
    }
}
