//! One `trak`: its kind, its times, and its boxes as they are.

use crate::boxes::{Edit, child, children, edit_list, is_protected, u32_at};

use super::{IndexFault, samples::SampleTable, table};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackKind {
    Picture,
    Sound,
    /// Subtitles, timecode, chapters and what else there is.
    Other,
}

/// A track without its sample table, which [`Track::samples`] unfolds.
#[derive(Debug, Clone)]
pub struct Track {
    pub track_id: u32,
    pub kind: TrackKind,
    /// Ticks per second of the track's own times; at least 1.
    pub timescale: u32,
    /// Of the first sample entry, such as `avc1`, `hvc1`, `mp4a`.
    pub codec_tag: [u8; 4],
    pub(super) boxes: TrackBoxes,
    pub(super) edits: Vec<Edit>,
    pub(super) movie_timescale: u32,
    pub(super) movie_size_bytes: u64,
    /// The body of `stbl`.
    sample_table: Vec<u8>,
    external: bool,
    protected: bool,
    fragmented: bool,
}

/// Whole boxes, header and all, to build another movie around the same samples.
#[derive(Debug, Clone, Default)]
pub(super) struct TrackBoxes {
    /// Of the movie as a whole, which turns all tracks; 36 bytes, or none.
    pub movie_matrix: Vec<u8>,
    pub track_header: Vec<u8>,
    pub media_header: Vec<u8>,
    pub handler: Vec<u8>,
    /// `vmhd`, `smhd`, `gmhd` or `nmhd`.
    pub kind_header: Vec<u8>,
    pub data_information: Vec<u8>,
    pub descriptions: Vec<u8>,
}

impl Track {
    pub(super) fn parse(track: &[u8], movie_timescale: u32, movie_size_bytes: u64, fragmented: bool) -> Self {
        let media = child(track, b"mdia").unwrap_or_default();
        let information = child(media, b"minf").unwrap_or_default();
        let sample_table = child(information, b"stbl").unwrap_or_default();
        // `tkhd` and `mdhd`: version and flags, two times of 32 or 64 bits, then the id or the timescale.
        let after_times = |header: &[u8]| u32_at(header, if header.first() == Some(&1) { 20 } else { 12 });
        let kind = match child(media, b"hdlr").and_then(|handler| handler.get(8..12)) {
            Some(b"vide") => TrackKind::Picture,
            Some(b"soun") => TrackKind::Sound,
            _ => TrackKind::Other,
        };
        let kind_header = [b"vmhd", b"smhd", b"gmhd", b"nmhd"]
            .into_iter()
            .map(|name| whole(information, name))
            .find(|found| !found.is_empty())
            .unwrap_or_default();
        let descriptions = child(sample_table, b"stsd").unwrap_or_default();
        let entries = || children(descriptions.get(8..).unwrap_or_default());
        Self {
            track_id: child(track, b"tkhd").and_then(after_times).unwrap_or(0),
            kind,
            timescale: child(media, b"mdhd").and_then(after_times).unwrap_or(1).max(1),
            codec_tag: entries().next().map_or(*b"    ", |(name, _)| name),
            boxes: TrackBoxes {
                movie_matrix: Vec::new(),
                track_header: whole(track, b"tkhd"),
                media_header: whole(media, b"mdhd"),
                handler: whole(media, b"hdlr"),
                kind_header,
                data_information: whole(information, b"dinf"),
                descriptions: whole(sample_table, b"stsd"),
            },
            edits: child(track, b"edts")
                .and_then(|edits| child(edits, b"elst"))
                .map(edit_list)
                .unwrap_or_default(),
            movie_timescale,
            movie_size_bytes,
            sample_table: sample_table.to_vec(),
            external: is_external(information, entries()),
            protected: is_protected(descriptions),
            fragmented,
        }
    }

    /// Where every sample lies and when it is shown. Costs about 32 bytes of memory for each.
    ///
    /// # Errors
    /// When the table is not one to go by; see [`IndexFault`].
    pub fn samples(&self) -> Result<SampleTable, IndexFault> {
        if self.fragmented {
            return Err(IndexFault::Fragmented);
        }
        if self.protected {
            return Err(IndexFault::Protected);
        }
        if self.external {
            return Err(IndexFault::External);
        }
        let stored = table::read(&self.sample_table, self.movie_size_bytes)?;
        SampleTable::shown_by(self, stored)
    }

    /// The sample entries: codec tag and body of each.
    pub(crate) fn descriptions(&self) -> impl Iterator<Item = ([u8; 4], &[u8])> {
        // Whole box: its header, then version, flags and count.
        children(self.boxes.descriptions.get(16..).unwrap_or_default())
    }
}

/// The box with its header, or nothing.
fn whole(parent: &[u8], name: &[u8; 4]) -> Vec<u8> {
    let Some(body) = child(parent, name) else {
        return Vec::new();
    };
    // A box inside `moov`, which is bounded, never needs the 64-bit length.
    let length = u32::try_from(body.len() + 8).unwrap_or(u32::MAX);
    [length.to_be_bytes().as_slice(), name, body].concat()
}

/// True when a sample entry names a data reference that is not this very file.
fn is_external<'a>(information: &[u8], entries: impl Iterator<Item = ([u8; 4], &'a [u8])>) -> bool {
    let Some(references) = child(information, b"dinf").and_then(|dinf| child(dinf, b"dref")) else {
        return false;
    };
    let own: Vec<bool> = children(references.get(8..).unwrap_or_default())
        .map(|(_, body)| body.get(3).is_some_and(|flags| flags & 1 == 1))
        .collect();
    entries
        .filter_map(|(_, body)| body.get(6..8)?.first_chunk::<2>().copied())
        .map(|number| usize::from(u16::from_be_bytes(number)))
        .any(|number| number > 0 && own.get(number - 1) == Some(&false))
}
