//! The sound of an MP4 or MOV by itself: its packets go to ffmpeg, the pictures between them are never read (MEDIA.md §4b).

use std::path::Path;

use crate::{
    index::{ExcerptSample, MovieIndex, SampleTable, Track, TrackKind, excerpt_header},
    picture_pipe::{Feed, Piece},
};

/// Of which a packet is one sample of the table, and of which the sample entry tells the decoder all.
const PACKED: [&[u8; 4]; 6] = [b"mp4a", b"Opus", b"ac-3", b"ec-3", b"alac", b"fLaC"];
/// More than an hour; a table of more takes too much memory to unfold.
const PACKETS_MAX: usize = 200_000;
/// What an edit list hides before the sound begins may be heard for so long: it is the codec's own delay.
const DELAY_MAX_US: u64 = 50_000;

pub(super) struct SoundFeed {
    pub feed: Feed,
    /// The edit's time 0 on the time line of what is fed, whose 0 is its first packet.
    pub zero_us: i64,
}

/// `None` when the file is none of these, or not simple enough: ffmpeg reads it as a whole then. Blocks meanwhile.
pub(super) fn sound_feed(source: &Path, picture: u32, track: u32) -> Option<SoundFeed> {
    let index = MovieIndex::read(source).ok()?;
    let sound = index.tracks.get(usize::try_from(track).ok()?)?;
    if sound.kind != TrackKind::Sound || !PACKED.contains(&&sound.codec_tag) {
        return None;
    }
    let pictures = index.picture_track(picture)?.samples().ok()?;
    let table = sound.samples().ok()?;
    if table.samples.len() > PACKETS_MAX {
        return None;
    }
    let first = table.samples.first()?;
    if first.is_hidden && table.start_us > pictures.start_us + DELAY_MAX_US {
        return None;
    }
    let first_us = i128::from(first.shown_ticks) * 1_000_000 / i128::from(table.timescale);
    let zero_us = i128::from(pictures.start_us) - i128::from(table.start_us) - first_us;
    Some(SoundFeed {
        feed: feed(source, sound, &table, index.size_bytes)?,
        zero_us: i64::try_from(zero_us).ok()?,
    })
}

fn feed(source: &Path, track: &Track, table: &SampleTable, size_bytes: u64) -> Option<Feed> {
    let begins = table.samples.first()?.decode_ticks;
    let (mut packets, mut pieces) = (Vec::new(), Vec::<Piece>::new());
    for sample in &table.samples {
        if sample.end() > size_bytes {
            break;
        }
        // Sound is decoded in the order in which it is heard.
        if sample.shown_ticks != sample.decode_ticks {
            return None;
        }
        packets.push(ExcerptSample {
            size_bytes: sample.size_bytes,
            is_key: sample.is_key,
            description: sample.description,
            decode_ticks: u64::try_from(sample.decode_ticks.checked_sub(begins)?).ok()?,
            composition_ticks: 0,
        });
        let joined = pieces
            .last_mut()
            .filter(|last| last.offset + u64::from(last.size_bytes) == sample.offset)
            .and_then(|last| {
                last.size_bytes = last.size_bytes.checked_add(sample.size_bytes)?;
                Some(())
            });
        if joined.is_none() {
            pieces.push(Piece {
                offset: sample.offset,
                size_bytes: sample.size_bytes,
                rewrite: None,
                tail: &[],
            });
        }
    }
    let mut head = excerpt_header(track, &packets);
    if is_of_quicktime(track) {
        name_quicktime(&mut head);
    }
    Some(Feed {
        path: source.to_path_buf(),
        head,
        pieces,
    })
}

/// A sample entry of a later version has more fields, which readers expect in QuickTime files alone.
fn is_of_quicktime(track: &Track) -> bool {
    track
        .descriptions()
        .any(|(_, body)| body.get(8..10).is_some_and(|version| version != [0, 0]))
}

/// The brands stand at the very beginning: the major one, a version, and two that it is compatible with.
fn name_quicktime(head: &mut [u8]) {
    for at in [8, 16, 20] {
        if let Some(brand) = head.get_mut(at..at + 4) {
            brand.copy_from_slice(b"qt  ");
        }
    }
}
