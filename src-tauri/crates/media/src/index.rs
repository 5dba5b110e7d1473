//! The index of an MP4 or MOV: where every frame lies in the file, when it is shown, and what is needed to build
//! a small movie out of some of them. Only `moov` is read. Nothing is allocated by a count that the file claims.

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use crate::boxes::{self, child, children, u32_at};

mod excerpt;
mod samples;
mod table;
mod track;

pub use excerpt::{ExcerptSample, excerpt_header};
pub use samples::{Sample, SampleTable};
pub use track::{Track, TrackKind};

/// A longer index is left to ffmpeg. Three hours at 60 frames per second need about 10 MB.
const MOOV_MAX_BYTES: u64 = 32 << 20;
/// No clip has so many.
const TRACKS_MAX: usize = 64;

/// What `moov` says.
#[derive(Debug, Clone)]
pub struct MovieIndex {
    /// Of the file when it was read.
    pub size_bytes: u64,
    /// The tracks in file order, which is how ffmpeg numbers its streams.
    pub tracks: Vec<Track>,
}

/// Why there is no index to go by. None of them says that the file cannot be played: whoever gets one asks
/// ffmpeg instead.
#[derive(Debug, thiserror::Error)]
pub enum IndexFault {
    #[error("the file could not be read")]
    Io(#[from] io::Error),
    #[error("there is no index in the file")]
    NoIndex,
    #[error("the index reaches beyond the end of the file")]
    Cut,
    #[error("the index is too large")]
    TooLarge,
    /// The frames are described piece by piece through the file.
    #[error("the movie is fragmented")]
    Fragmented,
    /// The media data is in another file, which is never opened.
    #[error("the media data is in another file")]
    External,
    #[error("the media data is encrypted")]
    Protected,
    /// Parts of the track are repeated, reordered or left out in the middle.
    #[error("the edit list has several parts")]
    SeveralEdits,
    /// Boxes that are missing or contradict each other or the size of the file.
    #[error("the index is broken: {0}")]
    Broken(&'static str),
}

impl MovieIndex {
    /// Reads the headers of the boxes of `path` and `moov` as a whole; blocks meanwhile.
    ///
    /// # Errors
    /// See [`IndexFault`].
    pub fn read(path: &Path) -> Result<Self, IndexFault> {
        let file = File::open(path)?;
        let size_bytes = file.metadata()?.len();
        let mut reader = BufReader::with_capacity(4096, file);
        let mut offset = 0;
        for _ in 0..boxes::BOXES_MAX {
            let Some(header) = boxes::read_header(&mut reader, offset, size_bytes)? else {
                return Err(IndexFault::NoIndex);
            };
            if &header.name == b"moov" {
                if header.end > size_bytes {
                    return Err(IndexFault::Cut);
                }
                let length = header.end - header.body;
                if length > MOOV_MAX_BYTES {
                    return Err(IndexFault::TooLarge);
                }
                let mut moov = Vec::new();
                reader.seek(SeekFrom::Start(header.body))?;
                reader.take(length).read_to_end(&mut moov)?;
                return Self::parse(&moov, size_bytes);
            }
            offset = header.end;
        }
        Err(IndexFault::NoIndex)
    }

    /// The body of `moov` of a file of `size_bytes`.
    ///
    /// # Errors
    /// [`IndexFault::Broken`] when there are far too many tracks.
    pub fn parse(moov: &[u8], size_bytes: u64) -> Result<Self, IndexFault> {
        // `mvhd`: version and flags, two times of 32 or 64 bits, then the timescale.
        let movie_timescale = child(moov, b"mvhd")
            .and_then(|header| u32_at(header, if header.first() == Some(&1) { 20 } else { 12 }))
            .unwrap_or(1000)
            .max(1);
        // Rate, volume and reserved bytes stand between the duration and the matrix.
        let movie_matrix = child(moov, b"mvhd")
            .and_then(|header| {
                header
                    .get(if header.first() == Some(&1) { 48 } else { 36 }..)?
                    .get(..36)
            })
            .unwrap_or_default();
        let fragmented = child(moov, b"mvex").is_some();
        let mut tracks = Vec::new();
        for (name, body) in children(moov) {
            if &name == b"trak" {
                if tracks.len() == TRACKS_MAX {
                    return Err(IndexFault::Broken("too many tracks"));
                }
                let mut track = Track::parse(body, movie_timescale, size_bytes, fragmented);
                track.boxes.movie_matrix = movie_matrix.to_vec();
                tracks.push(track);
            }
        }
        Ok(Self { size_bytes, tracks })
    }

    /// The track that ffmpeg calls stream `stream_index`, when it is one of pictures.
    pub fn picture_track(&self, stream_index: u32) -> Option<&Track> {
        let place = usize::try_from(stream_index).ok()?;
        self.tracks
            .get(place)
            .filter(|track| track.kind == TrackKind::Picture)
    }
}
